"""What is said of an entity by all together: its document, what was made by API beneath a file, the overlay."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from syncd.model.api_document import ApiDocument
from syncd.model.custom_property import CustomProperty
from syncd.model.json import Json, JsonObject, text_at
from syncd.overlay.merge import in_order, merged
from syncd.overlay.path import PathError, PropertyPath, parse_path
from syncd.process.judgement import judge, judge_metadata
from syncd.process.port import CLEARED
from syncd.process.schema import Violation

_IDENTITY = ("apiVersion", "kind")
_METADATA_OF_FILE = ("name", "namespace", "uid", "etag")


@dataclass(frozen=True, slots=True)
class Effective:
    """What is said of an entity; `set_aside` are properties that do not fit it now, each with the reason."""

    entity: JsonObject
    set_aside: tuple[tuple[CustomProperty, str], ...] = ()


def makes_relations(path: str) -> bool:
    """Whether a custom property at this path may change which relations an entity has."""
    return path.startswith("spec")


def effective(said: JsonObject, properties: Sequence[CustomProperty], beneath: ApiDocument | None = None) -> Effective:
    """Merge what `said` is with its custom properties, and with what an API said before there was a file.

    What makes the entity break its schema is left out (spec 15.1): one property, not all of them.
    """
    base = said if beneath is None else _laid_over(said, _without_cleared(beneath.entity, said))
    if base is not said and _violations(base):
        base = said  # a file that does not go with it wins
    ordered = in_order(properties)
    whole = merged(base, ordered)
    only_metadata = base is said and not any(makes_relations(one.path) for one in ordered)
    if not ordered or not _violations(whole, only_metadata=only_metadata):
        return Effective(whole)
    current = base
    set_aside: list[tuple[CustomProperty, str]] = []
    for one in ordered:
        tried = merged(current, [one])
        violations = _violations(tried, only_metadata=only_metadata)
        if violations:
            set_aside.append((one, _reason(violations)))
        else:
            current = tried
    return Effective(current, tuple(set_aside))


def _violations(entity: JsonObject, *, only_metadata: bool = False) -> list[Violation]:
    authored = _authored(entity)
    return judge_metadata(authored) if only_metadata else judge(authored)[0]


def _reason(violations: Sequence[Violation]) -> str:
    first = violations[0]
    return f"{first.message}; {first.hint}" if first.hint else first.message


def _authored(entity: JsonObject) -> JsonObject:
    """Without what only the catalog writes, which the rules refuse in a file."""
    return {key: value for key, value in entity.items() if key not in ("relations", "status")}


def _without_cleared(document: JsonObject, file: JsonObject) -> JsonObject:
    """What an API said before there was the file, without that which the file sets to null (P73)."""
    for text in (text_at(file, "metadata", "annotations", CLEARED) or "").split():
        with suppress(PathError):
            document = _without(document, parse_path(text))
    return document


def _without(entity: JsonObject, path: PropertyPath) -> JsonObject:
    key, *rest = path
    inner = entity.get(key)
    if not rest:
        return {name: value for name, value in entity.items() if name != key}
    return {**entity, key: _without(inner, tuple(rest))} if isinstance(inner, dict) else entity


def _laid_over(file: JsonObject, document: JsonObject) -> JsonObject:
    metadata = _mapping(document.get("metadata"))
    kept = {key: value for key, value in metadata.items() if key not in _METADATA_OF_FILE}
    rest = {key: value for key, value in document.items() if key not in (*_IDENTITY, "metadata")}
    return _deep({**file}, {**rest, "metadata": kept})


def _deep(below: JsonObject, above: JsonObject) -> JsonObject:
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        result[key] = _deep(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


def _mapping(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}
