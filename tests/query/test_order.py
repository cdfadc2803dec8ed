"""What a list is sorted by (C163-C164, C178-C180, C194)."""

import pytest

from query.dialects.line import parse_line
from query.errors import QueryError
from query.order import MAX_ORDERS, Order, limited, parse_order_fields, parse_orders, read_order_by


def test_c180_order_field_without_a_direction_goes_up() -> None:
    assert parse_order_fields(["metadata.name", "Spec.Type , desc"]) == (
        Order("metadata.name", "asc"),
        Order("spec.type", "desc"),
    )


@pytest.mark.parametrize("text", ["metadata.name,up", "metadata.name,", "", ",asc", "a,asc,desc"])
def test_c179_order_field_refusals(text: str) -> None:
    with pytest.raises(QueryError):
        parse_order_fields([text])


def test_c163_orders_keep_their_rank() -> None:
    assert parse_orders(["asc:kind", "desc:metadata.name"]) == (Order("kind"), Order("metadata.name", "desc"))


@pytest.mark.parametrize("text", ["kind", "up:kind", "asc:", "", "ASC:kind"])
def test_c164_order_refusals(text: str) -> None:
    with pytest.raises(QueryError):
        parse_orders([text])


def test_order_by_is_a_list_of_field_and_order() -> None:
    assert read_order_by([{"field": "A.b", "order": "desc"}]) == (Order("a.b", "desc"),)
    assert read_order_by([]) == ()


@pytest.mark.parametrize(
    "value",
    [{"field": "a", "order": "asc"}, [{"field": "a"}], [{"order": "asc"}], [{"field": "a", "order": 1}], ["a"], None,
     [{"field": "a", "order": []}]],
)  # fmt: skip
def test_c194_order_by_refusals(value: object) -> None:
    with pytest.raises(QueryError):
        read_order_by(value)


def test_sort_fields_have_an_end() -> None:
    orders = parse_orders(["asc:kind"] * MAX_ORDERS)
    assert limited(list(orders)) == orders
    with pytest.raises(QueryError, match="16"):
        parse_orders(["asc:kind"] * 17)
    with pytest.raises(QueryError, match="16"):
        parse_order_fields(["kind"] * 17)
    with pytest.raises(QueryError, match="16"):
        read_order_by([{"field": "kind", "order": "asc"}] * 17)
    with pytest.raises(QueryError, match="16"):
        parse_line("sort:name" + ",name" * 16)
