"""The predicate language, on the shop (C195-C210)."""

import pytest
from hypothesis import given, settings

from query.ast import And, Compare, Contains, Equals, Everything, Exists, Node, Not, Nothing, Or, Pattern, Prefix
from query.dialects.predicate import MAX_DEPTH, parse_predicate, print_predicate
from query.errors import QueryError
from query.match import matches
from query.rows import search_rows
from tests.query.conftest import Names
from tests.query.shop import SHOP, TEAM
from tests.support import queries as strategies

_OWNED = {"checkout", "gateway", "checkout-api", "cart-db", "storefront"}
_PARTS = ["system:default/storefront", "domain:default/commerce"]


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        pytest.param({"kind": "component", "spec.type": "service"}, {"checkout", "gateway"}, id="c195-and"),
        pytest.param({"$any": []}, set(), id="c197-any-of-nothing"),
        pytest.param({"kind": {"$in": ["API", "user"]}}, {"checkout-api", "mira"}, id="c198-in"),
        pytest.param({"kind": {"$in": []}}, set(), id="c198-in-nothing"),
        pytest.param({"metadata.title": {"$exists": True}}, {"checkout"}, id="c199-exists"),
        pytest.param({"metadata.name": {"$hasPrefix": "CHECK"}}, {"checkout", "checkout-api"}, id="c200-prefix"),
        pytest.param({"metadata.name": {"$hasPrefix": "%"}}, set(), id="c200-prefix-is-literal"),
        pytest.param({"spec.sla.uptime": 99.95}, {"checkout"}, id="c201-number"),
        pytest.param({"spec.sla.critical": True}, {"checkout"}, id="c201-boolean"),
        pytest.param({"metadata.tags": {"$contains": "go"}}, {"gateway"}, id="c202-contains-item"),
        pytest.param(
            {"kind": {"$contains": "component"}}, {"checkout", "pricing", "gateway"}, id="c202-contains-on-a-scalar"
        ),
        pytest.param(
            {"relations": {"$contains": {"type": "OWNEDBY", "targetRef": "Group:default/Team-Cart"}}},
            _OWNED,
            id="c203-relation",
        ),
        pytest.param({"relations": {"$contains": {"Type": "childOf"}}}, {"team-cart"}, id="c203-relation-to-any"),
        pytest.param(
            {"relations": {"$contains": {"type": "partOf", "targetRef": {"$in": _PARTS}}}},
            {"checkout", "checkout-api", "storefront"},
            id="c204-relation-to-several",
        ),
        pytest.param(
            {"kind": {"$exists": True, "$in": ["user"]}}, {"mira"}, id="c210-operators-of-one-matcher-are-anded"
        ),
        pytest.param({"kind": {"$exists": True, "$in": ["x"]}}, set(), id="c210-no-operator-is-dropped"),
    ],
)
def test_predicate(names: Names, predicate: object, expected: set[str]) -> None:
    assert names(parse_predicate(predicate)) == expected


@pytest.mark.parametrize(
    ("predicate", "count"),
    [
        pytest.param({"$not": {"kind": "component"}}, 8, id="c196-not"),
        pytest.param({}, 11, id="c197-empty"),
        pytest.param({"$all": []}, 11, id="c197-all-of-nothing"),
        pytest.param({"metadata.title": {"$exists": False}}, 10, id="c199-does-not-exist"),
        pytest.param({"$not": {"spec.lifecycle": "production"}}, 8, id="c207-not-includes-those-without"),
    ],
)
def test_predicate_counts(names: Names, predicate: object, count: int) -> None:
    assert len(names(parse_predicate(predicate))) == count


