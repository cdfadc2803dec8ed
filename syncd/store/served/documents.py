"""Documents as the API sends them, by version: as many as there is room for, those asked last."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

ROOM_BYTES: Final = 96 << 20


class Documents:
    """JSON bytes by eid. Not thread-safe."""

    def __init__(self, room: int = ROOM_BYTES) -> None:
        self._room = room
        self._size = 0
        self._documents: OrderedDict[int, bytes] = OrderedDict()

    def get(self, eid: int) -> bytes | None:
        """The document of a version, if it is here."""
        found = self._documents.get(eid)
        if found is not None:
            self._documents.move_to_end(eid)
        return found

    def __contains__(self, eid: int) -> bool:
        return eid in self._documents

    def put(self, eid: int, document: bytes) -> None:
        """Keep a document; what was not asked for the longest time goes."""
        self.drop((eid,))
        self._documents[eid] = document
        self._size += len(document)
        while self._size > self._room:
            _, oldest = self._documents.popitem(last=False)
            self._size -= len(oldest)

    def drop(self, eids: Iterable[int]) -> None:
        """These versions are dead."""
        for eid in eids:
            document = self._documents.pop(eid, None)
            self._size -= len(document) if document is not None else 0
