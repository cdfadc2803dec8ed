"""`python -m syncd repair`: a new `state.sqlite` from what can be read of a damaged one, which is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from syncd.store.exchange import SIDE_FILES, exchange
from syncd.store.salvage import salvage
from syncd.store.state import State
from syncd.store.state_file import StateDamagedError, StateError


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
    for suffix in ("", *SIDE_FILES):
        beside.with_name(beside.name + suffix).unlink(missing_ok=True)
    new = State(beside)
    try:
        saved = salvage(path, new)
    finally:
        new.close()
    if not any(saved.values()):
        beside.unlink()
        raise StateError(f"nothing can be read of {path}", hint="restore a backup; nothing was changed")
    return Repair(exchange(path, beside, "damaged"), saved)
