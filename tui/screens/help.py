"""Help: the registry of actions, those of the place one came from first."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult

from tui.actions import TITLES, Action, Context, key_name, of
from tui.model.lines import Piece, TextLine, Tone, fitted, wrapped
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.text_lines import TextLines

KEYS_WIDTH = 16


class HelpScreen(CatalogScreen):
    """What each key does."""

    CSS_PATH = "lists.tcss"
    PLACE = "Help"
    CONTEXT = Context.HELP
    BINDINGS: ClassVar = bindings(Context.HELP)

    def __init__(self, desk: Desk, below: CatalogScreen) -> None:
        super().__init__(desk)
        self._below = below
        self._about = below.CONTEXT

    def body(self) -> ComposeResult:
        """One text."""
        yield TextLines(self.desk.symbols, name="list")

    def on_mount(self) -> None:
        """Keys go to the text."""
        self.scroller.focus()

    def on_resize(self) -> None:
        """Other width, other lines."""
        text = self.query_one(TextLines)
        text.show(help_lines(self._about, text.scrollable_content_region.width, self._reason), keep_place=True)

    def _reason(self, action: Action) -> str:
        return self._below.off(action) if action.context in (self._below.CONTEXT, Context.APP) else ""

    @property
    def scroller(self) -> LineScroller:
        """The text."""
        return self.query_one(TextLines)

    def action_back(self) -> None:
        """Close."""
        self.app.pop_screen()


def help_lines(about: Context, width: int, reason: Callable[[Action], str]) -> list[TextLine]:
    """Keys and what they do: of this place, of everywhere, then of the other places; `reason` is why one is off."""
    order = [about, Context.APP, *(context for context in Context if context not in (about, Context.APP))]
    lines: list[TextLine] = []
    for context in order:
        if lines:
            lines.append(())
        lines.append((Piece(TITLES[context], Tone.HEADING),))
        for action in of(context):
            lines += _action_lines(action, width, reason(action))
    return lines


def _action_lines(action: Action, width: int, off: str) -> list[TextLine]:
    keys = " ".join(key_name(key) for key in action.keys)
    title = fitted(action.title, 16)
    text = wrapped(f"(off: {off}) {action.help}" if off else action.help, width - KEYS_WIDTH - 18)
    first: TextLine = (
        Piece(fitted(f"  {keys}", KEYS_WIDTH), Tone.ACCENT),
        Piece(f"{title}  "),
        Piece(text[0], Tone.QUIET),
    )
    return [first, *((Piece(" " * (KEYS_WIDTH + 18)), Piece(part, Tone.QUIET)) for part in text[1:])]
