"""Problems are for the owner of the file: where it is, what is wrong, and what to write instead."""

from dataclasses import replace

import pytest

from syncd.model.json import JsonObject
from tests.syncd.process.scene import Scene, entity, with_metadata

BROKEN = b"""\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: a b
  labels:
    tier: gold
    "b c": x
  tags:
    - fine
    - Java
spec:
  tpye: service
  lifecycle: production
  dependsOn:
    - component:fine
    - db
---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata:
  name: root
spec:
  targets:
    - ./ok.yaml
    - ../outside.yaml
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: lonely}
"""


def test_each_problem_has_the_line_of_its_field_or_of_what_holds_it() -> None:
    broken, location, group = replace(Scene(), content=BROKEN).outcomes()
    assert isinstance(broken, list)
    assert {(problem.where, problem.message) for problem in broken} == {
        ("catalog-info.yaml:4", 'metadata.name "a b" has a space'),
        ("catalog-info.yaml:7", 'metadata.labels has a key "b c" that has a space'),
        ("catalog-info.yaml:10", 'metadata.tags[1] "Java" has an upper-case letter'),
        ("catalog-info.yaml:11", "spec.type is missing"),
        ("catalog-info.yaml:11", "spec.owner is missing"),
        ("catalog-info.yaml:16", "spec.dependsOn[1]: entity ref 'db' does not say its kind; write kind:db"),
    }
    assert not isinstance(location, list)
    assert [problem.where for problem in location.problems] == ["catalog-info.yaml:25"]
    assert isinstance(group, list)
    assert [problem.where for problem in group] == ["catalog-info.yaml:27"]


@pytest.mark.parametrize(
    ("document", "hint"),
    [
        (entity("Component", "a b"), "use 1-63 letters, digits, - _ . with a letter or digit at both ends"),
        (entity("Component", "a", dependsOn="x"), "write dependsOn: [x]"),
        (entity("Component", "a", dependsOn=["x"]), "write component:x or resource:x"),
        (entity("Component", "a", owner=5), "write it in quotes"),
        (entity("Component", "a", system=None), "give it text, or remove the key"),
        ({**entity(), "sepc": {}}, "did you mean spec?"),
        ({**entity(), "status": {}}, "remove it"),
        ({**entity("Compnent")}, "write kind: Component"),
        ({key: value for key, value in entity().items() if key != "spec"}, "a Component needs spec.type, "),
    ],
)
def test_a_problem_says_what_to_write_instead(document: JsonObject, hint: str) -> None:
    (problem,) = Scene().problems(document)
    assert problem.hint.startswith(hint)
    assert problem.path == "catalog-info.yaml"


def test_a_misspelt_required_field_is_named() -> None:
    document = entity("Component", "a", onwer="x")
    document["spec"] = {key: value for key, value in entity_spec(document).items() if key != "owner"}
    assert [problem.hint for problem in Scene().problems(document)] == ["there is onwer: spell it owner"]


def entity_spec(document: JsonObject) -> JsonObject:
    spec = document["spec"]
    assert isinstance(spec, dict)
    return spec


def test_a_problem_names_the_entity_as_far_as_it_is_known() -> None:
    assert {problem.ref for problem in Scene().problems(entity("Component", "A", owner=""))} == {"component:default/a"}


def test_values_are_shown_short_and_without_control_characters() -> None:
    (problem,) = Scene().problems(with_metadata(labels={"a": "\u202e\x9b" + "x" * 200}))
    assert len(problem.message) < 120
    assert problem.message.isprintable()


def test_processing_does_not_change_the_document() -> None:
    written = entity("Component", "a", dependsOn=["component:z", "component:a"], deep={"$text": "./x"})
    before = repr(written)
    replace(Scene(), files={"x": b"y"}).processed(written)
    assert repr(written) == before
