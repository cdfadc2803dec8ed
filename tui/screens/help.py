"""Help: what each key does, the place one came from first. Typing searches by key and by name, enter runs it."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from tui.actions import TITLES, Action, Context, key_name, of
from tui.actions.keymap import Keymap
from tui.model.lines import Piece, TextLine, Tone, fitted, wrapped
from tui.model.palette import Command, matching
from tui.model.symbols import Mark
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines

KEYS_WIDTH = 16
TITLE_WIDTH = 18

HelpLine = tuple[TextLine, Action | None]
"""A line, and the action that it tells of."""


class HelpScreen(CatalogScreen):
    """What each key does."""

    CSS_PATH = "lists.tcss"
    PLACE = "Help"
    CONTEXT = Context.HELP
    BINDINGS: ClassVar = bindings(Context.HELP)

    def __init__(self, desk: Desk, below: CatalogScreen) -> None:
        super().__init__(desk)
        self._below = below
        self._lines: list[HelpLine] = []

    def body(self) -> ComposeResult:
        """A line to search by, and one text."""
        yield Input(placeholder="type a key or a word; enter runs what the cursor stands on", compact=True, id="search")
        yield TextLines(self.desk.symbols, choose=True, name="list")
        yield Notice(self.desk.symbols)

    def on_mount(self) -> None:
        """Typing searches, at once."""
        self.query_one(Input).focus()
        self.scroller.can_focus = False

    def on_resize(self) -> None:
        """Other width, other lines."""
        self._show()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._show()
        first = next((number for number, (_, action) in enumerate(self._lines) if action), 0)
        self.scroller.cursor = first

    def _show(self) -> None:
        text = self.query_one("#list", TextLines)
        width = text.scrollable_content_region.width - 2
        wanted = self.query_one(Input).value
        self._lines = help_lines(self._below.CONTEXT, width, self._reason, self.desk.keymap, wanted)
        text.show([line for line, _ in self._lines], keep_place=True)

    def _reason(self, action: Action) -> str:
        return self._below.off(action) if self._works_below(action) else ""

    def _works_below(self, action: Action) -> bool:
        return action.context in (self._below.CONTEXT, Context.APP)

    @property
    def scroller(self) -> LineScroller:
        """The text."""
        return self.query_one("#list", TextLines)

    @on(Input.Submitted)
    async def _submitted(self) -> None:
        await self.app.run_action("choose", self)

    async def action_choose(self) -> None:
        """Close, and run it where the help was opened."""
        cursor = self.scroller.cursor
        action = self._lines[cursor][1] if cursor < len(self._lines) else None
        if action is None:
            return
        if not self._works_below(action):
            self.query_one(Notice).say(Mark.WARNING, f"{action.title} works in {TITLES[action.context]} only")
            return
        self.app.pop_screen()
        await self.app.run_action(action.method, self.app if action.context is Context.APP else self._below)

    def action_back(self) -> None:
        """Close."""
        self.app.pop_screen()


def help_lines(
    about: Context, width: int, reason: Callable[[Action], str], keymap: Keymap, wanted: str = ""
) -> list[HelpLine]:
    """Keys and what they do: of this place, of everywhere, then of the other places; `reason` is why one is off.

    `wanted` leaves those that have such a key or are called so.
    """
    order = [about, Context.APP, *(context for context in Context if context not in (about, Context.APP))]
    lines: list[HelpLine] = []
    for context in order:
        found = [action for action in of(context) if _is_meant(action, keymap, wanted)]
        if found and lines:
            lines.append(((), None))
        if found:
            lines.append(((Piece(TITLES[context], Tone.HEADING),), None))
        for action in found:
            lines += _action_lines(action, width, reason(action), keymap)
    return lines or [((Piece("no key and no action is called so", Tone.QUIET),), None)]


def _is_meant(action: Action, keymap: Keymap, wanted: str) -> bool:
    text = wanted.strip()
    if not text or any(text in (key, key_name(key)) for key in keymap.keys(action)):
        return True
    return len(text) > 1 and bool(matching([Command(action)], text))


def _action_lines(action: Action, width: int, off: str, keymap: Keymap) -> list[HelpLine]:
    keys = " ".join(key_name(key) for key in keymap.keys(action))
    text = wrapped(f"(off: {off}) {action.help}" if off else action.help, width - KEYS_WIDTH - TITLE_WIDTH)
    first: TextLine = (
        Piece(fitted(f"  {keys}", KEYS_WIDTH), Tone.ACCENT),
        Piece(f"{fitted(action.title, TITLE_WIDTH - 2)}  "),
        Piece(text[0], Tone.QUIET),
    )
    rest = [(Piece(" " * (KEYS_WIDTH + TITLE_WIDTH)), Piece(part, Tone.QUIET)) for part in text[1:]]
    return [(line, action) for line in (first, *rest)]
