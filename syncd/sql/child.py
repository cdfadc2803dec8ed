"""One worker process from the daemon: started, told what to open, asked with a deadline, ended without a trace."""

import importlib.util
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import syncd
from syncd.errors import UnavailableError
from syncd.sql_worker.wire import ASK, DATA, END, FAILURE, HEAD, INTERRUPT, PIECE, READY, frame

START_SECONDS = 30.0
GRACE_SECONDS = 1.0
"""From the interrupt to the kill (R70)."""
_LARGEST = 1 << 22
_PROGRAM = "import sys; sys.path[:0] = sys.argv[1:]; from syncd.sql_worker.__main__ import main; main()"


class ChildGoneError(Exception):
    """The process ended, or said something that is no answer."""


class SqlChild:
    """A running worker. Not for several threads at once; `spent` counts the seconds that it was waited for."""

    def __init__(self) -> None:
        """Start it; it loads the engine meanwhile. Raises `UnavailableError`."""
        try:
            self._process = _spawn()
        except OSError as error:
            raise UnavailableError(f"the SQL process does not start: {error}", code="sql_unavailable") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        self._buffer = bytearray()
        self.snapshot = ""
        """The file that it has open; "" before `open`."""
        self.layers: Mapping[str, str] = {}
        self.spent = 0.0
        self.released = time.monotonic()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def open(self, folder: Path, snapshot: str, memory: int, *, export: bool) -> None:
        """Have it open a file of `folder` and confine itself. Raises `UnavailableError` where that fails."""
        opening = {"folder": str(folder), "snapshot": snapshot, "memory": memory, "export": export}
        try:
            self._expect(READY)
            self._write(READY, json.dumps(opening).encode())
            self.layers = json.loads(self._expect(READY))
        except (ChildGoneError, TimeoutError) as error:
            self.kill()
            raise UnavailableError(f"the SQL process does not start: {error}", code="sql_unavailable") from None
        self.snapshot = snapshot

    def ask(self, question: Mapping[str, Any], cpu_seconds: float) -> None:
        """Put a question; `receive` gives the answer frame by frame. Raises `ChildGoneError`."""
        self.spent = 0.0
        self._bound_processor(cpu_seconds)
        self._write(ASK, json.dumps(question).encode())

    def write(self, kind: bytes, content: bytes) -> None:
        """Send a frame. Raises `ChildGoneError`."""
        self._write(kind, content)

    def receive(self, seconds: float) -> tuple[bytes, bytes]:
        """The next frame. Raises `ChildGoneError`, and TimeoutError where it has not come in `seconds`."""
        deadline = time.monotonic() + seconds
        self._fill(HEAD.size, deadline)
        kind, size = HEAD.unpack_from(self._buffer)
        if size > _LARGEST:
            raise ChildGoneError("a frame is too large")
        self._fill(HEAD.size + size, deadline)
        content = bytes(self._buffer[HEAD.size : HEAD.size + size])
        del self._buffer[: HEAD.size + size]
        return kind, content

    def stopped(self) -> bool:
        """Interrupt it; whether it stood still within the grace time, else it is dead (R70)."""
        deadline = time.monotonic() + GRACE_SECONDS
        try:
            self._write(INTERRUPT, b"")
            while (left := deadline - time.monotonic()) > 0:
                kind, _ = self.receive(left)
                if kind in (END, FAILURE):
                    return True
        except (ChildGoneError, TimeoutError):
            pass
        self.kill()
        return False

    def kill(self) -> None:
        """End it at once; no zombie is left."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()

    @property
    def ended_by(self) -> str:
        """The signal that ended it, "" where none did."""
        code = self._process.poll()
        return signal.Signals(-code).name if code is not None and code < 0 else ""

    def _expect(self, wanted: bytes) -> bytes:
        kind, content = self.receive(START_SECONDS)
        if kind != wanted:
            raise ChildGoneError(json.loads(content)["message"] if kind == FAILURE else f"it said {kind!r}")
        return content

    def _bound_processor(self, seconds: float) -> None:
        """A soft limit for one question: the kernel ends a process that goes on whatever it is told."""
        with suppress(OSError, ValueError, IndexError):
            ticks = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
            used = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
            _, hard = resource.prlimit(self.pid, resource.RLIMIT_CPU)
            soft = min(hard, int(used + seconds + 2)) if hard >= 0 else int(used + seconds + 2)
            resource.prlimit(self.pid, resource.RLIMIT_CPU, (soft, hard))

    def _write(self, kind: bytes, content: bytes) -> None:
        rest = memoryview(frame(kind, content))
        try:
            while rest:
                rest = rest[os.write(self._input, rest[:PIECE]) :]
        except OSError as error:
            raise ChildGoneError("it has ended") from error

    def _fill(self, size: int, deadline: float) -> None:
        while len(self._buffer) < size:
            start = time.monotonic()
            poll = select.poll()
            poll.register(self._output, select.POLLIN)
            ready = poll.poll(max(0.0, deadline - start) * 1000)
            self.spent += time.monotonic() - start
            if not ready:
                raise TimeoutError
            chunk = os.read(self._output, PIECE)
            if not chunk:
                self._process.wait()
                raise ChildGoneError("it has ended")
            self._buffer += chunk


def _spawn() -> "subprocess.Popen[bytes]":
    """Start the process with the two folders it imports from, and no environment at all."""
    engine = importlib.util.find_spec("duckdb")
    if engine is None or engine.origin is None:
        raise OSError("duckdb is not installed")
    folders = dict.fromkeys([str(Path(syncd.__path__[0]).parent), str(Path(engine.origin).parents[1])])
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-X", "utf8", "-c", _PROGRAM, *folders],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env={},
        cwd="/",
    )


__all__ = ["DATA", "GRACE_SECONDS", "ChildGoneError", "SqlChild"]
