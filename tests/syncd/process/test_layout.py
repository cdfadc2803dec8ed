"""What a Layout must look like."""

import pytest
import yaml

from syncd.model.json import Json, JsonObject
from tests.syncd.process.scene import Scene


def layout(page: Json, **spec: Json) -> JsonObject:
    """A Layout with this page, given as YAML where it is text."""
    parsed: Json = yaml.safe_load(page) if isinstance(page, str) else page
    return {
        "apiVersion": "git-catalog/v1",
        "kind": "Layout",
        "metadata": {"name": "service"},
        "spec": {"kind": "Component", "page": parsed, **spec},
    }


def contents(text: str) -> JsonObject:
    """A Layout with one tab."""
    return layout({"tabs": [{"contents": yaml.safe_load(text)}]})


GOOD = [
    pytest.param(layout("{tabs: []}"), id="empty"),
    pytest.param(layout("{name: x, tabs: [{name: a, path: /, title: A, contents: null}]}", type="service"), id="null"),
    pytest.param(layout("{page: {tabs: []}}"), id="copied-whole"),
    pytest.param(contents("[{component: Unknown, specs: {props: {a: {b: [1]}}, other: 1}, more: 2}]"), id="unknown"),
    pytest.param(contents("[{component: A, specs: {props: null, gridProps: {md: 12, item: true}}}]"), id="grid"),
    pytest.param(contents("[{component: A, specs: {children: [{component: B}]}}]"), id="children"),
    pytest.param(
        contents("[{component: EntitySwitch, specs: {cases: [{if: isX, content: {component: B}}]}}]"), id="case"
    ),
    pytest.param(contents("[{component: EntitySwitch, specs: {cases: [{content: [{component: B}]}]}}]"), id="cases"),
    pytest.param(contents("[{component: A, specs: {props: {title: 'a < b > c'}}}]"), id="no-expression"),
]


@pytest.mark.parametrize("document", GOOD)
def test_a_good_layout_is_accepted(document: JsonObject) -> None:
    assert Scene().problems(document) == []


BAD = [
    pytest.param(
        {**layout("{tabs: []}"), "apiVersion": "backstage.io/v1alpha1"},
        "Layout with apiVersion backstage.io/v1alpha1 is not recognised",
        id="api-version",
    ),
    pytest.param(layout("{tabs: []}", kind=""), "spec.kind is empty", id="kind"),
    pytest.param(layout("[]"), "spec.page must be a mapping, not a list", id="page"),
    pytest.param(layout("{}"), "spec.page.tabs is missing", id="tabs"),
    pytest.param(layout("{page: {tab: []}}"), "spec.page.page.tabs is missing", id="tabs-of-a-copied-page"),
    pytest.param(layout("{tabs: [{name: a}]}"), "spec.page.tabs[0].contents is missing", id="contents"),
    pytest.param(contents("[{specs: {}}]"), "spec.page.tabs[0].contents[0].component is missing", id="component"),
    pytest.param(
        contents("[{component: A, specs: {gridProps: {md: 13}}}]"),
        "spec.page.tabs[0].contents[0].specs.gridProps.md must be a whole number from 1 to 12, not the number 13",
        id="grid",
    ),
    pytest.param(
        contents("[{component: A, specs: {cases: [{if: x}]}}]"),
        "spec.page.tabs[0].contents[0].specs.cases[0].content is missing",
        id="case",
    ),
    pytest.param(
        contents("[{component: A, specs: {children: [{component: B, specs: {props: 3}}]}}]"),
        "spec.page.tabs[0].contents[0].specs.children[0].specs.props must be a mapping, not the number 3",
        id="child",
    ),
    pytest.param(
        contents("[{component: A, specs: {props: {title: 'x <+kind'}}}]"),
        "spec.page.tabs[0].contents[0].specs.props.title: <+ has no closing > after it (character 3 of the text)",
        id="bracket",
    ),
    pytest.param(
        contents("[{component: A, specs: {cases: [{if: 'kind = 1', content: {component: B}}]}}]"),
        "spec.page.tabs[0].contents[0].specs.cases[0].if: = cannot stand here (character 6 of the text)",
        id="condition",
    ),
    pytest.param(
        contents("[" + ",".join(["{component: A}"] * 201) + "]"),
        "spec.page has 201 components, and 200 is the most",
        id="components",
    ),
    pytest.param(
        contents("[{component: A, specs: {props: {all: [" + ",".join(["<+kind>"] * 1001) + "]}}}]"),
        "spec.page has 1001 texts with expressions, and 1000 is the most",
        id="expressions",
    ),
]


@pytest.mark.parametrize(("document", "message"), BAD)
def test_a_bad_layout_is_refused_for_one_reason(document: JsonObject, message: str) -> None:
    assert Scene().messages(document) == [message]
