"""An edit from the moment that somebody agrees to it until it is pushed and visible."""

import json
import time
from collections.abc import Iterator

from benchmarks.daemon import Daemon, DaemonError
from benchmarks.figures import Figure, median, percentile
from benchmarks.generate import kind_of, name_of
from benchmarks.push import CLONES
from benchmarks.site import Site
from benchmarks.told import untold

EDITS = 50


def measure(site: Site) -> Iterator[Figure]:
    """Titles of entities of some repositories, one commit each, on the branch that is read; nobody else pushes."""
    with untold(site) as daemon:
        daemon.wait_idle()
        repositories = min(CLONES, site.size.repositories)
        taken = [_edit(daemon, turn % repositories, turn) for turn in range(EDITS)]
    proposed, confirmed = ([one[part] for one in taken] for part in (0, 1))
    size = f"{EDITS} edits at {site.size.entities:,} entities"
    yield Figure("edit: proposed, with its difference, p50", median(proposed), "ms", None, size)
    yield Figure("  agreed to, pushed and visible, p50", median(confirmed), "ms", None)
    yield Figure("  p95", percentile(confirmed, 0.95), "ms", 500, "from the confirmation to an API answer")


def _edit(daemon: Daemon, number: int, turn: int) -> tuple[float, float]:
    """Milliseconds of the proposal, and from the confirmation to an answer with the new title."""
    kind, name, title = kind_of(number).lower(), name_of(number), f"Edit {turn} of {time.time_ns()}"
    change = {"ref": f"{kind}:default/{name}", "path": "metadata.title", "value": title}
    began = time.perf_counter()
    edit = daemon.api.post("/api/own/edits", json.dumps({"changes": [change], "target": "commit"}).encode())
    proposed = time.perf_counter()
    done = daemon.api.post(f"/api/own/edits/{edit['id']}/confirm", b"")
    answer = daemon.api.get(f"/api/catalog/entities/by-name/{kind}/default/{name}")
    visible = time.perf_counter()
    if done["state"] != "confirmed" or answer["metadata"]["title"] != title:
        raise DaemonError(f"an edit is {done['state']}, and the title {answer['metadata']['title']!r}")
    return (proposed - began) * 1000, (visible - proposed) * 1000
