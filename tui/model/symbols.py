"""State by symbol and word and colour, with an ASCII set for terminals that know no more."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """The states a row or a line of text can be in; the value is the word that goes with the symbol."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    ORPHAN = "orphan"
    OVERLAY = "overlay"
    CHANGED = "changed"
    CURSOR = "cursor"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    LOCKED = "read-only"
    MARKED = "marked"
    STARRED = "starred"


_UNICODE = {
    Mark.OK: "✓",
    Mark.WARNING: "!",
    Mark.ERROR: "✗",
    Mark.ORPHAN: "◌",
    Mark.OVERLAY: "~",
    Mark.CHANGED: "↻",
    Mark.CURSOR: "▌",
    Mark.WAITING: "·",
    Mark.UNKNOWN: "?",
    Mark.LOCKED: "⊘",
    Mark.MARKED: "●",
    Mark.STARRED: "★",
}
_ASCII = {
    Mark.OK: "+",
    Mark.WARNING: "!",
    Mark.ERROR: "x",
    Mark.ORPHAN: "o",
    Mark.OVERLAY: "~",
    Mark.CHANGED: "#",
    Mark.CURSOR: ">",
    Mark.WAITING: ".",
    Mark.UNKNOWN: "?",
    Mark.LOCKED: "=",
    Mark.MARKED: "@",
    Mark.STARRED: "*",
}


@dataclass(frozen=True, slots=True)
class Symbols:
    """One set of symbols, each one cell wide."""

    marks: Mapping[Mark, str]
    ascending: str
    descending: str
    live: str
    dash: str
    ellipsis: str
    caret: str
    rule: str
    arrow_out: str
    arrow_in: str
    dot: str
    more_left: str
    more_right: str
    box: tuple[str, str, str, str, str, str]
    """Corner, rule, corner, side, lower corners."""
    bars: str
    """Heights of a curve, the lowest first."""
    wheel: str
    """Turns while something is waited for."""
    gauge: str
    """What is done of a bar, and what is not."""
    opened: str
    folded: str

    def __getitem__(self, mark: Mark) -> str:
        return self.marks[mark]


UNICODE = Symbols(
    _UNICODE,
    "▲",
    "▼",
    "●",
    "—",
    "…",
    "▲",
    "─",
    "→",
    "←",
    "·",
    "‹",
    "›",
    ("┌", "─", "┐", "│", "└", "┘"),
    "▁▂▃▄▅▆▇█",
    "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏",
    "▓░",
    "▾",
    "▸",
)
ASCII = Symbols(
    _ASCII,
    "^",
    "v",
    "*",
    "-",
    "~",
    "^",
    "-",
    "->",
    "<-",
    "-",
    "<",
    ">",
    ("+", "-", "+", "|", "+", "+"),
    "_.-=*#",
    "|/-\\",
    "#.",
    "v",
    ">",
)


def symbols(environment: Mapping[str, str] = os.environ) -> Symbols:
    """The set this terminal can show: ASCII when asked by CATALOG_ASCII, on the Linux console, or without UTF-8."""
    if environment.get("CATALOG_ASCII") or environment.get("TERM") == "linux":
        return ASCII
    language = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or ""
    return UNICODE if "utf" in language.lower() or not language else ASCII
