"""Resident memory of the daemon and its children, read from /proc (Linux)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from benchmarks.daemon import Daemon
from benchmarks.figures import Figure


def measure(daemon: Daemon, target: float | None) -> Iterator[Figure]:
    """What is held now; the stricter sum is the one with a target."""
    held = Memory.of(daemon.pid)
    note = f"{held.processes} processes, shared pages counted in each"
    yield Figure("resident memory, daemon and children (RSS)", held.rss, "MB", target, note)
    yield Figure("  the same, shared pages counted once (PSS)", held.pss, "MB")


def after(daemon: Daemon) -> Iterator[Figure]:
    """What is held when everything was asked, with the processes that SQL keeps for the next question."""
    held = Memory.of(daemon.pid)
    yield Figure("resident memory after all questions (RSS)", held.rss, "MB", None, f"{held.processes} processes")


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes (10^6 bytes) of a process and its descendants: `rss` counts a shared page in each, `pss` once."""

    rss: float
    pss: float
    processes: int

    @classmethod
    def of(cls, pid: int) -> Self:
        """Read /proc of `pid` and everything below it."""
        pids = processes_of(pid)
        sums = {"Rss": 0, "Pss": 0}
        for one in pids:
            for field, kilobytes in _rollup(one):
                sums[field] += kilobytes
        return cls(sums["Rss"] * 1024 / 1e6, sums["Pss"] * 1024 / 1e6, len(pids))


def processes_of(pid: int) -> list[int]:
    """A process and everything below it."""
    return [pid, *_descendants(pid)]


def _rollup(pid: int) -> Iterator[tuple[str, int]]:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile: it holds nothing
        return
    except PermissionError:  # the daemon closes its memory to all but root: shared pages count whole then
        text = "".join(f"{field}:{_resident(pid)} kB\n" for field in ("Rss", "Pss"))
    for line in text.splitlines():
        field, _, rest = line.partition(":")
        if field in ("Rss", "Pss"):
            yield field, int(rest.split()[0])


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)


def _descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent(int(entry.name))) is not None:
            parents.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        children = parents.get(todo.pop(), [])
        found += children
        todo += children
    return found


def _parent(pid: int) -> int | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(stat.rpartition(")")[2].split()[1])
