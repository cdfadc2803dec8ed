"""The daemon as a process in the background: start it, find it, end it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tui.cli.daemon_program import daemon_arguments, daemon_environment
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.client import Address, ApiProblem, Client, DaemonUnreachable, socket_path
from tui.safe_text import safe_text

LOG = "daemon.log"
PID = "daemon.pid"
PAUSE = 0.05
_OPENING = ("", "starting")
_OWN_CODES = (ExitCode.USAGE, ExitCode.CONFLICT, ExitCode.ATTENTION)
"""Codes with which the daemon's program says why it ended; any other is a crash."""
LAST_WORDS = 15
"""Lines of the log that are shown when the daemon ends instead of starting."""


def running_pid(state: Path) -> int | None:
    """The daemon's process id by `STATE/daemon.pid`; None where that process is gone or is another program."""
    try:
        pid = int((state / PID).read_text(encoding="utf-8").split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if is_alive(pid) and _is_daemon(pid) else None


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits to be collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True


def _is_daemon(pid: int) -> bool:
    try:
        return b"syncd" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")  # `python -m syncd …`
    except OSError:  # no /proc on this system: the pid file is all there is
        return True


def said_state(state: Path) -> str:
    """What the daemon on the state's socket says of itself: ready, starting, degraded, readonly; "" for no answer."""
    client = Client(Address(socket=socket_path(state)), timeout=2)
    try:
        return client.status()["state"]
    except (DaemonUnreachable, ApiProblem):
        return ""
    finally:
        client.close()


def start(state: Path, options: list[str], timeout: float, program: str) -> int:
    """Start the daemon in a session of its own and wait until it has opened its data; its process id.

    `Failure`: conflict where one runs already, the program's own exit code where it ends at once, timed out after
    `timeout` seconds (it is left running).
    """
    pid = running_pid(state)
    if pid is not None or said_state(state):
        raise Failure(
            "the daemon runs already" + (f", process {pid}" if pid else ""),
            where=str(state),
            next_step=f"`{program} daemon stop` ends it, `{program} status` asks it",
            code=ExitCode.CONFLICT,
        )
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    offset = _size(state / LOG)
    process = _spawn(state, options)
    if not wait_until(lambda: process.poll() is not None or said_state(state) not in _OPENING, timeout):
        raise Failure(
            f"the daemon is not ready after {timeout:g} s; it is left running as process {process.pid}",
            where=str(state / LOG),
            next_step=f"`{program} daemon logs` shows what it does",
            code=ExitCode.TIMED_OUT,
        )
    if process.poll() is not None:
        raise _ended(process.returncode, state, offset, program)
    return process.pid


def _spawn(state: Path, options: list[str]) -> "subprocess.Popen[bytes]":
    command = daemon_arguments("run", "--state", str(state), *options)
    descriptor = os.open(state / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            cwd="/",
            env=daemon_environment(),
            start_new_session=True,
        )
    finally:
        os.close(descriptor)


def _ended(code: int, state: Path, offset: int, program: str) -> Failure:
    with (state / LOG).open("rb") as log:
        log.seek(offset)
        said = log.read().decode("utf-8", "replace").strip().splitlines()[-LAST_WORDS:]
    return Failure(
        "the daemon ended while starting" + "".join(f"\n  {safe_text(line)}" for line in said),
        where=str(state / LOG),
        next_step="its last words are above; correct what they name and start it again"
        if said
        else f"it left no word: `{program} daemon run` shows why",
        code=ExitCode(code) if code in _OWN_CODES else ExitCode.FAILED,
    )


def stop(state: Path, timeout: float, program: str) -> int | None:
    """End the daemon in order (SIGTERM) and wait until it is gone; its process id, None where none ran."""
    pid = running_pid(state)
    if pid is None:
        return None
    os.kill(pid, signal.SIGTERM)
    if not wait_until(lambda: not is_alive(pid), timeout):
        raise Failure(
            f"process {pid} has not ended after {timeout:g} s",
            where=str(state / PID),
            next_step=f"`{program} daemon logs` shows what it does; --timeout waits longer",
            code=ExitCode.TIMED_OUT,
        )
    return pid


def wait_until(condition: Callable[[], bool], timeout: float) -> bool:
    """Look every 50 ms whether it is so; false after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(PAUSE)
    return True


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
