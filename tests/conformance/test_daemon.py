"""The daemon as a process: how it starts, what it refuses, what it outlives, how it ends (R40, R57, R84-R91, R95)."""

import os
import signal
import socket
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon import wait_until
from tests.support.loopback import say_nothing, tcp_server
from tests.support.mirrors import processes_of
from tests.support.process import IDLE_SECONDS, KilledError, Process, component, syncd
from tests.support.repository import RepoBuilder

CONFIGURATION = '[git]\nprotocols = ["file", "git", "http"]\npoll_interval = "1h"\n'
STOP_SECONDS = 20.0


@pytest.fixture
def repository(tmp_path: Path) -> RepoBuilder:
    """A remote with one component, `one`."""
    made = RepoBuilder(tmp_path / "shop.git")
    made.commit({"catalog-info.yaml": component("one")})
    return made


@pytest.fixture
def daemon(tmp_path: Path, repository: RepoBuilder) -> Iterator[Process]:
    """A daemon that has read the repository."""
    with Process(tmp_path / "home", CONFIGURATION) as process:
        process.wait_ready()
        process.register(repository.url)
        yield process


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def mirror_of(process: Process) -> Path:
    """The git directory of the only mirror."""
    (found,) = process.state.glob("mirrors/*/git")
    return found


# Starting


@pytest.mark.parametrize("verb", ["run", "rebuild", "repair"], ids=["r040-run", "r040-rebuild", "r040-repair"])
def test_r040_a_second_process_names_the_first_and_ends(daemon: Process, verb: str) -> None:
    done = syncd(verb, daemon.state.parent)
    assert done.returncode == 5
    assert done.stderr.splitlines()[0] == f"error: a daemon with process id {daemon.pid} uses {daemon.state}"
    assert daemon.title("one") == "one"


@pytest.mark.parametrize("text", ["", "999999999", "1", "nonsense"])
def test_r040_a_pid_file_left_behind_is_no_obstacle(tmp_path: Path, text: str) -> None:
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "state" / "daemon.pid").write_text(text)
    with Process(tmp_path, CONFIGURATION) as process:
        process.wait_ready()
        assert (process.state / "daemon.pid").read_text() == f"{process.pid}\n"
        assert process.stop() == 0


def test_r057_the_socket_is_private_and_a_dead_one_is_replaced(daemon: Process) -> None:
    path = daemon.state / "catalog.sock"
    assert stat.S_IMODE(path.lstat().st_mode) == 0o600
    assert stat.S_IMODE(daemon.state.stat().st_mode) == 0o700
    daemon.kill()
    assert path.is_socket()
    with Process(daemon.state.parent, CONFIGURATION) as again:
        again.wait_ready()
        assert again.title("one") == "one"
        assert again.stop() == 0
    assert not path.exists()


def test_r057_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with Process(tmp_path, CONFIGURATION, listen=address) as process:
            assert process.wait_end() == 5
    said = [line for line in process.log.splitlines() if line.startswith("error:")]
    assert said == [f"error: {address} is in use by another program"]
    assert "Traceback" not in process.log


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("[git]\nprotocol = ['https']\n", 2, "protocols"),
        ("[gti]\n", 1, "did you mean"),
        ("[daemon]\n\nlisten = 7\n", 3, "listen"),
        ("[limits]\nfile_size = '4 parsecs'\n", 2, "file_size"),
        ("[git\n", 1, ""),
    ],
    ids=["unknown-key", "unknown-table", "wrong-type", "wrong-unit", "no-toml"],
)
def test_a_configuration_that_is_wrong_is_code_2_with_its_place(
    tmp_path: Path, text: str, line: int, hint: str
) -> None:
    with Process(tmp_path, text) as process:
        assert process.wait_end() == 2
    said = process.log
    assert f"{process.config}:{line}" in said
    assert hint in said
    assert "Traceback" not in said
    assert not process.state.exists()


