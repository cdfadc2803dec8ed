"""Restart: from the start of the process to the first page of entities, all of them queryable."""

import json
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.daemon import START_LIMIT, Daemon, DaemonError
from benchmarks.figures import Figure, median
from benchmarks.page import PAGE
from benchmarks.site import Site

STARTS = 5


def measure(site: Site) -> Iterator[Figure]:
    """The index is there already; once it was closed in order, once the process was killed."""
    entities = f"{STARTS} starts, {site.size.entities:,} entities"
    with site.daemon() as daemon:
        daemon.wait_idle()
    ordered = [_answers_after(site, killed=False) for _ in range(STARTS)]
    yield Figure("restart to first answer, p50", median(ordered), "s", 1, entities)
    killed = [_answers_after(site, killed=True) for _ in range(STARTS + 1)][1:]  # the first one follows a clean end
    yield Figure("  after kill -9", median(killed), "s", 1)


def _answers_after(site: Site, *, killed: bool) -> float:
    """Seconds of one start; `killed` tells how this process is ended, so what the next start will meet."""
    daemon = site.daemon()
    try:
        answer = _first_answer(daemon)
        after = time.perf_counter() - daemon.started
        if len(answer["items"]) != 20:
            raise DaemonError(f"a page of {len(answer['items'])} entities right after the start")
        return after
    finally:
        if killed:
            daemon.kill()
        else:
            daemon.stop()


def _first_answer(daemon: Daemon) -> Any:
    """The first page that is answered; until the index is open the daemon says 503."""
    while time.perf_counter() - daemon.started < START_LIMIT:
        status, body = daemon.api.read(PAGE)
        if status == 200:
            return json.loads(body)
        time.sleep(0.002)
    raise DaemonError(f"no page after {START_LIMIT:.0f} s, but {status}: {body[:400]!r}")
