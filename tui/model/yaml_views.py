"""Three views of an entity as YAML lines: as the catalog has it, as its file says it, and what lies over the file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from tui.model.lines import Piece, TextLine, Tone, yaml_lines
from tui.model.overview import Line
from tui.model.symbols import Symbols
from tui.model.value_text import value_text
from tui.model.yaml_places import field_text, fields_by_line, first_line
from tui.model.yaml_text import as_yaml
from tui.property_answers import EntityProperties, EntityProperty
from tui.safe_text import safe_text

_RELATION = re.compile(r"relations\[(\d+)\]")

ViewName = Literal["resolved", "file", "overlay"]

Placed = list[tuple[TextLine, Line | None]]


def resolved_lines(entity: Mapping[str, Any]) -> Placed:
    """The whole entity, relations and all, with line numbers."""
    return [
        (line, place and replace(place, field=_asked(place.field, entity)))
        for line, place in _numbered(as_yaml(entity), 1)
    ]


def _asked(field: str, entity: Mapping[str, Any]) -> str:
    """Relations are asked for by their type, not by where they stand in the list."""
    found = _RELATION.match(field)
    relations = entity.get("relations")
    if found is None or not isinstance(relations, list):
        return field
    one = relations[int(found.group(1))]
    return field_text(("relations", str(one.get("type")))) if isinstance(one, Mapping) else field


def file_lines(text: str, line: int) -> Placed:
    """The lines of its document as they stand in the file; `line` is where the document's first key stands there."""
    return _numbered(text, max(1, line - first_line(text)) if line else 1)


def _numbered(text: str, first: int) -> Placed:
    fields = fields_by_line(text)
    made: Placed = []
    for number, line in enumerate(yaml_lines(text)):
        field = fields[number] if number < len(fields) else ""
        made.append(((Piece(f"{first + number:>4}  ", Tone.QUIET), *line), Line("", "", field=field)))
    return made


def overlay_lines(found: EntityProperties, symbols: Symbols) -> Placed:
    """The custom properties, each with who set it and what the file says there."""
    if not found["properties"]:
        return [((Piece("nothing lies over the file: all of it is git's", Tone.QUIET),), None)]
    made: Placed = []
    for one in found["properties"]:
        if made:
            made.append(((), None))
        made += [(line, Line("", "", field=one["path"])) for line in _property(one, symbols)]
    return made


def _property(one: EntityProperty, symbols: Symbols) -> Iterator[TextLine]:
    yield (Piece(safe_text(one["path"]), Tone.ACCENT), Piece(": ", Tone.QUIET), Piece(value_text(one["value"])))
    told = f"{one['mode']} {symbols.dot} {one['set_by']}, {one['set_at'][:16].replace('T', ' ')} by {one['source']}"
    yield (Piece(f"  {safe_text(told)}", Tone.QUIET),)
    yield (Piece("  git says ", Tone.QUIET), Piece(value_text(one["git"], dash=symbols.dash)))
    if one["effective"] != one["value"]:
        yield (Piece("  in force ", Tone.QUIET), Piece(value_text(one["effective"], dash=symbols.dash)))
