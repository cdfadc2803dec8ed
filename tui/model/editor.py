"""The person's editor, on the text of a document; what the catalog said of the text stands above it as comments."""

import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

NAMES = ("CATALOG_EDITOR", "GIT_EDITOR", "VISUAL", "EDITOR")
MARK = "#! "
"""Begins the lines that the catalog writes above a text; they are taken out again."""


def editor_command(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The command that edits a file, as a list of arguments (R76): the first of `NAMES` that is set, else vi."""
    chosen = next((environ[name] for name in NAMES if environ.get(name, "").strip()), "vi")
    try:
        return shlex.split(chosen) or ["vi"]
    except ValueError:
        return [chosen]


def at_line(command: Sequence[str], path: Path, line: int) -> list[str]:
    """A command that opens a file at a line (0: the file), as the known editors take it."""
    name = Path(command[0]).name
    if not line:
        return [*command, str(path)]
    if name in ("code", "codium", "code-insiders"):
        return [*command, "--goto", f"{path}:{line}"]
    if name in ("subl", "zed", "hx", "helix"):
        return [*command, f"{path}:{line}"]
    return [*command, f"+{line}", str(path)]


def with_faults(text: str, faults: Sequence[str]) -> str:
    """The text below what is wrong with it."""
    lines = [line for fault in faults for line in fault.splitlines() or [""]]
    head = [
        "not written:",
        *(f"  {line}" for line in lines),
        "correct it, or leave it as it is to stop; the text is kept",
    ]
    return with_notes(text, head)


def with_notes(text: str, notes: Sequence[str]) -> str:
    """The text below lines for who writes it."""
    return "".join(f"{MARK}{line}\n" for line in notes) + text


def without_notes(text: str) -> str:
    """The text without the lines that the catalog put above it."""
    lines = text.splitlines(keepends=True)
    first = next((number for number, line in enumerate(lines) if not line.startswith(MARK)), len(lines))
    return "".join(lines[first:])
