"""Texts that are kept in files: what the program prints must be what it printed."""

import os
from pathlib import Path


def kept(path: Path, text: str) -> str:
    """What a golden file holds; with UPDATE_GOLDEN set that is `text` from now on."""
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")
