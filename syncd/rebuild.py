"""Building the index again from the mirrors and `state.sqlite`, without any network (R37).

The same walk and the same publication as ever, with everything new; what the log knows already is not logged again.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from syncd.disk import is_disk_full, no_room, sync
from syncd.errors import UnavailableError
from syncd.locations import registration
from syncd.model.location import API_LOCATION, Location
from syncd.replay import vanished
from syncd.stitch.publication import Publication
from syncd.store.documents import StoredDocuments
from syncd.store.index import Index, wal
from syncd.store.index_errors import explained
from syncd.store.memory import IndexMemory
from syncd.store.overlay import StoredOverlay
from syncd.store.state import State, now
from syncd.store.sweep import Sweep
from syncd.walk.known import Known
from syncd.walk.walk import Surroundings, Walk, Walker

WALKS_AT_ONCE = 2
"""Walks beside each other: while one waits for git or for the parser, another processes."""
WALKED_AHEAD = 50


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A new index; `complete` is False where a mirror could not be read, so that entities may be missing for now."""

    index: Index
    complete: bool


def rebuild(path: Path, state: State, around: Surroundings, stopping: Callable[[], bool] = lambda: False) -> Rebuilt:
    """A new index at `path`, in place of the one that is there; that one serves no more.

    It is built beside and moved in place when it is whole, so that a stop half way leaves what was there. Raises
    `UnavailableError` when `stopping` says so, `DiskFullError`; then nothing has changed.
    """
    beside = path.with_name(path.name + ".building")
    try:
        with explained():
            complete = _build(beside, state, around, stopping)
    except Exception as error:
        with suppress(OSError):  # half an index is of no use to anybody, and takes room
            beside.unlink()
            wal(beside).unlink()
        if is_disk_full(error):
            raise no_room("a new index") from error
        raise
    wal(path).unlink(missing_ok=True)
    beside.replace(path)
    sync(path.parent)
    return Rebuilt(Index.open(path), complete)


def _build(beside: Path, state: State, around: Surroundings, stopping: Callable[[], bool]) -> bool:
    index = Index.create(beside)
    try:
        complete = _fill(index, state, around, stopping)
        sweep = Sweep(index)
        sweep.gather()
        sweep.finish()
    finally:
        index.close()
    if wal(beside).exists():
        raise no_room("a whole index")
    return complete


def _fill(index: Index, state: State, around: Surroundings, stopping: Callable[[], bool]) -> bool:
    locations = state.locations()
    at = now()
    complete = True
    memory = IndexMemory.load(index.cursor())
    with index.transaction() as transaction:
        publication = Publication(transaction, memory, state, at)
        publication.put_locations([*locations, API_LOCATION])
        publication.absorb([registration(location, around.hosts) for location in locations])
        publication.put_documents(StoredDocuments(state).all())
        publication.touch(StoredOverlay(state).places())
        for walks in _walks(locations, state, around):
            if stopping():  # its mirrors are closed by now: what it says is worth nothing
                raise UnavailableError("the daemon is stopping", hint="the index is built when it starts again")
            publication.absorb([walk.reading for walk in walks])
            complete = complete and all(map(_is_complete, walks))
        changed = publication.finish()
        if complete:
            changed.extend(vanished(state, publication.published_refs()))
        if changed:
            state.log("git", "rebuild", "", {}, changed, at)
        publication.mark_applied(state.last_seq())
    return complete


def _walks(locations: Sequence[Location], state: State, around: Surroundings) -> Iterator[list[Walk]]:
    def walk(location: Location) -> Walk:
        return Walker(location, Known.nothing(), state.last_good(location.id), around).run()

    with ThreadPoolExecutor(WALKS_AT_ONCE, thread_name_prefix="rebuild") as pool:
        ahead: list[Future[Walk]] = []
        for start in range(0, len(locations), WALKED_AHEAD):  # readings shall not pile up in memory
            before, ahead = ahead, [pool.submit(walk, one) for one in locations[start : start + WALKED_AHEAD]]
            yield [future.result() for future in before]  # these are absorbed while the next are walked
        yield [future.result() for future in ahead]


def _is_complete(walk: Walk) -> bool:
    """Whether every repository that the walk came to could be read."""
    return not walk.wanted and not any(entry.problem.code.startswith("git.") for entry in walk.reading.problems)
