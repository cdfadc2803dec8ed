"""Secrets are read from files, never from arguments, which other users of the machine can see."""

import sys
from pathlib import Path


def read_secret(file: str) -> str:
    """The text of a file without its line end; `-` is standard input."""
    return (sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")).rstrip("\r\n")
