"""Values as a configuration file spells them."""

import ipaddress
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel

from syncd.config.values import Listener

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_UNITS = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


def spelled(value: object) -> str:
    """A value as TOML, on one line: what may stand after `=`. Durations are written with their largest unit."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case timedelta():
            return f'"{_duration(value)}"'
        case Mapping():
            return "{ " + ", ".join(f"{spelled_key(key)} = {spelled(item)}" for key, item in value.items()) + " }"
        case BaseModel():
            return spelled(value.model_dump(exclude_defaults=True))
        case list() | tuple():
            return "[" + ", ".join(map(spelled, value)) + "]"
        case str() | Path() | Listener() | ipaddress.IPv4Network() | ipaddress.IPv6Network():
            # A JSON string is a basic string of TOML, but for DEL, which TOML wants escaped.
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)  # a date of TOML's own, which no setting takes


def spelled_key(name: str) -> str:
    """A key as TOML: in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def size(value: int) -> str:
    """A number of bytes with its unit, where it is a whole number of one."""
    for unit, factor in _UNITS:
        if value and value % factor == 0:
            return f'"{value // factor} {unit}"'
    return str(value)


def _duration(value: timedelta) -> str:
    seconds = value.total_seconds()
    if seconds != int(seconds):
        return f"{round(seconds * 1000)}ms"
    whole = int(seconds)
    if whole and whole % 3600 == 0:
        return f"{whole // 3600}h"
    return f"{whole // 60}m" if whole >= 600 and whole % 60 == 0 else f"{whole}s"
