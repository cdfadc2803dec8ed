"""Order and pages: every entity once, whatever the order, the page size and the direction (C162-C182)."""

from collections.abc import Sequence
from typing import Literal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from query import sql
from query.ast import Equals, Everything, Node
from query.match import index_rows, matches, rows_for
from query.order import Order
from query.question import Position, Question
from query.rank import TEXT
from query.rows import SearchRow
from tests.query.index import Index
from tests.query.shop import SHOP, Entity
from tests.support import queries as strategies

_NAME = Order("metadata.name")
Tie = Literal["uid", "ref"]
Missing = Literal["last", "drop_first"]

ties: st.SearchStrategy[Tie] = st.sampled_from(("uid", "ref"))
missings: st.SearchStrategy[Missing] = st.sampled_from(("last", "drop_first"))


def _names(page: Sequence[tuple[str, Position]]) -> list[str]:
    return [ref.partition("/")[2] for ref, _ in page]


def _forward(index: Index, question: Question) -> list[tuple[str, Position]]:
    """Every row, page after page."""
    found, more = index.page(question)
    walked = found
    while more:
        found, more = index.page(_from(question, walked[-1][1], backward=False))
        walked = walked + found
    return walked


def _from(question: Question, position: Position, *, backward: bool) -> Question:
    return Question(
        where=question.where,
        order=question.order,
        limit=question.limit,
        position=position,
        backward=backward,
        tie=question.tie,
        missing=question.missing,
    )


def _in_order(rows: dict[str, list[SearchRow]], question: Question) -> list[str]:
    """The refs as the rules order them, by stable sorts from the least important key to the first."""
    values = {
        ref: [_sort_value(order, index_rows(own)) for order in question.order]
        for ref, own in rows.items()
        if matches(question.where, own)
    }
    if question.missing == "drop_first" and question.order:
        values = {ref: own for ref, own in values.items() if own[0] is not None}
    uids = {ref: rows_for("metadata.uid", index_rows(rows[ref]))[0].original or "" for ref in values}
    refs = sorted(values, key=uids.__getitem__ if question.tie == "uid" else str)
    if question.tie == "uid" and question.order and question.order[0].descending:
        refs.reverse()
    for number, order in reversed(list(enumerate(question.order))):
        own = {ref: value for ref, found in values.items() if (value := found[number]) is not None}
        with_value = sorted((ref for ref in refs if ref in own), key=own.__getitem__, reverse=order.descending)
        refs = with_value + [ref for ref in refs if ref not in own]
    return refs


def _sort_value(order: Order, index: dict[str, list[SearchRow]]) -> str | None:
    rows = [row for row in rows_for(order.key, index) if row.value is not None]
    values = [(row.rank or f"{TEXT}{row.value}") if order.typed else str(row.value) for row in rows]
    return (max if order.descending else min)(values, default=None)


@settings(max_examples=60)
@given(
    catalog=strategies.ties(),
    node=st.just(Everything()) | strategies.leaves,
    order=strategies.tied_orders,
    limit=st.integers(1, 4),
    tie=ties,
    missing=missings,
)
def test_a_walk_in_either_direction_meets_everyone_once(
    scratch: Index, catalog: list[Entity], node: Node, order: tuple[Order, ...], limit: int, tie: Tie, missing: Missing
) -> None:
    rows = scratch.load(catalog)
    question = Question(where=node, order=order, limit=limit, tie=tie, missing=missing)
    expected = _in_order(rows, question)
    walked = _forward(scratch, question)
    assert [ref for ref, _ in walked] == expected
    assert scratch.count(question.counted) == len(expected)
    for number, (_, position) in enumerate(walked):
        before, more = scratch.page(_from(question, position, backward=True))
        assert [ref for ref, _ in before] == expected[max(0, number - limit) : number]
        assert more == (number > limit)


