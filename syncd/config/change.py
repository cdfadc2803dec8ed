"""Changing one setting in the text of a configuration file: its line, and nothing else."""

import copy
import re
import tomllib
from typing import Any

from syncd.config.lines import KeyPath, line_of
from syncd.config.spelling import spelled, spelled_key
from syncd.errors import ConfigError

LISTS = "an entry of a list is changed in the file itself"


def read_value(text: str) -> Any:
    """A value as a person types it: TOML where it is TOML (`"5m"`, `true`, `["a"]`, `3`), else the text itself."""
    try:
        read = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return read["value"] if read.keys() == {"value"} else text


def with_setting(text: str, table: str, key: str, value: Any) -> str:
    """The text with another value of `[table] key`; all other lines stay, and so does a comment behind the value.

    ConfigError where the text spells the setting in a way that this does not know: nothing is guessed.
    """
    wanted = _values(text)
    wanted.setdefault(table, {})[key] = value
    changed = _placed(text, table, key, f"{spelled_key(key)} = {spelled(value)}")
    return _proven(changed, wanted, f"{table}.{key}")


def without_setting(text: str, table: str, key: str) -> str:
    """The text without `[table] key`; the same text where it does not say it."""
    wanted = _values(text)
    if key not in wanted.get(table, {}):
        return text
    del wanted[table][key]
    first, last = _lines_of(text, table, key)
    lines = text.splitlines(keepends=True)
    return _proven("".join(lines[:first] + lines[last + 1 :]), wanted, f"{table}.{key}")


def _placed(text: str, table: str, key: str, assignment: str) -> str:
    lines = text.splitlines(keepends=True)
    end = "\r\n" if "\r\n" in text else "\n"
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    if key in _values(text).get(table, {}):
        first, last = _lines_of(text, table, key)
        lines[first : last + 1] = [f"{_indent(lines[first])}{assignment}{_comment(lines[first])}{end}"]
        return "".join(lines)
    head = _line_of_table(lines, table)
    if head is None:
        gap = [end] if lines and lines[-1].strip() else []
        return "".join([*lines, *gap, f"[{table}]{end}", f"{assignment}{end}"])
    lines.insert(_end_of_table(lines, head), f"{assignment}{end}")
    return "".join(lines)


def _lines_of(text: str, table: str, key: str) -> tuple[int, int]:
    """The first and the last line of an assignment, from 0: as many as it takes to be TOML."""
    first = _exact_line(text, (table, key)) - 1
    lines = text.splitlines()
    for last in range(first, len(lines)):
        try:
            tomllib.loads("\n".join(lines[first : last + 1]))
        except tomllib.TOMLDecodeError:
            continue
        return first, last
    raise _unknown_form(f"{table}.{key}")


def _exact_line(text: str, path: KeyPath) -> int:
    line = line_of(text, path)
    if line == 0 or line == line_of(text, path[:-1]):
        raise _unknown_form(".".join(map(str, path)))
    return line


def _line_of_table(lines: list[str], table: str) -> int | None:
    heading = re.compile(rf"\s*\[\s*{re.escape(table)}\s*\]\s*(#.*)?$")
    return next((number for number, line in enumerate(lines) if heading.match(line.rstrip("\r\n"))), None)


def _end_of_table(lines: list[str], head: int) -> int:
    """Where a new line belongs: behind the last line of the table that says something."""
    end = head + 1
    for number in range(head + 1, len(lines)):
        if lines[number].lstrip().startswith("["):
            break
        if lines[number].strip() and not lines[number].lstrip().startswith("#"):
            end = number + 1
    return end


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _comment(line: str) -> str:
    """What stands behind the value, from the blanks on."""
    plain = line.rstrip("\r\n")
    for found in re.finditer(r"\s*#", plain):
        try:
            tomllib.loads(plain[: found.start()])
        except tomllib.TOMLDecodeError:
            continue
        return plain[found.start() :]
    return ""


def _values(text: str) -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads(text))


def _proven(text: str, wanted: dict[str, Any], name: str) -> str:
    """The text, if it says what is wanted and nothing else."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise _unknown_form(name) from None
    if {table: value for table, value in said.items() if value != {}} != {
        table: value for table, value in wanted.items() if value != {}
    }:
        raise _unknown_form(name)
    return text


def _unknown_form(name: str) -> ConfigError:
    return ConfigError(
        f"{name} is spelled in a way that is not changed here", hint="change it in the file; catalog config path"
    )
