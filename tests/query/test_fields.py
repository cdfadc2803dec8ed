"""The `fields` projection (C149-C156, spec 3.4)."""

import copy

import pytest

from query.errors import QueryError
from query.fields import parse_fields

_ENTITY: dict[str, object] = {
    "kind": "Component",
    "metadata": {"name": "checkout", "annotations": {"acme.test/pager": "P-17", "a.b": {"c.d": 1}}, "labels": {}},
    "spec": {"sla": {"notes": None}, "list": ["x", {"a": 1}], "a": 1, "a.b": 2},
    "relations": [{"type": "ownedBy", "targetRef": "group:default/t"}, {"type": "partOf", "targetRef": "system:a/b"}],
}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(["kind,metadata.name"], {"kind": "Component", "metadata": {"name": "checkout"}}, id="c149-two"),
        pytest.param(
            ["metadata.annotations.acme.test/pager"],
            {"metadata": {"annotations": {"acme.test/pager": "P-17"}}},
            id="c150-key-with-dots",
        ),
        pytest.param(
            ["metadata.annotations.a.b.c.d"], {"metadata": {"annotations": {"a.b": {"c.d": 1}}}}, id="c150-twice"
        ),
        pytest.param(["metadata.nope", "metadata.labels.x"], {}, id="c151-nothing-found"),
        pytest.param(["KIND"], {}, id="c152-case-matters"),
        pytest.param(["relations"], {"relations": _ENTITY["relations"]}, id="c153-whole-list"),
        pytest.param(["relations.type"], {}, id="c153-no-mapping-over-items"),
        pytest.param(["kind", "metadata.name"], {"kind": "Component", "metadata": {"name": "checkout"}}, id="c155-two"),
        pytest.param(["spec.sla.notes"], {"spec": {"sla": {"notes": None}}}, id="c156-null"),
        pytest.param(["spec.list.0"], {"spec": {"list": ["x"]}}, id="item-by-number"),
        pytest.param(["relations.0.type"], {"relations": [{"type": "ownedBy"}]}, id="part-of-an-item"),
        pytest.param(["relations.1.type"], {"relations": [None, {"type": "partOf"}]}, id="items-before-are-null"),
        pytest.param(
            ["relations.1.type,relations.0.type"], {"relations": [{"type": "ownedBy"}, {"type": "partOf"}]}, id="filled"
        ),
        pytest.param(["spec.list.2,spec.list.00,spec.list.-1,spec.list.x"], {}, id="no-such-item"),
        pytest.param(["spec.a.b"], {}, id="the-shorter-key-wins"),
        pytest.param(["kind.length,kind.0,metadata.constructor"], {}, id="no-script-leftovers"),
        pytest.param(["spec.sla.notes.x, .kind,kind."], {}, id="leads-nowhere"),
        pytest.param(["spec.list,spec.list.1.a"], {"spec": {"list": ["x", {"a": 1}]}}, id="whole-then-part"),
        pytest.param(["spec.list.1.a,spec.list"], {"spec": {"list": ["x", {"a": 1}]}}, id="part-then-whole"),
    ],
)
def test_projection(fields: list[str], expected: dict[str, object]) -> None:
    entity = copy.deepcopy(_ENTITY)
    projection = parse_fields(fields)
    assert projection is not None
    assert projection.apply(entity) == expected
    assert entity == _ENTITY


def test_c154_brackets_are_refused() -> None:
    with pytest.raises(QueryError) as caught:
        parse_fields(["kind,spec[0]"])
    assert caught.value.position == 4


@pytest.mark.parametrize("texts", [[], [""], [" , "]])
def test_no_path_means_the_whole_entity(texts: list[str]) -> None:
    assert parse_fields(texts) is None


def test_c155_paths_are_trimmed_and_count_once() -> None:
    projection = parse_fields([" kind , metadata.name", "kind"])
    assert projection is not None
    assert projection.paths == ("kind", "metadata.name")


class _Sealed(dict[str, object]):
    def __setitem__(self, key: str, value: object) -> None:
        raise AssertionError(f"{key} was written into the entity")


def test_the_entity_is_never_written_to() -> None:
    sla = _Sealed(notes=None)
    projection = parse_fields(["spec,spec.sla.notes"])
    assert projection is not None
    assert projection.apply({"spec": _Sealed(sla=sla)}) == {"spec": {"sla": {"notes": None}}}
