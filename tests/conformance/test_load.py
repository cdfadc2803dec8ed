"""Many repositories, some of them bad: bounds, pauses, hints that fail, clocks that jump (reliability, I and J)."""

import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from watchdog.observers.inotify_c import InotifyFD

from syncd.service import Service
from syncd.watch import files
from tests.support.bench import BROKEN, FILE, Bench, component
from tests.support.daemon import Daemon, wait_until
from tests.support.loopback import repositories_server, say_nothing, tcp_server
from tests.support.repository import RepoBuilder

GIT = '[git]\nprotocols = ["https", "http", "git", "file"]\nwatch = {watch}\npoll_interval = "{poll}"\n'
QUICK = '[limits]\nbackoff_first = "100ms"\nbackoff_longest = "500ms"\n'


def configuration(poll: str = "1h", *, watch: bool = False) -> str:
    return GIT.format(poll=poll, watch=str(watch).lower())


def register(service: Service, url: str) -> str:
    return service.add_location("git", url, actor="test", owner=True).id


def published(folder: Path, name: str, text: str) -> RepoBuilder:
    """A repository that `repositories_server` can serve."""
    repository = RepoBuilder(folder / f"{name}.git")
    repository.commit({FILE: text})
    repository.publish()
    return repository


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


# Hosts (R80, R81, R84)


def test_r080_hosts_that_hang_do_not_take_the_places_of_others(tmp_path: Path) -> None:
    published(tmp_path / "web", "good", component("good"))
    with ExitStack() as stack:
        hanging = [stack.enter_context(tcp_server(say_nothing)) for _ in range(6)]
        good = stack.enter_context(repositories_server(tmp_path / "web"))
        bench = stack.enter_context(Bench(tmp_path, configuration()))
        service = bench.catalog.service
        for port in hanging[:2]:
            for number in range(6):
                register(service, f"git://127.0.0.1:{port}/{number}.git")
        register(service, f"http://127.0.0.1:{good}/good.git")
        wait_until(lambda: bench.names() == ["good"], "the good host is read", 30)
        busy = [name for name in service.standing.status().busy if name.startswith("git:")]
        assert len(busy) == 2  # one for each of the hosts that never answered
        phases = [service.standing.location(one.id).phase for one in service.locations()]
        assert sorted(filter(None, phases)) == ["fetching", "fetching"]
        for port in hanging[2:]:
            register(service, f"git://127.0.0.1:{port}/x.git")
        repository = RepoBuilder(tmp_path / "web" / "good.git")
        repository.commit({FILE: component("better")})
        repository.publish()
        service.refresh(None)
        wait_until(lambda: bench.names() == ["better"], "the good host is read again", 30)
        assert len([name for name in service.standing.status().busy if name.startswith("git:")]) == 4


def test_r081_a_silent_host_is_asked_by_one_and_comes_back_by_itself(tmp_path: Path) -> None:
    for number in range(6):
        published(tmp_path / "web", f"r{number}", component(f"r{number}"))
    port = free_port()
    with Bench(tmp_path, configuration() + QUICK) as bench:
        service = bench.catalog.service
        ids = [register(service, f"http://127.0.0.1:{port}/r{number}.git") for number in range(6)]

        def codes() -> list[str]:
            return [service.standing.location(id_).error_code for id_ in ids]

        wait_until(lambda: "git.host_silent" in codes() and "" not in codes(), "the host is left alone")
        assert set(codes()) <= {"git.host_silent", "git.unreachable"}
        wait_until(lambda: service.standing.status().silent == (f"127.0.0.1:{port}",), "the status says so")
        with repositories_server(tmp_path / "web", port):
            wait_until(lambda: len(bench.names()) == 6, "the host is read")
            wait_until(lambda: set(codes()) == {""}, "nothing is wrong any more")


def test_r081_polls_are_spread_by_a_tenth(tmp_path: Path) -> None:
    with Bench(tmp_path, configuration("1h")) as bench:
        for number in range(30):
            bench.commit({FILE: component(f"c{number}")}, f"r{number}")
            register(bench.catalog.service, bench.repository(f"r{number}").url)
        bench.catalog.settle()
        engine = bench.catalog.service.readiness.engine
        assert engine is not None
        delays = []
        for location in bench.catalog.service.locations():
            for one in engine.reconciler.repository_state(location.id):
                assert one.next_attempt is not None
                assert one.last_success is not None
                gap = datetime.fromisoformat(one.next_attempt) - datetime.fromisoformat(one.last_success)
                delays.append(gap.total_seconds())
        assert len(delays) == 30
        assert 3200 <= min(delays) < 3550
        assert 3650 < max(delays) <= 4000


# Hints (R82)


def refuse(*_: object) -> None:
    raise OSError(28, "no space left on device")


def deaf(*_: object) -> None:
    return


