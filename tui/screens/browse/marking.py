"""Marks: on one row, on a range, on all that match. They are what bulk actions work on."""

from textual import on

from tui.model.lines import Tone
from tui.model.symbols import Mark
from tui.screens.browse.table import BrowseTable
from tui.screens.desk import Desk
from tui.screens.messages import RefsArrived
from tui.widgets.entity_table import EntityTable

REFS_AT_ONCE = 10_000
"""Refs asked for in one question."""


class Marking(BrowseTable):
    """Keys and the mouse mark; the marks themselves are the desk's."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._range_from: int | None = None

    def action_mark(self) -> None:
        """Mark the row, or no more, and go on to the next."""
        if self.table.ref:
            self.desk.marks.toggle(self.table.ref)
            self._drawn(self.table.cursor)
            self.table.move(1)

    def action_range(self) -> None:
        """Begin a range here; the second time, mark everything up to here."""
        if self._range_from is None:
            self._range_from = self.table.row_number
            self.notice.say(Mark.MARKED, "a range begins here: V at its other end marks it, esc gives up", Tone.ACCENT)
            return
        first, last = sorted((self._range_from, self.table.row_number))
        self._range_from = None
        self.say_nothing()
        self._mark_rows(first, last - first + 1)

    def give_up(self) -> bool:
        """No range after all."""
        begun, self._range_from = self._range_from is not None, None
        if begun:
            self.say_nothing()
        return begun or super().give_up()

    def action_mark_all(self) -> None:
        """Mark all that match; where they are all marked, mark none of them."""
        self._mark_rows(0, self.table.model.total, toggles=True)

    def action_unmark(self) -> None:
        """Take all marks away."""
        self._range_from = None
        self.desk.marks.clear()
        self._drawn(0, self.table.lines)

    @on(EntityTable.Dragged)
    def _dragged(self, event: EntityTable.Dragged) -> None:
        self.desk.marks.add(event.refs)
        self._drawn(0, self.table.lines)

    def _mark_rows(self, offset: int, count: int, *, toggles: bool = False) -> None:
        view, source = self.table.view, self.desk.source

        def refs() -> tuple[str, ...]:
            found: list[str] = []
            while len(found) < count:
                size = min(REFS_AT_ONCE, count - len(found))
                page = source.entities(view.rows, ("ref",), view.order, offset + len(found), size)
                found += [row.ref for row in page.rows]
                if not page.rows:
                    break
            return tuple(found)

        self.desk.courier.send("mark", refs, lambda answer: self.post_message(RefsArrived(answer, toggles=toggles)))

    @on(RefsArrived)
    def _refs(self, event: RefsArrived) -> None:
        refs, marks = event.answer.value, self.desk.marks
        if refs is None:
            self.notice.say(Mark.WARNING, str(event.answer.error))
        elif event.toggles and all(ref in marks for ref in refs):
            marks.remove(refs)
        else:
            marks.add(refs)
        self._drawn(0, self.table.lines)

    def _drawn(self, first: int, count: int = 1) -> None:
        self.table.redraw(first, count)
        self.count()
