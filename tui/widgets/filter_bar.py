"""The query line: every key asks; what the daemon does not understand is shown where it stands."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input, Static

from tui.actions import Context
from tui.model.jump import Reach, Spot
from tui.model.lines import Piece, Tone
from tui.model.source import RefusedError
from tui.model.symbols import Symbols
from tui.safe_text import dangerous, safe_text
from tui.widgets.bars import Bar
from tui.widgets.keys import bindings

PROMPT = "/ "


class QueryInput(Input):
    """The line itself. A facet can put any value into it: what must not reach a terminal is shown as `?` (R71)."""

    BINDINGS: ClassVar = bindings(Context.FILTER)

    virtual_size = Reactive(Size(0, 0), layout=False)
    """A letter more moves nothing else: a key that is typed costs no layout of the screen."""

    @staticmethod
    def shown(text: str) -> str:
        """How a piece of the line looks: as many characters as it has."""
        return text if text.isascii() and text.isprintable() else dangerous().sub("?", text)

    @property
    def _value(self) -> Text:
        """What the framework draws."""
        return Text(self.shown(self.value), no_wrap=True, overflow="ignore", end="")


class Counts(Bar):
    """How many rows, and how long the answer took."""

    DEFAULT_CSS = """
    Counts { width: auto; min-width: 24; }
    """

    def __init__(self) -> None:
        super().__init__(id="counts")
        self._pieces: Sequence[Piece] = ()

    def show(self, pieces: Sequence[Piece]) -> None:
        """Show this."""
        self._pieces = pieces
        width = cell_len(self.words) + 1
        if width > self.size.width and self.size.width:  # it grows and never shrinks: the eye keeps its place
            self.styles.width = width
        self.refresh()

    def right(self) -> Sequence[Piece]:
        """The figures."""
        return self._pieces

    @property
    def words(self) -> str:
        """The figures as text."""
        return "".join(piece.text for piece in self._pieces)


class ErrorLine(Bar):
    """What is wrong with the query, with a caret under the place; blank when nothing is."""

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(id="query-error")
        self._symbols = symbols
        self._text = ""
        self._column: int | None = None

    def show(self, text: str, column: int | None) -> None:
        """Say this; `column` is the cell under which the caret stands."""
        self._text, self._column = text, column
        self.refresh()

    @property
    def words(self) -> str:
        """What is said."""
        return self._text

    @property
    def column(self) -> int | None:
        """The cell of the caret."""
        return self._column

    def left(self) -> Sequence[Piece]:
        """Caret and message: the message on the side where there is room."""
        if not self._text:
            return ()
        if self._column is None:
            return (Piece(" " * len(PROMPT)), Piece(self._text, Tone.ERROR))
        before = len(PROMPT) + self._column
        length = cell_len(self._text) + 1
        if before + 1 + length <= self.size.width or before < length:
            return (Piece(" " * before), Piece(f"{self._symbols.caret} {self._text}", Tone.ERROR))
        return (Piece(" " * (before - length)), Piece(f"{self._text} {self._symbols.caret}", Tone.ERROR))


class FilterBar(Vertical):
    """Prompt, line, figures, and the error under it."""

    DEFAULT_CSS = """
    FilterBar { height: 2; padding: 0 1; }
    FilterBar > Horizontal { height: 1; }
    FilterBar #prompt { width: 2; color: $foreground 55%; }
    FilterBar:focus-within #prompt { color: $primary; text-style: bold; }
    FilterBar QueryInput { width: 1fr; background: transparent; }
    FilterBar QueryInput:focus { background: transparent; }
    """

    def __init__(self, query: str, symbols: Symbols) -> None:
        super().__init__()
        self._query = query
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """Build the line."""
        with Horizontal():
            yield Static(PROMPT, id="prompt", markup=False)
            yield QueryInput(
                self._query, placeholder="kind:component owner:…", compact=True, select_on_focus=False, id="query"
            )
            yield Counts()
        yield ErrorLine(self._symbols)

    @property
    def counts(self) -> Counts:
        """The figures."""
        return self.query_one(Counts)

    @property
    def input(self) -> QueryInput:
        """The line."""
        return self.query_one(QueryInput)

    def spots(self) -> Iterator[Spot]:
        """Where one can jump to: the line, as its key does."""
        yield Spot(0, 0, Reach.PANE, lambda: self.call_later(self.app.run_action, "filter", self.screen), "query")

    def refuse(self, error: RefusedError, position: int | None) -> None:
        """The line is not understood from this place on."""
        text = safe_text(f"{error}{' — ' + error.hint if error.hint else ''}")
        column = None
        if position is not None:
            column = cell_len(QueryInput.shown(self.input.value[:position])) - int(self.input.scroll_offset.x)
        self.query_one(ErrorLine).show(text, max(0, column) if column is not None else None)

    def keep_quiet(self, quiet: bool) -> None:
        """Say nothing of mistakes while words are offered for the line: it is not done."""
        self.query_one(ErrorLine).visible = not quiet

    def accept(self) -> None:
        """The line is understood."""
        line = self.query_one(ErrorLine)
        if line.words:
            line.show("", None)
