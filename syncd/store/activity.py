"""Activity records in `state.sqlite`: sets go in and out as JSON, one statement each."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from syncd.model.activity import StoredRecord
from syncd.model.json import JsonObject
from syncd.store.state import State

_COLUMNS = "integration, schema, identifier, entity_ref, correlated, type, timestamp, received, fields"
_NEWEST = "ORDER BY timestamp DESC, id DESC"
_LISTED = "(SELECT value FROM json_each(?))"
_PAIRS = "(SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))"
_AT_ONCE = 500

_SET = ", ".join(f"{name.strip()} = excluded.{name.strip()}" for name in _COLUMNS.split(",")[1:])
_VALUES = ", ".join(f"json_extract(value, '$[{at}]')" for at in range(len(_COLUMNS.split(","))))
_PUT = f"""
INSERT INTO activity ({_COLUMNS}) SELECT {_VALUES} FROM json_each(?) WHERE true
ON CONFLICT (integration, identifier) WHERE identifier IS NOT NULL DO UPDATE SET {_SET}
"""

Pair = tuple[str, str]
"""An integration, and a value for its rule."""


@dataclass(frozen=True, slots=True)
class Ties:
    """What records are linked by: refs that they name, and values for the rules of their integrations."""

    refs: frozenset[str] = frozenset()
    pairs: frozenset[Pair] = frozenset()

    def without(self, others: "Ties") -> "Ties":
        """Those that are not among others."""
        return Ties(self.refs - others.refs, self.pairs - others.pairs)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are meant: those that meet all that is given.

    `since` is in epoch milliseconds. `ties`: linked by one of these, or with `or_untied` by nothing at all.
    """

    integration: str = ""
    schema: str = ""
    besides: str = ""
    """A schema whose records are not meant."""
    types: Collection[str] | None = None
    identifiers: Collection[str] | None = None
    since: int | None = None
    ties: Ties | None = None
    or_untied: bool = False


