"""A program on a real pseudo-terminal: keys in, text out, and the state the terminal is left in."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PATIENCE = 20.0
"""Seconds that a text may take to appear."""

_SEQUENCE = re.compile(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[\[(][0-9;?<>=]*[A-Za-z]|\x1b[=>P]")


class Terminal:
    """Runs Python with `arguments` on a terminal of `columns` by `rows`."""

    def __init__(
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        *,
        columns: int = 120,
        rows: int = 36,
        cwd: Path = Path(__file__).parents[2],
    ) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._slave = slave
        self._before = termios.tcgetattr(slave)
        self.output = b""
        self._mark = 0
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        base = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            cwd=cwd,
            env={**inherited, **base, **environ},
        )

    def press(self, keys: str) -> None:
        """Write keys; what is seen from now on counts as their answer."""
        self._mark = len(self.output)
        os.write(self._master, keys.encode())

    def listen(self, seconds: float) -> bool:
        """Take in what is written within so many seconds of silence; whether anything was."""
        heard = False
        while self._read(seconds):
            heard, seconds = True, 0.0
        return heard

    def forget(self) -> None:
        """Let go of most of what was written; `is_restored` looks at what comes after."""
        self.output = self.output[-(1 << 20) :]
        self._mark = min(self._mark, len(self.output))

    def last_words(self) -> str:
        """The end of all that was written, without escape sequences."""
        return _SEQUENCE.sub(b"", self.output[-60_000:]).decode("utf-8", "replace")[-6_000:]

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process.send_signal(signal.SIGWINCH)

    @property
    def is_running(self) -> bool:
        """Whether the program has not ended."""
        return self.process.poll() is None

    def resident(self) -> int:
        """Bytes of the program's memory that are resident; 0 once it has ended."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except FileNotFoundError:
            return 0
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) << 10 if found else 0

    def see(self, text: str, patience: float = PATIENCE) -> None:
        """Wait until a text was written since the last key; AssertionError after `patience` seconds."""
        deadline = time.monotonic() + patience
        while text not in self.text():
            assert time.monotonic() < deadline, f"never: {text}\n{self.text()[-4000:]}"
            assert self._read(0.2) or self.process.poll() is None, f"ended before: {text}\n{self.text()[-4000:]}"

    def text(self, since: int | None = None) -> str:
        """What was written since the last key, or since that byte of the output, without its escape sequences."""
        return _SEQUENCE.sub(b"", self.output[self._mark if since is None else since :]).decode("utf-8", "replace")

    def wait(self) -> int:
        """The exit code, after the program has ended."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "it does not end"
            self._read(0.1)
        while self._read(0.1):
            pass
        return self.process.returncode

    def is_restored(self) -> bool:
        """Normal screen, visible cursor, no mouse reports, and the line discipline as it was."""
        switches = {b"?1049": b"l", b"?25": b"h", b"?1000": b"l", b"?1003": b"l", b"?2004": b"l"}
        for name, wanted in switches.items():
            found = re.findall(rb"\x1b\[" + re.escape(name) + rb"([hl])", self.output)
            if found and found[-1] != wanted:
                return False
        return termios.tcgetattr(self._slave) == self._before

    def close(self) -> None:
        """End the program if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._slave)
        os.close(self._master)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], seconds)
        if ready:
            self.output += os.read(self._master, 65536)
        return bool(ready)
