"""What a running daemon says of itself, over the socket of its state directory."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

from syncd.doctor.check import Check
from syncd.statedir import StateDir

SECONDS = 10.0
STEP_SECONDS = 2.0
"""How long the index may take to follow what is being written just now."""


def running(state_dir: StateDir) -> Iterator[Check]:
    """Whether it answers, how it stands, and how each location fares."""
    try:
        status = _ask(state_dir, "/api/own/status")
        locations = _ask(state_dir, "/api/own/locations")["items"]
    except (OSError, ValueError, KeyError, http.client.HTTPException) as error:
        yield _absent(state_dir, error)
        return
    found = f"{status['version']}, {status['state']}, {status['listen'] or 'no TCP'}"
    yield Check.of("daemon", status["state"] == "ready", found, "catalog daemon logs shows why; see docs/operations.md")
    yield _in_step(state_dir, status)
    for location in locations:
        yield _location(location)


def _absent(state_dir: StateDir, error: Exception) -> Check:
    pid = ""
    if state_dir.pid_file.exists():
        pid = state_dir.pid_file.read_text("ascii", "replace").strip()
    if pid:
        found = f"process {pid} is noted as the daemon and does not answer: {error}"
        return Check("daemon", "failed", found, "catalog daemon status; where it does not run any more, start it")
    return Check("daemon", "warning", "none runs on this state directory", "catalog daemon start")


def _in_step(state_dir: StateDir, status: dict[str, Any]) -> Check:
    """The index has what the log had when we asked, if it is given a moment."""
    wanted, until = status["log_seq"], time.monotonic() + STEP_SECONDS
    while status["index_seq"] < wanted and time.monotonic() < until:
        time.sleep(0.05)
        status = _ask(state_dir, "/api/own/status")
    found = f"change {status['index_seq']} of {wanted}"
    if status["index_seq"] >= wanted:
        found = f"all {wanted} changes"
    return Check.of(
        "index", status["index_seq"] >= wanted, found, "it follows when there is room; else catalog rebuild"
    )


def _location(location: dict[str, Any]) -> Check:
    state, name = location["state"], f"location {location['id']}"
    last = state["last_success"]
    found = f"{location['target']}: last read {last or 'never'}"
    if state["error"]:
        return Check(name, "warning" if last else "failed", f"{found}; {state['error']}", state["hint"])
    return Check.of(name, last is not None, found, "catalog location refresh --wait", "warning")


def _ask(state_dir: StateDir, path: str) -> Any:
    connection = _Unix(state_dir)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != http.client.OK:
            raise ValueError(f"{path} is answered with {answer.status}")
        return json.loads(content)
    finally:
        connection.close()


class _Unix(http.client.HTTPConnection):
    """A connection to the socket that clients use."""

    def __init__(self, state_dir: StateDir) -> None:
        super().__init__("localhost", timeout=SECONDS)
        pointer = state_dir.root / "socket"
        self._path = pointer.read_text().strip() if pointer.exists() else str(state_dir.root / "catalog.sock")

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._path)