@settings(max_examples=30)
@given(catalog=strategies.ties(), order=strategies.tied_orders, tie=ties, missing=missings, data=st.data())
def test_rows_that_go_between_pages_move_nobody(
    scratch: Index, catalog: list[Entity], order: tuple[Order, ...], tie: Tie, missing: Missing, data: st.DataObject
) -> None:
    scratch.load(catalog)
    question = Question(order=order, limit=2, tie=tie, missing=missing)
    everyone = [ref for ref, _ in _forward(scratch, question)]
    page, more = scratch.page(question)
    assume(more)
    gone = data.draw(st.sampled_from(everyone))
    scratch.remove(gone)
    rest, _ = scratch.page(Question(order=order, position=page[-1][1], tie=tie, missing=missing))
    assert [ref for ref, _ in rest] == [ref for ref in everyone[2:] if ref != gone]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param(Question(order=(_NAME,), limit=3), ["cart-db", "checkout", "checkout-api"], id="c171-first-page"),
        pytest.param(
            Question(order=(Order("metadata.name", "desc"),), limit=2), ["team-cart", "storefront"], id="c178-downward"
        ),
        pytest.param(
            Question(order=(Order("metadata.title"),), missing="drop_first"),
            ["checkout"],
            id="c177-lacking-are-left-out",
        ),
        pytest.param(
            Question(order=(Order("metadata.tags"),), missing="drop_first"),
            ["gateway", "checkout", "pricing"],
            id="c181-each-once-by-the-smallest",
        ),
        pytest.param(
            Question(order=(Order("metadata.tags", "desc"),), missing="drop_first"),
            ["pricing", "checkout", "gateway"],
            id="c181-each-once-by-the-largest",
        ),
        pytest.param(
            Question(order=(Order("kind"), Order("metadata.name", "desc")), limit=4, tie="ref"),
            ["checkout-api", "pricing", "gateway", "checkout"],
            id="c163-two-fields",
        ),
        pytest.param(
            Question(where=Equals("kind", ("component",)), limit=9, tie="ref"),
            ["checkout", "pricing", "gateway"],
            id="c162-without-order-by-ref",
        ),
        pytest.param(
            Question(order=(Order("metadata.tags.python"), _NAME), missing="drop_first"),
            ["checkout", "pricing"],
            id="c177-an-item-is-a-value",
        ),
        pytest.param(
            Question(order=(Order("updated", "desc"),), limit=2), ["generated-1b2c3d", "mira"], id="by-the-last-change"
        ),
    ],
)
def test_order(shop: Index, question: Question, expected: list[str]) -> None:
    assert _names(shop.page(question)[0]) == expected


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_c165_missing_values_come_last_in_both_directions(shop: Index, direction: Literal["asc", "desc"]) -> None:
    page, _ = shop.page(Question(order=(Order("metadata.title", direction),), tie="ref"))
    assert len(page) == 11
    assert _names(page)[0] == "checkout"
    assert [ref for ref, _ in page[1:]] == sorted(ref for ref, _ in page[1:])


def test_c144_an_over_long_key_sorts_nobody(scratch: Index) -> None:
    metadata = {"name": "one", "namespace": "default", "uid": "u1"}
    scratch.load([{"kind": "Component", "metadata": metadata, "spec": {"tags": ["k" * 190, "k" * 191]}}])
    found = [
        scratch.page(Question(order=(Order("spec.tags." + "k" * length),), missing="drop_first"))[0]
        for length in (190, 191)
    ]
    assert [_names(page) for page in found] == [["one"], []]


def test_c182_without_an_order_by_uid(shop: Index) -> None:
    uids = [row[1] for row in shop.rows(sql.page(Question()))]
    assert uids == sorted(uids)
    assert len(uids) == len(SHOP)


def test_c173_the_page_before_the_second_is_the_first(shop: Index) -> None:
    first, more = shop.page(Question(order=(_NAME,), limit=3))
    second, _ = shop.page(Question(order=(_NAME,), limit=3, position=first[-1][1]))
    assert _names(second) == ["commerce", "division", "gateway"]
    back, before = shop.page(Question(order=(_NAME,), limit=3, position=second[0][1], backward=True))
    assert (back, more, before) == (first, True, False)


def test_c189_offset_skips_rows(shop: Index) -> None:
    page, more = shop.page(Question(order=(_NAME,), offset=10))
    assert (_names(page), more) == (["team-cart"], False)


def test_c169_a_page_of_none_knows_whether_there_is_more(shop: Index) -> None:
    assert shop.page(Question(limit=0)) == ([], True)


@settings(max_examples=40)
@given(catalog=strategies.catalogs(), node=strategies.nodes, order=strategies.orders, missing=missings)
def test_page_and_total_is_the_page_and_the_total(
    scratch: Index, catalog: list[Entity], node: Node, order: tuple[Order, ...], missing: Missing
) -> None:
    scratch.load(catalog)
    question = Question(where=node, order=order, limit=2, missing=missing)
    both = scratch.rows(sql.page_and_total(question))
    assert [row[:-1] for row in both] == scratch.rows(sql.page(question))
    assert {row[-1] for row in both} <= {scratch.count(question.counted)}


def test_there_is_no_total_beyond_a_position() -> None:
    with pytest.raises(ValueError, match="position"):
        sql.page_and_total(Question(position=Position((), "x")))


def test_a_position_must_fit_its_order() -> None:
    with pytest.raises(ValueError, match="order of 1"):
        sql.page(Question(order=(_NAME,), position=Position((), "x")))
