"""YAML as JSON values by the rules of YAML 1.2, with the lines they stand in. Imported by what reads YAML only."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

DEEPEST = 64
"""Nesting that is read."""

MOST = 2_000_000
"""Values of one file; each alias counts as a copy."""

_NULL = ("", "~", "null", "Null", "NULL")
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL_OR_HEX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CORE = "tag:yaml.org,2002:"
_PLAIN = "plain"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # whichever there is
    """Marks scalars without quotes and tag, to be resolved by the rules of 1.2."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        if kind is yaml.ScalarNode and implicit[0]:
            return _PLAIN
        return str(super().resolve(kind, value, implicit))


class YamlFault(ValueError):  # noqa: N818 - the file is at fault
    """The text is no YAML, or holds what JSON does not know; `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


class Placed(NamedTuple):
    """A YAML node and the line it begins in."""

    node: yaml.Node
    line: int


def documents(text: str) -> Iterator[Placed]:
    """The documents of a text that hold anything. Raises `YamlFault`."""
    try:
        for node in yaml.compose_all(text, Loader=_Loader):
            yield _placed(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error).splitlines()[0]
        raise YamlFault(mark.line + 1 if mark else 1, reason) from None


def members(placed: Placed) -> Iterator[tuple[str, Placed]]:
    """Key and value of each member of a mapping; the place is that of the key. Raises `YamlFault`."""
    if not isinstance(placed.node, yaml.MappingNode):
        raise YamlFault(placed.line, "expected a mapping")
    seen = set[str]()
    for key, value in placed.node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise YamlFault(_line(key), "a key is a text")
        if key.value in seen:
            raise YamlFault(_line(key), f"the key {key.value!r} is there twice")
        seen.add(key.value)
        yield key.value, Placed(value, _line(key))


def items(placed: Placed) -> list[Placed] | None:
    """The items of a sequence; None for anything else."""
    return [_placed(one) for one in placed.node.value] if isinstance(placed.node, yaml.SequenceNode) else None


class Values:
    """Makes values of nodes; one for a file, so that aliases cannot make it endless."""

    def __init__(self) -> None:
        self._left = MOST

    def value(self, placed: Placed, depth: int = 0) -> Any:
        """The JSON value. Raises `YamlFault`."""
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            raise YamlFault(placed.line, "too deep" if depth > DEEPEST else "too many values")
        if isinstance(placed.node, yaml.MappingNode):
            return {key: self.value(value, depth + 1) for key, value in members(placed)}
        found = items(placed)
        if found is not None:
            return [self.value(one, depth + 1) for one in found]
        return _scalar(placed)


def _scalar(placed: Placed) -> Any:
    text, tag = str(placed.node.value), str(placed.node.tag)
    if tag == f"{_CORE}str":
        return text
    if tag in (_PLAIN, f"{_CORE}int", f"{_CORE}float", f"{_CORE}bool", f"{_CORE}null"):
        return _resolved(text, placed)
    raise YamlFault(placed.line, f"the tag {tag} is not known")


def _resolved(text: str, placed: Placed) -> Any:
    """A plain scalar by the core schema of YAML 1.2: `yes` and `2026-01-02` are texts."""
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OCTAL_OR_HEX.fullmatch(text):
        return int(text, 0)
    if _FRACTION.fullmatch(text):
        number = float(text)
        if number in (float("inf"), float("-inf")):
            raise YamlFault(placed.line, f"{text} is too large a number")
        return number
    return text


def _placed(node: yaml.Node) -> Placed:
    return Placed(node, _line(node))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
