"""Documents that are not catalog data yet, but skeletons that a scaffolder fills in (DESIGN section 5)."""

from syncd.model.json import Json, JsonObject

_FIELDS = ("apiVersion", "kind", "identifier", "blueprint")
"""The latter two say which entity it is in the formats of Port and Harness."""
_METADATA = ("name", "namespace")

UNRENDERED = frozenset({"syntax", "invalid_character", "duplicate_key", "unknown_alias"})
"""Failures that placeholders cause in a text that is sound once they are filled in; a limit is none of them."""


def holds_placeholder(text: str) -> bool:
    """Does the text hold `${{ … }}`, `{{ … }}` or `{% … %}`?"""
    return _encloses(text, "{{", "}}") or _encloses(text, "{%", "%}")


def is_template(data: JsonObject) -> bool:
    """Does one of the fields that identify an entity hold a placeholder?"""
    metadata = data.get("metadata")
    values = [data.get(name) for name in _FIELDS]
    if isinstance(metadata, dict):
        values += [metadata.get(name) for name in _METADATA]
    return any(map(_is_placeholder, values))


def _is_placeholder(value: Json) -> bool:
    """A bare `{{ x }}` is a mapping in a mapping to YAML, so its key reads `{ x }`."""
    if isinstance(value, dict):
        return any(key.startswith("{ ") for key in value)
    return isinstance(value, str) and holds_placeholder(value)


def _encloses(text: str, opening: str, closing: str) -> bool:
    start = text.find(opening)
    return start != -1 and text.find(closing, start) != -1
