"""The reading side of the index: one question in, one page out. Callers know nothing of how it is stored."""

import threading
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb
import orjson

from query import sql
from query.ast import Everything, Node
from query.graph import Graph, View, explore
from query.question import Question
from syncd.errors import CatalogError, UnavailableError
from syncd.model.finding import Check, FindingPage
from syncd.model.json import JsonObject
from syncd.store.departure import Departure, departure
from syncd.store.failures import Failure, read_failures
from syncd.store.findings import findings
from syncd.store.index import Index
from syncd.store.index_errors import IndexUnusableError, explained, opened_again
from syncd.store.relations import RelationReader
from syncd.store.reports import (
    Counts,
    EntityDetails,
    Page,
    PageRow,
    ProblemPage,
    SourceReport,
)
from syncd.store.sources import outcomes, sources
from syncd.store.statements import first_row, one_state
from syncd.store.stored_problems import problem_counts, stored_problems

PATIENCE_SECONDS = 5.0
EVERYTHING = Everything()

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


def _unheard(_: CatalogError) -> None:
    """Nobody heals an index that nobody writes."""


def answered(
    method: "Callable[Concatenate[Catalog, Parameters], Answer]",
) -> "Callable[Concatenate[Catalog, Parameters], Answer]":
    """A question that the engine fails to answer makes the index be healed, and may be asked again (R38, R39)."""

    @wraps(method)
    def ask(self: "Catalog", /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
        try:
            with explained():
                return method(self, *args, **kwargs)
        except IndexUnusableError as damage:
            self.on_damage(damage)
            raise opened_again() from damage

    return ask


class Catalog:
    """Answers from the index of the moment; every call sees one published state. Thread-safe.

    While there is no index (it is being opened or built) a question waits up to five seconds, as Backstage's do, and
    then raises `UnavailableError`.
    """

    def __init__(self) -> None:
        self._index: Index | None = None
        self._served = threading.Event()
        self.generation = 0
        """Grows with every published change of entities, and with every index that is served."""
        self.on_damage: Callable[[CatalogError], None] = _unheard
        """Called when a question meets damage, or an engine that gave up."""

    def serve(self, index: Index | None) -> None:
        """Answer from this index from now on."""
        self._index = index
        self.generation += 1
        if index is None:
            self._served.clear()
        else:
            self._served.set()

    def _opened(self, patience: float = PATIENCE_SECONDS) -> Index:
        if self._index is None:
            self._served.wait(patience)
        index = self._index
        if index is None:
            raise UnavailableError(
                "the index is being built from the mirrors", hint="try again in a few seconds; see catalog status"
            )
        return index

    def _cursor(self, patience: float = PATIENCE_SECONDS) -> duckdb.DuckDBPyConnection:
        return self._opened(patience).cursor()

    @answered
    def ask(self, question: Question) -> Page:
        """The page that a question asks for, with documents in its order."""
        return self._opened().served.ask(question) or self.search(question)

    def ask_at_once(self, question: Question) -> Page | None:
        """The page that a question asks for, if nothing has to be read or waited for."""
        return None if self._index is None else self._index.served.ask(question, at_once=True)

    def by_refs_at_once(self, refs: Sequence[str], where: Node) -> list[bytes | None] | None:
        """As `by_refs`, if nothing has to be read or waited for; None where something has."""
        return None if self._index is None else self._index.served.by_refs(refs, where, at_once=True)

    @answered
    def search(self, question: Question) -> Page:
        """As `ask`, by the engine alone."""
        with one_state(self._cursor()) as cursor:
            found, total = _rows_and_total(cursor, question)
            rows, more = question.cut(found)
            documents = self._documents(cursor, [row[0] for row in rows])
        return Page(
            tuple(PageRow(ref, uid, tuple(sort)) for _, uid, ref, *sort in rows),
            tuple(documents[row[0]] for row in rows),
            total,
            more,
        )

    def _documents(self, cursor: duckdb.DuckDBPyConnection, eids: Sequence[int]) -> dict[int, bytes]:
        rows = cursor.execute(
            "SELECT eid, doc FROM core.entities WHERE eid IN (SELECT unnest(?::INTEGER[]))", [list(eids)]
        ).fetchall()
        return {eid: doc.encode() for eid, doc in rows}

    @answered
    def by_ref(self, ref: str) -> bytes | None:
        """The document of a canonical ref."""
        return self.by_refs([ref])[0]

    @answered
    def by_uid(self, uid: str) -> bytes | None:
        """The document with a uid, lower-case."""
        row = first_row(self._cursor(), "SELECT doc FROM core.entities WHERE uid = ?::VARCHAR", [uid])
        return row[0].encode() if row else None

    @answered
    def ref_of_uid(self, uid: str) -> str | None:
        """The ref with a uid, lower-case."""
        row = first_row(self._cursor(), "SELECT ref FROM core.entities WHERE uid = ?::VARCHAR", [uid])
        return str(row[0]) if row else None

    @answered
    def by_refs(self, refs: Sequence[str], where: Node = EVERYTHING) -> list[bytes | None]:
        """A document for each ref, in order; None for what is not there or not meant by `where`."""
        served = self._opened().served.by_refs(refs, where)
        if served is not None:
            return served
        condition = sql.condition(where)
        rows = (
            self._cursor()
            .execute(
                "SELECT e.ref, e.doc FROM core.entities e WHERE e.ref IN (SELECT unnest(?::VARCHAR[])) "
                f"AND {condition.text}",
                [list(refs), *condition.params],
            )
            .fetchall()
        )
        documents = {ref: doc.encode() for ref, doc in rows}
        return [documents.get(ref) for ref in refs]

    @answered
    def refs(self, where: Node) -> list[str]:
        """The refs of all entities that a tree means, sorted."""
        condition = sql.condition(where)
        rows = self._cursor().execute(
            f"SELECT e.ref FROM core.entities e WHERE {condition.text} ORDER BY e.ref", list(condition.params)
        )
        return [row[0] for row in rows.fetchall()]

    @answered
    def facets(self, keys: Sequence[str], where: Node) -> dict[str, list[tuple[str, int]]]:
        """Values and their counts for each key as asked, sorted by value."""
        served = self._opened().served.facets(keys, where)
        if served is not None:
            return served
        query = sql.facets(keys, where)
        found: dict[str, list[tuple[str, int]]] = {key: [] for key in keys}
        for number, value, count in self._cursor().execute(query.text, list(query.params)).fetchall():
            found[keys[number]].append((value, count))
        return found

    @answered
    def keys(self, beginning: str, where: Node, limit: int) -> list[tuple[str, int]]:
        """Keys of search rows that begin so, folded, with how many entities have them, the most frequent first."""
        query = sql.keys(beginning, where, limit)
        return self._cursor().execute(query.text, list(query.params)).fetchall()

    @answered
    def graph(self, ref: str, view: View) -> Graph:
        """The relations around a ref. A publication may go by between two levels of the walk."""
        return explore(ref, view, RelationReader(self.by_refs, self._cursor).read)

    @answered
    def said(self, ref: str) -> JsonObject | None:
        """What the document that speaks for a ref says, without relations, status and custom properties."""
        row = first_row(
            self._cursor(),
            "SELECT d.entity FROM core.winners w JOIN core.documents d USING (document_id) WHERE w.entity_ref = ?",
            [ref],
        )
        said: JsonObject | None = orjson.loads(row[0]) if row else None
        return said

    @answered
    def updated(self, refs: Sequence[str]) -> dict[str, str]:
        """The time of the last change of each ref."""
        rows = (
            self._cursor()
            .execute("SELECT ref, updated FROM core.entities WHERE ref IN (SELECT unnest(?::VARCHAR[]))", [list(refs)])
            .fetchall()
        )
        return dict(rows)

    @answered
    def details(self, ref: str) -> EntityDetails | None:
        """Where an entity was read and what is wrong with it."""
        row = first_row(
            self._cursor(),
            "SELECT d.repository, d.git_ref, d.path, d.line, d.blob, d.url, d.location_id, d.retained, d.parent, "
            "e.updated, coalesce(w.commits, '{}'), d.idx FROM core.entities e "
            "JOIN core.winners ON entity_ref = e.ref JOIN core.documents d USING (document_id) "
            "LEFT JOIN core.walks w USING (location_id) WHERE e.ref = ?::VARCHAR",
            [ref],
        )
        if row is None:
            return None
        repository, git_ref, path, line, blob, url, location_id, retained, parent, updated, commits, index = row
        problems = stored_problems(
            self._cursor(),
            "entity_ref = ? OR parent = ? OR (location_id = ? AND repository = ? AND git_ref = ? AND path = ? "
            "AND entity_ref = '' AND ? = 'broken')",
            [ref, ref, location_id, repository, git_ref, path, retained],
        )
        return EntityDetails(
            ref,
            repository,
            git_ref,
            path,
            line,
            blob,
            commits_from(commits).get((repository, git_ref), ""),
            url,
            location_id,
            parent,
            updated,
            retained,
            index,
            tuple(problems),
        )

    @answered
    def speakers(self, ref: str, relation: str, target: str) -> list[str]:
        """Whose documents say that `ref` has this relation, by ref."""
        rows = self._cursor().execute(
            "SELECT DISTINCT d.entity_ref FROM core.relations r JOIN core.winners w USING (document_id) "
            "JOIN core.documents d USING (document_id) "
            "WHERE r.source_ref = ?::VARCHAR AND r.type = ?::VARCHAR AND r.target_ref = ?::VARCHAR ORDER BY 1",
            [ref, relation, target],
        )
        return [row[0] for row in rows.fetchall()]

    @answered
    def departure(self, location_id: str) -> Departure:
        """What would leave with a location, and what would then point at nothing."""
        return departure(self._cursor(), location_id)

    @answered
    def findings(self, checks: Sequence[Check], *, limit: int, offset: int = 0) -> FindingPage:
        """What checks across the whole catalog find."""
        return findings(self._cursor(), checks, limit=limit, offset=offset)

    @answered
    def problems(self, *, location_id: str = "", code: str = "", limit: int = 100, offset: int = 0) -> ProblemPage:
        """Problems by place, at most `limit` of them."""
        condition = "(? = '' OR location_id = ?) AND (? = '' OR code = ?)"
        parameters = [location_id, location_id, code, code]
        cursor = self._cursor()
        total = first_row(cursor, f"SELECT count(*) FROM core.problems WHERE {condition}", parameters)
        items = stored_problems(cursor, condition, parameters, f"LIMIT {int(limit)} OFFSET {int(offset)}")
        return ProblemPage(tuple(items), _number(total))

    @answered
    def problem_counts(self, refs: Sequence[str], where: Node = EVERYTHING) -> dict[str, int]:
        """For each ref that has problems how many `details` tells, of those about entities that `where` means.

        Where everything is meant, problems of no entity count, too.
        """
        meant = None if where == EVERYTHING else sql.condition(where)
        return problem_counts(self._cursor(), refs, meant)

    @answered
    def sources(self, location_id: str = "") -> list[SourceReport]:
        """What became of every document of every file, of one location or of all."""
        return sources(self._cursor(), location_id)

    @answered
    def failures(self) -> list[Failure]:
        """What did not become an entity as its author meant it."""
        return list(read_failures(self._cursor()))

    @answered
    def counts(self) -> Counts:
        """The catalog in figures; raises at once where there is no index."""
        cursor = self._cursor(patience=0)
        kinds = dict(cursor.execute("SELECT kind, count(*) FROM core.entities GROUP BY kind ORDER BY kind").fetchall())
        problems = _number(first_row(cursor, "SELECT count(*) FROM core.problems"))
        templates = _number(
            first_row(
                cursor,
                "SELECT count(DISTINCT (repository, git_ref, path, idx)) FROM core.documents "
                "WHERE outcome = 'template'",
            )
        )
        return Counts(kinds, problems, templates)

    @answered
    def outcomes(self, location_id: str) -> dict[str, int]:
        """How many documents of a location ended how."""
        return self.all_outcomes(location_id).get(location_id, {})

    @answered
    def all_outcomes(self, location_id: str = "") -> dict[str, dict[str, int]]:
        """How many documents of each location ended how, or of one; one question, however many locations there are."""
        return outcomes(self._cursor(), location_id)

    @answered
    def total(self) -> int:
        """The number of entities."""
        count = sql.count(Everything())
        return _number(first_row(self._cursor(), count.text, count.params))


def _rows_and_total(cursor: duckdb.DuckDBPyConnection, question: Question) -> tuple[list[tuple[Any, ...]], int | None]:
    together = question.want_total and question.position is None
    page = sql.page_and_total(question) if together else sql.page(question)
    rows = cursor.execute(page.text, list(page.params)).fetchall()
    if together and rows:
        return [row[:-1] for row in rows], rows[0][-1]
    if not question.want_total:
        return rows, None
    count = sql.count(question.counted)
    return rows, _number(first_row(cursor, count.text, count.params))


def commits_from(text: str) -> dict[tuple[str, str], str]:
    """Repository and ref to commit, as `core.walks` keeps them."""

    return {(key.partition("\n")[0], key.partition("\n")[2]): commit for key, commit in orjson.loads(text).items()}


def _number(row: tuple[int] | None) -> int:
    return int(row[0]) if row else 0
