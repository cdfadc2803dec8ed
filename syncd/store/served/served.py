"""One question, answered from memory where everything it needs is there, and begun from the index where it is not."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias, TypeVar

import duckdb
from pyroaring import BitMap

from query import sql
from query.ast import Node, Text
from query.order import RELEVANCE
from query.question import Question
from query.simplify import simplify
from query.terms import asked_words, score_text, tier_scan
from query.text import fold
from syncd.model.uid import uid_of
from syncd.store.recent import Recent
from syncd.store.reports import Page, PageRow
from syncd.store.served.arrangement import Arrangement, Ordering
from syncd.store.served.documents import Documents
from syncd.store.served.journal import Delta, Journal, Version
from syncd.store.served.ranking import Ranking
from syncd.store.served.sets import LeafSet, LeafSets, WordSet, leaves
from syncd.store.served.values import MAX_VALUES, FieldValues
from syncd.store.statements import one_state

KEPT_ORDERS: Final = 16
KEPT_PLACES: Final = 500_000
"""Places in all orders together; one takes about 250 bytes."""
KEPT_FIELDS: Final = 32
MANY: Final = 16
"""Structures that are begun for one question; the engine answers a wider one in one go."""
FEW: Final = 200
"""Documents that one statement reads."""
SHORT: Final = 1_000
"""Answers of more entities than this are not made in the event loop."""
NOBODY: Final = 0
"""No version has this number."""
ATTEMPTS: Final = 5
"""How often an answer is begun again because publications went by; then the index answers alone."""

Facets: TypeAlias = dict[str, list[tuple[str, int]]]
Answer = TypeVar("Answer")
Begin: TypeAlias = Callable[[duckdb.DuckDBPyConnection, int], None]


class _Follower(Protocol):
    seen: int

    def learn(self, version: Version) -> None: ...
    def forget(self, live: BitMap) -> None: ...


@dataclass(frozen=True, slots=True)
class _Needs:
    """What has to be read from the index before a question can be answered from memory."""

    begin: tuple[Begin, ...] = ()
    documents: tuple[int, ...] = ()


class Served:
    """Answers of one open index. Thread-safe.

    A publication becomes visible in the index and here at once: `publishing` is held from its commit until it is
    taken in, and what is begun from the index begins at a moment when it is not held.
    """

    def __init__(
        self,
        cursor: Callable[[], duckdb.DuckDBPyConnection],
        flush: Callable[[], None],
        is_flushed: Callable[[], bool],
    ) -> None:
        """`flush` brings into the index what is published and not there yet; it is not called while publishing."""
        self._cursor = cursor
        self._flush = flush
        self._is_flushed = is_flushed
        self._publishing = threading.Lock()
        self._lock = threading.Lock()
        self._journal = Journal()
        self._live: BitMap | None = None
        self._eids: dict[str, int] = {}
        self._refs: dict[int, str] = {}
        self._sets = LeafSets()
        self._asked: Recent[Ordering | str, bool] = Recent(KEPT_ORDERS + KEPT_FIELDS)
        self._arrangements: Recent[Ordering, Arrangement] = Recent(KEPT_ORDERS)
        self._fields: Recent[str, FieldValues] = Recent(KEPT_FIELDS)
        self._documents = Documents()

    # Publications

    @contextmanager
    def publishing(self, delta: Delta | None) -> Iterator[None]:
        """Commit within; afterwards the delta is part of every answer."""
        with self._publishing:
            yield
            if delta is not None and self._live is not None:
                with self._lock:
                    self._take_in(delta, self._live)

    def _take_in(self, delta: Delta, live: BitMap) -> None:
        for ref, eid in delta.eids.items():
            old = self._eids.pop(ref, None)
            if old is not None:
                live.discard(old)
                del self._refs[old]
                self._documents.drop((old,))
            if eid is not None:
                live.add(eid)
                self._eids[ref] = eid
                self._refs[eid] = ref
        self._journal.append(delta)
        for version in delta.versions.values():
            self._documents.put(version.eid, version.document.encode())

    # Questions

    def ask(self, question: Question, *, at_once: bool = False) -> Page | None:
        """The page of a question; None where the index had better be asked: an order that is asked for the first
        time, one by relevance, or too many publications meanwhile. With `at_once` nothing is read for it, and it is
        short: else None."""
        if _is_for_engine(question) or (at_once and (question.limit is None or question.limit > SHORT)):
            return None
        where = simplify(question.where)
        return self._answer(lambda: self._page(question, where), at_once=at_once)

    def facets(self, keys: Sequence[str], where: Node) -> Facets | None:
        """Values and counts for each key as asked; None where the index had better be asked."""
        where = simplify(where)
        return self._answer(lambda: self._count(keys, where), at_once=False)

    def by_refs(self, refs: Sequence[str], where: Node, *, at_once: bool = False) -> list[bytes | None] | None:
        """A document for each canonical ref; None in the place of what is absent or not meant. None in the place of
        all where too many publications went by; with `at_once`, where something would have to be read."""
        if at_once and len(refs) > SHORT:
            return None
        where = simplify(where)
        return self._answer(lambda: self._chosen(refs, where), at_once=at_once)

    def _answer(self, look: Callable[[], Answer | _Needs | None], *, at_once: bool) -> Answer | None:
        """What a look at the memory gives, once all that it needs was read."""
        for _ in range(1 if at_once else ATTEMPTS):
            answer = look()
            if not isinstance(answer, _Needs):
                return answer
            if at_once or len(answer.begin) > MANY:
                return None
            self._read(answer)
        return None

    # Answers, under the lock

    def _page(self, question: Question, where: Node) -> Page | _Needs | None:
        with self._lock:
            is_ranked = _is_ranked(question)
            words = asked_words(question.where) if is_ranked else ()
            ordering = Ordering(question.order[1:] if is_ranked else question.order, question.tie)
            arrangement, needs = self._arranged(ordering)
            if arrangement is None and not needs:
                return None
            needs += self._missing(where, *map(Text, words))
            if needs or arrangement is None or self._live is None:
                return _Needs(tuple(needs))
            members = self._sets.members(where, self._live)
            if question.missing == "drop_first" and question.order:
                members = members & arrangement.having
            ranking = Ranking(members, map(self._sets.word, words)) if is_ranked else None
            return self._cut(question, arrangement, members, ranking)

    def _cut(
        self, question: Question, arrangement: Arrangement, members: BitMap, ranking: Ranking | None
    ) -> Page | _Needs:
        if ranking is None:
            placed = arrangement.page(members, question)
        else:
            placed = arrangement.pages(ranking.best_first(), len(members), question)
        eids, more = question.cut(placed)
        found = self._found(eids)
        if isinstance(found, _Needs):
            return found
        rows = []
        for eid in eids:
            ref, position = self._refs[eid], arrangement.position(eid)
            uid = position.tie if question.tie == "uid" else uid_of(ref)
            total = ranking.total(eid) if ranking else None
            ranks = () if ranking is None else (None if total is None else score_text(total),)
            rows.append(PageRow(ref, uid, (*ranks, *position.values)))
        return Page(tuple(rows), tuple(found), len(members) if question.want_total else None, more)

    def _count(self, keys: Sequence[str], where: Node) -> Facets | _Needs | None:
        with self._lock:
            needs: list[Begin] = []
            fields: dict[str, FieldValues] = {}
            for key in keys:
                field, wanted = self._valued(fold(key))
                if field is None and not wanted:
                    return None
                needs += wanted
                if field is not None:
                    fields[key] = field
            needs += self._missing(where)
            if needs or self._live is None:
                return _Needs(tuple(needs))
            members = self._sets.members(where, self._live)
            return {key: field.counts(members) for key, field in fields.items()}

    def _chosen(self, refs: Sequence[str], where: Node) -> list[bytes | None] | _Needs:
        with self._lock:
            needs = self._missing(where)
            if needs or self._live is None:
                return _Needs(tuple(needs))
            members = self._sets.members(where, self._live)
            eids = [self._eids.get(ref, NOBODY) for ref in refs]
            meant = [eid for eid in eids if eid in members]
            found = self._found(meant)
            if isinstance(found, _Needs):
                return found
            documents = dict(zip(meant, found, strict=True))
            return [documents.get(eid) for eid in eids]

    def _found(self, eids: Sequence[int]) -> list[bytes] | _Needs:
        found = [self._documents.get(eid) for eid in eids]
        absent = tuple(eid for eid, document in zip(eids, found, strict=True) if document is None)
        return _Needs(documents=absent) if absent else [document for document in found if document is not None]

    # What there is, brought up to date

    def _missing(self, *asked: Node) -> list[Begin]:
        needed = {leaf for node in asked for leaf in leaves(node)}
        return [self._beginning_of_set(leaf) for leaf in needed if not self._has_set(leaf)]

    def _has_set(self, leaf: Node) -> bool:
        found = self._sets.get(leaf)
        if found is None:
            return False
        if not found.follows:
            return found.seen == self._journal.head
        return self._follow(found)

    def _arranged(self, ordering: Ordering) -> tuple[Arrangement | None, list[Begin]]:
        """The arrangement, or how to begin it; neither when it is asked for the first time."""
        found = self._arrangements.get(ordering)
        if found is not None and self._follow(found):
            return found, []
        return None, self._again(ordering, self._beginning_of_order(ordering))

    def _valued(self, key: str) -> tuple[FieldValues | None, list[Begin]]:
        """The values of a field, or how to read them; neither when they are asked for the first time, or too many."""
        found = self._fields.get(key)
        if found is not None and found.is_full:
            return None, []
        if found is not None and self._follow(found):
            return found, []
        return None, self._again(key, self._beginning_of_field(key))

    def _again(self, asked: Ordering | str, begin: Begin) -> list[Begin]:
        """The beginning of what is asked for not for the first time."""
        is_known = asked in self._asked
        self._asked.put(asked, True)
        return [begin] if is_known else []

    def _follow(self, follower: _Follower) -> bool:
        """Have a structure learn what was published since it last did; False where that is no longer known."""
        missed = self._journal.since(follower.seen)
        if missed is None:
            return False
        for version in missed:
            follower.learn(version)
        if missed and self._live is not None:
            follower.seen = self._journal.head
            follower.forget(self._live)
        return True

    # Beginnings, from the index

    def _read(self, needs: _Needs) -> None:
        with self._moment() as (cursor, seen):
            for begin in needs.begin:
                begin(cursor, seen)
            if needs.documents:
                self._read_documents(cursor, needs.documents)

    @contextmanager
    def _moment(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, int]]:
        """The index as it is at a number of the journal, and that number."""
        with ExitStack() as held:
            held.enter_context(self._flushed())
            with one_state(self._cursor()) as cursor:
                if self._live is None:
                    self._load_names(cursor)
                else:
                    cursor.execute("SELECT 1 FROM core.meta LIMIT 1").fetchall()
                seen = self._journal.head
                held.close()  # publications may go on: the state is that of the first look
                yield cursor, seen

    @contextmanager
    def _flushed(self) -> Iterator[None]:
        """Nothing is published within, and the index has all that was."""
        while True:
            self._flush()
            with self._publishing:
                if self._is_flushed():
                    yield
                    return

    def _load_names(self, cursor: duckdb.DuckDBPyConnection) -> None:
        refs = dict(cursor.execute("SELECT eid, ref FROM core.entities").fetchall())
        with self._lock:
            self._refs = refs
            self._eids = {ref: eid for eid, ref in refs.items()}
            self._live = BitMap(refs)

    def _read_documents(self, cursor: duckdb.DuckDBPyConnection, eids: Sequence[int]) -> None:
        for start in range(0, len(eids), FEW):  # a list in the text is quickest, but not a long one
            numbers = ", ".join(str(int(eid)) for eid in eids[start : start + FEW])
            rows = cursor.execute(f"SELECT eid, doc FROM core.entities WHERE eid IN ({numbers})").fetchall()
            with self._lock:
                for eid, document in rows:
                    if eid in self._refs:
                        self._documents.put(eid, document.encode())

    def _beginning_of_set(self, leaf: Node) -> Begin:
        def begin(cursor: duckdb.DuckDBPyConnection, seen: int) -> None:
            found = _read_words(cursor, leaf, seen) if isinstance(leaf, Text) else _read_leaf(cursor, leaf, seen)
            with self._lock:
                self._sets.put(found)

        return begin

    def _beginning_of_order(self, ordering: Ordering) -> Begin:
        def begin(cursor: duckdb.DuckDBPyConnection, seen: int) -> None:
            page = sql.page(ordering.question)
            rows = cursor.execute(page.text, list(page.params)).fetchall()
            refs = self._refs  # of the same texts one copy
            places = ((row[0], *row[3:], row[1] if ordering.tie == "uid" else refs.get(row[0], row[2])) for row in rows)
            arrangement = Arrangement(ordering, places, seen)
            with self._lock:
                room = KEPT_PLACES // max(1, len(arrangement))
                self._arrangements.put(ordering, arrangement, max(1, room))

        return begin

    def _beginning_of_field(self, key: str) -> Begin:
        def begin(cursor: duckdb.DuckDBPyConnection, seen: int) -> None:
            query = sql.values(key, MAX_VALUES + 1)
            rows = cursor.execute(query.text, list(query.params)).fetchall()
            values = FieldValues(key, rows, seen)
            with self._lock:
                self._fields.put(key, values)

        return begin


def _is_ranked(question: Question) -> bool:
    """Whether the words that are asked for decide the order, and an arrangement only among equals."""
    return bool(question.order) and question.order[0].key == RELEVANCE


def _is_for_engine(question: Question) -> bool:
    """Whether the order is one that nobody asks for: relevance in another place, upward, or page by page."""
    if not any(order.key == RELEVANCE for order in question.order):
        return False
    usual = (
        _is_ranked(question) and question.order[0].descending and RELEVANCE not in {o.key for o in question.order[1:]}
    )
    return not usual or question.position is not None or (question.tie, question.missing) != ("ref", "last")


def _read_leaf(cursor: duckdb.DuckDBPyConnection, leaf: Node, seen: int) -> LeafSet:
    condition = sql.condition(leaf)
    rows = cursor.execute(f"SELECT e.eid FROM core.entities e WHERE {condition.text}", list(condition.params))
    return LeafSet(leaf, BitMap(row[0] for row in rows.fetchall()), seen)


def _read_words(cursor: duckdb.DuckDBPyConnection, leaf: Text, seen: int) -> WordSet:
    scan = tier_scan(leaf.word)
    return WordSet(leaf, cursor.execute(scan.text, list(scan.params)).fetchall(), seen)
