"""Push to visible: from the end of `git push` to the first API answer with the new value."""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.daemon import Api, Daemon, DaemonError
from benchmarks.figures import Figure, median, percentile
from benchmarks.generate import git_environment, kind_of, name_of
from benchmarks.load import under_load
from benchmarks.site import Site

PUSHES = 100
CLONES = 10
PAUSE = 0.001
LIMIT = 30.0
SECONDS = 8.0


def measure(site: Site, api: Api) -> Iterator[Figure]:
    """One commit changes one title; repositories take turns, and nothing tells the daemon but the push itself."""
    clones = [Clone.of(site, number) for number in range(min(CLONES, site.size.repositories))]
    samples = [clones[turn % len(clones)].push_and_see(api, turn) for turn in range(PUSHES)]
    size = f"{PUSHES} pushes at {site.size.entities:,} entities"
    yield Figure("push to visible, p50", median(samples), "ms", None, size)
    yield Figure("  p95", percentile(samples, 0.95), "ms", 100, "from the end of `git push` to an API answer")
    yield Figure("  slowest", max(samples), "ms")


def while_reading(site: Site, daemon: Daemon, requests: Sequence[str], clients: int) -> Iterator[Figure]:
    """The same while others read; as many pushes as they have time for."""
    clone = Clone.of(site, 0)
    alone = under_load(daemon.host, daemon.port, requests, clients, SECONDS)
    samples: list[float] = []
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(under_load, daemon.host, daemon.port, requests, clients, SECONDS)
        while not reading.done():
            samples.append(clone.push_and_see(daemon.api, len(samples)))
        beside = reading.result()
    yield Figure(
        f"push to visible, {clients} clients reading, p50", median(samples), "ms", None, f"{len(samples)} pushes"
    )
    yield Figure("  p95", percentile(samples, 0.95), "ms")
    yield Figure("  pages a second meanwhile", beside.per_second, "/s", None, f"{alone.per_second:,.0f} without pushes")


class Clone:
    """A working tree of one repository and the first entity in its root file."""

    def __init__(self, path: Path, number: int) -> None:
        self._path = path
        self._file = path / "catalog-info.yaml"
        self._url = f"/api/catalog/entities/by-name/{kind_of(number).lower()}/default/{name_of(number)}"

    @classmethod
    def of(cls, site: Site, number: int) -> "Clone":
        """The clone of a repository, made unless it is there."""
        path = site.root / f"clone-{site.size.entities}-{number}"
        if not path.exists():
            _git(site.root, "clone", "--quiet", str(site.repositories[number]), str(path))
        return cls(path, number)

    def push_and_see(self, api: Api, turn: int, told: Callable[[], object] = bool) -> float:
        """Milliseconds from the end of the push, when `told` is called, until the title of this turn is answered."""
        title = f"Turn {turn} of {time.time_ns()}"
        lines = self._file.read_text().split("\n")
        place = next(index for index, line in enumerate(lines) if line.startswith("  title: "))
        lines[place] = f"  title: {title}"
        self._file.write_text("\n".join(lines))
        _git(self._path, "commit", "--quiet", "--all", "--message", title)
        _git(self._path, "push", "--quiet")
        start = time.perf_counter()
        told()
        return self._wait(api, title.encode(), start)

    def _wait(self, api: Api, title: bytes, start: float) -> float:
        while title not in api.read(self._url)[1]:
            if time.perf_counter() - start > LIMIT:
                raise DaemonError(f"a push was not visible after {LIMIT:.0f} s: {self._url}")
            time.sleep(PAUSE)
        return (time.perf_counter() - start) * 1000


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], env=git_environment(), check=True, capture_output=True)
