"""Backstage's `filter` parameter, on the shop (C120-C148)."""

import pytest

from query.ast import And, Equals, Exists, Node, Or
from query.dialects.filter import parse_filter
from query.errors import QueryError
from query.match import matches
from tests.query.conftest import Names
from tests.query.index import Index
from tests.query.shop import DEFINITION

_COMPONENTS = {"checkout", "pricing", "gateway"}
_OWNED = {"checkout", "gateway", "checkout-api", "cart-db", "storefront"}


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        pytest.param(["kind=component"], _COMPONENTS, id="c120-kind"),
        pytest.param(["KIND=COMPONENT"], _COMPONENTS, id="c120-kind-is-caseless"),
        pytest.param(["kind=component,kind=api"], _COMPONENTS | {"checkout-api"}, id="c121-one-key-twice-is-or"),
        pytest.param(["kind=user", "kind=group"], {"mira", "division", "team-cart"}, id="c122-sets-are-or"),
        pytest.param(["kind=component,spec.type=service"], {"checkout", "gateway"}, id="c123-keys-are-and"),
        pytest.param(["metadata.tags.python"], {"checkout", "pricing"}, id="c124-item-exists"),
        pytest.param(["metadata.tags.python=true"], {"checkout", "pricing"}, id="c124-item-is-true"),
        pytest.param(["metadata.tags=python"], {"checkout", "pricing"}, id="c124-value"),
        pytest.param(["metadata.tags.python=false"], set(), id="c125-item-is-never-false"),
        pytest.param(
            ["spec.lifecycle=production"], {"checkout", "checkout-api", "gateway"}, id="c126-values-are-caseless"
        ),
        pytest.param(["spec.sla"], set(), id="c127-objects-have-no-row"),
        pytest.param(["spec.sla.uptime=99.95"], {"checkout"}, id="c127-number"),
        pytest.param(["spec.sla.critical=true"], {"checkout"}, id="c127-boolean"),
        pytest.param(["spec.sla.notes"], {"checkout"}, id="c128-null-exists"),
        pytest.param(["spec.sla.notes=null"], set(), id="c128-null-is-no-value"),
        pytest.param(["spec.ports=8080"], {"checkout"}, id="c129-number-in-a-list"),
        pytest.param(["spec.ports.8080"], set(), id="c129-number-is-no-member"),
        pytest.param(["metadata.links.url=https://runbook.example.test/checkout"], {"checkout"}, id="c130-links"),
        pytest.param(["metadata.annotations.acme.test/pager=p-17"], {"checkout"}, id="c131-dots-and-slashes"),
        pytest.param(["metadata.namespace=edge"], {"gateway"}, id="c132-namespace"),
        pytest.param(["relations.ownedby=group:default/team-cart"], _OWNED, id="c133-relation"),
        pytest.param(["relations.ownedby=team-cart"], set(), id="c134-short-ref"),
        pytest.param(["relations.ownedBy"], {*_OWNED, "commerce", "pricing"}, id="c134-any-owner"),
        pytest.param(["relations"], set(), id="c134-bare-relations"),
        pytest.param(["metadata.etag"], set(), id="c135-etag"),
        pytest.param(["metadata.annotations"], set(), id="c135-annotations"),
        pytest.param(["spec.definition"], {"checkout-api"}, id="c136-long-value-exists"),
        pytest.param([f"spec.definition={DEFINITION}"], set(), id="c136-long-value-never-equals"),
        pytest.param(["spec.children"], {"division"}, id="c137-empty-list"),
        pytest.param(
            ["kind=component,spec.type=library", "kind=resource"], {"pricing", "cart-db"}, id="c138-or-of-ands"
        ),
        pytest.param(["kind=component,"], _COMPONENTS, id="c139-trailing-comma"),
        pytest.param(["kind=component,kind"], _COMPONENTS, id="c141-exists-adds-nothing"),
        pytest.param(["Kind=user,kind=group"], {"mira", "division", "team-cart"}, id="c142-spellings-of-a-key-merge"),
        pytest.param(["kind = component , spec.type= service"], {"checkout", "gateway"}, id="c147-spaces"),
    ],
)
def test_filter(names: Names, sets: list[str], expected: set[str]) -> None:
    assert names(parse_filter(sets)) == expected


def test_c132_ten_are_in_the_default_namespace(names: Names) -> None:
    assert len(names(parse_filter(["metadata.namespace=default"]))) == 10


@pytest.mark.parametrize("sets", [[], [","], [" , ", ","]])
def test_c139_nothing_asked_is_everything(names: Names, sets: list[str]) -> None:
    assert len(names(parse_filter(sets))) == 11


@pytest.mark.parametrize(("text", "position"), [("", 0), ("=x", 0), ("kind=a, =x", 7)])
def test_c140_a_piece_without_a_key_is_refused(text: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse_filter([text])
    assert caught.value.position == position
    assert caught.value.hint


@pytest.mark.parametrize(
    ("sets", "tree"),
    [
        (["a=1,b,A=2,b=x=y"], And((Equals("a", ("1", "2")), Equals("b", ("x=y",))))),
        (["a=1", "b"], Or((Equals("a", ("1",)), Exists("b")))),
        (["a="], Equals("a", ("",))),
        (["a=,a=X"], Equals("a", ("", "x"))),
    ],
)
def test_the_whole_tree(sets: list[str], tree: Node) -> None:
    assert parse_filter(sets) == tree


@pytest.mark.parametrize(
    ("spec", "text", "meant"),
    [
        pytest.param({"v": "x" * 200}, "spec.v=" + "X" * 200, True, id="c143-200-characters"),
        pytest.param({"v": "x" * 201}, "spec.v=" + "x" * 201, False, id="c143-201-characters"),
        pytest.param({"k" * 195: 1}, "spec." + "k" * 195, True, id="c144-key-of-200"),
        pytest.param({"k" * 196: 1}, "spec." + "k" * 196, False, id="c144-key-of-201"),
        pytest.param({"tags": ["k" * 191]}, "spec.tags." + "k" * 191, False, id="c144-item-key-of-201"),
        pytest.param({"s": ""}, "spec.s=", True, id="c146-empty-text"),
        pytest.param({"q": "a=b"}, "spec.q=a=b", True, id="c148-value-with-equals-sign"),
    ],
)
def test_filter_on_one_entity(scratch: Index, spec: dict[str, object], text: str, meant: bool) -> None:
    metadata = {"name": "one", "namespace": "default", "uid": "u1"}
    rows = scratch.load([{"kind": "Component", "metadata": metadata, "spec": spec}])["component:default/one"]
    assert matches(parse_filter([text]), rows) is meant
    assert bool(scratch.refs(parse_filter([text]))) is meant
