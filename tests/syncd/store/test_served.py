"""What is answered from memory equals what the engine answers, whatever was published in between."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from query.ast import And, Equals, Everything, Exists, Node, Not, Or, Text
from query.order import RELEVANCE, Order
from query.question import Position, Question
from query.terms import text_node
from syncd.model.json import JsonObject
from syncd.stitch.entity import StitchedEntity, stitch
from syncd.store.absorption import Touched
from syncd.store.catalog import Catalog
from syncd.store.index import Index
from syncd.store.memory import IndexMemory
from syncd.store.served import arrangement, journal
from syncd.store.served.journal import Delta
from syncd.store.voices import Voices
from tests.query.index import ref_of
from tests.query.shop import Entity
from tests.support import queries as strategies

Tie = Literal["uid", "ref"]
Missing = Literal["last", "drop_first"]
ties: st.SearchStrategy[Tie] = st.sampled_from(("uid", "ref"))
missings: st.SearchStrategy[Missing] = st.sampled_from(("last", "drop_first"))
ORDERS: st.SearchStrategy[tuple[Order, ...]] = st.one_of(
    st.just(()), st.just((Order("updated", "desc"),)), strategies.tied_orders, strategies.tied_orders
)
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.one_of(strategies.catalogs(), strategies.ties())),
        st.tuples(st.just("remove"), st.integers(0, 7)),
    ),
    min_size=1,
    max_size=5,
)


class Publishing:
    """An index, and publications into it as the publisher makes them."""

    def __init__(self, path: Path) -> None:
        self.index = Index.create(path)
        self.catalog = Catalog()
        self.catalog.serve(self.index)
        self._memory = IndexMemory.load(self.index.cursor())
        self._at = 0

    def publish(self, entities: Sequence[Entity], removed: Sequence[str] = ()) -> None:
        """New versions of these entities, and the end of others."""
        stitched = [_stitched(entity) for entity in entities]
        delta = Delta()
        with self.index.transaction(delta) as transaction:
            voices = Voices(transaction, self._memory, Touched(), delta)
            voices.drop_entities([*removed, *(entity.ref for entity in stitched)])
            self._at += 1
            voices.put_entities([(entity, f"2026-01-01T00:00:{self._at % 60:02}.000Z") for entity in stitched])

    def refs(self) -> list[str]:
        """What is published now."""
        return sorted(self.index.refs())

    def check(self, question: Question, keys: Sequence[str]) -> None:
        """Memory and engine agree on a question, from the first page to the last and back."""
        expected = self.catalog.search(question)
        for _ in range(2):  # an order is kept from the second time on
            assert self.catalog.ask(question) == expected
        if not keys:
            return
        assert self.catalog.ask_at_once(question) == (None if question.limit is None else expected)
        facets = self.catalog.facets(keys, question.where)
        assert self.catalog.facets(keys, question.where) == facets
        served = self.index.served.facets(keys, question.where)
        assert served is not None
        assert served == facets


@pytest.fixture(scope="module")
def publishing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publishing]:
    found = Publishing(tmp_path_factory.mktemp("served") / "index.duckdb")
    yield found
    found.index.close()


@settings(max_examples=60)
@given(
    steps=_steps,
    nodes=st.lists(strategies.all_nodes, min_size=1, max_size=3),
    order=ORDERS,
    missing=missings,
    tie=ties,
    limit=st.one_of(st.none(), st.integers(0, 4)),
    key=strategies.keys,
    remembered=st.sampled_from((2, journal.REMEMBERED)),
    gap=st.sampled_from((4, arrangement.GAP)),
)
def test_memory_and_engine_agree_after_every_publication(
    publishing: Publishing,
    steps: list[tuple[str, object]],
    nodes: list[Node],
    order: tuple[Order, ...],
    missing: Missing,
    tie: Tie,
    limit: int | None,
    key: str,
    remembered: int,
    gap: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "REMEMBERED", remembered)
        patch.setattr(arrangement, "GAP", gap)
        publishing.publish([], publishing.refs())
        for verb, what in steps:
            if isinstance(what, list):
                publishing.publish(what)
            elif isinstance(what, int) and publishing.refs():
                assert verb == "remove"
                refs = publishing.refs()
                publishing.publish([], [refs[what % len(refs)]])
            for node in nodes:
                question = Question(node, order, limit, 0, tie=tie, missing=missing, want_total=True)
                publishing.check(question, [key, "kind"])
                _check_walk(publishing, question)


def _check_walk(publishing: Publishing, question: Question) -> None:
    """Page after page forward, then back."""
    if not question.limit:
        return
    page = publishing.catalog.ask(question)
    while page.more and page.rows:
        last = page.rows[-1]
        position = Position(last.sort, last.uid if question.tie == "uid" else last.ref)
        question = replace(question, position=position, want_total=False)
        publishing.check(question, [])
        page = publishing.catalog.ask(question)
        first = page.rows[0]
        back = Position(first.sort, first.uid if question.tie == "uid" else first.ref)
        publishing.check(replace(question, position=back, backward=True), [])
    publishing.check(replace(question, offset=2), [])


def test_words_and_their_ranks_follow(publishing: Publishing) -> None:
    publishing.publish([], publishing.refs())
    node = text_node("amber que")
    assert node is not None
    ranked = (Order(RELEVANCE, "desc"), Order("metadata.name"))
    questions = [
        Question(node, ranked, limit, offset, tie="ref", want_total=True)
        for node in (node, Or((node, Equals("kind", ("api",)))), And((Text("amber"), Not(Text("que")))))
        for limit, offset in ((1, 0), (2, 1), (50, 0))
    ]
    titles = ("Amber queue", "queue", "amber", "the queen of ambergris", "", "Amber Queue", "AmberQueue", "que amber")
    for number, title in enumerate(titles):
        metadata = {"name": f"e{number % 5}", "namespace": "default", "title": title, "description": "amber"}
        kind = "API" if number % 3 else "Component"
        publishing.publish([{"kind": kind, "metadata": metadata, "spec": {}, "relations": []}])
        for question in questions:
            publishing.check(question, ["kind"])


def test_a_wide_question_is_left_to_the_engine(publishing: Publishing) -> None:
    wide = Or(tuple(And((Exists(f"spec.k{n}"), Equals("spec.n", (str(n),)))) for n in range(300)))
    question = Question(wide, (Order("metadata.name"),), 10, tie="ref")
    for _ in range(3):
        assert publishing.index.served.ask(question) is None
    assert publishing.catalog.ask(question) == publishing.catalog.search(question)
    assert publishing.index.served.facets(["kind"], wide) is None
    assert publishing.index.served.by_refs(["component:default/one"], wide) is None


def test_documents_and_refs_follow(publishing: Publishing) -> None:
    entity: Entity = {
        "kind": "Component",
        "metadata": {"name": "one", "namespace": "default"},
        "spec": {"type": "a"},
        "relations": [],
    }
    publishing.publish([entity], publishing.refs())
    ref = "component:default/one"
    first = publishing.catalog.by_ref(ref)
    assert first is not None
    assert publishing.catalog.by_refs_at_once([ref], Everything()) == [first]
    publishing.publish([{**entity, "spec": {"type": "b"}}])
    second = publishing.catalog.by_refs_at_once([ref], Everything())
    assert second is not None
    assert second != [first]
    assert publishing.catalog.by_refs([ref, "component:default/two", ref], Everything()) == [*second, None, *second]
    publishing.publish([], [ref])
    assert publishing.catalog.by_refs_at_once([ref], Everything()) == [None]
    assert publishing.catalog.by_ref(ref) is None


def _stitched(entity: Entity) -> StitchedEntity:
    relations = entity["relations"]
    assert isinstance(relations, list)
    pairs = [(str(relation["type"]), str(relation["targetRef"])) for relation in relations]
    return stitch(ref_of(entity), cast("JsonObject", entity), pairs)


@pytest.mark.parametrize("tie", ["uid", "ref"])
@pytest.mark.parametrize(
    "order",
    [(Order("spec.a"),), (Order("spec.a", "desc"),), (Order("spec.a", "desc"), Order("metadata.name")), ()],
    ids=["up", "down", "two", "none"],
)
def test_new_versions_find_their_place(publishing: Publishing, order: tuple[Order, ...], tie: Tie) -> None:
    publishing.publish([], publishing.refs())
    question = Question(order=order, tie=tie, limit=50, want_total=True)
    for number, value in enumerate((None, "x", None, "y", "x", ["b", "z"], None, "a", "x")):
        metadata = {"name": f"e{number * 7 % 9}", "namespace": "default"}
        publishing.publish([{"kind": "Component", "metadata": metadata, "spec": {"a": value}, "relations": []}])
        publishing.check(question, [])
        publishing.check(replace(question, missing="drop_first"), ["spec.a"])


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, suppress_health_check=list(HealthCheck))
@given(catalog=strategies.catalogs(), node=strategies.all_nodes)
def test_memory_and_engine_agree_ten_thousand_times(publishing: Publishing, catalog: list[Entity], node: Node) -> None:
    kept = {ref_of(entity) for entity in catalog}
    publishing.publish(catalog, [ref for ref in publishing.refs() if ref not in kept])
    question = Question(node, limit=100, want_total=True)
    expected = publishing.catalog.search(question)
    assert publishing.catalog.ask(question) == expected
