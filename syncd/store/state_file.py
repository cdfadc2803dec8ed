"""The file `state.sqlite`: its format, the room that its log has, and what it means when it cannot be used."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from syncd.errors import CatalogError, DiskFullError

SCHEMA = Path(__file__).parent / "state_schema"
SCRIPTS = {int(file.name.partition("_")[0]): file for file in sorted(SCHEMA.glob("*.sql"))}
"""The format in steps: the script of each version makes it of the version before."""
STATE_VERSION = max(SCRIPTS)

JOURNAL_RESERVE = 8 << 20
"""Bytes that the write-ahead log has on the disk before it needs them: hundreds of commits, and twice the size at which
the engine folds it into the file and begins it anew. So a change that was begun is written, full disk or not (R41).
"""


class StateError(CatalogError):
    """`state.sqlite` cannot be used as it is: exit code 8, nothing touched (R36, R43)."""

    code = "state"


class StateDamagedError(StateError):
    """`state.sqlite` is damaged: nothing is written to it any more, reads are served without it (R36, R90)."""

    code = "state.damaged"


def reserve(log: Path) -> None:
    """Give a write-ahead log its room. What follows its last valid frame is nothing to the engine."""
    descriptor = os.open(log, os.O_RDWR | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # a disk that is full now: nothing is begun on it anyway
            os.posix_fallocate(descriptor, 0, JOURNAL_RESERVE)
    finally:
        os.close(descriptor)


def version_in_header(path: Path) -> int:
    """The format as the file's first page names it, read without opening it as a database; 0 where there is none."""
    with path.open("rb") as file:
        header = file.read(64)
    return int.from_bytes(header[60:64], "big") if header.startswith(b"SQLite format 3\0") else 0


def check_version(path: Path | None, version: int) -> None:
    """Raise `StateError` for a format that only a newer version reads."""
    if version > STATE_VERSION:
        raise StateError(
            f"{path} has format {version}; this program reads up to {STATE_VERSION}",
            hint="install the newer git-catalog that wrote it; nothing was changed",
        )


def explain(error: BaseException, path: Path | None) -> None:
    """Raise what a failure of the engine means to people; return where it is a mistake of ours, or no such failure."""
    if not isinstance(error, sqlite3.DatabaseError):
        return
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        raise DiskFullError(
            f"{path} cannot be written: {error}", hint="free space on the disk of the state directory, then try again"
        ) from error
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        raise StateDamagedError(
            f"{path} is damaged: {error}",
            hint="restore a backup, or let `python -m syncd repair` save what can be read; nothing was changed",
        ) from error
