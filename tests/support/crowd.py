"""Many locations, a third of them bad in twelve ways, looked at by one daemon: how soon it sees what is pushed."""

import shutil
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tests.support.bench import FILE, component
from tests.support.daemon import Daemon, wait_until
from tests.support.loopback import http_server, repositories_server, say_nothing, tcp_server, trickle
from tests.support.repository import RepoBuilder

BAD_SHARE = 0.3
OVER_HTTP = 7
"""One in so many of the good repositories is fetched over HTTP, all others from this disk."""
REFUSALS = {"a": (500, {}), "b": (403, {}), "c": (302, {"Location": "http://127.0.0.1:1/x"}), "d": (404, {})}
PATIENCE = 600.0
CONFIGURATION = """\
[git]
protocols = ["http", "git", "file"]
watch = false
poll_interval = "{interval:.0f}s"
[limits]
backoff_first = "100ms"
backoff_longest = "5s"
"""


@dataclass(slots=True)
class Figures:
    """What happened; seconds."""

    locations: int = 0
    bad: int = 0
    first: float = 0.0
    delays: list[float] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        delays = sorted(self.delays)
        codes = ", ".join(f"{code} {count}" for code, count in sorted(self.codes.items()))
        return (
            f"{self.locations:,} locations, {self.bad:,} of them bad ({codes}); all good ones read after "
            f"{self.first:.1f} s; {len(delays)} pushes visible after {delays[len(delays) // 2]:.1f} s p50, "
            f"{delays[-1]:.1f} s at most"
        )


class Crowd:
    """`repositories` with `each` locations, one a file of it. A context manager: the daemon and the bad servers run."""

    def __init__(self, folder: Path, repositories: int, each: int, interval: float) -> None:
        self.figures = Figures()
        self._folder = folder
        self._each = each
        self._interval = interval
        self._stack = ExitStack()
        bad = int(repositories * BAD_SHARE)
        self._good = [self._repository(number) for number in range(repositories - bad)]
        self._bad = bad

    def __enter__(self) -> "Crowd":
        with ExitStack() as stack:
            urls = [one.url for one in self._good]
            web = stack.enter_context(repositories_server(self._folder / "web"))
            urls[::OVER_HTTP] = [f"http://127.0.0.1:{web}/{one.path.name}" for one in self._good[::OVER_HTTP]]
            ways = self._ways(stack)
            bad = [ways[number % len(ways)](number) for number in range(self._bad)]
            self.figures.locations = (len(urls) + len(bad)) * self._each
            self.figures.bad = len(bad) * self._each
            locations = "".join(_table(url, number) for url in (*urls, *bad) for number in range(self._each))
            daemon = Daemon(self._folder / "daemon", CONFIGURATION.format(interval=self._interval) + locations)
            stack.callback(daemon.stop)
            self._daemon = daemon
            began = time.monotonic()
            wait_until(lambda: self._components() >= len(self._good) * self._each, "all good ones are read", PATIENCE)
            self.figures.first = time.monotonic() - began
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def round(self, turn: int) -> None:
        """Push to every good repository, and see how long each push takes to be visible."""
        pushed: dict[str, float] = {}
        for number, repository in enumerate(self._good):
            repository.commit({f"0/{FILE}": component(f"g{number}-0", title=f"turn {turn}")})
            repository.publish()
            pushed[f"g{number}-0"] = time.monotonic()
        while pushed:
            for name in [name for name in pushed if self._title(name) == f"turn {turn}"]:
                self.figures.delays.append(time.monotonic() - pushed.pop(name))
            late = [name for name, at in pushed.items() if time.monotonic() - at > 10 * self._interval]
            assert not late, f"not visible after ten intervals: {late}"
            time.sleep(0.1)

    def judge(self) -> None:
        """What the daemon says of the bad ones: each has a reason or no answer yet, and no good one has."""
        locations = self._daemon.owner.get("/api/own/locations").json()["items"]
        states = [one["state"] for one in locations]
        self.figures.codes = Counter(
            one["error_code"] or "no answer yet" for one in states if one["error_code"] or not one["last_success"]
        )
        assert sum(self.figures.codes.values()) == self.figures.bad

    # Behind it

    def _repository(self, number: int) -> RepoBuilder:
        repository = RepoBuilder(self._folder / "web" / f"good{number}.git")
        repository.commit({f"{each}/{FILE}": component(f"g{number}-{each}") for each in range(self._each)})
        repository.publish()
        return repository

    def _ways(self, stack: ExitStack) -> list[Callable[[int], str]]:
        """Twelve ways to be bad: each makes a URL of a number."""
        hanging, closed_late = (stack.enter_context(tcp_server(say_nothing)) for _ in range(2))
        trickling = stack.enter_context(tcp_server(trickle(b"HTTP/1.1 200 OK\r\n\r\n")))
        refusing, _ = stack.enter_context(http_server(REFUSALS))
        with socket.create_server(("127.0.0.1", 0)) as unused:
            nobody = unused.getsockname()[1]
        return [
            *(
                partial("http://127.0.0.1:{}/x{}.git".format, port)
                for port in (hanging, closed_late, trickling, nobody)
            ),
            partial("git://127.0.0.1:{}/y{}.git".format, hanging),
            *(partial("http://127.0.0.1:{}/{}/x{}.git".format, refusing, name) for name in REFUSALS),
            lambda number: (self._folder / f"nowhere{number}.git").as_uri(),
            lambda number: self._damaged(number).url,
            lambda number: RepoBuilder(self._folder / f"empty{number}.git").url,
        ]

    def _damaged(self, number: int) -> RepoBuilder:
        """Its branch names a commit that is not there."""
        repository = RepoBuilder(self._folder / f"damaged{number}.git")
        repository.commit({FILE: component("damaged")})
        shutil.rmtree(repository.path / "objects")
        (repository.path / "objects").mkdir()
        return repository

    def _components(self) -> int:
        answer: Any = self._daemon.owner.get("/api/own/status").json()
        return int(answer["kinds"].get("Component", 0))

    def _title(self, name: str) -> str:
        answer = self._daemon.owner.get(f"/api/catalog/entities/by-name/component/default/{name}")
        return str(answer.json()["metadata"].get("title")) if answer.status_code == 200 else ""


def _table(url: str, number: int) -> str:
    return f'[[locations]]\ntype = "git"\ntarget = "{url}"\npath = "{number}/{FILE}"\n'
