"""C1-C8: how a ref is read and written."""

import pytest

from syncd.model.ref import EntityRef, RefError, parse_ref, ref_of
from tests.syncd.process.scene import Scene, entity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a", EntityRef("D", "default", "a"), id="c001-name-alone"),
        pytest.param("x/b", EntityRef("D", "x", "b"), id="c002-namespace-and-name"),
        pytest.param("k:a", EntityRef("k", "default", "a"), id="c001-kind-and-name"),
        pytest.param("k:n/a", EntityRef("k", "n", "a"), id="c002-all-three"),
        pytest.param("k:n/a/b", EntityRef("k", "n", "a/b"), id="c003-slash-in-the-name"),
        pytest.param("n/a:b", EntityRef("D", "n", "a:b"), id="c004-colon-after-the-slash"),
        pytest.param("a:b:c", EntityRef("a", "default", "b:c"), id="c004-second-colon"),
        pytest.param(" a ", EntityRef("D", "default", " a "), id="c001-nothing-is-trimmed"),
    ],
)
def test_a_ref_is_read(text: str, expected: EntityRef) -> None:
    assert parse_ref(text, kind="D") == expected


@pytest.mark.parametrize("text", ["k:/a", "k:n/", ":a", "/a", "https://x/y", ""])
def test_c005_a_ref_with_an_empty_part_is_an_error(text: str) -> None:
    with pytest.raises(RefError):
        parse_ref(text, kind="D")


@pytest.mark.parametrize("text", ["a", "n/a", "n/a:b"])
def test_c006_a_ref_without_kind_needs_one_from_its_context(text: str) -> None:
    with pytest.raises(RefError):
        parse_ref(text)


def test_c007_the_canonical_text_is_lower_case() -> None:
    processed = Scene().processed(entity("Component", "Gateway", "edge"))
    assert processed.ref == "component:edge/gateway"
    assert ref_of(processed.entity) == EntityRef("Component", "edge", "Gateway"), "the entity itself keeps its spelling"


def test_c008_a_ref_in_spec_starts_from_the_namespace_of_its_entity() -> None:
    document = entity("Component", "A", "ns1", owner="user:Bob", providesApis=["z", "b/a"])
    targets = {relation.target for relation in Scene().processed(document).relations}
    assert {"user:ns1/bob", "api:ns1/z", "api:b/a"} <= targets
