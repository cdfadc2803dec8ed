"""The line above the keys: what the person should know now and would not see otherwise."""

from collections.abc import Sequence

from tui.model.lines import MARK_TONES, Piece, Tone, fitted
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text
from tui.widgets.bars import Bar


class Notice(Bar):
    """One sentence with its symbol, or nothing."""

    DEFAULT_CSS = """
    Notice { padding: 0 1; }
    """

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(id="notice")
        self._symbols = symbols
        self._mark = Mark.OK
        self._said = ""
        self._tone = Tone.TEXT

    @property
    def words(self) -> str:
        """What is said."""
        return self._said

    def say(self, mark: Mark, text: str, tone: Tone | None = None) -> None:
        """Say this until something else is said."""
        self._mark, self._said, self._tone = mark, safe_text(text), tone or MARK_TONES[mark]
        self.refresh()

    def clear(self) -> None:
        """Say nothing."""
        if self._said:
            self._said = ""
            self.refresh()

    def left(self) -> Sequence[Piece]:
        """Symbol and sentence."""
        if not self._said:
            return ()
        said = fitted(f"{self._symbols[self._mark]} {self._said}", self.size.width, self._symbols.ellipsis)
        return (Piece(said, self._tone),)
