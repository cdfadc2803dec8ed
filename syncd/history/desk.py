"""All answers about where things come from and what happened to them, for whoever asks by whatever API."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from syncd.errors import InputError, NotFoundError, UnavailableError
from syncd.git import Mirrors
from syncd.history.commits import CommitComparer
from syncd.history.comparison import Comparison
from syncd.history.file import Files
from syncd.history.log import LogComparer
from syncd.history.moment import time_of
from syncd.history.origin import Why
from syncd.history.timeline import Timeline, Timelines
from syncd.history.why import Whys
from syncd.ingest.yaml_worker import YamlWorker
from syncd.model.json import FieldPath
from syncd.model.location import Location
from syncd.store.catalog import Catalog
from syncd.store.state import State
from syncd.walk.known import Known
from syncd.walk.walk import Surroundings

AT_ONCE = 4
"""Questions under way at the same time: each may keep a processor busy."""

PATIENCE_SECONDS = 10.0
"""How long one more waits for its turn."""


class HistoryDesk:
    """Every call reads mirrors, some start git, and takes tens of milliseconds or more. Thread-safe.

    All raise `UnavailableError` where too many are under way.
    """

    def __init__(
        self,
        catalog: Catalog,
        state: State,
        mirrors: Mirrors,
        around: Surroundings,
        parser: YamlWorker,
        walks: Callable[[str], Known | None],
    ) -> None:
        """`walks` gives what is known of a location since its last look."""
        self._state = state
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        files = Files(mirrors, around, parser, self._location)
        self._whys = Whys(catalog, state, files)
        self._timelines = Timelines(catalog, state, files)
        self._commits = CommitComparer(mirrors, around, parser, walks)
        self._log = LogComparer(catalog, state, files)

    def why(self, ref: str, field: str) -> Why:
        """Where the value at a field of an entity comes from; see `Whys.why`."""
        with self._turn():
            return self._whys.why(ref, field)

    def lines(self, fields: Sequence[tuple[str, FieldPath]]) -> list[int | None]:
        """The line of each field of an entity in the entity's own file; None where it cannot be told."""
        with self._turn():
            return list(self._whys.lines(fields))

    def timeline(self, ref: str, path: str = "", *, limit: int, offset: int = 0) -> Timeline:
        """What happened to an entity, or to a field of it, the newest first; see `Timelines.of`."""
        with self._turn():
            return self._timelines.of(ref, path, limit=limit, offset=offset)

    def between(self, old: str, new: str, *, limit: int) -> Comparison:
        """What differs between two times, by the log; see `time_of` for how these are named.

        Raises `InputError` for what is no time.
        """
        moments = [time_of(text) for text in (old, new)]
        for text, moment in zip((old, new), moments, strict=True):
            if moment is None:
                hint = "write a date, a time such as 2026-05-26T13:55:00Z, an age such as 7d, or now"
                raise InputError(
                    f"{text[:200]!r} is no time", hint=f"{hint}; for commits name a location or a repository"
                )
        assert moments[0] is not None
        assert moments[1] is not None
        with self._turn():
            return self._log.compare(moments[0], moments[1], limit=limit)

    def between_commits(
        self, old: str, new: str, *, location_id: str = "", repository: str = "", limit: int
    ) -> Comparison:
        """What differs between two commits of the repository that a location begins in, or that is named.

        Raises `InputError` for a repository that no location reads, and as `CommitComparer.compare`.
        """
        locations = [one for one in self._state.locations() if location_id in ("", one.id)]
        if location_id and not locations:
            raise NotFoundError(f"location {location_id} not found", hint="catalog location list shows the ids")
        read = self._commits.repositories(locations)
        if repository:
            wanted = next((url for url in read if _bare(url) == _bare(repository)), None)
        else:
            wanted = next(iter(read)) if len(read) == 1 else None
        if wanted is None:
            what = repository or "it"
            raise InputError(f"no location begins in {what}", hint="catalog location list shows what is read")
        with self._turn():
            return self._commits.compare(wanted, read[wanted], old, new, limit=limit)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=PATIENCE_SECONDS):
            raise UnavailableError(f"{AT_ONCE} questions about history are under way", hint="try again in a moment")
        try:
            yield
        finally:
            self._turns.release()

    def _location(self, location_id: str) -> Location | None:
        return next((one for one in self._state.locations() if one.id == location_id), None)


def _bare(url: str) -> str:
    """A clone URL however people end it."""
    return url.rstrip("/").removesuffix(".git").lower()
