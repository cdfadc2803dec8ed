"""Cursors (C180, C184-C187, C190-C191, spec 3.6)."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from query.ast import And, Contains, Equals, Everything, Exists, Node, Not, Nothing, Or
from query.cursor import Cursor, FullText, decode, encode
from query.dialects.filter import parse_filter
from query.errors import QueryError
from query.order import Order
from query.question import Position
from tests.query.conftest import Names
from tests.support import queries as strategies

_texts = st.text(max_size=8)
_filters = st.lists(
    st.lists(st.builds("{}={}".format, strategies.keys.map(lambda key: key or "$k"), _texts), min_size=1).map(",".join),
    max_size=3,
)


@st.composite
def _cursors(draw: st.DrawFn) -> Cursor:
    order = draw(strategies.text_orders)
    values = st.tuples(*(st.none() | _texts for _ in order))
    positions = st.none() | st.builds(Position, values, _texts)
    full_text = st.builds(FullText, _texts, st.none() | st.lists(_texts, max_size=2).map(tuple))
    return Cursor(
        position=draw(positions),
        first=draw(positions),
        backward=draw(st.booleans()),
        order=order,
        where=parse_filter(draw(_filters)),
        full_text=draw(st.none() | full_text),
        total=draw(st.none() | st.integers(0, 10**6)),
    )


@settings(max_examples=60)
@given(cursor=_cursors())
def test_a_cursor_comes_back_as_it_was(cursor: Cursor) -> None:
    assert decode(encode(cursor)) == cursor


def test_the_words_are_those_of_the_real_system() -> None:
    cursor = Cursor(
        position=Position(("a",), "u9"),
        first=Position(("0",), "u1"),
        backward=True,
        order=(Order("metadata.name", "desc"),),
        where=Equals("kind", ("component", "api")),
        full_text=FullText("x", ("metadata.name",)),
        total=3,
    )
    assert json.loads(base64.b64decode(encode(cursor))) == {
        "orderFields": [{"field": "metadata.name", "order": "desc"}],
        "orderFieldValues": ["a", "u9"],
        "firstSortFieldValues": ["0", "u1"],
        "isPrevious": True,
        "totalItems": 3,
        "fullTextFilter": {"term": "x", "fields": ["metadata.name"]},
        "query": {"kind": {"$in": ["component", "api"]}},
    }


def _written(**content: object) -> str:
    return base64.b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize(
    ("tree", "node"),
    [
        ({"key": "Kind", "values": ["A", "b"]}, Equals("kind", ("a", "b"))),
        ({"key": "kind"}, Exists("kind")),
        ({"not": {"key": "kind"}}, Not(Exists("kind"))),
        ({"allOf": [{"key": "a"}, {"key": "b"}]}, And((Exists("a"), Exists("b")))),
        ({"anyOf": [{"key": "a"}, {"allOf": []}]}, Or((Exists("a"), Everything()))),
        ({"anyOf": []}, Nothing()),
        ({"allOf": []}, Everything()),
        (None, Everything()),
    ],
)
def test_c190_a_filter_tree_is_read_too(tree: object, node: Node) -> None:
    assert decode(_written(orderFields=[], orderFieldValues=["u1"], filter=tree)).where == node


def test_c190_a_cursor_needs_no_query() -> None:
    assert decode(_written(orderFields=[], isPrevious=False)) == Cursor()


def test_keys_that_no_predicate_names_travel_as_a_filter_tree() -> None:
    cursor = Cursor(where=And((Equals("$x", ("1",)), Not(Or((Exists("a"), Nothing()))), Everything())))
    assert set(json.loads(base64.b64decode(encode(cursor)))) == {"orderFields", "isPrevious", "filter"}
    again = decode(encode(cursor)).where
    assert again == And((Equals("$x", ("1",)), Not(Or((Exists("a"), Nothing()))), Everything()))


def test_text_within_a_value_has_no_cursor() -> None:
    with pytest.raises(QueryError):
        encode(Cursor(where=Contains("a", "b")))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="c191-empty"),
        pytest.param("%%%", id="c191-no-base64"),
        pytest.param("Zm9v", id="c191-no-json"),
        pytest.param("é", id="c191-no-ascii"),
        pytest.param(base64.b64encode(b"[1]").decode(), id="c191-a-list"),
        pytest.param(base64.b64encode(b"[" * 100_000).decode(), id="c191-deeper-than-the-reader"),
        pytest.param(_written(orderFields="x"), id="c191-order-is-no-list"),
        pytest.param(_written(orderFields=[{"field": "a"}]), id="c191-order-without-a-direction"),
        pytest.param(_written(orderFields=[{"field": "a", "order": "up"}]), id="c191-order-goes-nowhere"),
        pytest.param(_written(orderFields=[], orderFieldValues=["a", "b"]), id="c191-too-many-values"),
        pytest.param(_written(orderFields=[], orderFieldValues=[None]), id="c191-no-uid"),
        pytest.param(_written(orderFields=[], orderFieldValues=[1]), id="c191-uid-is-no-text"),
        pytest.param(_written(orderFields=[], orderFieldValues="a"), id="c191-values-are-text"),
        pytest.param(_written(isPrevious="x"), id="c191-direction-is-no-boolean"),
        pytest.param(_written(totalItems=-1), id="c191-total-is-negative"),
        pytest.param(_written(totalItems=True), id="c191-total-is-a-boolean"),
        pytest.param(_written(fullTextFilter="x"), id="c191-full-text-is-text"),
        pytest.param(_written(fullTextFilter={"term": "x", "fields": [1]}), id="c191-field-is-a-number"),
        pytest.param(_written(query="x"), id="c191-query-is-text"),
        pytest.param(_written(filter={"key": 1}), id="c191-filter-key-is-a-number"),
        pytest.param(_written(filter={"key": "a", "values": [1]}), id="c191-filter-value-is-a-number"),
    ],
)
def test_c191_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="Malformed cursor"):
        decode(text)


@pytest.mark.parametrize(
    ("full_text", "order", "expected"),
    [
        pytest.param(FullText(" CHECK ", ("metadata.NAME",)), (), {"checkout", "checkout-api"}, id="c183-field"),
        pytest.param(FullText("check"), (Order("metadata.name"),), {"checkout", "checkout-api"}, id="c184-sort-field"),
        pytest.param(FullText("check"), (), set(), id="c185-uid-only"),
        pytest.param(FullText("money", ("metadata.title", "metadata.description")), (), {"checkout"}, id="c186-any"),
        pytest.param(FullText("%", ("metadata.name",)), (), set(), id="c187-literal"),
        pytest.param(FullText("check", ()), (), set(), id="c183-no-fields-at-all"),
    ],
)
def test_full_text(names: Names, full_text: FullText, order: tuple[Order, ...], expected: set[str]) -> None:
    assert names(full_text.node(order)) == expected


def test_an_empty_term_asks_for_nothing() -> None:
    assert FullText("  ", ("metadata.name",)).node(()) == Everything()
