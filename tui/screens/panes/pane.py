"""What the tabs of an entity share: they ask by themselves, know what the cursor stands on, and tell what is wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, TypeVar

from textual import on
from textual.message import Message
from textual.strip import Strip

from tui.model.courier import Answer, SupersededError
from tui.model.lines import Piece, TextLine, Tone
from tui.model.overview import Line
from tui.model.source import Change, EntityDetails
from tui.model.symbols import Mark
from tui.safe_text import safe_text
from tui.screens.desk import Desk
from tui.widgets.text_lines import TextLines

T = TypeVar("T")


class Pane(TextLines):
    """One tab. Subclasses ask in `look`, lay out in `lay_out`, and say what `enter` and `field` mean for a line."""

    NAME: ClassVar[str] = ""

    @dataclass
    class GoTo(Message):
        """Another entity is wanted, in the same tab."""

        ref: str

    @dataclass
    class OpenUrl(Message):
        """An address is wanted."""

        url: str

    @dataclass
    class ShowLine(Message):
        """A line of the entity's file is wanted; it counts from 1 and in the whole file."""

        line: int

    @dataclass
    class ShowHistory(Message):
        """The history of a field is wanted."""

        field: str

    @dataclass
    class AskWhy(Message):
        """Where the value of a field comes from is wanted."""

        field: str

    @dataclass
    class Say(Message):
        """A sentence for the line above the keys; an empty one takes away what the pane said before."""

        mark: Mark
        text: str

    @dataclass
    class Delivered(Message):
        """An answer is there; `take` is run where widgets may be touched."""

        take: Callable[[], None]

    def __init__(self, desk: Desk, ref: str) -> None:
        super().__init__(desk.symbols, choose=True, name=self.NAME)
        self.desk = desk
        self.ref = ref
        self.details: EntityDetails | None = None
        self._places: Sequence[Line | None] = ()
        self._asked: dict[str, int] = {}

    # -- for subclasses

    def look(self) -> None:
        """The entity was read: ask for what hangs on it, or lay it out."""
        self.lay_out()

    def lay_out(self) -> None:
        """Show what is there in the width that there is."""
        raise NotImplementedError

    def hear(self, change: Change) -> None:
        """Something else than the entity itself changed."""

    def heading(self) -> Sequence[Piece]:
        """What stands on the line above, where the pane has one."""
        return ()

    @property
    def field(self) -> str:
        """The field under the cursor, empty where there is none."""
        place = self.place
        return place.field if place else ""

    @property
    def place(self) -> Line | None:
        """What the line under the cursor says."""
        return self._places[self.cursor] if self.cursor < len(self._places) else None

    def enter(self) -> None:
        """Go where the line under the cursor leads; where it is a field only, ask why."""
        place = self.place
        if place is None:
            return
        if place.ref:
            self.post_message(self.GoTo(place.ref))
        elif place.url:
            self.post_message(self.OpenUrl(place.url))
        elif place.field:
            self.post_message(self.AskWhy(place.field))

    def leads(self, index: int) -> bool:
        """Whether a line says something that can be asked about or gone to."""
        return index < len(self._places) and self._places[index] is not None

    # -- for the screen

    def show_entity(self, details: EntityDetails) -> None:
        """The entity, read for the first time or anew."""
        self.details = details
        self.look()

    def on_resize(self) -> None:
        """Other width, other lines."""
        if self.details is not None:
            self.lay_out()

    def paint_header(self, width: int) -> Strip:
        """The line above."""
        return self.strip(tuple(self.heading()), selected=False).adjust_cell_length(width, self.tone(Tone.TEXT))

    # -- showing and asking

    @property
    def room_across(self) -> int:
        """Cells of a line beside the cursor's mark."""
        return max(20, self.scrollable_content_region.width - 2)

    def show_placed(self, lines: Sequence[tuple[TextLine, Line | None]], *, keep_place: bool = True) -> None:
        """Lines, each with what it says."""
        self._places = [place for _, place in lines]
        self.show([line for line, _ in lines], keep_place=keep_place)

    def say(self, text: str, tone: Tone = Tone.QUIET) -> None:
        """One sentence in place of everything."""
        self.show_placed([((Piece(safe_text(text), tone),), None)])

    def ask(self, what: str, question: Callable[[], T], take: Callable[[T], None]) -> None:
        """Put a question; its answer is given to `take`, unless a newer question of that name was put meanwhile."""
        number = self._asked.get(what, 0) + 1
        self._asked[what] = number
        if not self.content:
            self.say(f"asking {self.desk.symbols.ellipsis}")

        def deliver(answer: Answer[T]) -> None:
            self.post_message(self.Delivered(partial(self._take, what, number, answer, take)))

        self.desk.courier.send(f"pane-{id(self)}-{what}", question, deliver)

    def refused(self, what: str, error: Exception) -> None:
        """There is no answer: said where nothing better is shown, else above the keys."""
        del what
        if len(self.content) <= 1:
            self.say(str(error), Tone.WARNING)
        else:
            self.post_message(self.Say(Mark.WARNING, str(error)))

    def _take(self, what: str, number: int, answer: Answer[T], take: Callable[[T], None]) -> None:
        if number != self._asked[what] or isinstance(answer.error, SupersededError):
            return
        if answer.value is None:
            self.refused(what, answer.error or RuntimeError("no answer"))
        else:
            take(answer.value)

    @on(Delivered)
    def _delivered(self, event: Delivered) -> None:
        event.stop()
        event.take()
