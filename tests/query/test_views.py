"""The SQL that a line is printed as means what the line means, on the users' views."""

import pytest
from hypothesis import given, settings

from query.ast import Node
from query.dialects.line import Line, parse_line
from query.dialects.views import print_sql
from query.order import Order
from query.question import Question
from query.statement import Sql
from tests.query.index import Catalog, Index, ref_of
from tests.query.shop import SHOP, TEAM, Entity
from tests.support import queries, webs


def _refs(index: Index, line: Line) -> list[str]:
    return [str(row[0]) for row in index.rows(Sql(print_sql(Line(line.where, line.order, ("ref",)))))]


@settings(max_examples=100)
@given(catalog=queries.catalogs(), node=queries.all_nodes, order=queries.orders)
def test_the_printed_sql_agrees(scratch: Index, catalog: list[Entity], node: Node, order: tuple[Order, ...]) -> None:
    scratch.load(catalog)
    page, _ = scratch.page(Question(node, order or (Order("metadata.name"),), tie="ref"))
    assert _refs(scratch, Line(node, order)) == [ref for ref, _ in page]


@settings(max_examples=100)
@given(catalog=webs.catalogs(), node=webs.nodes)
def test_words_and_chains_agree(scratch: Index, catalog: list[Entity], node: Node) -> None:
    scratch.load(catalog)
    assert set(_refs(scratch, Line(node))) == Catalog(catalog).meant(node)


def test_a_statement_reads_well() -> None:
    line = parse_line(
        "kind:component (type:service or tag:go) spec.sla.uptime>99 -updated>2026-01-01"
        " sort:-updated cols:name,spec.sla.uptime"
    )
    assert print_sql(line) == (
        "SELECT e.name, (SELECT string_agg(value, ', ') FROM properties p WHERE p.ref = e.ref"
        " AND p.key = 'spec.sla.uptime') AS \"spec.sla.uptime\"\n"
        "FROM entities e\n"
        "WHERE lower(e.kind) = 'component'\n"
        "  AND (e.ref IN (SELECT ref FROM properties WHERE key = 'spec.type' AND lower(value) = 'service')"
        " OR e.ref IN (SELECT ref FROM properties WHERE key = 'metadata.tags' AND lower(value) = 'go'))\n"
        "  AND e.ref IN (SELECT ref FROM properties WHERE key = 'spec.sla.uptime'"
        " AND (number > 99 OR (rank >= '100299#!' AND rank < '2')))\n"
        "  AND NOT (e.updated >= TIMESTAMP '2026-01-02T00:00:00.000')\n"
        "ORDER BY e.updated DESC, e.ref"
    )


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("group:owner", {("team-cart", 4), ("division", 1), ("user:mira", 1), (TEAM, 1), (None, 4)}),
        ("kind:component group:KIND", {("Component", 3)}),
        ("cols:name,label.tier,tag ref:checkout", {("checkout", "gold", ("python", "grpc"))}),
        ("name:\"it's\"", set()),
    ],
)  # fmt: skip
def test_columns_and_groups(shop: Index, line: str, rows: set[tuple[object, ...]]) -> None:
    found = shop.rows(Sql(print_sql(parse_line(line))))
    assert {tuple(tuple(cell) if isinstance(cell, list) else cell for cell in row) for row in found} == rows
    assert len(SHOP) == len({ref_of(entity) for entity in SHOP})
