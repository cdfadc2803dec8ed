"""What lies in the folders of a mirror: many are looked at, so each look asks the system as little as it can."""

import os
from collections.abc import Iterator
from pathlib import Path


def files_in(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """The files directly in a folder; nothing where there is no such folder."""
    return (entry for entry in _entries(folder) if entry.is_file(follow_symlinks=False))


def files_below(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """The files in a folder and in all folders below it; links are not followed."""
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from files_below(entry.path)
        elif entry.is_file(follow_symlinks=False):
            yield entry


def folders_in(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """The folders directly in a folder."""
    return (entry for entry in _entries(folder) if entry.is_dir(follow_symlinks=False))


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except (FileNotFoundError, NotADirectoryError):
        return []
