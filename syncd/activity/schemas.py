"""The schemas of records in one table, and the reading of a record (H74)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from syncd.activity.times import read_time
from syncd.model.activity import Record
from syncd.model.json import Json, JsonObject
from syncd.model.ref import RefError, parse_ref

LONGEST_KEY = 512
"""Characters of an identifier and of a type."""

METRIC_TAGS = 4096
"""Bytes of the tags of a metric, which every row of it holds."""


class RecordError(ValueError):
    """A record does not fit its schema; `field` is the first that is wrong."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


Check = Callable[[object], object]
"""Raises ValueError with what a value must be."""


def text(value: object) -> None:
    """A text."""
    _must(isinstance(value, str), "a text")


def key(value: object) -> None:
    """A text that things are found by."""
    _must(isinstance(value, str) and 0 < len(value) <= LONGEST_KEY, f"a text of 1 to {LONGEST_KEY} characters")


def number(value: object) -> None:
    """Any number."""
    _must(isinstance(value, int | float) and not isinstance(value, bool), "a number")


def integer(value: object) -> None:
    """A whole number."""
    _must(isinstance(value, int) and not isinstance(value, bool), "a whole number")


def mapping(value: object) -> None:
    """An object, of whatever."""
    _must(isinstance(value, dict), "an object")


def texts(value: object) -> None:
    """A text or a list of texts."""
    items = value if isinstance(value, list) else [value]
    _must(all(isinstance(item, str) for item in items), "a text or a list of texts")


def tags(value: object) -> None:
    """An object of scalars, or a list of texts."""
    if isinstance(value, dict):
        _must(not any(isinstance(item, dict | list) for item in value.values()), "an object of texts")
    else:
        _must(isinstance(value, list) and all(isinstance(item, str) for item in value), "an object, or a list of texts")


def ref(value: object) -> None:
    """An entity ref; a component of the default namespace where it does not say otherwise."""
    key(value)
    _canonical(str(value))


def anything(_: object) -> None:
    """A field that an integration declares itself."""


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(f"must be {what}")


COMMON: Mapping[str, Check] = {
    "identifier": key,
    "name": text,
    "timestamp": read_time,
    "type": key,
    "entity_ref": ref,
    "url": text,
    "tags": tags,
    "customData": mapping,
    "service": text,
}
"""Fields that every schema has."""


@dataclass(frozen=True, slots=True)
class Schema:
    """What a record must hold, and what it may hold beside the common fields."""

    required: tuple[str, ...]
    further: Mapping[str, Check]

    @property
    def fields(self) -> dict[str, Check]:
        """Every field that a record may hold."""
        return {**COMMON, **self.further}


SCHEMAS: Mapping[str, Schema] = {
    "build": Schema(
        ("identifier", "name", "timestamp", "branch", "sha", "repositoryUrl"),
        {"branch": text, "sha": text, "repositoryUrl": text, "status": text, "durationInSec": number}
        | {"buildNumber": integer, "artifact": texts, "triggeredBy": text},
    ),
    "deployment": Schema(
        ("identifier", "name", "timestamp", "status", "environment"),
        {"status": text, "environment": text, "durationInSec": number, "artifact": texts, "triggeredBy": text},
    ),
    "incidents": Schema(
        ("identifier", "name"),
        {"status": text, "urgency": text, "priority": text, "resolutionDurationInSec": number, "assignee": mapping},
    ),
    "quality": Schema(
        ("identifier", "name"),
        {"coverage": number, "bugs": integer, "codeSmells": integer, "duplicatedLinesDensity": number}
        | {"reliabilityRating": text, "securityRating": text, "maintainabilityRating": text, "score": number}
        | {"threshold": number, "status": text, "vulnerabilities": integer, "technicalDebt": text},
    ),
    "security_issues": Schema(
        ("identifier", "name", "timestamp"),
        {"severity": text, "status": text, "cve": text, "rule": text, "packageVersion": text, "toolName": text}
        | {"source": text, "resolution": text},
    ),
    "security_scan": Schema(("identifier", "timestamp"), {"toolName": text, "scanResult": mapping, "target": mapping}),
    "custom": Schema((), {}),
}

METRIC_FIELDS: Mapping[str, Check] = {"value": number, "timestamp": read_time}


def known_fields(schema: str, own: Sequence[str] = ()) -> dict[str, Check]:
    """The fields of a schema, and those that an integration of custom records declares itself."""
    return {**dict.fromkeys(own, anything), **SCHEMAS[schema].fields}


def read_record(schema: str, own: Sequence[str], value: object, size: int) -> Record:
    """The record that was sent, of at most `size` bytes as JSON. A field that is null is not there.

    Raises `RecordError` with every reason.
    """
    fields = _checked(value, SCHEMAS[schema].required, known_fields(schema, own), schema)
    if len(orjson.dumps(fields)) > size:
        raise RecordError("", f"the record is larger than {size} bytes (limit activity_record_size)")
    return Record(
        fields,
        _text(fields, "identifier"),
        _canonical(str(fields["entity_ref"])) if "entity_ref" in fields else None,
        _text(fields, "type"),
        read_time(fields["timestamp"]) if "timestamp" in fields else None,
    )


def read_metric(value: object, entity_ref: str | None, tags_: Json) -> Record:
    """One row of a metric, `{value, timestamp}`; raises `RecordError`."""
    fields = _checked(value, tuple(METRIC_FIELDS), METRIC_FIELDS, "metric")
    if tags_ is not None:
        fields["tags"] = tags_
    return Record(fields, entity_ref=entity_ref, timestamp=read_time(fields["timestamp"]))


def read_shared(entity_ref: object, tags_: object) -> str | None:
    """What all rows of a metric have in common: the canonical ref. Raises `RecordError`."""
    for name, value, check in (("entity_ref", entity_ref, ref), ("tags", tags_, tags)):
        if value is not None:
            _check(name, value, check)
    if len(orjson.dumps(tags_)) > METRIC_TAGS:
        raise RecordError("tags", f"tags must be at most {METRIC_TAGS} bytes")
    return None if entity_ref is None else _canonical(str(entity_ref))


def _checked(value: object, required: Sequence[str], known: Mapping[str, Check], schema: str) -> JsonObject:
    if not isinstance(value, dict):
        raise RecordError("", "the record is not an object")
    fields: JsonObject = {name: item for name, item in value.items() if item is not None}
    wrong = [(name, f"{name} is missing") for name in required if fields.get(name, "") == ""]
    for name, item in fields.items():
        try:
            if name not in known:
                wrong.append((name, f"{name[:100]} is not a field of {schema}{_instead(schema)}"))
            elif (name, f"{name} is missing") not in wrong:
                _check(name, item, known[name])
        except RecordError as error:
            wrong.append((name, str(error)))
    if wrong:
        raise RecordError(wrong[0][0], "; ".join(reason for _, reason in wrong[:10]))
    return fields


def _instead(schema: str) -> str:
    return "" if schema == "metric" else "; put it into customData"


def _check(name: str, value: object, check: Check) -> None:
    try:
        check(value)
    except ValueError as error:
        raise RecordError(name, f"{name} {error}") from None


def _canonical(value: str) -> str:
    try:
        return str(parse_ref(value, kind="component"))
    except RefError:
        raise ValueError("must be an entity ref such as component:default/payments") from None


def _text(fields: JsonObject, name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None
