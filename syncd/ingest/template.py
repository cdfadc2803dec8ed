"""Documents that are not catalog data yet, but skeletons that a scaffolder fills in (DESIGN section 5)."""

from syncd.model.json import JsonObject, text_at

_IDENTITY = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))

UNRENDERED = frozenset({"syntax", "invalid_character", "complex_key", "duplicate_key", "unknown_alias"})
"""Failures that placeholders cause in a text that is sound once they are filled in; a limit is none of them."""


def holds_placeholder(text: str) -> bool:
    """Does the text hold `${{ … }}`, `{{ … }}` or `{% … %}`?"""
    return _encloses(text, "{{", "}}") or _encloses(text, "{%", "%}")


def is_template(data: JsonObject) -> bool:
    """Does one of the four fields that identify an entity hold a placeholder?"""
    return any(holds_placeholder(text_at(data, *path) or "") for path in _IDENTITY)


def _encloses(text: str, opening: str, closing: str) -> bool:
    start = text.find(opening)
    return start != -1 and text.find(closing, start) != -1
