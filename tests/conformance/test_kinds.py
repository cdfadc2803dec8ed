"""C51-C63: the built-in kinds."""

import pytest

from syncd.model.json import JsonObject
from tests.syncd.process.scene import SPECS, Scene, entity, without

CORE = sorted(SPECS.keys() - {"Template"})


def of_kind(kind: str, version: str = "backstage.io/v1alpha1") -> JsonObject:
    return {**entity(), "kind": kind, "apiVersion": version}


@pytest.mark.parametrize("version", ["backstage.io/v1alpha1", "backstage.io/v1beta1"])
@pytest.mark.parametrize("kind", CORE)
def test_c051_a_core_kind_is_known_under_both_api_versions(kind: str, version: str) -> None:
    assert Scene().problems({**entity(kind), "apiVersion": version}) == []


@pytest.mark.parametrize(
    ("document", "message", "hint"),
    [
        pytest.param(
            of_kind("component"),
            "kind component is not recognised",
            "write kind: Component",
            id="c052-kinds-are-spelled-exactly",
        ),
        pytest.param(
            of_kind("Widget"),
            "kind Widget is not recognised",
            "a kind of your own needs apiVersion: git-catalog/v1, and a Blueprint that declares it",
            id="c052-undeclared-kind",
        ),
        pytest.param(
            of_kind("Component", "acme.test/v1"),
            "Component with apiVersion acme.test/v1 is not recognised",
            "write backstage.io/v1alpha1 or backstage.io/v1beta1",
            id="c053-foreign-api-version",
        ),
        pytest.param(
            of_kind("Template"),
            "Template with apiVersion backstage.io/v1alpha1 is not recognised",
            "write scaffolder.backstage.io/v1beta3",
            id="c062-template-has-a-version-of-its-own",
        ),
    ],
)
def test_an_unrecognised_kind_is_refused_with_what_to_write(document: JsonObject, message: str, hint: str) -> None:
    assert [(problem.message, problem.hint) for problem in Scene().problems(document)] == [(message, hint)]


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        pytest.param(kind, field, id=f"{promise}-{kind}-{field}".lower())
        for promise, kind, fields in [
            ("c054", "Component", ("type", "lifecycle", "owner")),
            ("c056", "API", ("type", "lifecycle", "owner", "definition")),
            ("c057", "Resource", ("type", "owner")),
            ("c058", "System", ("owner",)),
            ("c058", "Domain", ("owner",)),
            ("c059", "Group", ("type", "children")),
            ("c060", "User", ("memberOf",)),
            ("c062", "Template", ("type", "steps")),
        ]
        for field in fields
    ],
)
def test_each_required_field_is_missed_alone(kind: str, field: str) -> None:
    assert Scene().messages(without(entity(kind), "spec", field)) == [f"spec.{field} is missing"]


@pytest.mark.parametrize("kind", SPECS)
def test_c060_a_kind_without_spec_is_refused(kind: str) -> None:
    assert Scene().messages(without(entity(kind), "spec")) == ["spec is missing"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(
            entity("Component", "a", dependsOn="x"),
            'spec.dependsOn must be a list, not the text "x"',
            id="c055-text-for-a-list",
        ),
        pytest.param(entity("Component", "a", owner=None), "spec.owner is empty (null)", id="c055-owner-null"),
        pytest.param(
            entity("Component", "a", owner={"kind": "Group", "name": "x"}),
            "spec.owner must be text, not a mapping",
            id="c055-compound-owner",
        ),
        pytest.param(
            without(entity("API", "a", type="mcp-server", remotes=[]), "spec", "definition"),
            "spec.definition is missing",
            id="c056-mcp-server",
        ),
        pytest.param(
            entity("Location", "a", presence="maybe"),
            'spec.presence must be required or optional, not the text "maybe"',
            id="c061-presence",
        ),
        pytest.param(
            entity("Template", "a", steps=[{"id": "x"}]),
            "spec.steps[0].action is missing",
            id="c062-step-without-action",
        ),
        pytest.param(
            entity("Template", "a", steps={}), "spec.steps must be a list, not a mapping", id="c062-steps-mapping"
        ),
        pytest.param(
            entity("Template", "a", parameters="x"),
            'spec.parameters must be a mapping or a list, not the text "x"',
            id="c062-parameters-text",
        ),
        pytest.param(
            entity("Template", "a", parameters=[{}, 5]),
            "spec.parameters[1] must be a mapping, not the number 5",
            id="c062-parameter-page",
        ),
        pytest.param(
            entity("Template", "a", steps=[{"action": "a", "if": 5}]),
            "spec.steps[0].if must be text or true or false, not the number 5",
            id="c062-if-number",
        ),
        pytest.param(entity("Component", "a", owner=""), "spec.owner is empty", id="c063-owner"),
        pytest.param(entity("API", "a", definition=""), "spec.definition is empty", id="c063-definition"),
        pytest.param(
            entity("User", "a", profile={"displayName": ""}),
            "spec.profile.displayName is empty",
            id="c063-display-name",
        ),
        pytest.param(entity("Group", "a", members=[""]), "spec.members[0] is empty", id="c063-item"),
        pytest.param(entity("Location", "a", targets=[""]), "spec.targets[0] is empty", id="c063-target"),
    ],
)
def test_a_bad_spec_is_refused_for_one_reason(document: JsonObject, message: str) -> None:
    assert Scene().messages(document) == [message]


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(entity("Group", "a", type="team", children=[]), id="c059-no-children"),
        pytest.param(entity("User", "a", memberOf=[]), id="c060-no-groups"),
        pytest.param(entity("Location"), id="c061-empty-spec"),
        pytest.param(entity("Location", "a", presence="optional"), id="c061-optional"),
        pytest.param(entity("Template", "a", parameters={}), id="c062-parameters-mapping"),
        pytest.param(entity("Template", "a", parameters=[{}, {}]), id="c062-parameters-list"),
        pytest.param(entity("Template", "a", steps=[{"action": "a", "if": False, "input": {}}]), id="c062-step"),
    ],
)
def test_a_good_spec_is_accepted(document: JsonObject) -> None:
    assert Scene().problems(document) == []


def test_c062_the_owner_of_a_template_is_a_relation() -> None:
    processed = Scene().processed(entity("Template", "new-service", owner="platform"))
    assert ("template:default/new-service", "ownedBy", "group:default/platform") in [
        (relation.source, relation.type, relation.target) for relation in processed.relations
    ]
