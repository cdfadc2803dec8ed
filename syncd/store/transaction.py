"""The statements of one publication: what a reading changes in the index, and what stitching asks of it.

Values reach the engine as lists that it unnests: one statement a table, whatever the number of rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import orjson

from syncd.model.json import Json, JsonObject
from syncd.model.location import Location
from syncd.model.problem import Problem
from syncd.model.reading import DocumentReading, FileReading, Reading
from syncd.model.retained import Retention
from syncd.model.source import Branch, Source
from syncd.stitch.entity import StitchedEntity


@dataclass(slots=True)
class Touched:
    """Refs whose stitched form may differ now: `refs` whose documents changed, `peers` by relation or by status."""

    refs: set[str] = field(default_factory=set)
    peers: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Claim:
    """A document that would speak for a ref."""

    document_id: int
    ref: str
    location_id: str
    source: Source
    url: str
    parent: str
    index: int
    line: int
    retained: Retention


@dataclass(frozen=True, slots=True)
class LiveEntity:
    """What is published for a ref now."""

    etag: str
    updated: str


class IndexTransaction:
    """All changes of one publication, on a cursor inside an open transaction."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._next_document = self._next("document_id", "core.documents")
        self._next_eid = self._next("eid", "core.search", "core.entities")

    def _next(self, column: str, *tables: str) -> int:
        highest = [self._value(f"SELECT coalesce(max({column}), 0) FROM {table}") for table in tables]
        return max(int(value) for value in highest) + 1

    # Locations and what they last read

    def put_location(self, location: Location) -> None:
        """Add a location, or take over its new settings."""
        self._run("DELETE FROM core.locations WHERE location_id = ?", location.id)
        self._insert(
            "core.locations",
            [
                (
                    location.id,
                    location.type,
                    location.target,
                    location.ref,
                    orjson.dumps(list(location.paths)).decode(),
                    location.location_ref,
                    location.entity_ref,
                    location.priority,
                    location.order,
                    location.configured,
                )
            ],
            "VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR INTEGER INTEGER BOOLEAN",
        )

    def drop_location(self, location_id: str, touched: Touched) -> None:
        """Remove a location with all that it read."""
        rows = self._rows("SELECT document_id, entity_ref FROM core.documents WHERE location_id = ?", location_id)
        self._drop_documents([row[0] for row in rows], [row[1] for row in rows], touched)
        self._drop_problems("location_id = ?", [location_id], touched)
        for table in ("core.locations", "core.walks", "core.files"):
            self._run(f"DELETE FROM {table} WHERE location_id = ?", location_id)

    def refs_of(self, location_id: str) -> set[str]:
        """Every ref that a document of this location claims."""
        rows = self._rows(
            "SELECT DISTINCT entity_ref FROM core.documents WHERE location_id = ? AND entity_ref <> ''", location_id
        )
        return {row[0] for row in rows}

    def absorb(self, reading: Reading, touched: Touched) -> None:
        """Replace the documents of the files that changed; collect what has to be stitched again."""
        location_id = reading.location.id
        gone = [*reading.removed, *(file.source for file in reading.files)]
        self._drop_files(location_id, gone, touched)
        self._drop_problems("location_id = ? AND idx = -1 AND code <> 'conflict'", [location_id], touched)
        self._put_files(location_id, reading.files)
        self._put_documents(location_id, reading.files, touched)
        self._put_problems(location_id, reading, touched)
        commits = {f"{branch.repository}\n{branch.ref}": commit for branch, commit in reading.commits.items()}
        self._run("DELETE FROM core.walks WHERE location_id = ?", location_id)
        self._insert("core.walks", [(location_id, orjson.dumps(commits).decode(), True)], "VARCHAR VARCHAR BOOLEAN")

    def _drop_files(self, location_id: str, sources: Sequence[Source], touched: Touched) -> None:
        if not sources:
            return
        self._cursor.execute(
            "CREATE OR REPLACE TEMP TABLE gone AS SELECT unnest(?::VARCHAR[]) AS repository, "
            "unnest(?::VARCHAR[]) AS git_ref, unnest(?::VARCHAR[]) AS path",
            [
                [source.branch.repository for source in sources],
                [source.branch.ref for source in sources],
                [source.path for source in sources],
            ],
        )
        same = "location_id = ? AND (repository, git_ref, path) IN (SELECT repository, git_ref, path FROM gone)"
        rows = self._rows(f"SELECT document_id, entity_ref FROM core.documents WHERE {same}", location_id)
        self._drop_documents([row[0] for row in rows], [row[1] for row in rows], touched)
        self._drop_problems(f"{same} AND idx >= 0", [location_id], touched)
        self._run(f"DELETE FROM core.files WHERE {same}", location_id)

    def _drop_documents(self, ids: Sequence[int], refs: Iterable[str], touched: Touched) -> None:
        if not ids:
            return
        touched.refs.update(ref for ref in refs if ref)
        listed = "document_id IN (SELECT unnest(?::INTEGER[]))"
        peers = self._rows(f"SELECT DISTINCT source_ref FROM core.relations WHERE {listed}", list(ids))
        touched.peers.update(row[0] for row in peers)
        self._run(f"DELETE FROM core.relations WHERE {listed}", list(ids))
        self._run(f"DELETE FROM core.documents WHERE {listed}", list(ids))

    def _drop_problems(self, condition: str, parameters: list[object], touched: Touched) -> None:
        rows = self._cursor.execute(
            f"DELETE FROM core.problems WHERE {condition} RETURNING parent, entity_ref", parameters
        ).fetchall()
        touched.peers.update(ref for row in rows for ref in row if ref)

    def drop_orphan(self, ref: str, touched: Touched) -> None:
        """Remove every orphaned document of a ref."""
        rows = self._rows("SELECT document_id FROM core.documents WHERE entity_ref = ? AND retained = 'orphan'", ref)
        self._drop_documents([row[0] for row in rows], [ref], touched)

    def _put_files(self, location_id: str, files: Sequence[FileReading]) -> None:
        rows = [
            (
                location_id,
                file.source.branch.repository,
                file.source.branch.ref,
                file.source.path,
                file.blob,
                orjson.dumps(file.known).decode(),
            )
            for file in files
        ]
        self._insert("core.files", rows, "VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR")

    def _put_documents(self, location_id: str, files: Sequence[FileReading], touched: Touched) -> None:
        documents: list[tuple[object, ...]] = []
        relations: list[tuple[object, ...]] = []
        for file in files:
            for document in file.documents:
                document_id, self._next_document = self._next_document, self._next_document + 1
                documents.append(_document_row(document_id, location_id, file, document))
                if document.ref:
                    touched.refs.add(document.ref)
                for relation in document.relations:
                    relations.append((document_id, relation.source, relation.type, relation.target))
                    touched.peers.add(relation.source)
        self._insert(
            "core.documents",
            documents,
            "INTEGER VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR INTEGER INTEGER "
            "VARCHAR VARCHAR VARCHAR VARCHAR",
        )
        self._insert("core.relations", relations, "INTEGER VARCHAR VARCHAR VARCHAR")

    def _put_problems(self, location_id: str, reading: Reading, touched: Touched) -> None:
        rows: list[tuple[object, ...]] = []
        for file in reading.files:
            for document in file.documents:
                for problem in document.problems:
                    rows.append(
                        _problem_row(location_id, file.source.branch, file.url, file.parent, document.index, problem)
                    )
        for entry in reading.problems:
            rows.append(_problem_row(location_id, entry.branch, entry.url, entry.parent, -1, entry.problem))
        self._insert_problems(rows)
        touched.peers.update(str(ref) for row in rows for ref in (row[5], row[12]) if ref)

    def _insert_problems(self, rows: Sequence[tuple[object, ...]]) -> None:
        self._insert(
            "core.problems",
            rows,
            "VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR INTEGER INTEGER INTEGER "
            "VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR",
        )

    # What stitching asks

    def claims(self, refs: Sequence[str]) -> dict[str, list[Claim]]:
        """All documents that claim these refs, the winner first (C109): live before orphaned, then by the location's
        priority, its registration, the path, the place in the file."""
        rows = self._rows(
            "SELECT d.document_id, d.entity_ref, d.location_id, d.repository, d.git_ref, d.path, d.url, d.parent, "
            "d.idx, d.line, d.retained FROM core.documents d JOIN core.locations l USING (location_id) "
            "WHERE d.outcome = 'entity' AND d.entity_ref IN (SELECT unnest(?::VARCHAR[])) "
            "ORDER BY d.entity_ref, d.retained = 'orphan', l.priority DESC, l.registered, d.path, d.idx, "
            "d.repository, d.git_ref, d.retained",
            list(refs),
        )
        found: dict[str, list[Claim]] = {}
        for id_, ref, location, repository, git_ref, path, url, parent, idx, line, retained in rows:
            source = Source(Branch(repository, git_ref), path)
            found.setdefault(ref, []).append(Claim(id_, ref, location, source, url, parent, idx, line, retained))
        return found

    def set_winners(self, refs: Sequence[str], winners: Mapping[str, int], touched: Touched) -> None:
        """Record who speaks for each ref; the peers of a document that gains or loses its voice are touched."""
        before: dict[str, int] = dict(
            self._rows(
                "SELECT entity_ref, document_id FROM core.winners WHERE entity_ref IN (SELECT unnest(?::VARCHAR[]))",
                list(refs),
            )
        )
        changed = [ref for ref in refs if before.get(ref) != winners.get(ref)]
        if not changed:
            return
        ids = [source[ref] for source in (before, winners) for ref in changed if ref in source]
        peers = self._rows(
            "SELECT DISTINCT source_ref FROM core.relations WHERE document_id IN (SELECT unnest(?::INTEGER[]))", ids
        )
        touched.peers.update(row[0] for row in peers)
        self._run("DELETE FROM core.winners WHERE entity_ref IN (SELECT unnest(?::VARCHAR[]))", changed)
        rows = [(ref, winners[ref]) for ref in changed if ref in winners]
        self._insert("core.winners", rows, "VARCHAR INTEGER")

    def replace_conflicts(
        self, refs: Sequence[str], conflicts: Sequence[tuple[Claim, Problem]], touched: Touched
    ) -> None:
        """Record the conflicts about these refs, each on the claim that it is to be shown at."""
        self._drop_problems("code = 'conflict' AND entity_ref IN (SELECT unnest(?::VARCHAR[]))", [list(refs)], touched)
        rows = [
            _problem_row(claim.location_id, claim.source.branch, claim.url, claim.parent, claim.index, problem)
            for claim, problem in conflicts
        ]
        self._insert_problems(rows)
        touched.peers.update(claim.parent for claim, _ in conflicts)

    def existing(self, refs: Iterable[str]) -> set[str]:
        """Those of the refs that somebody speaks for."""
        rows = self._rows(
            "SELECT entity_ref FROM core.winners WHERE entity_ref IN (SELECT unnest(?::VARCHAR[]))", list(refs)
        )
        return {row[0] for row in rows}

    def processed(self, refs: Sequence[str]) -> dict[str, tuple[JsonObject, Retention]]:
        """The processed entity of each ref's winner, and why it is kept where the file no longer says it."""
        rows = self._rows(
            "SELECT w.entity_ref, d.entity, d.retained FROM core.winners w JOIN core.documents d USING (document_id) "
            "WHERE w.entity_ref IN (SELECT unnest(?::VARCHAR[]))",
            list(refs),
        )
        return {ref: (orjson.loads(entity), retained) for ref, entity, retained in rows}

    def relations(self, refs: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
        """(type, target) of every relation that starts at each ref, from whichever winner said it."""
        rows = self._rows(
            "SELECT DISTINCT r.source_ref, r.type, r.target_ref FROM core.relations r "
            "JOIN core.winners w USING (document_id) WHERE r.source_ref IN (SELECT unnest(?::VARCHAR[]))",
            list(refs),
        )
        found: dict[str, list[tuple[str, str]]] = {}
        for source, type_, target in rows:
            found.setdefault(source, []).append((type_, target))
        return found

    def errors(self, refs: Sequence[str]) -> dict[str, list[Problem]]:
        """What each entity's status has to say: the problems of the files that a Location entity asked for, and, for
        an entity that is kept because its file is broken, what is wrong with that file (C91, C94, C95)."""
        listed = "(SELECT unnest(?::VARCHAR[]))"
        columns = "p.code, p.message, p.path, p.line, p.col, p.hint, p.entity_ref, p.error_name"
        rows = self._rows(
            f"SELECT p.parent, {columns}, p.repository, p.idx FROM core.problems p WHERE p.parent IN {listed} "
            f"UNION SELECT w.entity_ref, {columns}, p.repository, p.idx "
            "FROM core.winners w JOIN core.documents d USING (document_id) JOIN core.problems p ON "
            "p.location_id = d.location_id AND p.repository = d.repository AND p.git_ref = d.git_ref "
            "AND p.path = d.path AND p.code <> 'conflict' AND p.entity_ref IN ('', w.entity_ref) "
            f"WHERE d.retained = 'broken' AND w.entity_ref IN {listed} ORDER BY ALL",
            list(refs),
            list(refs),
        )
        found: dict[str, list[Problem]] = {}
        for ref, code, message, path, line, column, hint, about, name, *_ in rows:
            problem = Problem(code, message, path, line, column, hint, about, name)
            if problem not in found.setdefault(ref, []):
                found[ref].append(problem)
        return found

    def live(self, refs: Sequence[str]) -> dict[str, LiveEntity]:
        """What is published for these refs now."""
        rows = self._rows(
            "SELECT ref, etag, updated FROM core.entities WHERE ref IN (SELECT unnest(?::VARCHAR[]))", list(refs)
        )
        return {ref: LiveEntity(etag, updated) for ref, etag, updated in rows}

    def published_refs(self) -> set[str]:
        """Every ref that is published."""
        return {row[0] for row in self._rows("SELECT ref FROM core.entities")}

    # What stitching publishes

    def put_entities(self, entities: Sequence[tuple[StitchedEntity, str]]) -> None:
        """Publish entities with the time of their last change, each under a new eid; older versions of them go."""
        self.drop_entities([entity.ref for entity, _ in entities])
        rows: list[tuple[object, ...]] = []
        search: list[tuple[object, ...]] = []
        for entity, updated in entities:
            eid, self._next_eid = self._next_eid, self._next_eid + 1
            rows.append(_entity_row(eid, entity, updated))
            search.extend((row.key, row.value, row.original, row.number, row.member, eid) for row in entity.rows)
        self._insert("core.entities", rows, "INTEGER" + " VARCHAR" * 16 + " VARCHAR[] VARCHAR VARCHAR")
        self._insert("core.search", search, "VARCHAR VARCHAR VARCHAR DOUBLE BOOLEAN INTEGER", order="ORDER BY 1, 2, 6")

    def drop_entities(self, refs: Sequence[str]) -> None:
        """Take entities out of sight; their search rows die with their eid."""
        if refs:
            self._run("DELETE FROM core.entities WHERE ref IN (SELECT unnest(?::VARCHAR[]))", list(refs))

    def set_meta(self, key: str, value: str) -> None:
        """One value of `core.meta`."""
        self._run("INSERT OR REPLACE INTO core.meta VALUES (?, ?)", key, value)

    # The engine

    def _run(self, sql: str, *parameters: object) -> None:
        self._cursor.execute(sql, list(parameters))

    def _rows(self, sql: str, *parameters: object) -> list[Any]:
        return self._cursor.execute(sql, list(parameters)).fetchall()

    def _value(self, sql: str) -> int:
        row = self._cursor.execute(sql).fetchone()
        return int(row[0]) if row else 0

    def _insert(self, table: str, rows: Sequence[tuple[object, ...]], types: str, order: str = "") -> None:
        if not rows:
            return
        columns = ", ".join(f"unnest(?::{type_}[])" for type_ in types.split())
        self._cursor.execute(
            f"INSERT INTO {table} SELECT {columns} {order}", [list(column) for column in zip(*rows, strict=True)]
        )


def _document_row(
    document_id: int, location_id: str, file: FileReading, document: DocumentReading
) -> tuple[object, ...]:
    return (
        document_id,
        location_id,
        file.source.branch.repository,
        file.source.branch.ref,
        file.source.path,
        document.blob,
        file.url,
        file.parent,
        document.index,
        document.line,
        document.outcome,
        document.retained,
        document.ref,
        None if document.entity is None else orjson.dumps(document.entity).decode(),
    )


def _problem_row(
    location_id: str, branch: Branch, url: str, parent: str, index: int, problem: Problem
) -> tuple[object, ...]:
    return (
        location_id,
        branch.repository,
        branch.ref,
        problem.path,
        url,
        parent,
        index,
        problem.line,
        problem.column,
        problem.code,
        problem.message,
        problem.hint,
        problem.ref,
        problem.name,
    )


def _entity_row(eid: int, stitched: StitchedEntity, updated: str) -> tuple[object, ...]:
    entity = stitched.entity
    metadata, spec = _mapping(entity.get("metadata")), _mapping(entity.get("spec"))
    kind, namespace, name = str(entity["kind"]), str(metadata["namespace"]), str(metadata["name"])
    tags = metadata.get("tags")
    return (
        eid,
        stitched.ref,
        kind,
        kind.lower(),
        namespace,
        namespace.lower(),
        name,
        name.lower(),
        stitched.uid,
        stitched.etag,
        _text(metadata.get("title")),
        _text(metadata.get("description")),
        *(_text(spec.get(key)) for key in ("type", "lifecycle", "owner", "system", "domain")),
        [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
        updated,
        stitched.document,
    )


def _mapping(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
