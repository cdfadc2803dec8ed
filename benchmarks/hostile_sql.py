"""Hostile questions in SQL beside an ordinary client: its pages must not slow down, and the daemon must not grow."""

import http.client
import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.daemon import Daemon
from benchmarks.figures import Figure, median, percentile
from benchmarks.page import PAGE

BOMBS = {
    "memory": "SELECT repeat('x', 2000000000)",
    "cross join": "SELECT * FROM range(100000000) a, range(100000000) b ORDER BY hash(a.range, b.range)",
    "recursion without end": "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
    "nested lists": "SELECT [[[x * y * z FOR z IN range(4000)] FOR y IN range(4000)] FOR x IN range(4000)]",
    "endless": "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000) c WHERE a.range + b.range = 7",
}
ATTACKERS = 4
"""More than run at the same time, so that there is always one that waits."""
PAGES = 3_000
WARM_UP = 200
ASKED = 200
SMALL = "SELECT owner, count(*) FROM components GROUP BY ALL ORDER BY ALL LIMIT 20"


def measure(daemon: Daemon) -> Iterator[Figure]:
    """A small question, then pages alone and beside bombs of every kind."""
    yield from _small(daemon)
    alone = _pages(daemon)
    memory = _resident(daemon.pid)
    with _attacked(daemon) as counted:
        beside = _pages(daemon)
        while set(counted) != set(BOMBS):  # each kind was there at least once
            beside += _pages(daemon)
    grown = _resident(daemon.pid) - memory
    alone += _pages(daemon)  # before and after: the machine may be busy with other things, too
    note = f"{len(beside)} pages, one connection; {sum(counted.values())} bombs by {ATTACKERS} clients meanwhile"
    yield Figure("page beside hostile SQL, p99", percentile(beside, 0.99), "ms", 2 * percentile(alone, 0.99), note)
    yield Figure("  the same alone, p99", percentile(alone, 0.99), "ms", None, f"{len(alone)} pages")
    yield Figure("  p50 beside", median(beside), "ms", None, f"alone {median(alone):.2f} ms")
    yield Figure("  growth of the daemon itself (RSS)", grown, "MB", 20)


def _small(daemon: Daemon) -> Iterator[Figure]:
    start = time.perf_counter()
    _ask(daemon, SMALL)
    cold = (time.perf_counter() - start) * 1000
    samples = []
    for _ in range(ASKED):
        start = time.perf_counter()
        _ask(daemon, SMALL)
        samples.append((time.perf_counter() - start) * 1000)
    yield Figure("small question in SQL, warm, p50", median(samples), "ms", 60, f"{ASKED} questions, a connection each")
    yield Figure("  the first one", cold, "ms", None, "snapshot, process and walls included")


def _pages(daemon: Daemon) -> list[float]:
    samples = []
    for _ in range(WARM_UP + PAGES):
        start = time.perf_counter()
        daemon.api.read(PAGE)
        samples.append((time.perf_counter() - start) * 1000)
    return samples[WARM_UP:]


@contextmanager
def _attacked(daemon: Daemon) -> Iterator[dict[str, int]]:
    """Bombs without a pause; how many of each kind were answered (with a refusal)."""
    counted: dict[str, int] = {}
    over = threading.Event()
    kinds = itertools.cycle(BOMBS)

    def attack() -> None:
        while not over.is_set():
            kind = next(kinds)
            _ask(daemon, BOMBS[kind])
            counted[kind] = counted.get(kind, 0) + 1

    attackers = [threading.Thread(target=attack) for _ in range(ATTACKERS)]
    for attacker in attackers:
        attacker.start()
    try:
        yield counted
    finally:
        over.set()
        for attacker in attackers:
            attacker.join()


def _ask(daemon: Daemon, sql: str) -> int:
    connection = http.client.HTTPConnection(daemon.host, daemon.port, timeout=120)
    try:
        body = json.dumps({"sql": sql}).encode()
        connection.request("POST", "/api/own/sql", body, {"content-type": "application/json"})
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def _resident(pid: int) -> float:
    """Megabytes (10^6 bytes) of the daemon's own process."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        field, _, rest = line.partition(":")
        if field == "Rss":
            return int(rest.split()[0]) * 1024 / 1e6
    return 0.0
