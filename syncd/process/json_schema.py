"""The rules of kinds as JSON Schema, for editors and forms; the rules themselves stay the judge."""

from collections.abc import Mapping
from typing import Final

from syncd.model.json import Json, JsonObject
from syncd.process.envelope import metadata_of
from syncd.process.formats import NAME, NAMESPACE, Format
from syncd.process.kinds import Kind
from syncd.process.relations import RELATION_FIELDS
from syncd.process.schema import Boolean, Choice, Either, Entries, Fields, Items, Rule, Text

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
REF: Final = "x-ref"
"""Beside the schema of a text that is a ref: the kind that is meant where it says none, "" where it must say one."""


def schema_of(kind: Kind) -> JsonObject:
    """The schema of the documents of a kind of the table."""
    spec = rule_schema(kind.spec)
    properties = spec.get("properties")
    for field in RELATION_FIELDS.get(kind.name, ()):
        target: JsonObject = {REF: field.kind or ""}
        known = properties.get(field.name) if isinstance(properties, dict) else None
        if isinstance(known, dict) and isinstance(properties, dict):
            if isinstance(known.get("items"), dict):
                properties[field.name] = {**known, "items": {**_mapping(known["items"]), **target}}
            else:
                properties[field.name] = {**known, **target}
    return document_schema(kind.name, kind.api_versions, spec)


def document_schema(kind: str, versions: tuple[str, ...], spec: JsonObject) -> JsonObject:
    """The schema of documents of a kind, given that of their `spec`."""
    metadata = rule_schema(metadata_of(Text(NAME, example="my-service"), Text(NAMESPACE)))
    return {
        "$schema": DIALECT,
        "title": kind,
        "type": "object",
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "properties": {
            "apiVersion": {"type": "string", "enum": [*versions]},
            "kind": {"type": "string", "enum": [kind]},
            "metadata": metadata,
            "spec": spec,
        },
        "additionalProperties": False,
    }


def rule_schema(rule: Rule) -> JsonObject:
    """One rule; a rule of a form of its own allows anything here, and is judged by the catalog."""
    match rule:
        case Text():
            return _text(rule)
        case Choice():
            return {"type": "string", "enum": [*rule.values]}
        case Boolean():
            return {"type": "boolean"}
        case Items():
            return {"type": "array", "items": rule_schema(rule.item)}
        case Entries():
            return _entries(rule)
        case Fields():
            return _fields(rule)
        case Either():
            return {"anyOf": [rule_schema(rule.first), rule_schema(rule.second)]}
    return {}


def _text(rule: Text) -> JsonObject:
    schema: JsonObject = {"type": "string"}
    if not rule.empty:
        schema["minLength"] = 1
    if rule.format is not None:
        schema |= _format(rule.format)
    elif rule.wanted:
        schema["description"] = rule.wanted
    if rule.example:
        schema["examples"] = [rule.example]
    return schema


def _format(rule: Format) -> JsonObject:
    pattern = rule.pattern.replace(r"\Z", "$")
    return {"pattern": f"^(?:{pattern})$", "maxLength": rule.longest, "description": rule.rule}


def _entries(rule: Entries) -> JsonObject:
    schema: JsonObject = {
        "type": ["object", "null"] if rule.nullable else "object",
        "propertyNames": _format(rule.key),
        "additionalProperties": rule_schema(rule.value),
    }
    return schema


def _fields(rule: Fields) -> JsonObject:
    named: Mapping[str, Rule] = {**rule.required, **rule.optional}
    schema: JsonObject = {"type": "object"}
    if named:
        schema["properties"] = {name: rule_schema(one) for name, one in named.items()}
    if rule.required:
        schema["required"] = [*rule.required]
    if rule.closed:
        schema["additionalProperties"] = False
    return schema


def _mapping(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}
