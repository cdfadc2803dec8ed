"""Every setting in force, with where its value comes from and what it took the place of."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from syncd.config.file import Chosen, parse_settings
from syncd.config.limits import LimitSettings, reported_limits
from syncd.config.lines import KeyPath, line_of
from syncd.config.settings import Settings
from syncd.config.spelling import size, spelled
from syncd.errors import ConfigError
from syncd.secrecy import without_secrets

VARIABLES = {"client.user": "CATALOG_ME"}
"""Settings that a variable of the environment comes before, in every program that has one."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its value as TOML, where that is said, and what it took the place of ("" for nothing).

    `origin` is `FILE:LINE`, the name of a variable, or "default".
    """

    name: str
    value: str
    origin: str
    instead_of: str
    about: str


def all_settings(chosen: Chosen | None, environ: Mapping[str, str]) -> list[Setting]:
    """Every setting, in the order of the documentation; entries of lists are counted from 1.

    Raises ConfigError where the file is refused.
    """
    text, name = (chosen.text, str(chosen.path)) if chosen else ("", "")
    settings = parse_settings(text, name)
    said = tomllib.loads(text)
    return [_with_variable(one, environ) for one in _listed(settings, said, text, name)]


def unknown_setting(name: str, known: list[str]) -> ConfigError:
    """The refusal of a name that is none."""
    near = get_close_matches(name, known, n=1, cutoff=0.5) or [one for one in known if one.endswith(f".{name}")][:1]
    return ConfigError(
        f"there is no setting {name}",
        hint=f"did you mean {near[0]}?" if near else "catalog config show lists them all",
    )


def _listed(settings: Settings, said: Mapping[str, Any], text: str, name: str) -> Iterator[Setting]:
    for table, field in Settings.model_fields.items():
        value = getattr(settings, table)
        if isinstance(value, BaseModel):
            yield from _of_table(table, value, said.get(table, {}), text, name)
            continue
        entries = said.get(table)
        if not entries:
            yield Setting(table, "[]", "default", "", field.description or "")
        for number, entry in enumerate(entries or ()):
            about = _abouts(value[number])
            for key, item in entry.items():
                path: KeyPath = (table, number, key)
                yield Setting(f"{table}.{number + 1}.{key}", _told(item), _at(text, name, path), "", about.get(key, ""))


def _of_table(table: str, model: BaseModel, said: Mapping[str, Any], text: str, name: str) -> Iterator[Setting]:
    fields = type(model).model_fields
    for key, field in fields.items():
        default = _default(model, key, field.default)
        about = field.description or ""
        if key in said:
            value = _told(said[key])
            yield Setting(f"{table}.{key}", value, _at(text, name, (table, key)), f"{default} (default)", about)
        else:
            yield Setting(f"{table}.{key}", default, "default", "", about)
    for key, value in _leaves(said):
        if key.partition(".")[0] not in fields:  # `[keys]` takes the ids of actions
            # Written with or without quotes; the one that it is not leads to the line of the table only.
            place = max(line_of(text, (table, key)), line_of(text, (table, *key.split("."))))
            yield Setting(f"{table}.{key}", _told(value), f"{name}:{place}", "", "")


def _leaves(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        full = f"{above}.{key}" if above else key
        if isinstance(value, dict):
            yield from _leaves(value, full)
        else:
            yield full, value


def _default(model: BaseModel, key: str, default: object) -> str:
    if isinstance(model, LimitSettings):
        unit = next(one.unit for one in reported_limits(model) if one.name == key)
        if unit == "bytes" and isinstance(default, int):
            return size(default)
    return "" if default is None else spelled(default)


def _told(value: Any) -> str:
    return without_secrets(spelled(value))


def _at(text: str, name: str, path: KeyPath) -> str:
    return f"{name}:{line_of(text, path)}"


def _abouts(entry: BaseModel) -> dict[str, str]:
    return {key: field.description or "" for key, field in type(entry).model_fields.items()}


def _with_variable(setting: Setting, environ: Mapping[str, str]) -> Setting:
    variable = VARIABLES.get(setting.name, "")
    value = environ.get(variable, "") if variable else ""
    if not value:
        return setting
    before = "default" if setting.origin == "default" else setting.origin
    return Setting(setting.name, spelled(value), variable, f"{setting.value} ({before})", setting.about)