@pytest.mark.parametrize(
    "predicate",
    [
        pytest.param({"relations": {"$contains": {"targetRef": TEAM}}}, id="c205-no-type"),
        pytest.param({"relations": {"$contains": {"type": "ownedBy", "x": 1}}}, id="c205-extra-key"),
        pytest.param({"relations": {"$contains": {"type": "a", "TYPE": "b"}}}, id="c205-key-twice"),
        pytest.param({"relations": {"$contains": {"type": 1}}}, id="c205-type-is-no-text"),
        pytest.param({"relations": {"$contains": {"type": "a", "targetRef": {"$in": []}}}}, id="c205-empty-in"),
        pytest.param({"relations": {"$contains": {"type": "a", "targetRef": 1}}}, id="c205-target-is-no-text"),
        pytest.param({"relations": {"$contains": {"type": "a", "targetRef": None}}}, id="c205-target-is-null"),
        pytest.param({"metadata.links": {"$contains": {"type": "runbook"}}}, id="c206-object-in-another-list"),
        pytest.param({"$all": [], "kind": "x"}, id="c208-logic-beside-a-path"),
        pytest.param({"kind": "x", "$not": {}}, id="c208-path-beside-logic"),
        pytest.param({"$foo": 1}, id="c208-unknown-logic"),
        pytest.param({"kind": {"$regex": "x"}}, id="c208-unknown-operator"),
        pytest.param({"kind": {"x": "y"}}, id="c208-no-operator"),
        pytest.param({"kind": None}, id="c208-null"),
        pytest.param({"kind": []}, id="c208-list"),
        pytest.param({"kind": {}}, id="c208-empty-matcher"),
        pytest.param({"kind": {"$exists": 1}}, id="c208-exists-needs-a-boolean"),
        pytest.param({"kind": {"$in": "x"}}, id="c208-in-needs-a-list"),
        pytest.param({"kind": {"$in": [None]}}, id="c208-in-null"),
        pytest.param({"kind": {"$hasPrefix": 1}}, id="c208-prefix-needs-text"),
        pytest.param({"kind": {"$contains": []}}, id="c208-contains-list"),
        pytest.param({"a\nb": "x"}, id="c208-line-break-in-a-path"),
        pytest.param("x", id="c209-text"),
        pytest.param([], id="c209-list"),
        pytest.param(None, id="c209-null"),
        pytest.param({"$any": ["x"]}, id="c209-text-in-any"),
        pytest.param({"$not": "x"}, id="c209-text-in-not"),
        pytest.param({"$all": {}}, id="c209-all-needs-a-list"),
    ],
)
def test_what_is_no_predicate_is_refused(predicate: object) -> None:
    with pytest.raises(QueryError):
        parse_predicate(predicate)


def test_nesting_has_an_end() -> None:
    predicate: dict[str, object] = {"kind": "x"}
    for _ in range(MAX_DEPTH - 1):
        predicate = {"$not": predicate}
    parse_predicate(predicate)
    with pytest.raises(QueryError, match="deep"):
        parse_predicate({"$not": predicate})


@pytest.mark.parametrize(
    ("predicate", "tree"),
    [
        ({"A.b": 1.0}, Equals("a.b", ("1",))),
        (
            {"$all": [{"kind": "X"}, {"$not": {"a": {"$exists": False}}}]},
            And((Equals("kind", ("x",)), Not(Not(Exists("a"))))),
        ),
        ({"$any": [{"a": {"$hasPrefix": "P"}}, {}]}, Or((Prefix("a", "p"), Everything()))),
        ({"relations": {"$contains": {"type": "ownedBy"}}}, Exists("relations.ownedby")),
    ],
)
def test_the_whole_tree(predicate: object, tree: Node) -> None:
    assert parse_predicate(predicate) == tree
    assert parse_predicate(print_predicate(tree)) == tree


def _sayable(node: Node) -> Node:
    """The tree without what the language lacks: text anywhere in a value becomes text at its
    beginning, a pattern or comparison becomes a mere key."""
    match node:
        case Contains(key, value):
            return Prefix(key, value)
        case Pattern(key) | Compare(key):
            return Exists(key)
        case And(parts):
            return And(tuple(map(_sayable, parts)))
        case Or(parts):
            return Or(tuple(map(_sayable, parts)))
        case Not(part):
            return Not(_sayable(part))
        case _:
            return node


@settings(max_examples=60)
@given(node=strategies.nodes.map(_sayable), catalog=strategies.catalogs())
def test_a_printed_tree_reads_as_the_same(node: Node, catalog: list[dict[str, object]]) -> None:
    again = parse_predicate(print_predicate(node))
    assert parse_predicate(print_predicate(again)) == again
    assert all(matches(node, rows) == matches(again, rows) for rows in map(search_rows, [*catalog, *SHOP]))


@pytest.mark.parametrize(
    "node",
    [
        Contains("a", "x"),
        Exists("$a"),
        Equals("a\nb", ("x",)),
        Not(Or((Contains("a", ""),))),
        Pattern("a", "x?"),
        Compare("a", ">", "1"),
    ],
)
def test_what_the_language_cannot_say_is_refused(node: Node) -> None:
    with pytest.raises(QueryError):
        print_predicate(node)


def test_nothing_and_everything_have_a_spelling() -> None:
    assert print_predicate(Everything()) == {}
    assert parse_predicate(print_predicate(Nothing())) == Nothing()
