"""Which line of a YAML text says which field: so that a person may point at a line and ask why."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
MOST_LINES = 20_000
"""Of longer texts no line is told: nobody points there."""


def fields_by_line(text: str) -> list[str]:
    """For each line the path of the field that it says, "" where it says none, or where the text cannot be read."""
    import yaml

    count = text.count("\n") + 1
    fields = [""] * count
    if count > MOST_LINES:
        return fields
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        _mark(node, (), fields)
    except (yaml.YAMLError, RecursionError):
        return [""] * count
    return fields


def first_line(text: str) -> int:
    """The line, from 0, on which the document's first key stands, below comments and its separator."""
    for number, line in enumerate(text.split("\n")):
        if line.strip() and not line.startswith(("#", "---", "%")):
            return number
    return 0


def field_text(path: tuple[str | int, ...]) -> str:
    """A path as the daemon reads it: `metadata.tags[0]`, `metadata.annotations."acme.test/pager"`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
            continue
        quoted = step if _PLAIN.fullmatch(step) else '"' + step.replace("\\", "\\\\").replace('"', '\\"') + '"'
        text += f".{quoted}" if text else quoted
    return text


def _mark(node: "yaml.Node | None", path: tuple[str | int, ...], fields: list[str]) -> None:
    """Outer fields first: the lines of an inner one are its own then."""
    import yaml

    if isinstance(node, yaml.CollectionNode) and node.start_mark.line == node.end_mark.line:
        return  # within one line there is one field to point at
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name:
                inner = (*path, name)
                _fill(fields, key.start_mark.line, value.end_mark, field_text(inner))
                _mark(value, inner, fields)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            inner = (*path, number)
            _fill(fields, item.start_mark.line, item.end_mark, field_text(inner))
            _mark(item, inner, fields)


def _fill(fields: list[str], first: int, end: "yaml.error.Mark", field: str) -> None:
    last = end.line - 1 if end.column == 0 and end.line > first else end.line
    for line in range(first, min(last, len(fields) - 1) + 1):
        fields[line] = field
