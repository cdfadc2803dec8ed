"""`python -m syncd repair`: a new `state.sqlite` from what can be read of a damaged one, which is kept."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from syncd.store.salvage import salvage
from syncd.store.state import State, StateDamagedError, StateError


@dataclass(frozen=True, slots=True)
class Repair:
    """What was done: rows saved by table, and where the damaged file is now; None where nothing was damaged."""

    kept: Path | None = None
    saved: Mapping[str, int] = field(default_factory=dict)


def repair(path: Path) -> Repair:
    """Save what can be read; raises `StateError`, and leaves everything as it is, where nothing can."""
    try:
        State(path).close()
    except StateDamagedError:
        return _replace(path)
    return Repair()


def _replace(path: Path) -> Repair:
    beside = path.with_name(path.name + ".repaired")
    for name in _files(beside):
        name.unlink(missing_ok=True)
    new = State(beside)
    try:
        saved = salvage(path, new)
    finally:
        new.close()
    if not any(saved.values()):
        beside.unlink()
        raise StateError(f"nothing can be read of {path}", hint="restore a backup; nothing was changed")
    kept = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}")
    for damaged, aside in zip(_files(path), _files(kept), strict=True):
        if damaged.exists():
            damaged.replace(aside)
    beside.replace(path)
    return Repair(kept, saved)


def _files(path: Path) -> list[Path]:
    """The database with the two files that the engine keeps beside it."""
    return [path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]
