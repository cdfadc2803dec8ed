"""What the log knows and the index does not: after a crash between the two, or with a log of the engine cut short.

Only owned changes need it. What was read from git comes back with the next look at its source: the index remembers in
the same transaction what it read and what it made of it, so that whatever it lost it also forgot to have read.
"""

from dataclasses import replace

from syncd.locations import registration
from syncd.model.host import Hosts
from syncd.model.location import API_LOCATION
from syncd.stitch.publication import Publication
from syncd.store.documents import StoredDocuments
from syncd.store.index import Index
from syncd.store.overlay import StoredOverlay
from syncd.store.state import ChangedEntity, State


def replay(publication: Publication, index: Index, state: State, hosts: Hosts) -> None:
    """Make the index hold the locations that are registered, and no orphan that was deleted since."""
    held = index.registered()
    for location in state.locations():
        copy = held.pop(location.id, None)
        if copy is None:
            publication.put_locations([location])
            publication.absorb([registration(location, hosts)])
        elif copy != replace(location, write=copy.write, paused=copy.paused, poll_interval=copy.poll_interval):
            publication.update_location(location)
            publication.absorb([registration(location, hosts, again=True)])
    for location_id in held:
        publication.drop_location(location_id)
    applied, newest = int(index.meta("index_seq") or 0), state.last_seq()
    _replay_documents(publication, index, StoredDocuments(state))
    publication.touch(StoredOverlay(state).changed_since(applied))
    for change in state.changes(applied, newest, newest - applied):
        if change.what == "entity.deleted":
            publication.drop_orphan(change.target)


def _replay_documents(publication: Publication, index: Index, documents: StoredDocuments) -> None:
    held = index.api_documents()
    wanted = {document.ref: document for document in documents.all()}
    if held or wanted:
        publication.put_locations([API_LOCATION])
    publication.put_documents([one for ref, one in wanted.items() if held.get(ref) != one.etag])
    publication.drop_documents([ref for ref in held if ref not in wanted])


def vanished(state: State, published: set[str]) -> list[ChangedEntity]:
    """The removal of each ref that the log believes to be there and that is not published."""
    return [ChangedEntity(ref, "removed", "") for ref in state.logged_refs() if ref not in published]
