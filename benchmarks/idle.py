"""Nothing to do: what a daemon that watches and polls all its repositories takes meanwhile, and how soon it answers."""

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.daemon import Daemon
from benchmarks.figures import Figure
from benchmarks.memory import processes_of
from benchmarks.page import PAGE
from benchmarks.site import Site

HOURLY = 'poll_interval = "1h"'
WINDOW = 60.0
"""Seconds that are watched: each repository is polled once in them, give or take a tenth."""
SETTLED = 20.0
"""Seconds after the first looks: upkeep begins when nothing else is to be done."""
TICKS = 100
"""Of a second of processor time in /proc, on every Linux that there is."""


def measure(site: Site, window: float = WINDOW) -> Iterator[Figure]:
    """Once with a poll a minute, once with one an hour: the rest is what watching and waiting take."""
    size = f"{site.size.repositories:,} repositories, {window:.0f} s"
    with site.variant(HOURLY) as daemon:
        daemon.wait_idle()
    with site.variant(HOURLY) as daemon:
        yield Figure("start with mirrors to first answer", _first_answer(daemon), "s", 3, size)
        daemon.wait_idle()
        time.sleep(SETTLED)
        yield Figure("idle, watched", load_of(daemon.pid, window), "%", 2, "of one core, polls left out")
    with site.variant('poll_interval = "1m"') as daemon:
        daemon.wait_idle()
        time.sleep(SETTLED)
        yield Figure("  with a poll a minute", load_of(daemon.pid, window), "%", None, "of one core")


def load_of(pid: int, seconds: float) -> float:
    """Processor time of a process and all below it, in percent of one core, over so many seconds from now."""
    before, began = _spent(pid), time.perf_counter()
    time.sleep(seconds)
    return 100 * (_spent(pid) - before) / (time.perf_counter() - began)


def _first_answer(daemon: Daemon) -> float:
    while daemon.api.read(PAGE)[0] != 200:
        time.sleep(0.002)
    return time.perf_counter() - daemon.started


def _spent(pid: int) -> float:
    """Seconds so far, those of children that have ended included."""
    total = 0
    for one in processes_of(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(map(int, fields[11:15]))
    return total / TICKS
