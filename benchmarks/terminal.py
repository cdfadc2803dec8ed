"""The terminal interface in a real terminal (a pty): when the first byte comes, when rows can be read."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, median
from benchmarks.listing import CATALOG, client_environment

RUNS = 5
LINES, COLUMNS = 45, 160
LIMIT = 20.0
ESCAPES = re.compile(rb"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|[PX^_\]].*?(\x1b\\|\x07)|[@-Z\\-_])", re.DOTALL)
GENERATED = re.compile(rb"[a-z]+-[a-z]+-\d{7}")
ENOUGH_ROWS = 10


class NoRowsError(Exception):
    """The interface never showed the rows that were waited for; the message holds what it showed."""


def measure(state: Path) -> Iterator[Figure]:
    """`catalog tui` on 160 x 45 against the daemon of `state`."""
    first, rows = zip(*(_start(state) for _ in range(RUNS)), strict=True)
    yield Figure("TUI, first byte", median(first), "ms", 250, f"{RUNS} starts in a pty of {COLUMNS} x {LINES}")
    yield Figure("TUI, rows", median(rows), "ms", 500, f"{ENOUGH_ROWS} names of entities on the screen")


def _start(state: Path) -> tuple[float, float]:
    """Milliseconds to the first byte and to the rows of one start."""
    start = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(CATALOG, [str(CATALOG), "tui"], client_environment(state))
    try:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        return _watch(terminal, start)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def _watch(terminal: int, start: float) -> tuple[float, float]:
    seen, first = b"", 0.0
    while time.perf_counter() - start < LIMIT:
        if not select.select([terminal], [], [], 0.5)[0]:
            continue
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # the program ended: Linux answers EIO on the terminal's side
            break
        now = (time.perf_counter() - start) * 1000
        first = first or now
        seen += chunk
        if len(set(GENERATED.findall(ESCAPES.sub(b"", seen)))) >= ENOUGH_ROWS:
            return first, now
    raise NoRowsError(ESCAPES.sub(b"", seen)[-2000:].decode(errors="replace"))
