"""One worker from the daemon's side: started, fed with a deadline, ended without a trace."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from syncd.errors import UnavailableError
from syncd.workers.frames import HEAD, encode, frame

START_SECONDS = 30.0
_CHUNK = 1 << 18
_ANSWER_BYTES = 1 << 28


class ChildGoneError(Exception):
    """The process ended, or said something that is no answer."""


class ChildLateError(Exception):
    """The process spent its time; it has been killed."""


@dataclass(frozen=True, slots=True)
class Program:
    """A module that is a worker, the library that it imports beside ours, and its name for people: `parser`."""

    module: str
    library: str
    name: str

    def unavailable(self, reason: str = "") -> UnavailableError:
        """The error where the worker cannot be had."""
        why = f": {reason}" if reason else ""
        return UnavailableError(f"the {self.name} process does not start{why}", code=f"{self.name}_unavailable")


class Child:
    """A running worker, which was told its limits. Not for several threads at once.

    Raises `UnavailableError` where it does not start.
    """

    def __init__(self, program: Program, limits: Mapping[str, object]) -> None:
        self._buffer = bytearray()
        try:
            self._process = _spawn(program)
        except OSError as error:
            raise program.unavailable(str(error)) from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._input, False)
        try:
            self.send([encode(limits)], START_SECONDS)
            self.receive(START_SECONDS)
        except (ChildGoneError, ChildLateError):
            self.end()
            raise program.unavailable() from None

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def send(self, bodies: list[bytes], seconds: float) -> None:
        """Write one frame for each body. Raises `ChildGoneError`, `ChildLateError`."""
        deadline = time.monotonic() + seconds
        rest = memoryview(b"".join(map(frame, bodies)))
        while rest:
            self._wait(self._input, select.POLLOUT, deadline)
            try:
                rest = rest[os.write(self._input, rest[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError:
                raise self._gone() from None

    def receive(self, seconds: float) -> bytes:
        """The next frame. Raises `ChildGoneError`, `ChildLateError`."""
        deadline = time.monotonic() + seconds
        self._fill(HEAD.size, deadline)
        (size,) = HEAD.unpack_from(self._buffer)
        if size > _ANSWER_BYTES:
            raise self._gone()
        self._fill(HEAD.size + size, deadline)
        body = bytes(self._buffer[HEAD.size : HEAD.size + size])
        del self._buffer[: HEAD.size + size]
        return body

    def end(self, seconds: float = 0.0) -> None:
        """Close its input, wait so long for it to end by itself, else kill it; no zombie is left."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _fill(self, size: int, deadline: float) -> None:
        while len(self._buffer) < size:
            self._wait(self._output, select.POLLIN, deadline)
            chunk = os.read(self._output, _CHUNK)
            if not chunk:
                raise self._gone()
            self._buffer += chunk

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            self.end()
            raise ChildLateError

    def _gone(self) -> ChildGoneError | ChildLateError:
        """Why the pipe broke: the processor timer kills with a signal of its own."""
        self.end(0.5)
        return ChildLateError() if self._process.returncode == -signal.SIGVTALRM else ChildGoneError()


def _spawn(program: Program) -> "subprocess.Popen[bytes]":
    """Start the process with the two folders it imports from, and nothing of the daemon's environment."""
    folders = dict.fromkeys(map(_folder, ("syncd", program.library)))
    return subprocess.Popen(
        [sys.executable, "-S", "-P", "-m", program.module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env={"PYTHONPATH": os.pathsep.join(folders), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
    )


def _folder(name: str) -> str:
    """The folder from which a module or package is imported."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"there is no {name}")
    inside = Path(spec.origin).parent
    return str(inside.parent if spec.submodule_search_locations else inside)