class StoredActivity:
    """Records; writes belong into a transaction of the state."""

    def __init__(self, state: State) -> None:
        self._state = state

    def put(self, records: Sequence[StoredRecord]) -> int:
        """Add records of one integration, or replace those with the same identifier (H75); how many are new."""
        identifiers = {record.identifier for record in records if record.identifier is not None}
        known = self._count(Wanted(records[0].integration, identifiers=identifiers)) if identifiers else 0
        self._state.write(_PUT, (json.dumps([_row(record) for record in records]),))
        nameless = sum(record.identifier is None for record in records)
        return nameless + len(identifiers) - known

    def correlate(self, integration_id: str, value: Callable[[JsonObject], str | None]) -> None:
        """The rule of an integration has changed: find the value of each of its records again."""
        last = 0
        while rows := self._state.read(
            f"SELECT id, fields FROM activity WHERE integration = ? AND id > ? ORDER BY id LIMIT {_AT_ONCE}",
            (integration_id, last),
        ):
            found = [(id_, value(json.loads(str(fields)))) for id_, fields in rows]
            self._state.write(
                "UPDATE activity SET correlated = json_extract(j.value, '$[1]') FROM json_each(?) j "
                "WHERE activity.id = json_extract(j.value, '$[0]')",
                (json.dumps(found),),
            )
            last = int(str(rows[-1][0]))

    def find(self, wanted: Wanted, limit: int, offset: int = 0) -> list[StoredRecord]:
        """The records that are meant, newest first."""
        condition, parameters = _condition(wanted)
        return self._records(f"WHERE {condition} {_NEWEST} LIMIT ? OFFSET ?", (*parameters, limit, offset))

    def newest(self, rows: int, size: int) -> Iterator[StoredRecord]:
        """The newest records of all, up to so many rows and so many characters."""
        ids = [row[0] for row in self._state.read(f"SELECT id FROM activity {_NEWEST} LIMIT ?", (rows,))]
        for start in range(0, len(ids), _AT_ONCE):
            part = json.dumps(ids[start : start + _AT_ONCE])
            for record, length in self._sized(f"WHERE id IN {_LISTED} {_NEWEST}", (part,)):
                size -= length
                if size < 0:
                    return
                yield record

    def ties(self, wanted: Wanted) -> Ties:
        """All that the meant records are linked by, whether there is such an entity or not."""
        condition, parameters = _condition(wanted)
        refs = self._state.read(
            f"SELECT DISTINCT entity_ref FROM activity WHERE entity_ref IS NOT NULL AND {condition}", parameters
        )
        pairs = self._state.read(
            "SELECT DISTINCT integration, correlated FROM activity "
            f"WHERE entity_ref IS NULL AND correlated IS NOT NULL AND {condition}",
            parameters,
        )
        return Ties(frozenset(str(ref) for (ref,) in refs), frozenset((str(one), str(two)) for one, two in pairs))

    def delete(self, wanted: Wanted) -> int:
        """Remove the records that are meant; how many there were."""
        condition, parameters = _condition(wanted)
        return self._state.write(f"DELETE FROM activity WHERE {condition}", parameters)

    def sources(self) -> list[str]:
        """Every integration that there are records of."""
        return [str(row[0]) for row in self._state.read("SELECT DISTINCT integration FROM activity")]

    def expired(self, integration_id: str, before: int, kept: int, limit: int) -> list[int]:
        """Records to remove, at most `limit`: received before a time, or older than the `kept` newest received."""
        rows = self._state.read(
            "SELECT id FROM activity WHERE integration = ?1 AND received < ?2 UNION "
            "SELECT id FROM (SELECT id FROM activity WHERE integration = ?1 ORDER BY received DESC, id DESC "
            "LIMIT ?4 OFFSET ?3) LIMIT ?4",
            (integration_id, before, kept, limit),
        )
        return [int(str(row[0])) for row in rows]

    def drop(self, ids: Sequence[int]) -> None:
        """Remove these."""
        self._state.write(f"DELETE FROM activity WHERE id IN {_LISTED}", (json.dumps(ids),))

    def _count(self, wanted: Wanted) -> int:
        condition, parameters = _condition(wanted)
        [(count,)] = self._state.read(f"SELECT count(*) FROM activity WHERE {condition}", parameters)
        return int(str(count))

    def _records(self, rest: str, parameters: Sequence[object]) -> list[StoredRecord]:
        return [record for record, _ in self._sized(rest, parameters)]

    def _sized(self, rest: str, parameters: Sequence[object]) -> Iterator[tuple[StoredRecord, int]]:
        for row in self._state.read(f"SELECT {_COLUMNS} FROM activity {rest}", parameters):
            integration, schema, identifier, ref, correlated, type_, timestamp, received, fields = (
                None if value is None else str(value) for value in row
            )
            text = fields or "{}"
            yield (
                StoredRecord(
                    integration or "",
                    schema or "",
                    identifier,
                    ref,
                    correlated,
                    type_,
                    int(timestamp or 0),
                    int(received or 0),
                    json.loads(text),
                ),
                len(text),
            )


def _row(record: StoredRecord) -> list[object]:
    linked = (record.entity_ref, record.correlated)
    times = (record.timestamp, record.received)
    named = (record.integration, record.schema, record.identifier)
    return [*named, *linked, record.type, *times, json.dumps(record.fields)]


def _condition(wanted: Wanted) -> tuple[str, tuple[object, ...]]:
    parts, parameters = ["true"], list[object]()
    for column, text in (("integration", wanted.integration), ("schema", wanted.schema)):
        if text:
            parts.append(f"{column} = ?")
            parameters.append(text)
    if wanted.besides:
        parts.append("schema <> ?")
        parameters.append(wanted.besides)
    for column, texts in (("type", wanted.types), ("identifier", wanted.identifiers)):
        if texts is not None:
            parts.append(f"{column} IN {_LISTED}")
            parameters.append(json.dumps(list(texts)))
    if wanted.since is not None:
        parts.append("timestamp >= ?")
        parameters.append(wanted.since)
    if wanted.ties is not None:
        tied = f"entity_ref IN {_LISTED} OR (entity_ref IS NULL AND (integration, correlated) IN {_PAIRS})"
        untied = " OR (entity_ref IS NULL AND correlated IS NULL)" if wanted.or_untied else ""
        parts.append(f"({tied}{untied})")
        parameters += [json.dumps(list(wanted.ties.refs)), json.dumps(list(wanted.ties.pairs))]
    return " AND ".join(parts), tuple(parameters)
