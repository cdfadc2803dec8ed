"""Push to visible where nothing is watched: a hook of the repository rings, or a signed webhook does."""

import hashlib
import hmac
import json
import subprocess
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.daemon import Api, Daemon
from benchmarks.figures import Figure, median, percentile
from benchmarks.listing import CATALOG, client_environment
from benchmarks.push import CLONES, PUSHES, Clone
from benchmarks.site import Site

SECRET = "between the host and us, at length"
HOST = "git.example.test"


def measure(site: Site) -> Iterator[Figure]:
    """A daemon of its own, to which nothing tells of a push but the hook, and then the webhook."""
    numbers = range(min(CLONES, site.size.repositories))
    clones = [Clone.of(site, number) for number in numbers]
    size = f"{PUSHES} pushes at {site.size.entities:,} entities"
    with untold(site) as daemon:
        daemon.wait_idle()
        paths = [site.repositories[number] for number in numbers]
        for path in paths:
            _catalog(site, "hook", "install", path)
        samples = [clones[turn % len(clones)].push_and_see(daemon.api, turn) for turn in range(PUSHES)]
        for path in paths:
            _catalog(site, "hook", "remove", path)
        yield from _figures("push to visible by hook", samples, size)
        made = {"id": "bench", "provider": "gitea", "secret": SECRET}
        daemon.api.post("/api/own/webhooks", json.dumps(made).encode())
        samples = []
        for turn in range(PUSHES):
            deliver = partial(_deliver, daemon.api, paths[turn % len(paths)], turn)
            samples.append(clones[turn % len(clones)].push_and_see(daemon.api, turn, deliver))
        yield from _figures("push to visible by webhook", samples, size)


def untold(site: Site) -> Daemon:
    """A daemon that watches nothing, polls once an hour, knows its repositories by web URLs, and may write to them."""
    folder = site.repositories[0].resolve().parent.as_uri()
    host = f'\n[[hosts]]\nhost = "{HOST}"\ntype = "gitea"\nclone = "{folder}/{{repo}}.git"\n'
    return site.variant('watch = false\npoll_interval = "1h"', write="commit", more=host)


def _figures(name: str, samples: Sequence[float], size: str) -> Iterator[Figure]:
    yield Figure(f"{name}, p50", median(samples), "ms", None, size)
    yield Figure("  p95", percentile(samples, 0.95), "ms", 100, "from the end of `git push` to an API answer")
    yield Figure("  slowest", max(samples), "ms")


def _deliver(api: Api, path: Path, turn: int) -> None:
    """As a git host does when a push has ended."""
    url = f"https://{HOST}/acme/{path.stem}.git"
    body = json.dumps({"ref": "refs/heads/main", "repository": {"clone_url": url}}).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Gitea-Event": "push", "X-Gitea-Delivery": f"{turn}", "X-Gitea-Signature": signature}
    api.post("/api/own/hooks/bench", body, headers)


def _catalog(site: Site, *arguments: str | Path) -> None:
    subprocess.run([CATALOG, *arguments], env=client_environment(site.state), check=True, capture_output=True)