def test_r090_a_start_tells_what_it_waits_for(daemon: Process) -> None:
    """Whatever is asked before the data is open is answered with a reason, not with a mistake."""
    assert daemon.stop() == 0
    with Process(daemon.state.parent, CONFIGURATION) as again:
        answers: list[tuple[int, Any]] = []

        def listening() -> bool:
            try:
                answers.append(again.ask("GET", "/api/catalog/entities/by-name/component/default/one"))
            except KilledError:
                return False
            return answers[-1][0] == 200

        wait_until(listening, "the entity is there")
        early = [answer for status, answer in answers if status != 200]
        assert {status for status, _ in answers} <= {200, 503}
        assert all("ServiceUnavailable" in str(answer) for answer in early)
        assert again.stop() == 0


# Going on


def test_r084_r095_a_host_that_cannot_be_reached_is_shown_and_the_rest_lives(
    daemon: Process, repository: RepoBuilder
) -> None:
    url = f"http://127.0.0.1:{free_port()}/owner/repo.git"
    status, location = daemon.ask("POST", "/api/own/locations", {"type": "git", "target": url})
    assert status == 201

    def state() -> dict[str, Any]:
        found: dict[str, Any] = daemon.ask("GET", f"/api/own/locations/{location['id']}")[1]["state"]
        return found

    wait_until(lambda: state()["failures"] >= 2, "it was tried again")
    shown = state()
    assert shown["error_code"] == "git.unreachable"
    assert shown["error"]
    assert shown["hint"]
    assert shown["last_attempt"]
    assert shown["next_attempt"] > shown["last_attempt"]
    assert shown["last_success"] is None
    assert shown["stale_since"]
    repository.commit({"catalog-info.yaml": component("one", "second")})
    wait_until(lambda: daemon.title("one") == "second", "a push elsewhere is visible")
    (healthy,) = [item for item in daemon.ask("GET", "/api/own/locations")[1]["items"] if item["id"] != location["id"]]
    assert healthy["state"]["error_code"] == ""
    assert healthy["state"]["commit"] == repository.head()
    assert healthy["state"]["last_success"]


def test_r085_what_a_killed_git_left_is_removed(daemon: Process, repository: RepoBuilder) -> None:
    git = mirror_of(daemon)
    daemon.kill()
    left = [
        git / "shallow.lock",
        git / "config.lock",
        git / "packed-refs.lock",
        git / "HEAD.lock",
        git / "refs" / "remotes" / "origin" / "main.lock",
        git / "objects" / "pack" / "tmp_pack_AAAAAA",
        git / "objects" / "pack" / "tmp_idx_AAAAAA",
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 1000)
    repository.commit({"catalog-info.yaml": component("one", "second")})
    with Process(daemon.state.parent, CONFIGURATION) as again:
        again.wait_ready()
        wait_until(lambda: again.title("one") == "second", "the push is visible")
        assert [path for path in left if path.exists()] == []
        assert again.stop() == 0


def test_r086_a_damaged_mirror_is_fetched_anew_while_entities_stay(daemon: Process, repository: RepoBuilder) -> None:
    git = mirror_of(daemon)
    assert daemon.stop() == 0
    objects = [path for path in (git / "objects").rglob("*") if path.is_file()]
    for path in objects:
        path.chmod(0o600)
        path.write_bytes(path.read_bytes()[:12] + b"\xa5" * max(0, path.stat().st_size - 12))
    repository.commit({"catalog-info.yaml": component("one", "second")})
    with Process(daemon.state.parent, CONFIGURATION) as again:
        again.wait_ready()
        assert again.title("one") in ("one", "second")
        wait_until(lambda: again.title("one") == "second", "the push is visible")
        again.sync()
        (location,) = again.ask("GET", "/api/own/locations")[1]["items"]
        assert location["state"]["error_code"] == ""
        assert again.stop() == 0


# Health


def test_r091_a_stuck_event_loop_is_unhealthy(daemon: Process) -> None:
    assert daemon.ask("GET", "/healthz") == (200, {"status": "ok"})
    os.kill(daemon.pid, signal.SIGSTOP)
    time.sleep(1.5)  # longer than the loop may take to react
    os.kill(daemon.pid, signal.SIGCONT)
    assert daemon.ask("GET", "/healthz") == (503, {"status": "stuck"})
    assert daemon.ask("GET", "/readyz") == (200, {"ready": True, "reasons": []})


