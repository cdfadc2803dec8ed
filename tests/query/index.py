"""A catalog index in memory, with the tables that `query.sql` compiles against, and the rows that are dead in them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from query import sql
from query.ast import Node
from query.match import matches
from query.question import Position, Question
from query.rank import time_text
from query.ref import ref_text
from query.rows import UPDATED, SearchRow, search_rows, updated_row
from query.terms import entity_terms
from tests.query.shop import Entity

_SCHEMA = """
CREATE SCHEMA core;
CREATE TABLE core.entities(
    eid INTEGER, ref VARCHAR, kind VARCHAR, kind_key VARCHAR, namespace VARCHAR, namespace_key VARCHAR, name VARCHAR,
    name_key VARCHAR, uid VARCHAR, updated VARCHAR, doc VARCHAR);
CREATE TABLE core.search(
    key VARCHAR, value VARCHAR, original VARCHAR, number DOUBLE, member BOOLEAN, rank VARCHAR,
    eid INTEGER);
CREATE TABLE core.terms(term VARCHAR, eid INTEGER, weight TINYINT);
CREATE VIEW main.entities AS SELECT
    e.*, json_extract(doc, '$.metadata.tags')::VARCHAR[] AS tags, json_extract_string(doc, '$.spec.type') AS type,
    json_extract_string(doc, '$.spec.lifecycle') AS lifecycle, json_extract_string(doc, '$.spec.owner') AS owner
    FROM (SELECT * REPLACE (updated::TIMESTAMP AS updated) FROM core.entities) e;
CREATE VIEW main.properties AS
    SELECT e.ref, s.key, coalesce(s.original, s.value) AS value, s.number, s.member, s.rank
    FROM core.search s JOIN core.entities e USING (eid);
"""
_ENTITY_TYPES = ("INTEGER", *["VARCHAR"] * 10)
_SEARCH_TYPES = ("VARCHAR", "VARCHAR", "VARCHAR", "DOUBLE", "BOOLEAN", "VARCHAR", "INTEGER")
_TERM_TYPES = ("VARCHAR", "INTEGER", "TINYINT")
_DEAD = 100_000
"""Added to the eid of a live entity: its rows from before the last update."""


class Index:
    """Answers questions by SQL. What is replaced or removed stays in `core.search`, as it does in the daemon."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("SET threads = 1")
        self._connection.execute(_SCHEMA)

    def load(self, entities: Sequence[Entity]) -> dict[str, list[SearchRow]]:
        """Hold exactly these entities; gives their rows by ref."""
        rows = {
            ref_of(entity): [*search_rows(entity), updated_row(changed_at(eid))] for eid, entity in enumerate(entities)
        }
        self._connection.execute("DELETE FROM core.entities; DELETE FROM core.search; DELETE FROM core.terms")
        self._insert("entities", _ENTITY_TYPES, [_columns(eid, entity) for eid, entity in enumerate(entities)])
        live = [(*row, eid) for eid, found in enumerate(rows.values()) for row in found if row.key != UPDATED]
        dead = [(*row[:-1], row[-1] + _DEAD) for row in live]
        self._insert("search", _SEARCH_TYPES, sorted([*live, *dead], key=repr))
        terms = [(*term, eid) for eid, entity in enumerate(entities) for term in entity_terms(entity).items()]
        both = sorted((term, eid + dead_eid, weight) for term, weight, eid in terms for dead_eid in (0, _DEAD))
        self._insert("terms", _TERM_TYPES, both)
        return rows

    def remove(self, ref: str) -> None:
        """Take one entity out; its search rows stay behind."""
        self._connection.execute("DELETE FROM core.entities WHERE ref = ?::VARCHAR", [ref])

    def refs(self, node: Node) -> set[str]:
        """The entities that a condition means."""
        return {row[2] for row in self.rows(sql.page(Question(where=node)))}

    def count(self, node: Node) -> int:
        """How many they are."""
        return int(self.rows(sql.count(node))[0][0])

    def page(self, question: Question) -> tuple[list[tuple[str, Position]], bool]:
        """The refs of a page with the place of each, and whether there are more."""
        rows, more = question.cut(self.rows(sql.page(question)))
        return [
            (ref, Position(tuple(values), uid if question.tie == "uid" else ref)) for _, uid, ref, *values in rows
        ], more

    def facets(self, keys: Sequence[str], node: Node) -> dict[str, list[tuple[str, int]]]:
        """The facets, by the key as asked."""
        found: dict[str, list[tuple[str, int]]] = {key: [] for key in keys}
        for number, value, count in self.rows(sql.facets(keys, node)):
            found[keys[number]].append((value, count))
        return found

    def rows(self, statement: sql.Sql) -> list[tuple[Any, ...]]:
        """What a compiled statement gives."""
        return self._connection.execute(statement.text, list(statement.params)).fetchall()

    def _insert(self, table: str, types: Iterable[str], rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            values = ", ".join(f"unnest(?::{name}[])" for name in types)
            self._connection.execute(
                f"INSERT INTO core.{table} SELECT {values}", [list(column) for column in zip(*rows, strict=True)]
            )


class Catalog:
    """The same entities as the Python reading asks for them."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._entities = {ref_of(entity): entity for entity in entities}
        self._rows = {
            ref_of(entity): [*search_rows(entity), updated_row(changed_at(eid))] for eid, entity in enumerate(entities)
        }

    def refs(self) -> Iterable[str]:
        """Every entity."""
        return self._entities

    def rows(self, ref: str) -> list[SearchRow]:
        """The search rows of an entity."""
        return self._rows.get(ref, [])

    def terms(self, ref: str) -> Mapping[str, int]:
        """The terms of an entity."""
        return entity_terms(self._entities[ref]) if ref in self._entities else {}

    def meant(self, node: Node) -> set[str]:
        """The entities that a condition means."""
        return {ref for ref in self._entities if matches(node, self.rows(ref), self)}


def ref_of(entity: Entity) -> str:
    """The ref of a final entity."""
    metadata = entity["metadata"]
    assert isinstance(metadata, dict)
    return ref_text(str(entity["kind"]), str(metadata["namespace"]), str(metadata["name"]))


def changed_at(eid: int) -> str:
    """When the entity of this number changed last: one hour after the one before it."""
    return time_text(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=eid))


def _columns(eid: int, entity: Entity) -> tuple[object, ...]:
    metadata = entity["metadata"]
    assert isinstance(metadata, dict)
    kind, namespace, name = str(entity["kind"]), metadata["namespace"], metadata["name"]
    names = (kind, kind.lower(), namespace, namespace.lower(), name, name.lower())
    return (eid, ref_of(entity), *names, metadata["uid"], changed_at(eid), json.dumps(entity))
