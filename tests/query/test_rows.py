"""An entity as search rows (spec 2.12)."""

import pytest

from query.rows import RowsError, SearchRow, member_readings, search_rows


def _written(row: SearchRow) -> str:
    """`key=value<original>`, a star behind a member; the key below `spec.` only."""
    original = "" if row.original == row.value else f"<{row.original}>"
    return f"{row.key.removeprefix('spec.')}={row.value}{original}{'*' if row.member else ''}"


@pytest.mark.parametrize(
    ("spec", "rows"),
    [
        pytest.param({"Type": "Service"}, ["type=service<Service>"], id="values-and-keys-are-lower-case"),
        pytest.param({"on": True, "off": False}, ["on=true", "off=false"], id="booleans"),
        pytest.param({"none": None}, ["none=None", "null=spec.none"], id="c128-null-keeps-its-row"),
        pytest.param({"s": ""}, ["s="], id="c146-empty-text-is-a-value"),
        pytest.param({"a": {}, "b": []}, [], id="c137-empty-containers-give-nothing"),
        pytest.param({"a": [["x"], "y"]}, ["a=x*", "a=y*"], id="nested-lists-flatten"),
        pytest.param({"a": [1, True, None]}, ["a=1", "a=true", "a=None"], id="c129-only-text-is-a-member"),
        pytest.param({"a": [{"u": "x"}, {"u": "y"}]}, ["a.u=x", "a.u=y"], id="c130-maps-in-lists"),
        pytest.param({"a": ["A", "a"]}, ["a=a<A>*"], id="of-duplicates-the-first-stays"),
        pytest.param({"a.b": "x", "a": {"b": ["X"]}}, ["a.b=x*"], id="a-duplicate-can-still-be-a-member"),
        pytest.param({"a.go": "no", "a": ["go"]}, ["a.go=no", "a=go"], id="a-field-of-that-name-comes-first"),
        pytest.param({"a": ["go"], "a.go": "TRUE"}, ["a=go*"], id="the-item-says-true-already"),
        pytest.param({"v": "x" * 200}, ["v=" + "x" * 200], id="c143-200-characters"),
        pytest.param({"v": "x" * 201}, ["v=None"], id="c143-201-characters"),
        pytest.param({"k" * 195: "x"}, ["k" * 195 + "=x"], id="c144-key-of-200"),
        pytest.param({"k" * 196: "x"}, [], id="c144-key-of-201"),
        pytest.param({"status": 1, "attachments": 2}, ["status=1", "attachments=2"], id="only-root-paths-are-left-out"),
    ],
)
def test_a_spec_as_rows(spec: dict[str, object], rows: list[str]) -> None:
    assert [_written(row) for row in search_rows({"spec": spec})] == rows


def test_what_stands_around_a_spec() -> None:
    entity: dict[str, object] = {
        "kind": "Component",
        "metadata": {"name": "Gateway", "uid": "u1", "etag": "e", "annotations": {"a.b/c": "D"}},
        "relations": [{"type": "ownedBy", "targetRef": "group:default/t"}],
        "status": {"items": [{"level": "error"}]},
        "attachments": {"x": 1},
    }
    assert [(row.key, row.value, row.original) for row in search_rows(entity)] == [
        ("kind", "component", "Component"),
        ("metadata.annotations.a.b/c", "d", "D"),
        ("metadata.name", "gateway", "Gateway"),
        ("metadata.namespace", "default", "default"),
        ("metadata.uid", "u1", "u1"),
        ("relations.ownedby", "group:default/t", "group:default/t"),
    ]


def test_a_root_list_has_no_members() -> None:
    assert search_rows({"tags": ["go"]}) == [SearchRow("tags", "go", "go", None, member=False)]


def test_numbers_keep_their_value() -> None:
    rows = search_rows({"spec": {"n": 1.5, "b": True, "s": "2", "inf": float("inf")}})
    assert [row.number for row in rows] == [1.5, None, None, None]
    assert rows[3] == SearchRow("spec.inf", None, None, None, member=False)


@pytest.mark.parametrize(
    ("entity", "keys"),
    [
        ({"metadata": {"labels": {"Foo": "x", "foo": "y"}}}, ("metadata.labels.Foo", "metadata.labels.foo")),
        ({"spec": {"a": ["go"], "a.GO": 1}}, ("spec.a.go", "spec.a.GO")),
        ({"relations": [{"type": "partOf"}, {"type": "partof"}]}, ("relations.partOf", "relations.partof")),
    ],
)
def test_c145_keys_that_differ_in_case_only_are_refused(entity: dict[str, object], keys: tuple[str, str]) -> None:
    with pytest.raises(RowsError, match="differ in case only") as caught:
        search_rows(entity)
    assert caught.value.keys == keys


def test_a_key_can_be_read_as_an_item_at_every_dot_but_the_first() -> None:
    assert list(member_readings("metadata.a.b.c")) == [("metadata.a", "b.c"), ("metadata.a.b", "c")]
    assert list(member_readings("kind")) == list(member_readings("spec.a")) == []
