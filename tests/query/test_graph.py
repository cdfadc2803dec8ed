"""The walk around one entity: cycles end, limits are told, and impact is what may break."""

from collections.abc import Mapping, Sequence

import pytest

from query.arrows import FORWARD, REVERSE, forward_type
from query.errors import QueryError
from query.graph import Direction, Graph, Known, View, explore
from syncd.process.relations import RELATION_FIELDS

ARROWS = [
    ("a", "dependsOn", "b"),
    ("b", "dependsOn", "c"),
    ("c", "dependsOn", "a"),
    ("a", "partOf", "s"),
    ("a", "providesApi", "p"),
    ("d", "consumesApi", "p"),
    ("d", "ownedBy", "gone"),
]


def read(refs: Sequence[str]) -> Mapping[str, Known]:
    """Both ends of `ARROWS`."""
    said: dict[str, list[tuple[str, str]]] = {}
    for source, type_, target in ARROWS:
        said.setdefault(source, []).append((type_, target))
        said.setdefault(target, []).append((REVERSE[type_], source))
    return {ref: Known("kind", None, sorted(said.get(ref, [])), exists=ref != "gone") for ref in refs}


def graph(root: str, direction: Direction = "out", depth: int = 9, types: str = "", **limits: int) -> Graph:
    return explore(root, View(depth, direction, frozenset(types.split()), **limits), read)


def depths(found: Graph) -> str:
    return " ".join(f"{node.ref}{node.depth}" for node in found.nodes)


@pytest.mark.parametrize(
    ("asked", "nodes", "edges"),
    [
        (("a", "out", 9), "a0 b1 s1 p1 c2", 5),
        (("a", "out", 1), "a0 b1 s1 p1", 3),
        (("a", "in", 9), "a0 c1 b2", 3),
        (("p", "in", 1), "p0 d1 a1", 2),
        (("s", "impact", 9), "s0 a1 c2 p2 b3 d3", 6),
        (("gone", "in", 1), "gone0 d1", 1),
        (("gone", "out", 1), "gone0", 0),
        (("a", "out", 9, "dependsOn"), "a0 b1 c2", 3),
        (("gone", "both", 2), "gone0 d1 p2", 2),
    ],
)
def test_each_entity_is_met_once_at_its_shortest_way(asked: tuple[str, Direction, int], nodes: str, edges: int) -> None:
    found = graph(*asked)
    assert (depths(found), len(found.edges)) == (nodes, edges)
    assert [node.ref for node in found.nodes if node.missing] == [ref for ref in ["gone"] if ref in nodes]


def test_what_is_left_off_is_counted() -> None:
    shallow = graph("a", depth=1)
    assert (shallow.left_nodes, shallow.left_edges) == (1, 1)
    assert {node.ref: node.hidden for node in shallow.nodes} == {"a": 0, "b": 1, "s": 0, "p": 0}
    few = graph("a", max_nodes=2)
    assert (depths(few), few.left_nodes, few.left_edges, len(few.edges)) == ("a0 b1", 3, 3, 1)
    thin = graph("a", max_edges=1)
    assert (depths(thin), len(thin.edges), thin.left_edges) == ("a0 b1", 1, 3)


def test_both_names_of_every_relation_are_known() -> None:
    pairs = {(field.forward, field.reverse) for fields in RELATION_FIELDS.values() for field in fields}
    assert all(REVERSE.get(one) == other or FORWARD.get(one) == other for one, other in pairs)
    assert set(REVERSE.items()) <= {pair for one, other in pairs for pair in ((one, other), (other, one))}


def test_relations_are_named_by_either_end() -> None:
    assert (forward_type("DEPENDENCYOF"), forward_type("partof")) == ("dependsOn", "partOf")
    with pytest.raises(QueryError, match="no relation 'dependOn'") as refused:
        forward_type("dependOn")
    assert refused.value.hint == "did you mean dependsOn?"
