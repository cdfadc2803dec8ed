"""Facets, on the shop (C211-C216, C218)."""

import pytest

from query.ast import Everything, Node
from query.dialects.filter import parse_filter
from query.dialects.predicate import parse_predicate
from query.facets import count_facets
from query.match import matches
from query.rows import search_rows
from tests.query.index import Index
from tests.query.shop import SHOP

_COMPONENTS = parse_filter(["kind=component"])
_KINDS = "API 1, Component 3, Domain 1, Group 2, Location 1, Resource 1, System 1, User 1"


@pytest.mark.parametrize(
    ("key", "node", "expected"),
    [
        pytest.param("kind", Everything(), _KINDS, id="c211-kind"),
        pytest.param(
            "spec.lifecycle", Everything(), "Production 1, experimental 1, production 2", id="c212-case-kept-apart"
        ),
        pytest.param("metadata.tags", _COMPONENTS, "go 1, grpc 1, python 2, rust 1", id="c213-items"),
        pytest.param("metadata.tags.python", _COMPONENTS, "true 2", id="c213-one-item"),
        pytest.param(
            "relations.ownedBy",
            Everything(),
            "group:default/division 1, group:default/team-cart 5, user:default/mira 1",
            id="c214-relations",
        ),
        pytest.param("KIND", _COMPONENTS, "Component 3", id="c215-key-as-asked"),
        pytest.param("metadata.name", _COMPONENTS, "Gateway 1, checkout 1, pricing 1", id="c212-name-as-written"),
        pytest.param("metadata.namespace", Everything(), "default 10, edge 1", id="c216-namespace"),
        pytest.param("spec.ports", Everything(), "8080 1, 9090 1", id="c211-numbers"),
        pytest.param("nope", Everything(), "", id="c216-unknown"),
        pytest.param("spec.sla", Everything(), "", id="c216-object"),
        pytest.param("spec.definition", Everything(), "", id="c216-over-long"),
        pytest.param("spec.sla.notes", Everything(), "", id="c216-null"),
        pytest.param("metadata.etag", Everything(), "", id="c216-etag"),
        pytest.param("x" * 201, Everything(), "", id="c216-over-long-key"),
        pytest.param("kind", parse_predicate({"kind": "component"}), "Component 3", id="c218-predicate"),
    ],
)
def test_facet(shop: Index, key: str, node: Node, expected: str) -> None:
    found = shop.facets([key], node)
    assert {name: ", ".join(f"{value} {count}" for value, count in counts) for name, counts in found.items()} == {
        key: expected
    }
    meant = [rows for rows in map(search_rows, SHOP) if matches(node, rows)]
    assert count_facets([key], meant) == found


def test_several_keys_in_one_statement(shop: Index) -> None:
    keys = ["spec.type", "kind", "nope", "Spec.Type", "metadata.tags.go", "kind", "spec.type", "x" * 201]
    assert shop.facets(keys, _COMPONENTS) == {
        "spec.type": [("library", 1), ("service", 2)],
        "kind": [("Component", 3)],
        "nope": [],
        "Spec.Type": [("library", 1), ("service", 2)],
        "metadata.tags.go": [("true", 1)],
        "x" * 201: [],
    }


def test_an_item_whose_key_is_over_long_has_no_facet(scratch: Index) -> None:
    metadata = {"name": "one", "namespace": "default", "uid": "u1"}
    rows = scratch.load([{"kind": "Component", "metadata": metadata, "spec": {"tags": ["k" * 190, "k" * 191]}}])
    keys = ["spec.tags." + "k" * length for length in (190, 191)]
    assert scratch.facets(keys, Everything()) == {keys[0]: [("true", 1)], keys[1]: []}
    assert count_facets(keys, rows.values()) == {keys[0]: [("true", 1)], keys[1]: []}
