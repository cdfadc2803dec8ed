"""The record that a delivery of a webhook holds (H76)."""

from collections.abc import Mapping, Sequence

from syncd.activity.paths import segments, value_at
from syncd.activity.schemas import key, known_fields, ref, text
from syncd.errors import InputError
from syncd.model.integration import Integration
from syncd.model.json import Json

_TEXTS = (text, key, ref)
_PART = "customData."


def check_mapping(schema: str, own: Sequence[str], mapped: Mapping[str, str]) -> None:
    """Raise InputError for a field that the schema does not have, and for a path that is none."""
    known = known_fields(schema, own)
    for field, path in mapped.items():
        if field not in known and not (field.startswith(_PART) and len(field) > len(_PART)):
            raise InputError(
                f"mapping: {field[:100]} is not a field of {schema}",
                hint=f"fields are {', '.join(known)} and customData.NAME",
            )
        segments(path)


def mapped_record(integration: Integration, body: Json) -> Json:
    """The record of a body: the body itself where nothing is mapped, else the fields that the mapping finds in it.

    A number or a truth value becomes a text where the schema has a text.
    """
    if not integration.mapping:
        return body
    known = known_fields(integration.schema, integration.fields)
    record: dict[str, Json] = {}
    further: dict[str, Json] = {}
    for field, path in integration.mapping.items():
        value = value_at(body, segments(path))
        if value is None:
            continue
        if field.startswith(_PART):
            further[field.removeprefix(_PART)] = value
        else:
            record[field] = _as_text(value) if known[field] in _TEXTS else value
    if further:
        whole = record.get("customData")
        record["customData"] = {**(whole if isinstance(whole, dict) else {}), **further}
    return record


def _as_text(value: Json) -> Json:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value
