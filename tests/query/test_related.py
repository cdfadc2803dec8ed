"""Chains of relations: SQL and Python agree, cycles end, and the query line says them."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from query.ast import MAX_REACH, And, Equals, Node, Not, Or, related
from query.dialects.line import parse_line
from query.errors import QueryError
from query.match import matches
from query.simplify import simplify
from tests.query.index import Catalog, Index
from tests.query.shop import SHOP, Entity
from tests.support import webs

Lines = Callable[[str], set[str]]


@settings(max_examples=150)
@given(entities=webs.catalogs(), node=webs.nodes)
def test_sql_and_python_agree(scratch: Index, entities: list[Entity], node: Node) -> None:
    scratch.load(entities)
    meant = Catalog(entities).meant(node)
    assert scratch.refs(node) == meant
    assert Catalog(entities).meant(simplify(node)) == meant


def _chain(*arrows: tuple[str, str]) -> list[Entity]:
    names = sorted({name for arrow in arrows for name in arrow} - {"gone"})
    return [
        {
            "kind": "Component",
            "metadata": {"name": name, "namespace": "default", "uid": name},
            "spec": {},
            "relations": [
                {"type": "dependsOn", "targetRef": f"component:default/{target}"}
                for source, target in arrows
                if source == name
            ],
        }
        for name in names
    ]


CYCLE = _chain(("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("d", "gone"))


@pytest.mark.parametrize(
    ("node", "names"),
    [
        (related(["dependsOn"], ["component:default/a"], 1), "cd"),
        (related(["dependsOn"], ["component:default/a"], 2), "bcd"),
        (related(["dependsOn"], ["component:default/a"], 32), "abcd"),
        (related(["dependsOn"], ["component:default/gone"], 32), "d"),
        (related(["dependsOn"], ["component:default/d"], 32, "in"), "abc"),
        (related(["dependsOn"], ["component:default/d"], 2, "in"), "ab"),
        (related(["dependsOn"], ["component:default/gone"], 2, "in"), ""),
        (related(["dependsOn"], related(["dependsOn"], ["component:default/gone"]), 32, "in"), "abc"),
        (related(["partOf"], ["component:default/a"], 32), ""),
        (related(["dependsOn"], Not(Equals("metadata.name", ("b",))), 1), "bcd"),
    ],
)
def test_cycles_end_and_targets_need_not_exist(scratch: Index, node: Node, names: str) -> None:
    scratch.load(CYCLE)
    refs = {f"component:default/{name}" for name in names}
    assert (scratch.refs(node), Catalog(CYCLE).meant(node)) == (refs, refs)


def test_a_chain_may_have_any_length(scratch: Index) -> None:
    entities = _chain(*((f"n{number:02}", f"n{number + 1:02}") for number in range(50)))
    scratch.load(entities)
    for depth, found in ((31, 31), (MAX_REACH, 50)):
        node = related(["dependsOn"], ["component:default/n50"], depth)
        assert len(scratch.refs(node)) == len(Catalog(entities).meant(node)) == found


def test_dead_rows_lead_nowhere(scratch: Index) -> None:
    scratch.load(CYCLE)
    scratch.remove("component:default/b")
    assert scratch.refs(related(["dependsOn"], ["component:default/c"], 32)) == set()


@pytest.fixture
def lines(shop: Index) -> Lines:
    """The names that a line means in the shop, by both readings."""

    def found(line: str) -> set[str]:
        node = parse_line(line).where
        refs = shop.refs(node)
        assert refs == Catalog(SHOP).meant(node)
        return {ref.partition("/")[2] for ref in refs}

    return found


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("owner:division", "commerce"),
        ("owner:division~", "commerce storefront checkout checkout-api gateway cart-db"),
        ("owner:group:default/division~ kind:component", "checkout gateway"),
        ("kind:component -owner:division~", "pricing"),
        ("owner:mira,team-cart~ kind:component", "pricing checkout gateway"),
        ("memberof:division", ""),
        ("memberof:division~", "mira"),
        ("parent:division~", "team-cart"),
        ("domain:commerce~", "storefront checkout checkout-api pricing"),
        ("domain:commerce~2", "storefront checkout checkout-api"),
        ("dependson:cart-db~", "checkout"),
        ("relations.dependencyOf:component:checkout~", "pricing cart-db"),
        ("affectedby:cart-db", "checkout checkout-api pricing"),
        ("affectedby:component:default/checkout", "checkout-api pricing checkout"),
        ("affectedby:cart-db~1", "checkout"),
        ("affectedby:division", ""),
        ('owner:"division~"', ""),
        ("name:checkout~", ""),
    ],
)
def test_a_tilde_follows_chains(lines: Lines, line: str, names: str) -> None:
    assert lines(line) == set(names.split())


@pytest.mark.parametrize(
    ("line", "position", "hint"),
    [
        ("owner:~", 6, "before the ~"),
        ("owner:team-*~", 6, "before the ~"),
        ("owner:team-a~0", 13, "no length"),
        ("kind:api owner:a~32", 17, "no length"),
        ("relations.dependsOn:x~", 20, "a kind"),
        ("affectedby:x*", 11, "takes a ref"),
        ("affectedbi:x", 0, "unknown field"),
    ],
)
def test_what_is_no_chain_is_refused(line: str, position: int, hint: str) -> None:
    with pytest.raises(QueryError, match=hint) as refused:
        parse_line(line)
    assert refused.value.position == position


def test_without_a_catalog_chains_are_refused() -> None:
    with pytest.raises(QueryError, match="cannot be asked here"):
        matches(related(["dependsOn"], ["component:default/a"], 2), [])


@settings(max_examples=30)
@given(entities=webs.catalogs(), parts=st.lists(webs.nodes, min_size=10, max_size=12))
def test_wide_trees_agree(scratch: Index, entities: list[Entity], parts: list[Node]) -> None:
    pairs = zip(parts[::2], parts[1::2], strict=False)
    node = Or(tuple(Not(And((left, Not(right)))) for left, right in pairs))
    scratch.load(entities)
    assert scratch.refs(node) == Catalog(entities).meant(node)
