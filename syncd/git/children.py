"""Process groups on record, so that a killed daemon leaves no git behind that writes (R85)."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class _Process:
    pid: int
    session: int
    started: int
    """Clock ticks since boot."""


class ChildRecords:
    """One small file a running child, named by its process id, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def add(self, pid: int) -> None:
        """Record a child that leads a session of its own."""
        process = _read_process(pid)
        if process:
            (self._folder / str(pid)).write_text(f"{_boot_id()} {process.started}", encoding="ascii")

    def remove(self, pid: int) -> None:
        """Forget a child that was reaped."""
        (self._folder / str(pid)).unlink(missing_ok=True)

    def end_leftovers(self, grace: float) -> int:
        """End every recorded group that still runs: SIGTERM, `grace` seconds, SIGKILL. Returns how many there were.

        A process id may belong to somebody else by now, so boot, session and start time must all fit.
        """
        records = [(path, _parse_record(path)) for path in self._folder.iterdir() if path.name.isdigit()]
        sessions = {int(path.name): started for path, started in records if started is not None}
        ended = {process.session for process in _members(sessions)}
        for signal_number, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, grace)):
            for process in _members(sessions):
                _send(process.pid, signal_number)
            _wait_until_gone(sessions, patience)
        for path, _ in records:
            path.unlink(missing_ok=True)
        return len(ended)


def end_group(pid: int, grace: float) -> None:
    """End the session of our own unreaped child `pid`, at once where `grace` is 0; the caller reaps it afterwards.

    The child is not reaped before the last signal, so that its process id cannot name a stranger.
    """
    for signal_number in (signal.SIGTERM, signal.SIGKILL) if grace else (signal.SIGKILL,):
        _send_group(pid, signal_number)
        until = time.monotonic() + grace
        while time.monotonic() < until and not _group_ended(pid):
            time.sleep(0.005)


def _group_ended(pid: int) -> bool:
    if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        return False
    return all(process.pid == pid for process in _processes() if process.session == pid)


def _members(sessions: dict[int, int]) -> list[_Process]:
    """What runs in the sessions that were recorded with these start times of their leaders."""
    if not sessions:
        return []
    processes = [process for process in _processes() if process.session in sessions]
    strangers = {leader.pid for leader in processes if leader.started != sessions.get(leader.pid, leader.started)}
    return [
        process
        for process in processes
        if process.session not in strangers and process.started >= sessions[process.session]
    ]


def _wait_until_gone(sessions: dict[int, int], patience: float) -> None:
    until = time.monotonic() + patience
    while _members(sessions) and time.monotonic() < until:
        time.sleep(0.005)


def _processes() -> list[_Process]:
    entries = (_read_process(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [process for process in entries if process]


def _read_process(pid: int) -> _Process | None:
    """None for a process that is gone or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    fields = stat[stat.rindex(b")") + 2 :].split()
    return None if fields[0] in {b"Z", b"X"} else _Process(pid, int(fields[3]), int(fields[19]))


def _parse_record(path: Path) -> int | None:
    boot, _, started = path.read_text(encoding="ascii", errors="replace").partition(" ")
    return int(started) if boot == _boot_id() and started.isdigit() else None


def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def _send(pid: int, signal_number: signal.Signals) -> None:
    try:
        os.kill(pid, signal_number)
    except ProcessLookupError:
        return


def _send_group(pid: int, signal_number: signal.Signals) -> None:
    try:
        os.killpg(pid, signal_number)
    except ProcessLookupError:
        return
