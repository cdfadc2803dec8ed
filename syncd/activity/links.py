"""Which entities a record belongs to: decided whenever it is read, so that a link is never older than the catalog.

A record that names an entity belongs to that one. Another belongs to every entity whose value at the catalog path of
its integration's rule is its own, in the same spelling. Where there is no such entity yet, the record is unlinked, and
is linked from the moment that there is one (H77).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import orjson

from query.ast import equals
from query.question import Question
from query.rows import search_rows
from query.text import fold, scalar_text
from syncd.activity.paths import segments, value_at
from syncd.model.activity import LinkedRecord, StoredRecord
from syncd.model.integration import Correlation, Integration
from syncd.model.json import JsonObject
from syncd.store.activity import Pair, Ties

MOST_REFS = 100
"""Entities that are named at one record; a value that more of them share says little."""

_AT_ONCE = 500
_MOST_MATCHES = 10_000


class Page(Protocol):
    """Entities as JSON, with their refs."""

    @property
    def rows(self) -> Sequence[Any]: ...
    @property
    def documents(self) -> Sequence[bytes]: ...


class Entities(Protocol):
    """The catalog, as far as whoever asks may see it."""

    def ask(self, question: Question) -> Page: ...
    def by_ref(self, ref: str) -> bytes | None: ...
    def updated(self, refs: Sequence[str]) -> Mapping[str, str]: ...


class Linker:
    """Links records to the entities of one catalog, by the rules of these integrations."""

    def __init__(self, entities: Entities, integrations: Iterable[Integration]) -> None:
        self._entities = entities
        self._paths = {one.id: one.correlation.catalog_path for one in integrations if one.correlation is not None}

    def linked(self, records: Sequence[StoredRecord]) -> list[LinkedRecord]:
        """Each record with its entities, by ref."""
        found = self.alive(Ties(frozenset(r.entity_ref for r in records if r.entity_ref), frozenset(_pairs(records))))
        return [LinkedRecord(record, self._refs(record, found)) for record in records]

    def alive(self, ties: Ties) -> "Alive":
        """Those of the ties that lead to an entity."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for integration, value in ties.pairs:
            if integration in self._paths:
                wanted[self._paths[integration]].add(value)
        matches = {path: self._matches(path, sorted(values)) for path, values in wanted.items()}
        return Alive(
            frozenset(self._entities.updated(sorted(ties.refs))) if ties.refs else frozenset(),
            {pair: refs for pair in ties.pairs if (refs := self._matched(pair, matches))},
        )

    def of_entity(self, ref: str, document: bytes | None) -> Ties:
        """What a record is linked to this entity by; without a document, to a ref that no entity has."""
        values = _Values(document)
        pairs = {(one, value) for one, path in self._paths.items() for value in values.at(path)}
        return Ties(frozenset({ref}), frozenset(pairs))

    def _refs(self, record: StoredRecord, alive: "Alive") -> tuple[str, ...]:
        if record.entity_ref is not None:
            return (record.entity_ref,) if record.entity_ref in alive.refs else ()
        return alive.matches.get((record.integration, record.correlated or ""), ())

    def _matched(self, pair: Pair, matches: Mapping[str, Mapping[str, tuple[str, ...]]]) -> tuple[str, ...]:
        path = self._paths.get(pair[0])
        return () if path is None else matches[path].get(pair[1], ())

    def _matches(self, path: str, values: Sequence[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for start in range(0, len(values), _AT_ONCE):
            part = values[start : start + _AT_ONCE]
            page = self._entities.ask(Question(equals(path, part), tie="ref", limit=_MOST_MATCHES))
            for row, document in zip(page.rows, page.documents, strict=True):
                for value in _Values(document).at(path) & set(part):
                    found[value].append(row.ref)
        return {value: tuple(sorted(refs)[:MOST_REFS]) for value, refs in found.items()}


class Alive:
    """Ties that lead to entities, and to which."""

    def __init__(self, refs: frozenset[str], matches: Mapping[Pair, tuple[str, ...]]) -> None:
        self.refs = refs
        self.matches = matches

    @property
    def ties(self) -> Ties:
        """The ties alone."""
        return Ties(self.refs, frozenset(self.matches))


class _Values:
    """The values of an entity as they are spelled; a path is a key of the catalog's search rows."""

    def __init__(self, document: bytes | None) -> None:
        rows = [] if document is None else search_rows(orjson.loads(document))
        self._values: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.original is not None:
                self._values[row.key].add(row.original)

    def at(self, path: str) -> set[str]:
        return self._values.get(fold(path), set())


def correlated(rule: Correlation | None, fields: JsonObject) -> str | None:
    """The value of a record that a rule compares, as the catalog spells scalars; None where it has none."""
    value = None if rule is None else value_at(fields, segments(rule.ingested_path))
    return scalar_text(value) if isinstance(value, str | int | float) else None


def _pairs(records: Iterable[StoredRecord]) -> Iterable[Pair]:
    return ((r.integration, r.correlated) for r in records if r.entity_ref is None and r.correlated is not None)
