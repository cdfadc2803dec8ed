"""Half an hour of random keys on a real terminal: no exception, no frozen screen, no growing memory.

`CATALOG_MINUTES` sets another time, `CATALOG_SEED` another seed. `CORPUS` names a folder of real descriptor files, one
folder a repository; without it a generated company is read.
"""

import os
import random
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.corpus import origins
from benchmarks.generate import Size, repositories
from benchmarks.site import OPEN, git_location
from tests.support.daemon import Daemon
from tests.tui.terminal import Terminal
from tests.tui.test_terminal import CATALOG

MINUTES = float(os.environ.get("CATALOG_MINUTES", "30"))
SEED = int(os.environ.get("CATALOG_SEED", "1"))
CORPUS = os.environ.get("CORPUS", "")

PROGRAMS = dict.fromkeys(("CATALOG_EDITOR", "CATALOG_BROWSER", "BROWSER", "EDITOR", "VISUAL", "PAGER"), "true")
"""What a key may start does nothing."""

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 /:!?.,-_*[]{}()<>=+@#~'\"é日"
MOVES = ("\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "\t", "\x1b[Z")
PLACES = ("\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[17~", "\x1bOP", "!", "@", "?", "\x10", "\x0f")
ANSWERS = ("\r", "\r", "\x1b", "\x1b", "\x7f", " ")
CONTROLS = tuple(chr(code) for code in range(1, 27) if code not in (3, 26))
"""Not ctrl+c, which leaves, and ctrl+z, which stops the process."""

_TRACED = "import faulthandler, signal; faulthandler.register(signal.SIGUSR1, open({!r}, 'w'), all_threads=False);"

SIZES = ((120, 36), (80, 24), (60, 20), (160, 45))

FROZEN_SECONDS = 10.0
"""On a busy machine; nobody waits that long."""

XON = "\x11"
"""Lets a terminal go on that a ctrl+s stopped while the program was leaving it: as a person would."""

GROWTH = 40 << 20
"""Bytes that the caches may still fill after a fifth of the time."""


@dataclass
class Soak:
    """One run: what was pressed last, how long an answer took, how much memory was resident."""

    random: random.Random
    trace: Path
    """Where the program says, on SIGUSR1, what it is doing."""
    pressed: list[str] = field(default_factory=list)
    slowest: float = 0.0
    sizes: list[int] = field(default_factory=list)
    starts: int = 0
    size: tuple[int, int] = (120, 36)

    def key(self) -> str:
        """Any key, or a click; what leads somewhere comes more often than its share of keys."""
        kind = self.random.random()
        if kind < 0.35:
            return self.random.choice(LETTERS)
        if kind < 0.60:
            return self.random.choice(MOVES)
        if kind < 0.72:
            return self.random.choice(PLACES)
        if kind < 0.88:
            return self.random.choice(ANSWERS)
        if kind < 0.95:
            column, row, button = self.random.randint(1, 120), self.random.randint(1, 36), self.random.choice((0, 0, 2))
            return f"\x1b[<{button};{column};{row}M\x1b[<{button};{column};{row}m"
        return self.random.choice(CONTROLS)

    def press(self, terminal: Terminal) -> None:
        """A burst of keys, as fast as somebody types."""
        for _ in range(self.random.randint(1, 12)):
            key = self.key()
            self.pressed.append(key)
            terminal.press(key)
            terminal.listen(self.random.choice((0.0, 0.0, 0.02, 0.2)))
        del self.pressed[:-200]

    def look(self, terminal: Terminal) -> None:
        """It still draws: ask it to draw everything again by a change of its size."""
        began = time.monotonic()
        self.size = self.random.choice([size for size in SIZES if size != self.size])
        terminal.resize(*self.size)
        while terminal.is_running and not terminal.listen(0.05):
            if FROZEN_SECONDS / 2 < time.monotonic() - began < FROZEN_SECONDS / 2 + 0.2:
                terminal.press(XON)
            if time.monotonic() - began > FROZEN_SECONDS:
                terminal.process.send_signal(signal.SIGUSR1)
                terminal.listen(2.0)
                pytest.fail(f"frozen after {self.pressed[-40:]}\n{self.trace.read_text()}\n{terminal.last_words()}")
        self.slowest = max(self.slowest, time.monotonic() - began)
        if size := terminal.resident():
            self.sizes.append(size)


def sources(folder: Path) -> Sequence[Path]:
    """Bare repositories to look at."""
    if CORPUS:
        return [origin.path for origin in origins(Path(CORPUS), folder)]
    return repositories(folder, Size(2_000, 60))


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    locations = "".join(git_location(path) for path in sources(tmp_path / "origin"))
    with Daemon(tmp_path / "daemon", OPEN + locations) as daemon:
        daemon.sync()
        yield daemon


@pytest.mark.slow
def test_random_keys_for_half_an_hour(daemon: Daemon, tmp_path: Path) -> None:
    soak = Soak(random.Random(SEED), tmp_path / "trace")
    environ = {
        "CATALOG_STATE": str(daemon.state),
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        **PROGRAMS,
    }
    command = ["-c", _TRACED.format(str(soak.trace)) + CATALOG[1], *CATALOG[2:]]
    end = time.monotonic() + 60 * MINUTES
    sizes: list[list[int]] = []
    while time.monotonic() < end:
        soak.starts += 1
        soak.sizes = []
        with Terminal(command, environ, cwd=tmp_path) as terminal:  # exports stay there
            terminal.see("live")
            while terminal.is_running and time.monotonic() < end:
                soak.press(terminal)
                soak.look(terminal)
                terminal.forget()
            if not terminal.is_running:
                assert terminal.wait() == 0, f"{soak.pressed[-40:]}\n{terminal.last_words()}"
                assert terminal.is_restored()
        sizes.append(soak.sizes)
    longest = max(sizes, key=len)
    settled = longest[len(longest) // 5]
    print(
        f"seed {SEED}, {MINUTES:g} minutes, {soak.starts} starts; slowest answer {soak.slowest:.2f} s; "
        f"resident {settled >> 20} MB, at the end {longest[-1] >> 20} MB, at most {max(longest) >> 20} MB"
    )
    assert longest[-1] - settled < GROWTH
