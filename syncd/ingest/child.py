"""One parser process from the daemon's side: started, fed with a deadline, ended without a trace."""

import dataclasses
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import yaml

import syncd
from syncd.errors import UnavailableError
from syncd.ingest.limits import ParseLimits
from syncd.ingest.wire import HEAD, encode, frame

START_SECONDS = 30.0
_CHUNK = 1 << 18
_ANSWER_BYTES = 1 << 28


class ChildGoneError(Exception):
    """The process ended, or said something that is no answer."""


class ChildLateError(Exception):
    """The process spent its time; it has been killed."""


class ParserChild:
    """A running `syncd.ingest.worker`. Not for several threads at once."""

    def __init__(self, limits: ParseLimits) -> None:
        self._buffer = bytearray()
        try:
            self._process = _spawn()
        except OSError as error:
            raise UnavailableError(f"the parser process does not start: {error}", code="parser_unavailable") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._input, False)
        try:
            self.send([encode(dataclasses.asdict(limits))], START_SECONDS)
            self.receive(START_SECONDS)
        except (ChildGoneError, ChildLateError):
            self.end()
            raise UnavailableError("the parser process does not start", code="parser_unavailable") from None

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


def _spawn() -> "subprocess.Popen[bytes]":
    """Start the process with the two folders it imports from, and nothing of the daemon's environment."""
    folders = dict.fromkeys(str(Path(module.__path__[0]).parent) for module in (syncd, yaml))
    return subprocess.Popen(
        [sys.executable, "-S", "-P", "-m", "syncd.ingest.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env={"PYTHONPATH": os.pathsep.join(folders), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
    )
