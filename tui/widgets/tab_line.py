"""The names of a screen's tabs, the chosen one told by brackets as well as by colour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from rich.cells import cell_len
from textual import events
from textual.message import Message

from tui.model.jump import Reach, Spot
from tui.model.lines import Piece, Tone
from tui.safe_text import safe_text
from tui.widgets.bars import Bar

SHORTENED = 6
"""Cells that the title in front may have more than its short one."""

Title = tuple[str, str]
"""A title, and the one for where there is little room."""


class TabLine(Bar):
    """One line of tab names; a click on one chooses it."""

    DEFAULT_CSS = """
    TabLine { padding: 0 1; }
    """

    @dataclass
    class Chosen(Message):
        """A tab was clicked."""

        number: int

    def __init__(self, titles: Sequence[Title]) -> None:
        super().__init__()
        self._titles = titles
        self._chosen = 0

    def choose(self, number: int) -> None:
        """Another tab is in front."""
        self._chosen = number
        self.refresh()

    def rename(self, titles: Sequence[Title]) -> None:
        """The tabs are called otherwise."""
        if titles != self._titles:
            self._titles = titles
            self.refresh()

    def left(self) -> Sequence[Piece]:
        """The names."""
        return [Piece(text, Tone.ACCENT if chosen else Tone.QUIET) for text, chosen in self._texts()]

    def on_click(self, event: events.Click) -> None:
        """Which one was it?"""
        left = event.x - self.gutter.left
        for number, (text, _) in enumerate(self._texts()):
            if 0 <= left < cell_len(text):
                self.post_message(self.Chosen(number))
                return
            left -= cell_len(text)

    def spots(self) -> Iterator[Spot]:
        """Where one can jump to: each tab."""
        x = self.gutter.left
        for number, (text, _) in enumerate(self._texts()):
            yield Spot(x, 0, Reach.PART, partial(self.post_message, self.Chosen(number)), self._titles[number][0])
            x += cell_len(text)

    def _texts(self) -> Iterator[tuple[str, bool]]:
        """Whole titles with room between them, less room, short titles, keys alone: the first that fits."""
        room = self.size.width - self.gutter.width
        whole = sum(cell_len(title) + 2 for title, _ in self._titles)
        short = sum(cell_len(title) + 2 for _, title in self._titles) + SHORTENED
        for number, (title, brief) in enumerate(self._titles):
            chosen = number == self._chosen
            fitting = title if whole <= room or chosen else brief if short <= room else brief.partition(" ")[0]
            shown = safe_text(fitting)
            wide = whole + len(self._titles) <= room
            text = f"[{shown}]" if chosen else f" {shown} "
            yield (f"{text} " if wide else text), chosen
