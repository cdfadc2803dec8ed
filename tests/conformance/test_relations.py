"""C67-C78: which field makes which pair of relations. What needs two stitched entities is tested with stitching."""

import pytest

from syncd.model.json import Json, JsonObject
from syncd.process.relations import RELATION_FIELDS
from tests.syncd.process.scene import Scene, entity, mapping

Arrow = tuple[str, str, str]


def arrows(document: JsonObject) -> list[Arrow]:
    return [(relation.source, relation.type, relation.target) for relation in Scene().processed(document).relations]


@pytest.mark.parametrize(
    ("document", "forward", "target", "reverse"),
    [
        pytest.param(
            entity("Component", "a", owner="mira"),
            "ownedBy",
            "group:default/mira",
            "ownerOf",
            id="c067-owner-is-a-group",
        ),
        pytest.param(
            entity("Component", "a", owner="user:mira"),
            "ownedBy",
            "user:default/mira",
            "ownerOf",
            id="c067-owner-names-its-kind",
        ),
        pytest.param(entity("API", "a", owner="o"), "ownedBy", "group:default/o", "ownerOf", id="c067-api"),
        pytest.param(
            entity("System", "a", owner="o"),
            "ownedBy",
            "group:default/o",
            "ownerOf",
            id="c067-system",
        ),
        pytest.param(
            entity("Component", "a", dependencyOf=["component:q"]),
            "dependencyOf",
            "component:default/q",
            "dependsOn",
            id="c069-dependency-of",
        ),
        pytest.param(
            entity("Component", "a", dependencyOf="component:q"),
            "dependencyOf",
            "component:default/q",
            "dependsOn",
            id="c069-dependency-of-as-text",
        ),
        pytest.param(
            entity("Resource", "a", dependsOn=["resource:q"]),
            "dependsOn",
            "resource:default/q",
            "dependencyOf",
            id="c069-depends-on",
        ),
        pytest.param(
            entity("Component", "a", subcomponentOf="base"),
            "partOf",
            "component:default/base",
            "hasPart",
            id="c070-subcomponent",
        ),
        pytest.param(
            entity("Domain", "a", subdomainOf="top"),
            "partOf",
            "domain:default/top",
            "hasPart",
            id="c071-subdomain",
        ),
        pytest.param(
            entity("System", "a", domain="d"),
            "partOf",
            "domain:default/d",
            "hasPart",
            id="c071-domain-of-a-system",
        ),
        pytest.param(
            entity("Group", "a", parent="p"),
            "childOf",
            "group:default/p",
            "parentOf",
            id="c072-parent",
        ),
        pytest.param(
            entity("Group", "a", children=["c"]),
            "parentOf",
            "group:default/c",
            "childOf",
            id="c072-child",
        ),
        pytest.param(
            entity("Group", "a", members=["mira"]),
            "hasMember",
            "user:default/mira",
            "memberOf",
            id="c073-member",
        ),
        pytest.param(
            entity("User", "a", memberOf=["g"]),
            "memberOf",
            "group:default/g",
            "hasMember",
            id="c073-member-of",
        ),
        pytest.param(
            entity("Component", "a", providesApis=["x"]),
            "providesApi",
            "api:default/x",
            "apiProvidedBy",
            id="c074-provides-api-that-nobody-has-seen",
        ),
        pytest.param(
            entity("Component", "a", consumesApis=["x"]),
            "consumesApi",
            "api:default/x",
            "apiConsumedBy",
            id="c074-consumes-api",
        ),
        pytest.param(
            entity("Component", "a", "edge", system="s"),
            "partOf",
            "system:edge/s",
            "hasPart",
            id="c078-same-namespace",
        ),
    ],
)
def test_a_field_makes_both_arrows(document: JsonObject, forward: str, target: str, reverse: str) -> None:
    made, source = arrows(document), Scene().processed(document).ref
    assert (source, forward, target) in made
    assert (target, reverse, source) in made


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(
            entity("Component", "a", dependsOn=["component:fine", "db"]),
            "spec.dependsOn[1]: entity ref 'db' does not say its kind; write kind:db",
            id="c068-no-kind",
        ),
        pytest.param(
            entity("Component", "a", owner="group:/x"),
            "spec.owner: entity ref 'group:/x' has an empty part; the form is [kind:][namespace/]name",
            id="c068-no-ref",
        ),
        pytest.param(
            entity("Component", "a", dependencyOf=[{"kind": "Component", "name": "q"}]),
            "spec.dependencyOf[0] must be the ref of an entity, not a mapping",
            id="c068-compound-ref",
        ),
    ],
)
def test_what_is_no_ref_refuses_the_entity(document: JsonObject, message: str) -> None:
    assert Scene().messages(document) == [message]


@pytest.mark.parametrize("kind", ["Location", "User"])
def test_c067_these_kinds_have_no_owner(kind: str) -> None:
    assert arrows(entity(kind, "a", owner="team")) == []


def test_c072_the_same_relation_written_twice_is_one() -> None:
    once = arrows(entity("Group", "a", children=["c"]))
    assert arrows(entity("Group", "a", children=["c", "group:c", "default/C"])) == once
    assert len(once) == 2


def test_c074_relations_come_sorted() -> None:
    made = arrows(entity("Component", "a", providesApis=["z", "b"], dependsOn=["component:a", "resource:b"]))
    assert made == sorted(made)


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("Component", "providesApis"),
        ("Component", "consumesApis"),
        ("Component", "dependsOn"),
        ("Component", "dependencyOf"),
        ("Resource", "dependsOn"),
        ("User", "memberOf"),
        ("Group", "children"),
        ("Group", "members"),
    ],
)
def test_c077_relation_lists_are_sorted_by_code_unit(kind: str, field: str) -> None:
    written: list[Json] = ["x:b", "x:\U0001f600", "x:A", "x:\uff21", "x:b"]
    spec = mapping(Scene().processed(entity(kind, "a", **{field: list(written)})).entity, "spec")
    assert spec[field] == ["x:A", "x:b", "x:b", "x:\U0001f600", "x:\uff21"]


def test_c077_other_lists_keep_their_order() -> None:
    spec = mapping(Scene().processed(entity("Component", "a", ports=["b", "a"])).entity, "spec")
    assert spec["ports"] == ["b", "a"]


def test_every_pair_of_arrows_has_its_mirror() -> None:
    """The table cannot say `a` leads to `b` in one row and to `c` in another."""
    mirrors: dict[str, set[str]] = {}
    for fields in RELATION_FIELDS.values():
        for field in fields:
            mirrors.setdefault(field.forward, set()).add(field.reverse)
            mirrors.setdefault(field.reverse, set()).add(field.forward)
    assert all(len(mirror) == 1 for mirror in mirrors.values())
