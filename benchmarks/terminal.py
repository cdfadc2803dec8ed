"""The terminal interface in a real terminal (a pty): when the first byte and rows come, and how keys are answered."""

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
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import Figure, median
from benchmarks.listing import CATALOG, client_environment

RUNS = 5
LINES, COLUMNS = 45, 160
LIMIT = 20.0
ESCAPES = re.compile(rb"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|[PX^_\]].*?(\x1b\\|\x07)|[@-Z\\-_])", re.DOTALL)
GENERATED = re.compile(rb"[a-z]+-[a-z]+-\d{7}")
ENOUGH_ROWS = 10
STEPS = 20
TYPED = "brisk"
PAUSE = 0.015
"""Seconds without a byte that end a burst: less than the preview, the facets and the suggestions wait."""
QUIET = 0.4
"""Seconds without a byte after which nothing more is on its way."""


class NoRowsError(Exception):
    """The interface never showed the rows that were waited for; the message holds what it showed."""


def measure(state: Path) -> Iterator[Figure]:
    """`catalog tui` on 160 x 45 against the daemon of `state`."""
    first, rows = zip(*(_start(state) for _ in range(RUNS)), strict=True)
    yield Figure("TUI, first byte", median(first), "ms", 200, f"{RUNS} starts in a pty of {COLUMNS} x {LINES}")
    yield Figure("TUI, rows", median(rows), "ms", 400, f"{ENOUGH_ROWS} names of entities on the screen")
    yield from _keys(state)


def _keys(state: Path) -> Iterator[Figure]:
    """What keys cost, each pressed when all is quiet: from the key to the last byte of what it draws at once."""
    with _opened(state) as interface:
        steps = [interface.press(b"j") for _ in range(STEPS)]
        pages = [interface.press(b"\x04") for _ in range(STEPS)]  # ctrl+d
        interface.press(b"g")
        yield Figure("TUI, cursor step", median(steps), "ms", 5, f"{STEPS} steps, worst {max(steps):.1f}")
        yield Figure("TUI, page", median(pages), "ms", 25, f"{STEPS} pages down, worst {max(pages):.1f}")
        interface.press(b"/")
        typed = [interface.press(bytes([key]), rows=True) for key in TYPED.encode()]
        yield Figure("TUI, keystroke to rows", median(typed), "ms", 60, f"{TYPED!r} key by key, worst {max(typed):.1f}")
        yield Figure("TUI, resident", interface.resident(), "MB", 80, "after that")


class _Interface:
    """The interface on a terminal of its own, driven by keys."""

    def __init__(self, state: Path) -> None:
        self._pid, self._terminal = _spawn(state)
        _watch(self._terminal, time.perf_counter())
        self._settle()

    def press(self, key: bytes, *, rows: bool = False) -> float:
        """Milliseconds from a key to the end of the first burst it causes; with `rows`, of the one that has names."""
        start = time.perf_counter()
        os.write(self._terminal, key)
        seen, last = b"", start
        while time.perf_counter() - start < LIMIT:
            wait = PAUSE if seen else LIMIT
            if not select.select([self._terminal], [], [], wait)[0]:
                if not rows or len(set(GENERATED.findall(ESCAPES.sub(b"", seen)))) >= ENOUGH_ROWS:
                    break
                if not select.select([self._terminal], [], [], LIMIT)[0]:
                    raise NoRowsError(f"no rows after {key!r}")
            seen += os.read(self._terminal, 65536)
            last = time.perf_counter()
        self._settle()
        return (last - start) * 1000

    def resident(self) -> float:
        """Megabytes of memory that the process holds."""
        status = Path(f"/proc/{self._pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1000

    def close(self) -> None:
        """End it."""
        _end(self._pid, self._terminal)

    def _settle(self) -> None:
        while select.select([self._terminal], [], [], QUIET)[0]:
            os.read(self._terminal, 65536)


@contextmanager
def _opened(state: Path) -> Iterator[_Interface]:
    interface = _Interface(state)
    try:
        yield interface
    finally:
        interface.close()


def _start(state: Path) -> tuple[float, float]:
    """Milliseconds to the first byte and to the rows of one start."""
    start = time.perf_counter()
    pid, terminal = _spawn(state)
    try:
        return _watch(terminal, start)
    finally:
        _end(pid, terminal)


def _spawn(state: Path) -> tuple[int, int]:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(CATALOG, [str(CATALOG), "tui"], client_environment(state))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    return pid, terminal


def _end(pid: int, terminal: int) -> None:
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
