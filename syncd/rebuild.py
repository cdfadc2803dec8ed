"""Building the index again from the mirrors and `state.sqlite`, without any network (R37).

The same walk and the same publication as ever, with everything new; what the log knows already is not logged again.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from syncd.locations import registration
from syncd.model.location import Location
from syncd.model.reading import Reading
from syncd.stitch.publication import Publication
from syncd.store.index import Index, wal
from syncd.store.state import ChangedEntity, State, now
from syncd.store.transaction import IndexTransaction
from syncd.walk.known import Known
from syncd.walk.walk import Surroundings, Walker

WALKS_AT_ONCE = 3
"""Walks beside each other: while one waits for git or for the parser, another processes."""
WALKED_AHEAD = 50


def rebuild(path: Path, state: State, around: Surroundings) -> Index:
    """A new index at `path`, in place of the one that is there; that one serves no more.

    It is built beside and moved in place when it is whole, so that a stop half way leaves what was there.
    """
    beside = path.with_name(path.name + ".building")
    index = Index.create(beside)
    locations = state.locations()
    at = now()
    with index.transaction() as cursor:
        transaction = IndexTransaction(cursor)
        publication = Publication(transaction, state, at)
        for location in locations:
            publication.put_location(location)
            publication.absorb(registration(location, around.hosts))
        for reading in _readings(locations, state, around):
            publication.absorb(reading)
        with state.transaction():
            changed = publication.finish()
            changed.extend(_vanished(state, transaction.published_refs()))
            if changed:
                state.log("git", "rebuild", "", {}, changed, at)
            transaction.set_meta("index_seq", str(state.last_seq()))
    index.sweep()
    index.close()
    wal(path).unlink(missing_ok=True)
    beside.replace(path)
    return Index.open(path)


def _readings(locations: Sequence[Location], state: State, around: Surroundings) -> Iterator[Reading]:
    def walk(location: Location) -> Reading:
        return Walker(location, Known.nothing(), state.last_good(location.id), around).run().reading

    with ThreadPoolExecutor(WALKS_AT_ONCE, thread_name_prefix="rebuild") as pool:
        for start in range(0, len(locations), WALKED_AHEAD):  # readings shall not pile up in memory
            yield from pool.map(walk, locations[start : start + WALKED_AHEAD])


def _vanished(state: State, published: set[str]) -> list[ChangedEntity]:
    """What the log believes to be there and no source says any more."""
    return [ChangedEntity(ref, "removed", "") for ref in state.logged_refs() if ref not in published]
