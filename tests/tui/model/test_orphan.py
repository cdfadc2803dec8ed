"""Orphans, told by what the catalog says of them: whatever else stands in an entity is none."""

import pytest

from tui.model.orphan import is_orphan

SAID = {"backstage.io/orphan": "true"}


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        ({"metadata": {"annotations": SAID}}, True),
        ({"metadata": {"annotations": {"backstage.io/orphan": True}}}, False),
        ({"metadata": {"annotations": ["backstage.io/orphan"]}}, False),
        ({"metadata": "annotations"}, False),
        ({"annotations": SAID}, False),
        ({}, False),
    ],
)
def test_an_orphan_is_what_the_catalog_says_is_one(entity: dict[str, object], expected: bool) -> None:
    assert is_orphan(entity) is expected
