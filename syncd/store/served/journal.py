"""What publications changed, in order, so that every structure can follow when it is next asked."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import orjson

from query.match import index_rows
from query.rows import SearchRow, updated_row
from query.terms import entity_terms

REMEMBERED = 500
"""Versions that are remembered with their search rows (about 10 KB each)."""


@dataclass(frozen=True)
class Version:
    """One published version of an entity; `updated` is the time of its last change, RFC 3339."""

    eid: int
    ref: str
    updated: str
    document: str
    rows: list[SearchRow]

    @cached_property
    def terms(self) -> Mapping[str, int]:
        """The terms of full text, with their weights."""
        return entity_terms(orjson.loads(self.document))

    @cached_property
    def index(self) -> Mapping[str, list[SearchRow]]:
        """The search rows by key, the time of the last change among them."""
        return index_rows([*self.rows, updated_row(self.updated)])


class Delta:
    """What one publication does to the entities: the newest eid of each ref (None: gone), and their versions."""

    def __init__(self) -> None:
        self.eids: dict[str, int | None] = {}
        self.versions: dict[str, Version] = {}
        self.is_whole = True
        """Whether `versions` has all of them; a large publication is not remembered version by version."""

    def drop(self, refs: Iterable[str]) -> None:
        """These refs are published no longer, or not yet again."""
        for ref in refs:
            self.eids[ref] = None
            self.versions.pop(ref, None)

    def put(self, version: Version) -> None:
        """This is the newest version of its ref."""
        self.eids[version.ref] = version.eid
        if len(self.versions) >= REMEMBERED:
            self.is_whole = False
            self.versions.clear()
        if self.is_whole:
            self.versions[version.ref] = version


class Journal:
    """The versions of late, numbered; who saw up to some number asks for what came after."""

    def __init__(self) -> None:
        self._versions: deque[Version] = deque()
        self.head = 0
        """The number of the newest version; it also moves when something went without a new version."""

    def append(self, delta: Delta) -> None:
        """Remember a publication; one that is too large to be remembered leaves nothing to follow."""
        if delta.is_whole:
            self._versions.extend(delta.versions.values())
            self.head += len(delta.versions)
            while len(self._versions) > REMEMBERED:
                self._versions.popleft()
        else:
            self._versions.clear()
            self.head += 1

    def since(self, seen: int) -> list[Version] | None:
        """The versions after number `seen`; None where they are not remembered."""
        missed = self.head - seen
        known = len(self._versions)
        return list(islice(self._versions, known - missed, known)) if missed <= known else None
