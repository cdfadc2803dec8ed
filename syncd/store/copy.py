"""A copy of `state.sqlite` made while others write it, and what can be said of such a file."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from syncd.disk import no_room
from syncd.store.state_file import StateDamagedError, StateError

PATIENCE_SECONDS = 30.0
"""How long a copy waits for a daemon that just closes its file."""

_UNREADABLE = (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a state holds: its format, the last number of its log, and the rows of each table."""

    version: int
    seq: int
    rows: Mapping[str, int]


def copy_state(path: Path, target: Path) -> Contents:
    """Copy the state as it is at one moment, its write-ahead log included, and check every page of the copy.

    Nobody is held up: writers go on beside it. Raises `StateDamagedError` where the copy is not sound, `DiskFullError`
    where there is no room for it. `target` is one new file then or none.
    """
    if not path.exists():
        raise StateError(f"there is no {path}", hint="name the state directory of a daemon with --state")
    try:
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE_SECONDS)
        with closing(source), closing(sqlite3.connect(target)) as copy:
            source.backup(copy)  # all pages in one step: one moment, however long it takes
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without the two beside it
        return examine(target)
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        if code & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) and code not in _UNREADABLE:
            raise no_room("a copy of the state") from error
        raise _damaged(path, str(error)) from error


def examine(path: Path) -> Contents:
    """Check the file as a whole and count what is in it; raises `StateDamagedError`."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as state:
            verdict = state.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if verdict != "ok":
                raise _damaged(path, verdict)
            if state.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise _damaged(path, "rows refer to others that are not there")
            tables = [row[0] for row in state.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            owned = sorted(name for name in tables if not name.startswith("sqlite_"))
            rows = {name: int(state.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in owned}
            seq = state.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0]
            return Contents(int(state.execute("PRAGMA user_version").fetchone()[0]), int(seq), rows)
    except sqlite3.Error as error:
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, why: str) -> StateDamagedError:
    return StateDamagedError(f"{path} is damaged: {why}", hint="`python -m syncd repair` saves what can be read")