@pytest.mark.parametrize("broken", ["watch limit", "lost events"])
def test_r082_polling_finds_what_no_event_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    if broken == "watch limit":
        monkeypatch.setattr(InotifyFD, "add_callback", refuse)
    else:
        monkeypatch.setattr(files._Bell, "on_event", deaf)
    with Bench(tmp_path, configuration("1s", watch=True)) as bench:
        bench.commit({FILE: component("a")})
        bench.register_git()
        bench.commit({FILE: component("b")})
        wait_until(lambda: bench.names() == ["b"], "a poll has found the push")
        told = bench.catalog.service.standing.status().polled
    assert ("polled only" in caplog.text) == (broken == "watch limit")
    assert len(told) == (broken == "watch limit")


def test_r082_an_overflow_of_events_is_a_ring() -> None:
    rung: list[str] = []
    watcher = files.RefWatcher(rung.append)
    files._Bell(watcher, "shop", Path("/nowhere"), root=True).on_queue_overflow()
    assert rung == ["shop"]
    watcher.close()


# Flat (R83)


def used() -> tuple[int, int, int]:
    """Open files, threads and child processes of this process."""
    children = sum(len(path.read_text().split()) for path in Path("/proc/self/task").glob("*/children"))
    return len(os.listdir("/proc/self/fd")), threading.active_count(), children  # noqa: PTH208


@pytest.mark.parametrize(
    "syncs", [pytest.param(15, id="r083-quick"), pytest.param(400, id="r083-long", marks=pytest.mark.slow)]
)
def test_r083_files_threads_and_processes_are_flat(tmp_path: Path, syncs: int) -> None:
    with Bench(tmp_path, configuration() + QUICK) as bench:
        bench.commit({FILE: BROKEN}, "broken")
        bench.register_git("broken")
        service = bench.catalog.service
        register(service, (tmp_path / "nowhere.git").as_uri())
        register(service, f"http://127.0.0.1:{free_port()}/x.git")
        bench.commit({FILE: component("c")})
        bench.register_git()

        def run(count: int, start: int) -> None:
            for number in range(start, start + count):
                bench.commit({FILE: component(f"c{number}")})
                assert service.wait(service.refresh(None), 30)

        run(5, 0)
        before = used()
        run(syncs, 5)
        assert bench.names() == [f"c{syncs + 4}"]
        for now, earlier in zip(used(), before, strict=True):
            assert now <= earlier + 4, (used(), before)


# Start and clocks (R88, R89)


def test_r088_a_start_answers_from_the_last_state_while_a_host_hangs(tmp_path: Path) -> None:
    published(tmp_path / "web", "a", component("a"))
    path = "/api/catalog/entities/by-name/component/default/a"
    port = free_port()
    with repositories_server(tmp_path / "web", port), Daemon(tmp_path, configuration()) as daemon:
        daemon.register(f"http://127.0.0.1:{port}/a.git", type="git")
        assert daemon.owner.get(path).status_code == 200
    asked = threading.Event()

    def hang(connection: socket.socket, ended: threading.Event) -> None:
        asked.set()
        ended.wait()

    with tcp_server(hang, port), Daemon(tmp_path, configuration()) as daemon:
        assert daemon.owner.get(path).status_code == 200
        assert asked.wait(30)
        assert daemon.owner.get(path).status_code == 200
        assert daemon.owner.get("/api/own/status").json()["idle"] is False


@pytest.mark.parametrize("days", [1, -1], ids=["r089-forward", "r089-back"])
def test_r089_a_clock_that_jumps_starts_no_storm_and_ends_no_grace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    with Bench(tmp_path, configuration("1h")) as bench:
        repository = bench.repository()
        repository.commit({FILE: component("a")})
        repository.commit({FILE: component("b")}, branch="other")
        bench.register_git()
        location = bench.register_git(ref="other")
        jump_clocks(monkeypatch, timedelta(days=days))
        repository.delete_branch("other")
        bench.catalog.sync()
        last = bench.catalog.service.standing.location(location.id).last_attempt
        monkeypatch.undo()
        jump_clocks(monkeypatch, timedelta(days=2 * days))
        time.sleep(0.3)
        assert bench.catalog.service.standing.location(location.id).last_attempt == last
        bench.catalog.sync()
        assert bench.names() == ["a", "b"]


def jump_clocks(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Have everybody who asks this process for the time of day get another one."""

    class Jumped(datetime):
        @classmethod
        def now(cls, _: object = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(REAL_TIME() + by.total_seconds(), UTC)

    monkeypatch.setattr(time, "time", lambda: REAL_TIME() + by.total_seconds())
    for module in ("syncd.reconcile", "syncd.store.state"):
        monkeypatch.setattr(f"{module}.datetime", Jumped)


REAL_TIME: Callable[[], float] = time.time
