"""The index that a daemon holds: opened, or built from the mirrors where it cannot be, and in step with the log."""

import logging
from collections.abc import Callable

from syncd.errors import CatalogError, UnavailableError
from syncd.rebuild import rebuild
from syncd.replay import vanished
from syncd.statedir import StateDir
from syncd.stitch.keeper import Keeper
from syncd.stitch.publication import Publication
from syncd.stitch.publisher import Publisher
from syncd.store.catalog import Catalog
from syncd.store.index import Index, wal
from syncd.store.index_errors import IndexUnusableError
from syncd.store.state import LoggedChange, State
from syncd.store.state_file import StateDamagedError
from syncd.store.walks import known_walks
from syncd.walk.known import Known
from syncd.walk.walk import Surroundings

LOG = logging.getLogger("syncd.held_index")


class HeldIndex:
    """One index at a time, served to those who ask as soon as it may be. Not safe for two that open it at once."""

    def __init__(self, state_dir: StateDir, state: State, catalog: Catalog, surroundings: Surroundings) -> None:
        self._dir = state_dir
        self._state = state
        self._catalog = catalog
        self._surroundings = surroundings
        self._index: Index | None = None
        self._told_all = True
        """Whether the log tells of every entity that went. It does not where the index lost what the log had, or was
        built without some mirror: what is removed before it came back leaves without a word."""
        self.current: set[str] = set()
        """Locations that were read by a rebuild of this process, without a problem of their own."""
        self.rebuilds = 0
        """How often it was built by this process."""
        self.stopping = False
        """A rebuild that is under way ends early."""
        self.on_rebuild: Callable[[CatalogError], None] = LOG.debug
        """Called with the reason before it is built."""

    @property
    def index(self) -> Index:
        """The index that is held; UnavailableError while there is none."""
        if self._index is None:
            raise UnavailableError("the data is not open")
        return self._index

    def open(self, announce: Callable[[LoggedChange], None], keeper: Keeper) -> tuple[Publisher, dict[str, Known]]:
        """Open it, or build it: the publisher that keeps it in step with the log, and what was read last of each
        location. Raises `StateDamagedError` where the log is what is missing."""
        try:
            self._index = Index.open(self._dir.index)
            return self._published(self._index, announce, keeper)
        except IndexUnusableError as reason:
            return self._published(self.replace(reason), announce, keeper)

    def open_for_reading(self, damage: StateDamagedError) -> Index:
        """Serve it as it is; raises `damage` where there is none that could be served."""
        try:
            self._index = self._index or Index.open(self._dir.index)
        except IndexUnusableError as error:
            raise damage from error
        self._catalog.serve(self._index)
        return self._index

    def build(self) -> int:
        """Build it and nothing else; the number of entities."""
        self._index = rebuild(self._dir.index, self._state, self._surroundings).index
        self._catalog.serve(self._index)
        return self._catalog.total()

    def replace(self, reason: CatalogError) -> Index:
        """Set it aside and build another from the mirrors; questions are refused meanwhile (R38)."""
        self._catalog.serve(None)
        if self._index is not None:
            self._index.close()
        if self._dir.index.exists():
            LOG.warning("index.duckdb is set aside: %s", reason)
            self._dir.set_aside([self._dir.index, wal(self._dir.index)])
        self.on_rebuild(reason)
        built = rebuild(self._dir.index, self._state, self._surroundings, lambda: self.stopping)
        self.rebuilds += 1
        self._told_all = built.complete
        self.current = {location.id for location in self._state.locations()} - built.index.locations_with_problems()
        self._index = built.index
        return built.index

    def settle(self, publisher: Publisher) -> None:
        """When everything was looked at: say so in the index, and read it once as a whole to find silent damage."""
        if not self._told_all:  # before the index says that it is in step: after a crash in between it is asked again
            publisher.submit(self._log_vanished).result()
            self._told_all = True
        publisher.settle()
        try:
            self.index.verify()
        except IndexUnusableError as damage:
            publisher.suspect(damage)

    def fell_behind(self) -> None:
        """The index lost what the log has; `settle` sees to it that the log tells what did not come back."""
        self._told_all = False

    def known_walks(self) -> dict[str, Known]:
        """What was read last of each location, by its id. Raises `UnavailableError` while it is opened again."""
        return known_walks(self.index)

    def known_walk(self, location_id: str) -> Known | None:
        """What was read last of one location."""
        return known_walks(self.index, location_id).get(location_id)

    def close(self, *, fold: bool) -> None:
        """Serve nothing any more; `fold` writes the log of the file into it."""
        self._catalog.serve(None)
        if self._index is not None:
            self._index.close(fold=fold)

    def _published(
        self, index: Index, announce: Callable[[LoggedChange], None], keeper: Keeper
    ) -> tuple[Publisher, dict[str, Known]]:
        applied, logged = int(index.meta("index_seq") or 0), self._state.last_seq()
        if applied > logged == 0:
            raise StateDamagedError(
                f"{self._dir.state} is empty, and the index knows of {applied} changes",
                hint="restore a backup of state.sqlite; or remove index.duckdb too, to begin with nothing",
            )
        if applied > logged:
            raise IndexUnusableError("it knows more than state.sqlite, which was put back to an older time")
        if applied < logged:
            self.fell_behind()
        else:  # nothing is missing: questions need not wait for what only work needs
            self._catalog.serve(index)
        publisher = Publisher(self._state, index, announce, keeper)
        publisher.catch_up()
        known = known_walks(index)
        publisher.start()
        self._catalog.on_damage = publisher.suspect
        return publisher, known

    def _log_vanished(self, _: Publication) -> None:
        gone = vanished(self._state, self.index.refs())
        if gone:
            self._state.log("git", "rebuild", "", {}, gone)
