"""What can be asked in SQL: tables with their rows, and the columns of those that are opened."""

from collections.abc import Mapping, Sequence

from tui.model.lines import TextLine
from tui.model.sql_source import SqlView
from tui.model.sql_text import table_lines
from tui.model.symbols import Symbols
from tui.widgets.text_lines import TextLines


class SqlTables(TextLines):
    """A list that opens and closes."""

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(symbols, choose=True, name="tables")
        self._views: Sequence[SqlView] = ()
        self._counts: Mapping[str, int] = {}
        self._opened: set[str] = set()
        self.border_title = " Tables "

    @property
    def names(self) -> list[str]:
        """The tables that are known."""
        return [view.name for view in self._views]

    def show_views(self, views: Sequence[SqlView]) -> None:
        """These can be asked."""
        self._views = views
        self.lay_out()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """They have so many rows."""
        self._counts = counts
        self.lay_out()

    def on_resize(self) -> None:
        """Other width, other lines."""
        self.lay_out()

    def lay_out(self) -> None:
        """The lines for the width there is."""
        self.show([line for line, _ in self._lines_of()], keep_place=True)

    def take(self) -> str:
        """Open or close the table under the cursor; the name of the column, where it stands on one."""
        lines = self._lines_of()
        if not lines:
            return ""
        line, name = lines[self.cursor]
        if name not in self.names or line[0].text.startswith("  "):
            return name
        self._opened ^= {name}
        self.lay_out()
        return ""

    def _lines_of(self) -> list[tuple[TextLine, str]]:
        return table_lines(self._views, self._opened, self._counts, self.scrollable_content_region.width - 2)
