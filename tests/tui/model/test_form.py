"""The edit form without a screen: fields of a schema, what is changed, what is wrong, what comes of it."""

from typing import Any

import pytest

from tests.tui.fake_entity import SCHEMA
from tui.model.form.field import Field, fault, field_of, fields_of, item_of
from tui.model.form.form import MIXED, Document, Form
from tui.model.form.loading import document_data, full_ref
from tui.model.form.properties import Properties
from tui.model.form.rows import FormRow, RefState, form_rows, row_line, row_value, set_row
from tui.model.lines import plain
from tui.model.source import RefusedError
from tui.model.symbols import UNICODE

DATA: dict[str, Any] = {
    "metadata": {"name": "x", "tags": ["java"], "annotations": {"a/b": "1", "c": "2"}, "tier": 3},
    "spec": {"type": "service", "lifecycle": "production", "owner": "team-a", "odd": {"deep": [1]}},
}
OWNER, TAGS, NOTES = ("spec", "owner"), ("metadata", "tags"), ("metadata", "annotations")


def form(*documents: dict[str, Any]) -> Form:
    said = documents or (DATA,)
    fields = fields_of(SCHEMA, said[0])
    return Form(fields, [Document(f"component:default/{number}", one) for number, one in enumerate(said)])


def test_schema_form_has_the_fields_of_the_kind_and_those_that_stand_beside_them() -> None:
    found = {one.path: one for one in fields_of(SCHEMA, DATA)}
    assert ("metadata", "name") not in found
    assert found[OWNER].required
    assert found[OWNER].ref == "Group"
    assert found["spec", "lifecycle"].choices == ("experimental", "production", "deprecated")
    assert item_of(found["spec", "dependsOn"]).ref == ""
    kinds = {path[-1]: one.type for path, one in found.items()}
    assert (kinds["tags"], kinds["annotations"], kinds["public"]) == ("list", "map", "boolean")
    assert (kinds["tier"], kinds["odd"]) == ("number", "value")
    assert next(iter(found)) == ("metadata", "title")


@pytest.mark.parametrize(
    ("rule", "value", "wrong"),
    [
        ({"type": "string", "minLength": 1}, "x", ""),
        ({"type": "string", "enum": ["a", "b"]}, "c", "choose a or b"),
        ({"type": "string", "pattern": "^[a-z]+$", "description": "lower-case letters"}, "A", "lower-case letters"),
        ({"type": "string", "pattern": "("}, "A", ""),
        ({"type": "string", "maxLength": 2}, "abc", "3 characters, at most 2"),
        ({"type": "number"}, "many", "it must be a number"),
        ({"type": "number"}, True, "it must be a number"),
        ({"type": "boolean"}, "yes", "it must be true or false"),
        ({"type": "array", "items": {"type": "string", "pattern": "^a"}}, ["a", "b"], "b: it has another form"),
        ({"type": "object", "additionalProperties": {}, "propertyNames": {"pattern": "^a$"}}, {"b": ""}, "b: it has"),
        ({"type": "string"}, {"$text": "./x"}, ""),
    ],
    ids=str,
)
def test_inline_errors(rule: dict[str, Any], value: object, wrong: str) -> None:
    found = fault(field_of(rule, ("spec", "x")), value)
    assert found.startswith(wrong) if wrong else found == ""
    assert fault(field_of(rule, ("spec", "x"), required=True), None) == "it needs a value"


def test_what_equals_the_file_is_no_change() -> None:
    filled = form()
    filled.set(OWNER, "team-b")
    filled.set(OWNER, "team-a")
    assert filled.changes() == []
    filled.set(OWNER, "")
    assert filled.faults == {OWNER: "it needs a value"}
    filled.put_back(OWNER)
    assert not filled.changed


def test_changes_are_as_small_as_they_can_be() -> None:
    filled = form()
    set_row(filled, FormRow("add", TAGS), "web")
    set_row(filled, FormRow("item", TAGS, 0), "kotlin")
    set_row(filled, FormRow("entry", NOTES, key="c"), None)
    set_row(filled, FormRow("add", NOTES), ("d.test/e", "4"))
    set_row(filled, FormRow("field", ("metadata", "title")), "New")
    ref = "component:default/0"
    assert filled.changes() == [
        {"ref": ref, "path": "metadata.title", "op": "replace", "value": "New"},
        {"ref": ref, "path": "metadata.tags", "op": "replace", "value": ["kotlin", "web"]},
        {"ref": ref, "path": "metadata.annotations.c", "op": "remove"},
        {"ref": ref, "path": 'metadata.annotations."d.test/e"', "op": "replace", "value": "4"},
    ]
    set_row(filled, FormRow("item", TAGS, 1), None)
    set_row(filled, FormRow("item", TAGS, 0), None)
    assert {"ref": ref, "path": "metadata.tags", "op": "remove"} in filled.changes()


