"""The rows of the entity table: a window on an answer that stays with the daemon, page by page.

The model never fetches. It says which pages are missing; whoever answers puts them in, with the sequence number of the
question, so that an answer to yesterday's question is dropped.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from tui.model.source import PAGE_ROWS, EntityPage, Row

KEPT_PAGES = 24
"""Pages in memory: 4,800 rows. The oldest page not looked at goes first."""


class Taken(Enum):
    """What became of an answer."""

    STALE = "it answers an older question"
    FIRST = "it is the first page of a new question"
    FILLED = "rows that were missing are there"


@dataclass(frozen=True, slots=True)
class Patch:
    """What a fresh look at a known page brought: rows that differ, and whether the page can simply take its place."""

    changed: tuple[int, ...]
    refs: tuple[str, ...]
    in_place: bool
    same_order: bool


class TableModel:
    """Pages of rows by position; knows total, cursor row and what is missing."""

    def __init__(self) -> None:
        self.columns: tuple[str, ...] = ()
        self.total = 0
        self.generation = 0
        self.sequence = 0
        self._answered = 0
        self._pages: OrderedDict[int, tuple[Row, ...]] = OrderedDict()
        self._asked: set[int] = set()
        self._outdated: set[int] = set()

    def ask_anew(self, sequence: int) -> None:
        """A new question was put: answers to older ones are dropped. The old rows stay until the first answer."""
        self.sequence = sequence
        self._asked.clear()

    @property
    def waiting(self) -> bool:
        """Whether the last question has no answer yet: the rows here belong to the question before."""
        return self._answered != self.sequence

    def withdraw(self) -> None:
        """The last question was refused: the rows here, and their question, stay."""
        self.sequence = self._answered

    def row(self, index: int) -> Row | None:
        """The row at a position, or None while it is not here (or nowhere)."""
        page = self._pages.get(index // PAGE_ROWS)
        if page is None:
            return None
        within = index % PAGE_ROWS
        return page[within] if within < len(page) else None

    def missing(self, first: int, last: int) -> list[int]:
        """Pages needed to show rows `first` to `last`, that are neither here nor asked for; they count as asked now.

        A page that is here but outdated is asked for again; its rows are shown meanwhile. Before the first answer to a
        question nothing is missing: the rows here belong to the question before.
        """
        if self.waiting or not self.total:
            return []
        wanted: list[int] = []
        for number in range(max(0, first) // PAGE_ROWS, max(0, min(last, self.total - 1)) // PAGE_ROWS + 1):
            here = number in self._pages
            if here:
                self._pages.move_to_end(number)
            if number not in self._asked and (not here or number in self._outdated):
                wanted.append(number)
        self._asked.update(wanted)
        return wanted

    def put(self, page: EntityPage, sequence: int) -> Taken:
        """Take an answer in. The first answer to a new question replaces all rows."""
        if sequence != self.sequence:
            return Taken.STALE
        number = page.offset // PAGE_ROWS
        first = self.waiting
        if first:
            self._answered = sequence
            self._asked.clear()
            self._pages.clear()
            self._outdated.clear()
            self.columns = page.columns
            self.generation = page.generation
        if first or page.total > self.total:
            self.total = page.total
        self._keep(number, page.rows)
        return Taken.FIRST if first else Taken.FILLED

    def lost(self, number: int, sequence: int) -> None:
        """A page did not come: it may be asked for again."""
        if sequence == self.sequence:
            self._asked.discard(number)

    def compare(self, page: EntityPage, cursor: int) -> Patch:
        """How a fresh look at a page differs from what is here. Nothing is taken in.

        `in_place`: the page, and the new total, may be shown without moving the row under the cursor.
        """
        old = self._pages.get(page.offset // PAGE_ROWS, ())
        same_order = page.total == self.total and [r.ref for r in old] == [r.ref for r in page.rows]
        known = {row.ref: row for row in old}
        refs = tuple(r.ref for r in page.rows if r.ref in known and known[r.ref] != r)
        at = cursor - page.offset
        here = old[at].ref if 0 <= at < len(old) else ""
        stays = not self.total or (bool(here) and at < len(page.rows) and page.rows[at].ref == here)
        changed = tuple(page.offset + i for i, r in enumerate(old) if r.ref in refs)
        return Patch(changed, refs, same_order or stays, same_order)

    def patch(self, page: EntityPage) -> None:
        """Change known rows of a page by ref and leave every row where it is."""
        number = page.offset // PAGE_ROWS
        fresh = {row.ref: row for row in page.rows}
        self._keep(number, tuple(fresh.get(row.ref, row) for row in self._pages.get(number, ())))

    def replace(self, page: EntityPage) -> None:
        """Show a fresh page, order, total and all; every other page is asked for again when it is looked at."""
        self.total = page.total
        self.generation = page.generation
        number = page.offset // PAGE_ROWS
        self.outdate()
        self._keep(number, page.rows)

    def outdate(self) -> None:
        """The catalog moved on: pages stay to be shown, and are asked for again when looked at."""
        self._outdated = set(self._pages)
        self._asked.clear()

    def find(self, ref: str) -> int | None:
        """Where a ref stands, as far as the pages here tell."""
        for number, rows in self._pages.items():
            for within, row in enumerate(rows):
                if row.ref == ref:
                    return number * PAGE_ROWS + within
        return None

    def positions(self, refs: Iterable[str]) -> list[int]:
        """Positions of those refs that are here."""
        wanted = set(refs)
        return [
            number * PAGE_ROWS + within
            for number, rows in self._pages.items()
            for within, row in enumerate(rows)
            if row.ref in wanted
        ]

    @property
    def pages_here(self) -> int:
        """How many pages are in memory."""
        return len(self._pages)

    def _keep(self, number: int, rows: tuple[Row, ...]) -> None:
        self._pages[number] = rows
        self._pages.move_to_end(number)
        self._asked.add(number)
        self._outdated.discard(number)
        while len(self._pages) > KEPT_PAGES:
            gone, _ = self._pages.popitem(last=False)
            self._asked.discard(gone)
            self._outdated.discard(gone)
