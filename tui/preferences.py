"""What the configuration file says to the interface: `[tui]` and `[keys]`. The daemon checks the rest of the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tui.suggestion import did_you_mean

SETTINGS = ("theme",)
"""What `[tui]` may say."""

THEMES = "themes"
"""The folder of the person's own themes, beside the file."""


class PreferenceError(ValueError):
    """The file cannot be used; `where` is the place in it, `hint` what to do."""

    def __init__(self, message: str, where: str, hint: str) -> None:
        super().__init__(message)
        self.where = where
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Preferences:
    """`keys` are keys by the id of an action, as they are written; `themes` is the folder of the person's own."""

    theme: str = ""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    themes: Path | None = None


def read_preferences(path: Path) -> Preferences:
    """The preferences in a file; the usual ones where there is no such file. Raises PreferenceError."""
    import tomllib

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Preferences(themes=path.parent / THEMES)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PreferenceError(f"the configuration cannot be read: {error}", str(path), "correct the file") from None
    table = _table(content, "tui", path)
    for name in table:
        if name not in SETTINGS:
            hint = did_you_mean(name, SETTINGS, f"it knows {', '.join(SETTINGS)}")
            raise PreferenceError(f"[tui] has no setting {name}", str(path), hint)
    theme = table.get("theme", "")
    if not isinstance(theme, str):
        raise PreferenceError("[tui] theme is no text", str(path), 'write theme = "nord"')
    return Preferences(theme, dict(_keys(_table(content, "keys", path), path)), path.parent / THEMES)


def _table(content: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    found = content.get(name, {})
    if not isinstance(found, dict):
        raise PreferenceError(f"{name} is no table", str(path), f"write [{name}] on a line of its own")
    return found


def _keys(table: Mapping[str, Any], path: Path, above: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """`browse.open = "o"` and `"browse.open" = ["o", "enter"]` say the same."""
    for name, value in table.items():
        full = f"{above}.{name}" if above else name
        if isinstance(value, dict):
            yield from _keys(value, path, full)
            continue
        keys = [value] if isinstance(value, str) else value
        if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
            raise PreferenceError(f"[keys] {full} is no key", str(path), f'write "{full}" = "o" or ["o", "^o"]')
        yield full, tuple(keys)
