"""What every screen is given: the daemon, the threads that ask it, and what is known of its health."""

from concurrent.futures import Future
from dataclasses import dataclass, field

from tui.bookmarks import BookmarkError, Bookmarks
from tui.model.courier import Answer, Courier
from tui.model.health import Health
from tui.model.marked import Marked
from tui.model.source import PAGE_ROWS, EntityPage, RefusedError, Source
from tui.model.symbols import Symbols
from tui.model.view_state import ViewState


@dataclass(slots=True)
class Desk:
    """Passed to each screen; `health` is changed by the application only, `problem_refs` by the table's screen.

    `first` is the answer to the first question, asked while Textual is still being imported. `marks` are the entities
    that bulk actions work on.
    """

    source: Source
    courier: Courier
    symbols: Symbols
    view: ViewState
    first: "Future[Answer[EntityPage]]"
    health: Health = field(default_factory=Health)
    problem_refs: frozenset[str] = frozenset()
    marks: Marked = field(default_factory=Marked)
    bookmarks: Bookmarks = field(default_factory=Bookmarks)

    def expanded(self, view: ViewState) -> ViewState:
        """The view as the daemon is asked for it; RefusedError for a name that means nothing."""
        try:
            return view.with_query(self.bookmarks.expand(view.query).text)
        except BookmarkError as error:
            raise RefusedError(str(error), position=error.position, hint=error.hint) from None


def open_desk(source: Source, symbols: Symbols, query: str = "", bookmarks: Bookmarks | None = None) -> Desk:
    """A desk whose first question is on its way."""
    courier = Courier()
    first: Future[Answer[EntityPage]] = Future()
    desk = Desk(source, courier, symbols, ViewState().with_query(query), first, bookmarks=bookmarks or Bookmarks())

    def ask() -> EntityPage:
        view = desk.expanded(desk.view)
        return source.entities(view.query, view.asked_columns, view.order, 0, PAGE_ROWS)

    courier.send("new", ask, first.set_result)
    return desk
