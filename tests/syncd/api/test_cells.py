"""Cells of a table of entities."""

import pytest

from query.dialects.line.fields import COLUMN_NAMES
from syncd.api.own.cells import cell_text, read_columns
from syncd.errors import InputError

ENTITY = {
    "kind": "Component",
    "metadata": {
        "name": "x",
        "tags": ["a", "b"],
        "annotations": {"acme.test/pager": "P-17", "a.b": {"c": 1}},
        "labels": {"tier": "gold"},
    },
    "spec": {"type": "service", "ports": [8080, None], "sla": {"uptime": 99.5}, "memberOf": ["g"], "on": True},
    "relations": [{"type": "ownedBy", "targetRef": "group:default/g"}],
}


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("kind", "Component"),
        ("NAME", "x"),
        ("title", None),
        ("tags", "a, b"),
        ("tag", "a, b"),
        ("label.tier", "gold"),
        ("annotation.acme.test/pager", "P-17"),
        ("metadata.annotations.a.b.c", "1"),
        ("spec.ports", "8080, "),
        ("spec.sla", '{"uptime":99.5}'),
        ("spec.sla.uptime", "99.5"),
        ("spec.memberof", "g"),
        ("spec.on", "true"),
        ("spec.nope.nope", None),
        ("relations", '[{"type":"ownedBy","targetRef":"group:default/g"}]'),
        ("ref", "component:default/x"),
        ("updated", "2026-01-01T00:00:00Z"),
    ],
)
def test_a_cell_is_the_text_of_a_value(column: str, cell: str | None) -> None:
    [(name, read)] = read_columns([column])
    assert name == column
    assert read(ENTITY, "component:default/x", "2026-01-01T00:00:00Z") == cell


@pytest.mark.parametrize("names", [[], [" "], ["owners"], ["spec."], ["kind"] * 51])
def test_unknown_columns_are_refused(names: list[str]) -> None:
    with pytest.raises(InputError, match="column"):
        read_columns(names)


def test_every_short_name_leads_somewhere() -> None:
    assert all(read_columns([name]) for name in COLUMN_NAMES)
    assert cell_text(None) is None
