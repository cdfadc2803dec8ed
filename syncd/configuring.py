"""`catalog config`: what is in force and where it is said, one setting changed, a file judged; no daemon is asked.

Answers are JSON on standard output: the terminal's program makes tables of them.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from difflib import unified_diff
from pathlib import Path
from typing import Any, TextIO

from syncd.config.change import LISTS, read_value, with_setting, without_setting
from syncd.config.file import choose, parse_settings, place_for
from syncd.config.origin import all_settings, unknown_setting
from syncd.config.schema import config_schema
from syncd.config.settings import Settings
from syncd.errors import ConfigError

FINDINGS = 1


def show(path: Path | None, environ: Mapping[str, str], out: TextIO) -> int:
    """Every setting with its origin. Raises ConfigError for a file that is refused."""
    json.dump([asdict(one) for one in all_settings(choose(path, environ), environ)], out)
    return 0


def validate(path: Path | None, environ: Mapping[str, str], out: TextIO) -> int:
    """What is wrong with the file, a line each; 1 where anything is."""
    chosen = choose(path, environ)
    problems: list[str] = []
    if chosen is not None:
        try:
            parse_settings(chosen.text, str(chosen.path))
        except ConfigError as error:
            problems = [*str(error).splitlines(), *([f"  {error.hint}"] if error.hint else [])]
    json.dump({"file": str(chosen.path) if chosen else None, "problems": problems}, out)
    return FINDINGS if problems else 0


def schema(out: TextIO) -> int:
    """The JSON Schema of the file."""
    json.dump(config_schema(), out)
    return 0


def change(
    path: Path | None, environ: Mapping[str, str], name: str, value: str | None, *, dry_run: bool, out: TextIO
) -> int:
    """Give a setting a value, or (None) take it out of the file. What the file then says is judged before it is
    written, and every other line stays. ConfigError where it is refused."""
    file = place_for(path, environ)
    text = _as_it_is(file)
    parse_settings(text, str(file))  # a file that is wrong already is told as such
    table, key = _split(name)
    changed = without_setting(text, table, key) if value is None else with_setting(text, table, key, read_value(value))
    parse_settings(changed, str(file))
    if changed != text and not dry_run:
        _write(file, changed)
    lines = unified_diff(text.splitlines(), changed.splitlines(), str(file), str(file), lineterm="")
    json.dump({"file": str(file), "changed": changed != text, "diff": list(lines)}, out)
    return 0


def _as_it_is(file: Path) -> str:
    """With the ends of lines that it has; "" where there is no file."""
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise ConfigError(f"cannot read the configuration {file}: it is not UTF-8 text") from error


def _split(name: str) -> tuple[str, str]:
    table, _, key = name.partition(".")
    field = Settings.model_fields.get(table)
    known = [
        f"{table}.{key}"
        for table, field in Settings.model_fields.items()
        for key in getattr(type(field.default), "model_fields", ())
    ]
    if field is None or not key:
        raise unknown_setting(name, known)
    fields: Any = getattr(type(field.default), "model_fields", None)
    if fields is None:
        raise ConfigError(f"{name} is in a list", hint=LISTS)
    if key not in fields and table != "keys":
        raise unknown_setting(name, known)
    return table, key


def _write(file: Path, text: str) -> None:
    """Beside it and then in its place, with the rights that it had; a link stays a link."""
    target = file.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
    beside = target.with_name(f".{target.name}.part")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            os.fchmod(stream.fileno(), mode)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
