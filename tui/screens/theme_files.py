"""Themes that a person made: one TOML file each, in the folder `themes` beside the configuration."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

from tui.suggestion import did_you_mean

COLOURS = (
    *("primary", "secondary", "accent", "foreground", "background", "surface", "panel"),
    *("success", "warning", "error"),
)
"""Colours that a theme may say; what it leaves out is that of its base."""
SETTINGS = ("base", "dark", *COLOURS)
LARGEST = 1 << 16
"""Bytes of a file that are read at most."""


class ThemeFileError(ValueError):
    """A file that makes no theme; the message says why, and what to write."""


def read_theme(path: Path, known: Mapping[str, Theme], usual: str) -> Theme:
    """The theme in a file, called as the file is. Raises ThemeFileError."""
    name = path.stem
    if not re.fullmatch(r"[\w.-]{1,40}", name):
        raise ThemeFileError("the name of its file has letters, digits, - _ and . only")
    if name in known:
        raise ThemeFileError(f"there is a theme {name} already; give the file another name")
    try:
        with path.open("rb") as file:
            content = tomllib.loads(file.read(LARGEST).decode())
    except (OSError, ValueError) as error:
        raise ThemeFileError(f"cannot be read: {error}") from None
    for one in content:
        if one not in SETTINGS:
            raise ThemeFileError(f"knows no {one}; {did_you_mean(one, SETTINGS, ', '.join(SETTINGS))}")
    base = content.pop("base", usual)
    if not isinstance(base, str) or base not in known:
        raise ThemeFileError(f"base is no theme; {', '.join(sorted(known))} are")
    dark = content.pop("dark", known[base].dark)
    if not isinstance(dark, bool):
        raise ThemeFileError("dark is true or false")
    return replace(known[base], name=name, dark=dark, variables={}, **_colours(content))


def _colours(content: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in content.items():
        try:
            Color.parse(value if isinstance(value, str) else "")
        except ColorParseError:
            raise ThemeFileError(f'{name} is no colour; write {name} = "#4cc2b0"') from None
    if accent := content.get("primary"):  # one accent, unless the file says otherwise
        return {"secondary": accent, "accent": accent, **content}
    return dict(content)
