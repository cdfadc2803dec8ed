"""The names of a screen's tabs, the chosen one told by brackets as well as by colour."""

from collections.abc import Sequence

from tui.model.lines import Piece, Tone
from tui.widgets.bars import Bar


class TabLine(Bar):
    """One line of tab names."""

    DEFAULT_CSS = """
    TabLine { padding: 0 1; }
    """

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self._titles = titles
        self._chosen = 0

    def choose(self, number: int) -> None:
        """Another tab is in front."""
        self._chosen = number
        self.refresh()

    def left(self) -> Sequence[Piece]:
        """The names."""
        return [
            Piece(f"[{title}] " if number == self._chosen else f" {title}  ", _tone(number == self._chosen))
            for number, title in enumerate(self._titles)
        ]


def _tone(chosen: bool) -> Tone:
    return Tone.ACCENT if chosen else Tone.QUIET
