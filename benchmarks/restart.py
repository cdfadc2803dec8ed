"""Restart: from the start of the process to the first page of entities, all of them queryable."""

import time
from collections.abc import Iterator

from benchmarks.daemon import DaemonError
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
        items = daemon.api.get(PAGE)["items"]
        after = time.perf_counter() - daemon.started
        if len(items) != 20:
            raise DaemonError(f"a page of {len(items)} entities right after the start")
        return after
    finally:
        if killed:
            daemon.kill()
        else:
            daemon.stop()
