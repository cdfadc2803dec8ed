"""Browsing by lines: a list with numbers, a prompt, and nothing that moves. For screen readers, logs and bad terminals.

Each answer begins with one sentence that says how much there is. Nothing is drawn twice, nothing is said by colour or
by place alone.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from tui.bookmarks import BookmarkError, Bookmarks
from tui.model.columns import ORPHAN, plain_value
from tui.model.overview import heading, marks, sections
from tui.model.source import EntityDetails, RefusedError, Row, Source, SourceError
from tui.model.view_state import ViewState
from tui.safe_text import safe_text

AT_ONCE = 20
"""Entities that one answer lists."""
FACET_VALUES = 15
SPOKEN = {"owner": "owner ", "system": "in ", "lifecycle": "", "type": "", "updated": "changed "}
"""What is said before the value of a column; other columns say their name."""
COLUMNS = ("kind", "name", "type", "lifecycle", "owner")
"""What an entity's line says where the query line names no columns."""

HELP = (
    "/LINE      entities that a query line means; / alone means all",
    "ENTER      the next entities",
    "NUMBER     tell all of an entity",
    "f FIELD    values of a field, with counts; f alone: of kind",
    "s FIELD    sort by a field, s -FIELD from high to low",
    "b          back to the line before",
    "e          what is wrong in the sources",
    "?          this help",
    "q          leave",
)


class PlainBrowser:
    """Reads commands and says answers, line by line; `say` gets each line without its end."""

    def __init__(self, source: Source, bookmarks: Bookmarks, say: Callable[[str], None]) -> None:
        self._source = source
        self._bookmarks = bookmarks
        self._say = say
        self._view = ViewState()
        self._before: list[ViewState] = []
        self._rows: list[Row] = []
        self._total = 0

    def begin(self, query: str) -> None:
        """Say the first entities of a line."""
        self._say("Catalog, line by line. ? helps, q leaves.")
        self._guarded(lambda: self._look(ViewState().with_query(query)))

    def obey(self, command: str) -> bool:
        """Do what a line says; False for the one that leaves."""
        command = command.strip()
        if command in ("q", "quit", "exit"):
            return False
        self._guarded(lambda: self._do(command))
        return True

    def _guarded(self, do: Callable[[], None]) -> None:
        try:
            do()
        except RefusedError as error:
            self._say(safe_text(f"Error: {error}"))
            if error.hint:
                self._say(safe_text(f"Next: {error.hint}"))
        except (SourceError, BookmarkError) as error:
            self._say(safe_text(f"Error: {error}"))

    def _do(self, command: str) -> None:
        word, _, rest = command.partition(" ")
        if command.startswith("/"):
            self._go(self._view.with_query(command[1:]))
        elif command.isdecimal():
            self._open(int(command))
        elif not command:
            self._more()
        elif word == "f":
            self._facets(rest.strip() or "kind")
        elif word == "s" and rest.strip():
            self._go(self._sorted(rest.strip()))
        elif word == "b" and not rest:
            self._back()
        elif word == "e" and not rest:
            self._problems()
        else:
            self._help(command)

    def _go(self, view: ViewState) -> None:
        before = self._view
        self._look(view)
        self._before.append(before)

    def _look(self, view: ViewState) -> None:
        """The first entities; the line before stays where this one is refused."""
        page = self._page(view, 0)
        self._view, self._rows, self._total = view, list(page[0]), page[1]
        self._say(f"{page[1]:,} {'entity' if page[1] == 1 else 'entities'}. {safe_text(view.query) or 'All of them'}.")
        self._list(0)

    def _page(self, view: ViewState, offset: int) -> tuple[Sequence[Row], int]:
        asked = view.with_query(self._bookmarks.expand(view.query).text)
        page = self._source.entities(asked.query, self._columns(asked), asked.order, offset, AT_ONCE)
        return page.rows, page.total

    def _columns(self, view: ViewState) -> tuple[str, ...]:
        return (*(view.columns if "cols:" in view.query else COLUMNS), ORPHAN)

    def _more(self) -> None:
        first = len(self._rows)
        if first >= self._total:
            self._say("That was all.")
            return
        rows, self._total = self._page(self._view, first)
        self._rows += rows
        self._list(first)

    def _list(self, first: int) -> None:
        asked = self._view.with_query(self._bookmarks.expand(self._view.query).text)
        columns = self._columns(asked)
        for number, row in enumerate(self._rows[first:], first + 1):
            self._say(f"{number}. {', '.join(_said(columns, row))}")
        if len(self._rows) < self._total:
            self._say(f"{len(self._rows):,} of {self._total:,} listed. Enter lists more.")

    def _open(self, number: int) -> None:
        if not 1 <= number <= len(self._rows):
            self._say(f"There is no number {number}; {len(self._rows):,} are listed.")
            return
        ref = self._rows[number - 1].ref
        self._bookmarks.recent.add(ref)
        for line in _told(self._source.entity(ref)):
            self._say(line)

    def _facets(self, field: str) -> None:
        query = self._bookmarks.expand(self._view.query).text
        (facet,) = self._source.facets(query, (field,), FACET_VALUES)
        self._say(f"{safe_text(field)}: {len(facet.values) + facet.more:,} values.")
        for one in facet.values:
            self._say(f"{safe_text(one.value)}: {one.count:,}")
        if facet.more:
            self._say(f"{facet.more:,} more values.")

    def _sorted(self, key: str) -> ViewState:
        view = self._view.sorted_by(key.lstrip("-"))
        return view if view.descending is key.startswith("-") else view.flipped()

    def _back(self) -> None:
        if self._before:
            self._look(self._before.pop())
        else:
            self._say("There is no line before this one.")

    def _problems(self) -> None:
        page = self._source.problems(AT_ONCE)
        self._say(f"{page.total:,} {'problem' if page.total == 1 else 'problems'} in the sources.")
        for one in page.items:
            self._say(safe_text(f"{one.where or one.ref}: {one.message}{f'. {one.hint}' if one.hint else ''}"))

    def _help(self, command: str) -> None:
        if command != "?":
            self._say(safe_text(f"What is {command!r}? To look for it, write /{command}"))
        for line in HELP:
            self._say(line)


def _said(columns: Sequence[str], row: Row) -> Iterator[str]:
    for column, cell in zip(columns, row.cells, strict=False):
        if column == ORPHAN:
            if cell == "true":
                yield "orphan"
        elif cell:
            before = "" if column in ("name", "kind") else SPOKEN.get(column, f"{column} ")
            yield safe_text(f"{before}{plain_value(column, cell)}", limit=200)


def _told(details: EntityDetails) -> Iterator[str]:
    """All that the overview says, a sentence a line."""
    title, what = heading(details)
    yield safe_text(f"{title}. {what}. {', '.join(str(mark) for mark in marks(details))}.")
    yield safe_text(details.ref)
    for section in sections(details, datetime.now(UTC)):
        if section.title:
            yield f"{section.title}:"
        for line in section.lines:
            text = safe_text(line.text, multiline=True)
            yield from (f"{safe_text(line.label)}: {text}" if line.label else text).splitlines()
