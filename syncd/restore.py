"""`python -m syncd restore`: the owned data of a backup in the place of what is there, which is kept (R44)."""

import os
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from syncd.backup import Manifest, unpack
from syncd.errors import CatalogError
from syncd.statedir import StateDir
from syncd.store.copy import examine
from syncd.store.exchange import SIDE_FILES, exchange
from syncd.store.index import Index, wal
from syncd.store.state import State
from syncd.store.state_file import STATE_VERSION, StateError


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: what the backup says of itself, and where the state before it is now."""

    manifest: Manifest
    kept: Path | None


def restore(state_dir: StateDir, file: Path, actor: str) -> Restored:
    """Put the state of a backup in place; the directory must be locked. The index is built again by the next start.

    A backup of an older format is brought up to date. Raises `BackupError` and `StateError`; nothing has changed then,
    and whenever the process is killed there is the old state or the new one.
    """
    beside = state_dir.state.with_name(state_dir.state.name + ".restored")
    _remove(beside)
    try:
        manifest = unpack(file, beside)
        _check(beside, manifest, file)
        with closing(State(beside)) as state:
            state.count_on_from(_highest(state_dir))
            state.log(actor, "state.restored", "", {"made": manifest.made, "seq": manifest.seq})
    except BaseException:
        _remove(beside)
        raise
    state_dir.set_aside([state_dir.index, wal(state_dir.index)])  # its numbers would be taken for those of this log
    return Restored(manifest, exchange(state_dir.state, beside, "replaced"))


def _check(beside: Path, manifest: Manifest, file: Path) -> None:
    if manifest.state_format > STATE_VERSION:
        raise StateError(
            f"{file} holds a state of format {manifest.state_format}; this program reads up to {STATE_VERSION}",
            hint=f"install git-catalog {manifest.program} or newer; nothing was changed",
        )
    examine(beside)


def _highest(state_dir: StateDir) -> int:
    """The last number that any log or index here has given, as far as can be told."""
    found = 0
    if state_dir.state.exists():
        with suppress(CatalogError), closing(State(state_dir.state)) as state:  # folds its own log in, too
            found = state.last_seq()
    with suppress(CatalogError), closing(Index.open(state_dir.index)) as index:
        found = max(found, int(index.meta("index_seq") or 0))
    return found


def _remove(path: Path) -> None:
    for suffix in ("", *SIDE_FILES):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def restoring_actor() -> str:
    """Whom the log names: the user of this machine who called the program."""
    return f"local:{os.geteuid()}"
