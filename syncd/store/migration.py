"""A state of an older format becomes one of ours: in a new file, compared, then put in its place (R43)."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from syncd.disk import sync
from syncd.store.copy import PATIENCE_SECONDS, Contents, copy_state, examine
from syncd.store.state_file import SCRIPTS, STATE_VERSION, StateError

SUFFIX: Final = ".new"
"""Of the file that is being made; one that a kill left behind is made anew."""


def migrate(path: Path) -> None:
    """Bring a state to the format of this program; nothing happens to one that has it, or has none yet.

    Until the very end the old file is whole and in force, and then the new one is: a kill leaves one of the two.
    Raises `StateDamagedError`, `DiskFullError`, and `StateError` where the new file would lack something.
    """
    new = path.with_name(path.name + SUFFIX)
    for name in ("", "-wal", "-shm", "-journal"):
        new.with_name(new.name + name).unlink(missing_ok=True)
    if not 0 < _version(path) < STATE_VERSION:  # its log may hold a newer format than its first page
        return
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    before = copy_state(path, new)
    with closing(sqlite3.connect(new, isolation_level=None)) as copy:
        script = "".join(file.read_text() for number, file in SCRIPTS.items() if number > before.version)
        copy.executescript(f"PRAGMA synchronous=FULL;BEGIN;{script};PRAGMA user_version={STATE_VERSION};COMMIT;")
    _compare(before, examine(new), path)
    _fold(path)
    new.replace(path)
    sync(path.parent)


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path, timeout=PATIENCE_SECONDS)) as state:
        return int(state.execute("PRAGMA user_version").fetchone()[0])


def _compare(before: Contents, after: Contents, path: Path) -> None:
    lost = [table for table, rows in before.rows.items() if after.rows.get(table) != rows]
    if lost or (after.version, after.seq) != (STATE_VERSION, before.seq):
        raise StateError(
            f"{path} has format {before.version} and cannot be brought to {STATE_VERSION}: "
            f"{', '.join(lost) or 'the log'} would not be the same",
            hint="nothing was changed; report this, and go on with the version that wrote it",
        )


def _fold(path: Path) -> None:
    """Have the old file take in its log: one that is left beside the new file would be taken for its own."""
    with closing(sqlite3.connect(path, timeout=PATIENCE_SECONDS)) as state:
        state.execute("PRAGMA journal_mode=DELETE")