# Stopping


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["r087-term", "r087-int"])
def test_r087_a_stop_with_work_under_way_is_in_order(daemon: Process, number: signal.Signals) -> None:
    """A fetch that hangs, a request that waits for it, and an open stream of events."""
    waiting: list[object] = []

    def wait() -> None:
        try:
            waiting.append(daemon.ask("POST", f"/api/own/refresh?wait={IDLE_SECONDS:.0f}", {}))
        except KilledError as error:
            waiting.append(error)

    with tcp_server(say_nothing) as port:
        url = f"git://127.0.0.1:{port}/repo.git"
        assert daemon.ask("POST", "/api/own/locations", {"type": "git", "target": url})[0] == 201
        caller = threading.Thread(target=wait)
        caller.start()
        stream = socket.socket(socket.AF_UNIX)
        stream.settimeout(STOP_SECONDS)
        stream.connect(str(daemon.state / "catalog.sock"))
        stream.sendall(b"GET /api/own/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert stream.recv(1000).startswith(b"HTTP/1.1 200")
        wait_until(lambda: any("ls-remote" in line for line in processes_of(daemon.state)), "git asks the remote")
        began = time.monotonic()
        os.kill(daemon.pid, number)
        assert daemon.wait_end() == 0
        assert time.monotonic() - began < STOP_SECONDS
        caller.join()
        while stream.recv(1000):  # the stream ends
            continue
        stream.close()
    assert waiting == [(200, {"done": False})]
    assert processes_of(daemon.state) == []
    assert not (daemon.state / "catalog.sock").exists()
    assert "Traceback" not in daemon.log


def test_r087_what_was_acknowledged_before_a_stop_is_there(daemon: Process, tmp_path: Path) -> None:
    """Writers go on until the daemon refuses them."""
    acknowledged: list[str] = []
    remotes = [RepoBuilder(tmp_path / f"r{number}.git") for number in range(40)]
    for remote in remotes:
        remote.commit({"catalog-info.yaml": component(remote.path.stem)})
    under_way = threading.Event()

    def write() -> None:
        try:
            for remote in remotes:
                status, answer = daemon.ask("POST", "/api/own/locations", {"type": "git", "target": remote.url})
                if status == 201:
                    acknowledged.append(answer["id"])
                if len(acknowledged) == 3:
                    under_way.set()
        except KilledError:
            return

    writer = threading.Thread(target=write)
    writer.start()
    assert under_way.wait(IDLE_SECONDS)
    assert daemon.stop() == 0
    writer.join()
    with Process(daemon.state.parent, CONFIGURATION) as again:
        again.wait_ready()
        found = {item["id"] for item in again.ask("GET", "/api/own/locations")[1]["items"]}
        assert set(acknowledged) <= found
        assert again.stop() == 0


def test_r087_a_second_signal_ends_it_at_once(daemon: Process, repository: RepoBuilder) -> None:
    with tcp_server(say_nothing) as port:
        url = f"git://127.0.0.1:{port}/repo.git"
        assert daemon.ask("POST", "/api/own/locations", {"type": "git", "target": url})[0] == 201
        held = socket.socket(socket.AF_UNIX)
        held.connect(str(daemon.state / "catalog.sock"))  # a request that runs holds the orderly end up
        held.sendall(b"POST /api/own/locations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        wait_until(lambda: any("ls-remote" in line for line in processes_of(daemon.state)), "git asks the remote")
        os.kill(daemon.pid, signal.SIGTERM)
        wait_until(lambda: not_ready(daemon), "the stop has begun")
        began = time.monotonic()
        os.kill(daemon.pid, signal.SIGTERM)
        assert daemon.wait_end() == 130
        assert time.monotonic() - began < 1.0
        held.close()
    with Process(daemon.state.parent, CONFIGURATION) as again:
        again.wait_ready()
        assert again.title("one") == "one"
        assert again.stop() == 0
    assert processes_of(daemon.state) == []


def not_ready(process: Process) -> bool:
    """Whether it says that it is stopping, or listens no more."""
    try:
        return process.ask("GET", "/readyz")[0] == 503
    except KilledError:
        return True


def test_a_supervisor_sees_the_code_of_a_location_that_cannot_be(tmp_path: Path) -> None:
    with Process(tmp_path, '[[locations]]\ntype = "git"\ntarget = "ext::sh -c id"\n') as process:
        assert process.wait_end() == 2
    assert "[[locations]] target = 'ext::sh -c id'" in process.log
