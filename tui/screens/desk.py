"""What every screen is given: the daemon, the threads that ask it, and what is known of its health."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tui.actions.keymap import Keymap
from tui.bookmarks import BookmarkError, Bookmarks
from tui.model.courier import Answer, Courier
from tui.model.health import Health
from tui.model.marked import Marked
from tui.model.query_line import without_unfinished
from tui.model.source import PAGE_ROWS, EntityPage, RefusedError, Source
from tui.model.symbols import Symbols
from tui.model.view_state import ViewState
from tui.notebook import Notebook

if TYPE_CHECKING:
    from tui.model.workbench import Workbench


@dataclass(slots=True)
class Desk:
    """Passed to each screen; `health` and `read_only` are changed by the application only, `problem_refs` by the
    table's screen.

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
    read_only: bool = False
    notebook: Notebook = field(default_factory=Notebook)
    keymap: Keymap = field(default_factory=Keymap)
    ahead: list[tuple[str, str]] = field(default_factory=list)
    """Entities that were left by going back, each with its tab, the last one left at the end."""
    served: bool = False
    """Whether the person sits at a browser: files and programs of this machine are not theirs then."""
    start_daemon: Callable[[], int] | None = None
    """Starts the daemon in the background; None where it is another machine's."""
    marks: Marked = field(default_factory=Marked)
    bookmarks: Bookmarks = field(default_factory=Bookmarks)
    _bench: "Workbench | None" = None

    def expanded(self, view: ViewState) -> ViewState:
        """The view as the daemon is asked for it; RefusedError for a name that means nothing."""
        try:
            return replace(view, query=self.bookmarks.expand(without_unfinished(view.query)).text)
        except BookmarkError as error:
            raise RefusedError(str(error), position=error.position, hint=error.hint) from None

    @property
    def bench(self) -> "Workbench":
        """Drafts and journal; made, and imported, when somebody edits."""
        if self._bench is None:
            from tui.model.plan import TARGETS
            from tui.model.workbench import Workbench

            last = next((target for target in TARGETS if target == self.notebook.target), None)
            self._bench = Workbench(target=last)
            self._bench.drafts.sweep()
        return self._bench

    @property
    def open_drafts(self) -> tuple[str, ...]:
        """What was changed in this session and is not written."""
        return self._bench.drafts.open if self._bench is not None else ()


def open_desk(
    source: Source,
    symbols: Symbols,
    query: str = "",
    bookmarks: Bookmarks | None = None,
    *,
    read_only: bool = False,
    notebook: Notebook | None = None,
    keymap: Keymap | None = None,
) -> Desk:
    """A desk whose first question is on its way."""
    courier = Courier()
    first: Future[Answer[EntityPage]] = Future()
    desk = Desk(
        source,
        courier,
        symbols,
        ViewState().with_query(query),
        first,
        read_only=read_only,
        notebook=notebook or Notebook(),
        keymap=keymap or Keymap(),
        bookmarks=bookmarks or Bookmarks(),
    )

    def ask() -> EntityPage:
        view = desk.expanded(desk.view)
        return source.entities(view.rows, view.asked_columns, view.order, 0, PAGE_ROWS)

    courier.send("new", ask, first.set_result)
    return desk
