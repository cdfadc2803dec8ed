"""What is read can be printed, and what is printed reads as the same."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from query.ast import Compare, Contains, Equals, Everything, Exists, Node, Not, Nothing, Or, Prefix, Related, related
from query.dialects.filter import parse_filter, print_filter
from query.dialects.line import Asker, Line, parse_line, print_condition, print_line
from query.errors import QueryError
from query.match import matches
from query.order import Order
from query.rows import search_rows, updated_row
from tests.query.conftest import Names
from tests.query.index import Catalog, changed_at
from tests.query.shop import SHOP, Entity
from tests.support import queries, webs

_ROWS = [[*search_rows(entity), updated_row(changed_at(eid))] for eid, entity in enumerate(SHOP)]


def _stable(line: Line) -> Line:
    text = print_line(line)
    again = parse_line(text)
    assert print_line(again) == text
    return again


def _agree(node: Node, catalog: list[Entity], order: tuple[Order, ...]) -> None:
    again = _stable(Line(node, order))
    assert [(one.key, one.direction) for one in again.order] == [(one.key, one.direction) for one in order]
    drawn = [[*search_rows(entity), updated_row(changed_at(eid))] for eid, entity in enumerate(catalog)]
    assert all(matches(node, rows) == matches(again.where, rows) for rows in [*drawn, *_ROWS])


@settings(max_examples=100)
@given(node=queries.nodes, catalog=queries.catalogs(), order=queries.orders)
def test_a_printed_tree_reads_as_the_same(node: Node, catalog: list[Entity], order: tuple[Order, ...]) -> None:
    _agree(node, catalog, order)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, suppress_health_check=list(HealthCheck))
@given(node=queries.nodes, catalog=queries.catalogs(), order=queries.orders)
def test_it_does_ten_thousand_times(node: Node, catalog: list[Entity], order: tuple[Order, ...]) -> None:
    _agree(node, catalog, order)


@settings(max_examples=200)
@given(text=st.text(alphabet='ab:,-*"?. ()<>=1~@', max_size=24) | st.text(max_size=8))
@example(text="(a or b) -(c d) sort:-name,updated cols:owner,spec.x group:tag")
def test_every_line_that_is_read_is_printed(text: str) -> None:
    try:
        line = parse_line(text, Asker(("user:default/a",)))
    except QueryError:
        return
    again = _stable(line)
    assert (again.order, again.columns) == (line.order, line.columns)


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("", ""),
        ("  KIND:Component   and Type:service,library ", "kind:component type:service,library"),
        ("a or (b c)", "a or b c"),
        ("(a or b) c", "(a or b) c"),
        ("-(a b) -(-c)", "-(a b) -(-c)"),
        ("-(kind:a or kind:b)", "-(kind:a or kind:b)"),
        ("owner:Team-A,b", "owner:team-a,b"),
        ("owner:@me", "relations.ownedby:user:default/mira,group:default/team"),
        ("Check-out payCart", "check out (paycart or pay cart)"),
        ("title:x title:x*", "title:x title:x*"),
        ('title:"two words"*', 'title:"two words"*'),
        ('name:"*"?*', 'name:"*"?*'),
        ("has:owner has:spec.owner has:domain", "has:owner has:spec.owner has:domain"),
        ("spec.Score>80 spec.v<=V1.10", "spec.score>80 spec.v<=v1.10"),
        ('spec.a>b spec.a>"1"', 'spec.a>"b" spec.a>"1"'),
        ("updated>2026-01-01", "updated>2026-01-01"),
        ("label.tier:gold annotation.a.b/c:d", "label.tier:gold annotation.a.b/c:d"),
        ('"spec":a "owner":b', '"spec":a "owner":b'),
        ('"or" "and" or "-"', '"or" "and" or "-"'),
        ("dependson:x~ dependson:x~3", "dependson:x~ dependson:x~3"),
        ("owner:group:default/a~", "owner:group:default/a~"),
        ("affectedby:x dependson:edge/x~2", "affectedby:x~ dependson:edge/x~2"),
        ("affectedby:component:default/x", "affectedby:component:default/x~"),
        ("relations.hasPart:component:x~2", "relations.haspart:component:default/x~2"),
        ("ref:component:default/x", "kind:component namespace:default name:x"),
        ("sort:-Updated,spec.Score x", "x sort:-updated,spec.score"),
        ("cols:name,Owner x group:Owner", "x cols:name,Owner group:owner"),
        ("cols:a.b,\"c d\".e", 'cols:a.b,"c d.e"'),
    ],
)  # fmt: skip
def test_lines_are_printed_as_people_write_them(line: str, printed: str) -> None:
    assert print_line(parse_line(line, Asker(("user:default/mira", "group:default/team")))) == printed
    assert print_line(parse_line(printed)) == printed


@pytest.mark.parametrize(
    ("node", "printed"),
    [
        (Everything(), ""),
        (Nothing(), "-kind:*"),
        (Not(Everything()), "-kind:*"),
        (Or(()), "-kind:*"),
        (Equals("kind", ()), "-kind:*"),
        (Equals("kind", ("a", "a", "b")), "kind:a,b"),
        (Compare("kind", ">", "5"), "-kind:*"),
        (Prefix("spec.a", "x" * 201), "-kind:*"),
        (Equals("", ("",)), '"":""'),
        (Contains("metadata.title", "x"), "title:x"),
        (related(["dependsOn"], ["a:b/c", "d:e/f"], 3), "dependson:a:b/c~3 or dependson:d:e/f~3"),
        (related(["dependsOn"], [], 3), "-kind:*"),
    ],
)
def test_what_no_line_makes_has_a_spelling(node: Node, printed: str) -> None:
    assert print_condition(node) == printed


@settings(max_examples=60)
@given(node=webs.nodes, entities=webs.catalogs())
def test_relations_are_printed_or_refused(node: Node, entities: list[Entity]) -> None:
    try:
        text = print_condition(node)
    except QueryError:
        return
    catalog = Catalog(entities)
    assert catalog.meant(parse_line(text).where) == catalog.meant(node)


@pytest.mark.parametrize(
    "node",
    [
        related(["a", "b"], ["c:d/e"], 2),
        related(["a"], ["c:d/e"], 2, "in"),
        related(["a"], Exists("kind"), 2),
        related(["a"], ["c:d/e f"], 2),
        Not(Related(("a",), Exists("kind"))),
    ],
)
def test_what_a_line_cannot_follow_is_refused(node: Node) -> None:
    with pytest.raises(QueryError):
        print_condition(node)


# As a filter --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "filters"),
    [
        ("", []),
        ("kind:component type:service,library", ["kind=component,spec.type=service,spec.type=library"]),
        ("kind:a or kind:b type:c", ["kind=a", "kind=b,spec.type=c"]),
        ("kind:a (type:c or tag:d)", ["kind=a,spec.type=c", "kind=a,metadata.tags=d"]),
        ("has:spec.a spec.a:b", ["spec.a=b"]),
        ('spec.a:b,c spec.a:b spec.d:"" ', ["spec.a=b,spec.d="]),
        ("has:tag", ["metadata.tags"]),
    ],
)
def test_a_line_as_filters(names: Names, line: str, filters: list[str]) -> None:
    where = parse_line(line).where
    assert print_filter(where) == filters
    assert names(parse_filter(filters)) == names(where)


@pytest.mark.parametrize(
    "line",
    ["-kind:a", "x", "name:a*", "spec.a>1", "tag:a tag:b", 'spec.a:"a,b"', 'spec.a:" a"', '"a=b":c', "dependson:x~",
     '"":x', "(spec.a:1 or spec.b:1) (spec.c:1 or spec.d:1) (spec.e:1 or spec.f:1) (spec.g:1 or spec.h:1)"
     " (spec.i:1 or spec.j:1) (spec.k:1 or spec.l:1) (spec.m:1 or spec.n:1)"],
)  # fmt: skip
def test_what_a_filter_cannot_say_is_refused(line: str) -> None:
    with pytest.raises(QueryError):
        print_filter(parse_line(line).where)
    with pytest.raises(QueryError):
        print_filter(Nothing())


@settings(max_examples=100)
@given(node=queries.nodes)
def test_a_printed_filter_reads_as_the_same(node: Node) -> None:
    try:
        filters = print_filter(node)
    except QueryError:
        return
    assert all(matches(node, rows) == matches(parse_filter(filters), rows) for rows in _ROWS)
