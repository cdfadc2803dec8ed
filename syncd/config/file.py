"""Reading the configuration file: one TOML file, refused whole when anything in it is not understood."""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from syncd.config.lines import KeyPath, line_of
from syncd.config.settings import Settings
from syncd.errors import ConfigError
from syncd.secrecy import without_secrets


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the configuration once: `path`, else `CATALOG_CONFIG`, else `$XDG_CONFIG_HOME/catalog/config.toml` if there.

    Raises ConfigError naming file, line, setting and value; all that is wrong is told at once.
    """
    chosen = choose(path, environ)
    return parse_settings(chosen.text, str(chosen.path)).read_from(str(chosen.path)) if chosen else Settings()


class Chosen(NamedTuple):
    """The file that is read, and what it says."""

    path: Path
    text: str


def choose(path: Path | None, environ: Mapping[str, str]) -> Chosen | None:
    """The file by the rule of `load_settings`; None where there is none. Raises ConfigError where it cannot be read."""
    chosen = path or _from_environment(environ)
    if chosen is None:
        return None
    try:
        return Chosen(chosen, chosen.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"cannot read the configuration {chosen}: {reason}") from error


def place_for(path: Path | None, environ: Mapping[str, str]) -> Path:
    """The file by the same rule, also where it is not there yet."""
    named = environ.get("CATALOG_CONFIG")
    return path or (Path(named) if named else _default_path(environ))


def parse_settings(text: str, name: str) -> Settings:
    """The settings that a TOML text holds; `name` is how errors call it."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        line = f":{place[1]}" if place else ""
        raise ConfigError(f"{name}{line}: {error}", hint="the configuration is TOML") from error
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(item, text, name) for item in error.errors())) from None
    try:
        settings.check_listeners()
    except ConfigError as error:
        number = line_of(text, ("daemon", "listen")) or line_of(text, ("auth", "mode"))
        raise ConfigError(f"{name}:{number}: {error}", hint=error.hint) from None
    return settings


def _from_environment(environ: Mapping[str, str]) -> Path | None:
    if named := environ.get("CATALOG_CONFIG"):
        return Path(named)
    default = _default_path(environ)
    return default if default.is_file() else None


def _default_path(environ: Mapping[str, str]) -> Path:
    home = environ.get("XDG_CONFIG_HOME") or os.path.join(environ.get("HOME") or "/", ".config")  # noqa: PTH118
    return Path(home) / "catalog" / "config.toml"


def _explain(error: ErrorDetails, text: str, name: str) -> str:
    path = error["loc"]
    where = f"{name}:{line_of(text, path) or 1}"
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown {_what(path)}{_nearest(path)}"
    if error["type"] == "missing":
        return f"{where}: {_spell(path)} is missing"
    reason = error["msg"].removeprefix("Value error, ").replace("Input should be a valid tuple", "must be a list")
    reason = reason.replace("Input should be", "must be")
    if isinstance(error["input"], dict | list):
        return f"{where}: {_spell(path)}: {reason}"
    return f"{where}: {_spell(path)} = {_shown(error['input'])}: {reason}"


def _what(path: KeyPath) -> str:
    return f"table {_spell(path)}" if len(path) == 1 else f"setting {_spell(path)}"


def _spell(path: KeyPath) -> str:
    """`[git] depth`, `[[hosts]] 2 clone`: a setting as its file shows it, entries of a list counted from 1."""
    table, rest = path[0], path[1:]
    if rest and isinstance(rest[0], int) and table in _LIST_TABLES:
        parts = [f"[[{table}]]", str(rest[0] + 1), *map(str, rest[1:])]
    else:
        parts = [f"[{table}]", *(f"item {part + 1}" if isinstance(part, int) else part for part in rest)]
    return " ".join(parts)


def _nearest(path: KeyPath) -> str:
    names = list(_model_at(path[:-1]).model_fields)
    close = difflib.get_close_matches(str(path[-1]), names, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; known here: {', '.join(names)}" if names else "; this table has no settings yet"


def _model_at(path: KeyPath) -> type[BaseModel]:
    model: type[BaseModel] = Settings
    for part in path:
        if isinstance(part, str):
            model = _inner_model(model.model_fields[part].annotation)
    return model


def _inner_model(annotation: object) -> type[BaseModel]:
    """The model of a table, of a list of tables, or of one that may be absent."""
    while not isinstance(annotation, type) or not issubclass(annotation, BaseModel):
        annotation = get_args(annotation)[0]
    return annotation


def _shown(value: object) -> str:
    return (
        f'"{without_secrets(value)}"'
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


_LIST_TABLES = ("hosts", "locations", "rules", "credentials")
