"""Where a value comes from, and what happened to an entity, in a repository of many commits."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from benchmarks.daemon import Daemon, DaemonError
from benchmarks.figures import Figure, median, percentile
from benchmarks.generate import git_environment
from benchmarks.listing import CATALOG, client_environment
from benchmarks.site import Site

COMMITS = 10_000
EVERY = 10
"""One commit of so many changes the catalog file, at its first entity; the others change code beside it."""
ENTITIES = 20
FILES = 1_000
QUESTIONS = 50
RUNS = 10
NAME = "long-lived"


def measure(site: Site, daemon: Daemon) -> Iterator[Figure]:
    """The oldest line is the dearest: git walks to the first commit for it."""
    repository = _repository(site.root / f"long-{COMMITS}.git")
    location = _registered(site, repository)
    try:
        last = f"component:default/{NAME}-{ENTITIES - 1}"
        size = f"{COMMITS:,} commits, {COMMITS // EVERY:,} of the file"
        oldest = _asked(daemon, f"/api/own/entities/{quote(last, safe='')}/why?field=spec.owner")
        yield Figure("why, a line of the first commit, p50", median(oldest), "ms", 200, size)
        yield Figure("  p95", percentile(oldest, 0.95), "ms", 200)
        first = f"component:default/{NAME}-0"
        newest = _asked(daemon, f"/api/own/entities/{quote(first, safe='')}/why?field=metadata.title")
        yield Figure("  a line of the newest commit, p50", median(newest), "ms", 200)
        story = _asked(daemon, f"/api/own/entities/{quote(first, safe='')}/history?limit=100", RUNS)
        yield Figure("history, 100 rows, p50", median(story), "ms", None, size)
        compared = _asked(daemon, f"/api/own/diff?location={location}&from=HEAD~1000&to=HEAD", RUNS)
        yield Figure("diff of the last 1,000 commits, p50", median(compared), "ms", None, size)
        yield Figure("catalog why, from the shell, p50", median(_commands(site, last)), "ms", None, size)
    finally:
        _catalog(site, "location", "remove", location, "--yes")


def _repository(path: Path) -> Path:
    """A bare repository by `git fast-import`, made unless it is there."""
    if not path.exists():
        subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(path)], env=git_environment(), check=True)
        subprocess.run(
            ["git", "-C", str(path), "fast-import", "--quiet"],
            env=git_environment(),
            input=b"".join(_commits()),
            check=True,
        )
    return path


def _commits() -> Iterator[bytes]:
    for number in range(COMMITS):
        message = f"change {number}"
        author = f"committer Person {number % 40} <p{number % 40}@example.org> {1_600_000_000 + 600 * number} +0000"
        yield f"commit refs/heads/main\n{author}\ndata {len(message)}\n{message}\n".encode()
        if number % EVERY == 0:
            yield _file("services/one/catalog-info.yaml", "---\n".join(_document(n, number) for n in range(ENTITIES)))
        yield _file(f"src/part{number % 50}/code{number % FILES}.txt", f"{number}\n" * 20)


def _file(path: str, text: str) -> bytes:
    return f"M 100644 inline {path}\ndata {len(text)}\n{text}\n".encode()


def _document(number: int, commit: int) -> str:
    return (
        f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {NAME}-{number}\n"
        f"  title: Number {number} of {commit if number == 0 else 0}\n"
        "spec:\n  type: service\n  lifecycle: production\n  owner: team-a\n"
    )


def _registered(site: Site, repository: Path) -> str:
    """The id of the location, once it was read; by the owner of the socket, who may name any folder."""
    target = repository.resolve().as_uri()
    _catalog(site, "location", "add", target, "--wait", "--timeout", "120")
    identifier: str = json.loads(_catalog(site, "location", "show", target, "-o", "json"))["id"]
    return identifier


def _asked(daemon: Daemon, path: str, times: int = QUESTIONS) -> list[float]:
    """Milliseconds of each answer, the first one left out: it starts the parser."""
    samples: list[float] = []
    for _ in range(times + 1):
        start = time.perf_counter()
        daemon.api.get(path)
        samples.append((time.perf_counter() - start) * 1000)
    return samples[1:]


def _commands(site: Site, ref: str) -> list[float]:
    samples: list[float] = []
    for _ in range(RUNS):
        start = time.perf_counter()
        _catalog(site, "why", ref, "owner")
        samples.append((time.perf_counter() - start) * 1000)
    return samples


def _catalog(site: Site, *arguments: str) -> bytes:
    """What a command prints."""
    done = subprocess.run(
        [CATALOG, *arguments], env=client_environment(site.state), check=False, capture_output=True
    )  # fmt: skip
    if done.returncode:
        raise DaemonError(f"catalog {arguments[0]} ended with {done.returncode}: {done.stderr[-400:].decode()}")
    return done.stdout
