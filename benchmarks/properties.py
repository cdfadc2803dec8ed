"""Custom properties: how many are set a second, when one can be read, how long a file of them takes.

An answer to a write means that it is durable and visible: each costs an entity stitched and indexed again.
"""

import http.client
import json
import subprocess
import time
from collections.abc import Iterator

from benchmarks.daemon import Daemon, DaemonError
from benchmarks.figures import Figure, median, percentile
from benchmarks.generate import kind_of, name_of
from benchmarks.listing import CATALOG, client_environment
from benchmarks.load import post, under_load
from benchmarks.site import Site

CLIENTS = 8
SECONDS = 8.0
REQUESTS = 16_000
"""Different writes for the clients; more than they get done, so that each changes something."""
WRITES = 200
ROWS = 100_000
PATH = "metadata.benchmark"


def measure(site: Site, daemon: Daemon) -> Iterator[Figure]:
    """Single writes of many clients, one write and its reading, and a CSV file."""
    components = [f"component:default/{name_of(n)}" for n in range(site.size.entities) if kind_of(n) == "Component"]
    yield from _singles(daemon, components)
    yield from _readable(daemon, components)
    yield _file(site, components)


def _singles(daemon: Daemon, refs: list[str]) -> Iterator[Figure]:
    base = time.time_ns()
    requests = [_request(refs[number % len(refs)], base + number) for number in range(REQUESTS)]
    rate = under_load(
        daemon.host, daemon.port, [post("/api/own/properties", one) for one in requests], CLIENTS, SECONDS
    )
    yield Figure(f"custom properties, {CLIENTS} clients", rate.per_second, "/s", note="durable and visible", least=1000)
    yield Figure("  p50", rate.p50, "ms")
    yield Figure("  p99", rate.p99, "ms")


def _readable(daemon: Daemon, refs: list[str]) -> Iterator[Figure]:
    connection = http.client.HTTPConnection(daemon.host, daemon.port, timeout=60)
    samples = [_write_and_read(connection, refs[number % len(refs)], time.time_ns()) for number in range(WRITES)]
    connection.close()
    yield Figure("custom property set and read, p50", median(samples), "ms", None, "in the next answer, one client")
    yield Figure("  p95", percentile(samples, 0.95), "ms")


def _write_and_read(connection: http.client.HTTPConnection, ref: str, value: int) -> float:
    """Milliseconds from the write to the answer of the next question, which has to hold the value."""
    body = json.dumps(_request(ref, value))
    place = ref.partition("/")[2]
    start = time.perf_counter()
    _answer(connection, "POST", "/api/own/properties", body)
    found = _answer(connection, "GET", f"/api/catalog/entities/by-name/component/default/{place}", None)
    taken = (time.perf_counter() - start) * 1000
    if str(value).encode() not in found:
        raise DaemonError(f"{ref}: what was set is not in the next answer")
    return taken


def _answer(connection: http.client.HTTPConnection, method: str, path: str, body: str | None) -> bytes:
    connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        raise DaemonError(f"{method} {path} answered {response.status}: {content[:400].decode(errors='replace')}")
    return content


def _file(site: Site, refs: list[str]) -> Figure:
    """The whole command, from the shell: reading the file, the requests, the report."""
    path = site.root / "properties.csv"
    base = time.time_ns()
    with path.open("w") as file:
        file.write(f"entity_ref,{PATH}\n")
        file.writelines(f"{refs[number % len(refs)]},{base + number}\n" for number in range(ROWS))
    start = time.perf_counter()
    done = subprocess.run(
        [CATALOG, "ingest", str(path)], env=client_environment(site.state), check=False, capture_output=True, text=True
    )
    seconds = time.perf_counter() - start
    if done.returncode or not done.stderr.startswith(f"{ROWS:,} rows: "):
        raise DaemonError(f"catalog ingest ended with {done.returncode}: {done.stderr[-400:]}")
    note = f"catalog ingest, {len(refs):,} entities, {ROWS / seconds:,.0f} rows a second"
    return Figure(f"{ROWS:,} rows of CSV", seconds, "s", 60, note)


def _request(ref: str, value: int) -> dict[str, object]:
    return {"changes": [{"ref": ref, "path": PATH, "value": value}]}
