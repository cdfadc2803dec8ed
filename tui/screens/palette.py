"""The palette: every action by its name, with its key and its reason when it is off; and a jump to any entity."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from tui.actions import Action, Context
from tui.model.lines import Piece, TextLine, Tone, fitted
from tui.model.palette import Command, entity_queries, matching
from tui.model.source import RefusedError, Row
from tui.safe_text import safe_text
from tui.screens.desk import Desk
from tui.screens.dialog import Dialog
from tui.screens.messages import EntitiesMeant
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.text_lines import TextLines

ENTITIES = 8
"""Entities that are offered."""

COLUMNS = ("kind", "title", "owner")


class PaletteScreen(Dialog[Action | str | None]):
    """Answers with an action, or with the ref of an entity. Typing goes to the line all the time."""

    CSS_PATH = "palette.tcss"
    BINDINGS: ClassVar = bindings(Context.PALETTE)

    def __init__(self, desk: Desk, commands: Sequence[Command]) -> None:
        super().__init__()
        self.desk = desk
        self._commands = commands
        self._shown: list[Command] = list(commands)
        self._rows: tuple[Row, ...] = ()
        self._asked = ""

    def compose(self) -> ComposeResult:
        """A line, and what it means."""
        with Vertical() as box:
            box.border_title = "Commands and entities"
            yield Input(placeholder="what to do, or where to go", compact=True)
            yield TextLines(self.desk.symbols, choose=True, name="found")

    def on_mount(self) -> None:
        """Everything that can be done here."""
        self.query_one(Input).focus()
        self.found.can_focus = False
        self._draw()

    @property
    def found(self) -> TextLines:
        """What the line means."""
        return self.query_one(TextLines)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        text = event.value
        self._shown = matching(self._commands, text)
        self._rows = ()
        self._draw()
        self.found.cursor = 0
        queries = entity_queries(text)
        self._asked = text
        if queries:
            self.desk.courier.send(
                "palette",
                lambda: self._entities(queries),
                lambda answer: self.post_message(EntitiesMeant(text, answer)),
            )

    def _entities(self, queries: Sequence[str]) -> tuple[Row, ...]:
        """The first entities that one of the lines finds; what is no query line finds none."""
        found: dict[str, Row] = {}
        for query in queries:
            try:
                page = self.desk.source.entities(query, COLUMNS, "", 0, ENTITIES)
            except RefusedError:
                continue
            found |= {row.ref: row for row in page.rows if row.ref not in found}
            if len(found) >= ENTITIES:
                break
        return tuple(found.values())[:ENTITIES]

    @on(EntitiesMeant)
    def _meant(self, event: EntitiesMeant) -> None:
        if event.text == self._asked and event.answer.value is not None:
            self._rows = event.answer.value
            self._draw()

    def on_resize(self) -> None:
        """Other width, other lines."""
        self._draw()

    def _draw(self) -> None:
        width = self.found.scrollable_content_region.width - 2
        lines: list[TextLine] = [_command_line(one, width) for one in self._shown]
        lines += [_entity_line(row, width, self.desk.symbols.arrow_out) for row in self._rows]
        self.found.show(lines or [(Piece("nothing is called so", Tone.QUIET),)], keep_place=True)

    @on(Input.Submitted)
    def action_choose(self) -> None:
        """Run it, or go there."""
        number = self.found.cursor
        if number < len(self._shown):
            self.dismiss(self._shown[number].action)
        elif number - len(self._shown) < len(self._rows):
            self.dismiss(self._rows[number - len(self._shown)].ref)

    @on(LineScroller.Moved)
    def _moved(self) -> None:
        """The list is read under the line; the typing stays where it is."""

    def on_click(self, event: events.Click) -> None:
        """A click on an entry chooses it."""
        if event.widget is self.found:
            # By its own queue: the screen in front, whose refresh could be waited for, may be another by then.
            self.call_later(self.action_choose)

    def action_move(self, step: int) -> None:
        """Another entry."""
        self.found.move(step)

    def action_page(self, direction: int) -> None:
        """Further entries."""
        self.found.page(direction)

    def action_cancel(self) -> None:
        """Nothing."""
        self.dismiss(None)


def _command_line(command: Command, width: int) -> TextLine:
    title = fitted(f"{command.action.title[:1].upper()}{command.action.title[1:]}", min(24, width // 3))
    key = fitted(command.key, 6)
    if command.off:
        return (Piece(f"{key}{title}  ", Tone.QUIET), Piece(f"off: {safe_text(command.off)}", Tone.WARNING))
    return (Piece(key, Tone.ACCENT), Piece(f"{title}  "), Piece(command.action.help, Tone.QUIET))


def _entity_line(row: Row, width: int, arrow: str) -> TextLine:
    about = "  ".join(safe_text(cell, limit=60) for cell in row.cells[1:] if cell)
    return (
        Piece(fitted(arrow, 6), Tone.ACCENT),
        Piece(fitted(safe_text(row.ref), max(24, width // 2)) + "  "),
        Piece(about, Tone.QUIET),
    )