def test_bulk_edit_changes_each_document_by_what_it_says() -> None:
    other: dict[str, Any] = {
        "metadata": {"name": "y", "tags": ["web", "java"]},
        "spec": {"type": "library", "lifecycle": "production", "owner": "team-z"},
    }
    filled = form(DATA, other)
    assert filled.original(OWNER) is MIXED
    assert filled.original(TAGS) == ["java"]
    filled.set(("spec", "lifecycle"), "deprecated")
    filled.set(TAGS, ["grpc"])
    filled.set(OWNER, "team-z")
    said = {(one["ref"][-1], one["path"]): one.get("value") for one in filled.changes()}
    assert said == {
        ("0", "spec.lifecycle"): "deprecated",
        ("1", "spec.lifecycle"): "deprecated",
        ("0", "spec.owner"): "team-z",
        ("0", "metadata.tags"): ["grpc"],
        ("1", "metadata.tags"): ["web", "grpc"],
    }


def test_rows_say_what_was_what_is_wrong_and_whether_it_exists() -> None:
    filled = form()
    filled.set(OWNER, "team-q")
    filled.set(("spec", "lifecycle"), "never")
    filled.set(("spec", "system"), "paymets\x1b[2J")
    known = {
        ("Group", "team-q"): RefState(exists=True),
        ("System", "paymets\x1b[2J"): RefState(exists=False, near="payments"),
    }
    shown = {row.path[-1]: plain(row_line(filled, row, True, 100, UNICODE, known)) for row in form_rows(filled)}
    assert "team-q   ✓ exists   was team-a" in shown["owner"]
    assert "✗ choose experimental, production or deprecated" in shown["lifecycle"]
    assert "paymets\\x1b[2J   ! not in the catalog; did you mean payments?" in shown["system"]
    assert row_value(filled, FormRow("entry", NOTES, key="a/b")) == "1"


def test_a_draft_is_taken_up_on_the_version_it_was_made_on() -> None:
    filled = form()
    filled.set(OWNER, "team-b")
    filled.set(NOTES, {"a/b": "1"})
    later = form()
    later.take_up([*filled.draft(), [["spec", "gone"], 1]], "0ld")
    assert later.changes() == filled.changes()
    assert later.documents[0].blob == "0ld"


def test_properties_lie_over_all_marked_entities() -> None:
    record: Any = {"path": "metadata.tier", "value": "gold"}
    properties = Properties({"a": [record], "b": []})
    assert properties.value("metadata.tier") is MIXED
    properties.set("metadata.tier", None)
    properties.set("metadata.cost", 7)
    assert [(one["ref"], one["path"], one["op"]) for one in properties.changes()] == [
        ("a", "metadata.tier", "remove"),
        ("a", "metadata.cost", "replace"),
        ("b", "metadata.tier", "remove"),
        ("b", "metadata.cost", "replace"),
    ]
    properties.set("metadata.cost", None)
    properties.put_back("metadata.tier")
    assert properties.changes() == []


def test_documents_are_read_by_the_rules_of_the_catalog() -> None:
    assert document_data("a: yes\nb: 2026-01-02\nc: 1") == {"a": "yes", "b": "2026-01-02", "c": 1}
    with pytest.raises(RefusedError, match="line 2"):
        document_data("a: [")


@pytest.mark.parametrize(
    ("text", "kind", "ref"),
    [
        ("Team-A", "Group", "group:edge/team-a"),
        ("x/y", "API", "api:x/y"),
        ("resource:z", "", "resource:edge/z"),
        ("z", "", ""),
    ],
)
def test_texts_name_entities_as_the_catalog_reads_them(text: str, kind: str, ref: str) -> None:
    assert full_ref(text, kind, "edge") == ref


def test_a_field_without_a_schema_is_edited_as_what_it_is() -> None:
    assert Field(("spec", "x"), "value").label == "x"
    assert fault(Field(("spec", "x"), "value"), {"a": 1}) == ""
