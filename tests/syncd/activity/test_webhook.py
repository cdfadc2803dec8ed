"""Mappings of deliveries."""

from typing import Any

import pytest

from syncd.activity.paths import segments, value_at
from syncd.activity.webhook import mapped_record
from syncd.errors import InputError
from syncd.model.integration import Integration


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a", {"b.c": [{"d": 1}, {"d": 2}]}),
        ('a."b.c".1.d', 2),
        ('"a"."b.c".0', {"d": 1}),
        ('a."b.c".2.d', None),
        ('a."b.c".-1', None),
        ("a.b", None),
        ("a.b.c.d.e", None),
        ("x y/z", "odd"),
    ],
)
def test_a_path_leads_to_a_value(path: str, value: Any) -> None:
    assert value_at({"a": {"b.c": [{"d": 1}, {"d": 2}]}, "x y/z": "odd"}, segments(path)) == value


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "a..b", '"a', 'a"b', '""', "a\\b", 'a."b"c', "x" * 501])
def test_other_texts_are_no_paths(path: str) -> None:
    with pytest.raises(InputError, match="is not a path"):
        segments(path)


def test_texts_are_made_of_scalars_where_the_schema_has_texts() -> None:
    mapping = {"identifier": "i", "name": "n", "score": "s", "customData": "c", "customData.more": "i", "url": "none"}
    integration = Integration("q", "WEBHOOK", "quality", "", mapping=mapping)
    body: Any = {"i": 7, "n": True, "s": 1.5, "c": {"kept": 1, "more": 2}}
    assert mapped_record(integration, body) == {
        "identifier": "7",
        "name": "true",
        "score": 1.5,
        "customData": {"kept": 1, "more": 7},
    }
