"""What the terminal can do: is there one, how wide, in colour or not."""

import os
import sys
from collections.abc import Mapping
from typing import IO

COLOUR_CHOICES = ("auto", "always", "never")


def is_dumb(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether `TERM` says that the terminal understands no sequences."""
    return environ.get("TERM", "") == "dumb"


def wants_colour(choice: str, *, tty: bool, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether to write colour: `--color` first, then `NO_COLOR`, then `CLICOLOR_FORCE`/`FORCE_COLOR`, then the TTY."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in ("", "0") for name in ("CLICOLOR_FORCE", "FORCE_COLOR")):
        return True
    return tty and not is_dumb(environ) and environ.get("CLICOLOR") != "0"


def width_of(stream: IO[str], environ: Mapping[str, str] = os.environ) -> int:
    """Columns of the terminal behind `stream`; `COLUMNS` wins, 80 where nobody knows."""
    named = environ.get("COLUMNS", "")
    if named.isdecimal() and int(named):
        return int(named)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def height_of(stream: IO[str]) -> int:
    """Lines of the terminal behind `stream`; 24 where nobody knows."""
    try:
        return os.get_terminal_size(stream.fileno()).lines or 24
    except (OSError, ValueError):
        return 24


def is_interactive() -> bool:
    """Whether a person can be asked: input and messages both on a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()
