"""A field of an entity as people name it: `owner`, `spec.owner`, `metadata.tags[0]`, `relations.ownedBy`."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice

from query.dialects.line.fields import COLUMN_NAMES, column_path
from syncd.errors import NotFoundError
from syncd.model.json import FieldPath, Json, JsonObject
from syncd.overlay.path import parse_path
from syncd.process.schema import field_text

CANDIDATES = 5_000
"""Fields of an entity that a name is held against to find the nearest."""

_WORD = re.compile(r"[A-Za-z]+(?=[.\[])")
_INDEX = re.compile(r"\[(\d{1,9})\]")


class FieldNotFoundError(NotFoundError):
    """The entity has no such field: 404; the hint names the nearest ones."""

    code = "field_not_found"


def find_field(entity: JsonObject, ref: str, text: str) -> FieldPath:
    """The path that `text` means in an entity.

    Keys may be written in any case, and those with dots without quotes; an item of a list is meant by its number, or
    by what it is; `relations.ownedBy` are relations of one type. Short names are those of columns. Raises
    `FieldNotFoundError`, and `PathError` for what is no path.
    """
    for name in (text, column_path(text), _spelled_out(text)):
        if name:
            found = _found(entity, [*parse_path(_INDEX.sub(r".\1", name))])
            if found is not None:
                return found
    raise FieldNotFoundError(f"{ref} has no field {text[:200]}", hint=_hint(entity, ref, text))


def _spelled_out(text: str) -> str | None:
    """With the path in the place of a short name that it begins with: `tags[1]`."""
    word = _WORD.match(text)
    path = column_path(word[0]) if word else None
    return path + text[len(word[0]) :] if word and path else None


def _found(value: Json, segments: list[str]) -> FieldPath | None:
    """The path of what the segments lead to; those of a key that holds dots are taken together."""
    if not segments:
        return ()
    for size in range(1, len(segments) + 1):
        step = _step(value, ".".join(segments[:size]))
        if step is not None:
            inner = value[step] if isinstance(value, dict | list) else None  # type: ignore[index]
            rest = _found(inner, segments[size:])
            if rest is not None:
                return (step, *rest)
    return None


def _step(value: Json, name: str) -> str | int | None:
    if isinstance(value, dict):
        folded = name.lower()
        return name if name in value else next((key for key in value if key.lower() == folded), None)
    if isinstance(value, list):
        if name.isascii() and name.isdigit():
            return int(name) if int(name) < len(value) else None
        return next((n for n, item in enumerate(value) if isinstance(item, str) and item.lower() == name.lower()), None)
    return None


def _hint(entity: JsonObject, ref: str, text: str) -> str:
    names = [field_text(path) for path in islice(_paths(entity, ()), CANDIDATES)]
    short = {name: path for name in COLUMN_NAMES if (path := column_path(name))}
    lower = {name.lower(): name for name in (*names, *(name for name, path in short.items() if path in names))}
    last = {name.rpartition(".")[2].lower(): name for name in reversed(names)}
    near = [lower[name] for name in get_close_matches(text.lower(), lower, n=2, cutoff=0.6)]
    near += [last[name] for name in get_close_matches(text.rpartition(".")[2].lower(), last, n=2, cutoff=0.6)]
    if not near:
        return f"catalog get {ref} shows its fields"
    return f"did you mean {' or '.join(dict.fromkeys(near[:2]))}?"


def _paths(value: Json, path: FieldPath) -> Iterator[FieldPath]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
