"""What readings change in the index: documents, relations, problems, and the memory of the next walk."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from syncd.model.location import Location
from syncd.model.problem import Problem
from syncd.model.reading import DocumentReading, FileReading, Reading
from syncd.model.relation import Relation
from syncd.model.source import Branch, Source
from syncd.store.memory import FLAWS, IndexMemory
from syncd.store.statements import FEW, among
from syncd.store.transaction import Transaction

SAME_FILE = "location_id = ? AND repository = ? AND git_ref = ? AND path = ?"
SAME_FILES = (
    "(location_id, repository, git_ref, path) IN (SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), "
    "unnest(?::VARCHAR[]), unnest(?::VARCHAR[]))"
)
COMPARED = 500
"""Documents whose relations are remembered until it is known what speaks now; of more, all peers are touched."""
PROBLEM_TYPES = (
    "VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR INTEGER INTEGER INTEGER VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR"
)
Row = tuple[object, ...]
Arrow = tuple[str, str, str]
"""A relation as (source, type, target)."""


@dataclass(slots=True)
class Touched:
    """Refs whose stitched form may differ now: `refs` whose documents changed, `peers` by relation or by status."""

    refs: set[str] = field(default_factory=set)
    peers: set[str] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)
    """Peers that were stitched already: what they are related to is not what was published before."""
    gone: dict[int, frozenset[Arrow]] = field(default_factory=dict)
    """What relations documents had that are gone."""
    new: dict[int, Sequence[Relation]] = field(default_factory=dict)
    """What relations new documents have, those left out whose peers are touched already."""
    before: int = 0
    """The first document of this publication: smaller numbers are of earlier ones."""


class Absorption:
    """Takes readings into the index, within one transaction; notes what is touched by it."""

    def __init__(self, transaction: Transaction, memory: IndexMemory, touched: Touched) -> None:
        self._db = transaction
        self._memory = memory
        self._touched = touched
        self._touched.before = memory.next_document

    def put_locations(self, locations: Sequence[Location]) -> None:
        """Add locations, or take over their new settings."""
        if not locations:
            return
        ours, ids = among("location_id", [location.id for location in locations])
        self._db.run(f"DELETE FROM core.locations WHERE {ours}", *ids)
        self._memory.ranks.update({location.id: (-location.priority, location.order) for location in locations})
        rows = [_location_row(location) for location in locations]
        self._db.insert("core.locations", rows, "VARCHAR" + " VARCHAR" * 6 + " INTEGER INTEGER BOOLEAN VARCHAR")

    def decide_again(self, location_id: str) -> None:
        """Have every ref that this location claims decided again."""
        rows = self._db.rows("SELECT DISTINCT entity_ref FROM core.documents WHERE location_id = ?", location_id)
        self._touched.refs.update(row[0] for row in rows if row[0])

    def drop_location(self, location_id: str) -> None:
        """Remove a location with all that it read."""
        rows = self._db.rows("SELECT document_id, entity_ref FROM core.documents WHERE location_id = ?", location_id)
        self._drop_documents(rows)
        self._drop_problems("location_id = ?", location_id)
        self._memory.ranks.pop(location_id, None)
        for table in ("core.locations", "core.walks", "core.files"):
            self._db.run(f"DELETE FROM {table} WHERE location_id = ?", location_id)

    def drop_orphan(self, ref: str) -> set[str]:
        """Remove every orphaned document of a ref; the locations that kept one."""
        rows = self._db.rows(
            "SELECT document_id, entity_ref, location_id FROM core.documents "
            "WHERE entity_ref = ? AND retained = 'orphan'",
            ref,
        )
        self._drop_documents([row[:2] for row in rows])
        return {row[2] for row in rows}

    def absorb(self, readings: Sequence[Reading]) -> None:
        """Replace the documents of the files that changed."""
        self._drop_files([(reading.location.id, source) for reading in readings for source in reading.replaced])
        known = [reading.location.id for reading in readings if reading.location.id in self._memory.problem_locations]
        if known:
            ours, ids = among("location_id", known)
            self._drop_problems(f"{ours} AND idx = -1 AND code <> 'conflict'", *ids)
        self._put_files(readings)
        self._put_documents(readings)
        self.put_problems([row for reading in readings for row in _problem_rows(reading)])
        self._put_walks(readings)

    def _drop_files(self, files: Sequence[tuple[str, Source]]) -> None:
        if not files:
            return
        same, places = _same_file(files)
        rows = self._db.rows(f"SELECT document_id, entity_ref FROM core.documents WHERE {same}", *places)
        self._drop_documents(rows, compare=len(rows) <= COMPARED)
        if not self._memory.problem_locations.isdisjoint(location_id for location_id, _ in files):
            self._drop_problems(f"({same}) AND idx >= 0", *places)
        self._db.run(f"DELETE FROM core.files WHERE {same}", *places)

    def _drop_documents(self, rows: Sequence[tuple[int, str]], *, compare: bool = False) -> None:
        """Remove documents. With `compare`, whose relations differ is found out when it is known what speaks in their
        place; without, every peer is touched."""
        if not rows:
            return
        ids = [document_id for document_id, _ in rows]
        self._touched.refs.update(ref for _, ref in rows if ref)
        ours, parameters = among("document_id", ids, "INTEGER")
        delete = f"DELETE FROM core.relations WHERE {ours} RETURNING "
        if compare:
            arrows = defaultdict[int, set[Arrow]](set)
            for document_id, *arrow in self._db.taken(
                f"{delete} document_id, source_ref, type, target_ref", *parameters
            ):
                arrows[document_id].add((arrow[0], arrow[1], arrow[2]))
            self._touched.gone.update({document_id: frozenset(arrows[document_id]) for document_id in ids})
        else:
            self._touched.peers.update(row[0] for row in self._db.taken(f"{delete} source_ref", *parameters))
        self._db.run(f"DELETE FROM core.documents WHERE {ours}", *parameters)

    def _drop_problems(self, condition: str, *parameters: object) -> None:
        rows = self._db.taken(f"DELETE FROM core.problems WHERE {condition} RETURNING parent, entity_ref", *parameters)
        self._touched.peers.update(ref for row in rows for ref in row if ref)

    def drop_conflicts(self, refs: Iterable[str]) -> None:
        """Forget the conflicts about these refs."""
        known = [ref for ref in refs if ref in self._memory.conflicted]
        if known:
            ours, parameters = among("entity_ref", known)
            self._drop_problems(f"code = 'conflict' AND {ours}", *parameters)

    def drop_flaws(self, refs: Iterable[str], codes: Sequence[str] = FLAWS) -> None:
        """Forget what stitching found wrong with these entities: it looks again."""
        known = [ref for ref in refs if ref in self._memory.flawed]
        if known:
            wrong, wanted = among("code", codes)
            ours, parameters = among("entity_ref", known)
            self._drop_problems(f"{wrong} AND {ours}", *wanted, *parameters)
            if codes is FLAWS:
                self._memory.flawed.difference_update(known)

    def put_problems(self, rows: Sequence[Row]) -> None:
        """Record problems, made by `problem_row`."""
        self._db.insert("core.problems", rows, PROBLEM_TYPES)
        for row in rows:
            location_id, parent, code, ref = (str(row[column]) for column in (0, 5, 9, 12))
            self._memory.problem_locations.add(location_id)
            self._memory.problem_parents.add(parent)
            if code == "conflict":
                self._memory.conflicted.add(ref)
            elif code in FLAWS:
                self._memory.flawed.add(ref)
            self._touched.peers.update(name for name in (parent, ref) if name)

    def _put_files(self, readings: Sequence[Reading]) -> None:
        rows = [
            (
                reading.location.id,
                file.source.branch.repository,
                file.source.branch.ref,
                file.source.path,
                file.blob,
                orjson.dumps(file.known).decode(),
            )
            for reading in readings
            for file in reading.files
        ]
        self._db.insert("core.files", rows, "VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR")

    def _put_documents(self, readings: Sequence[Reading]) -> None:
        compare = any(reading.replaced for reading in readings)  # else all that is said is news
        documents: list[Row] = []
        relations: list[Row] = []
        for location_id, file, document in _documents(readings):
            document_id = self._memory.next_document
            self._memory.next_document += 1
            if compare and len(self._touched.new) < COMPARED:
                self._touched.new[document_id] = document.relations
            else:
                self._touched.peers.update(relation.source for relation in document.relations)
            documents.append(_document_row(document_id, location_id, file, document))
            if document.ref:
                self._touched.refs.add(document.ref)
            for relation in document.relations:
                relations.append((document_id, relation.source, relation.type, relation.target))
        types = "INTEGER" + " VARCHAR" * 7 + " INTEGER INTEGER" + " VARCHAR" * 4
        self._db.insert("core.documents", documents, types)
        self._db.insert("core.relations", relations, "INTEGER VARCHAR VARCHAR VARCHAR")

    def _put_walks(self, readings: Sequence[Reading]) -> None:
        rows = [(reading.location.id, _commits_text(reading.commits)) for reading in readings]
        ours, ids = among("location_id", [row[0] for row in rows])
        self._db.run(f"DELETE FROM core.walks WHERE {ours}", *ids)
        self._db.insert("core.walks", rows, "VARCHAR VARCHAR")


def _commits_text(commits: Mapping[Branch, str]) -> str:
    """In an order of its own: which branch was read first depends on how the walk went."""
    by_branch = {f"{branch.repository}\n{branch.ref}": commit for branch, commit in commits.items()}
    return orjson.dumps(by_branch, option=orjson.OPT_SORT_KEYS).decode()


def _same_file(files: Sequence[tuple[str, Source]]) -> tuple[str, list[object]]:
    """The condition that a row belongs to one of these files of locations, and its parameters."""
    places = [(id_, source.branch.repository, source.branch.ref, source.path) for id_, source in files]
    if len(places) <= FEW:
        return " OR ".join([f"({SAME_FILE})"] * len(places)), [part for place in places for part in place]
    return SAME_FILES, [list(column) for column in zip(*places, strict=True)]


def problem_row(location_id: str, branch: Branch, url: str, parent: str, index: int, problem: Problem) -> Row:
    """A problem as `core.problems` holds it; `index` -1 is a problem of the location itself."""
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


def _problem_rows(reading: Reading) -> Iterable[Row]:
    location_id = reading.location.id
    for file in reading.files:
        for document in file.documents:
            for problem in document.problems:
                yield problem_row(location_id, file.source.branch, file.url, file.parent, document.index, problem)
    for entry in reading.problems:
        yield problem_row(location_id, entry.branch, entry.url, entry.parent, -1, entry.problem)


def _documents(readings: Sequence[Reading]) -> Iterable[tuple[str, FileReading, DocumentReading]]:
    return (
        (reading.location.id, file, document)
        for reading in readings
        for file in reading.files
        for document in file.documents
    )


def _location_row(location: Location) -> Row:
    return (
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
        location.named_after,
    )


def _document_row(document_id: int, location_id: str, file: FileReading, document: DocumentReading) -> Row:
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
        None if document.entity is None else document.entity.decode(),
    )
