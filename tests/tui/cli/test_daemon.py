"""The daemon as a background process, and commands without one."""

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.cli.program import Terminal, catalog
from tui.cli.daemon_process import is_alive, running_pid


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A state directory of its own; no daemon is left behind."""
    state = tmp_path / "state"
    yield state
    catalog(state, "daemon", "stop")


def test_start_status_logs_stop(home: Path) -> None:
    started = catalog(home, "daemon", "start", "--listen", "127.0.0.1:0")
    assert started.code == 0, started.err
    assert f"log   {home}/daemon.log" in started.err
    status = catalog(home, "daemon", "status", "-o", "json")
    said = json.loads(status.out)
    assert (status.code, said["state"], said["pid"]) == (0, "running", running_pid(home))
    assert said["listen"].startswith("http://127.0.0.1:")

    assert catalog(home, "list").code == 0
    again = catalog(home, "daemon", "start", "--listen", "127.0.0.1:0")
    assert (again.code, "runs already" in again.err) == (5, True)
    assert "ready http://127.0.0.1:" in catalog(home, "daemon", "logs", "-n", "500").out
    assert (home / "daemon.log").stat().st_mode & 0o777 == 0o600

    stopped = catalog(home, "daemon", "stop")
    assert (stopped.code, is_alive(said["pid"])) == (0, False)
    after = catalog(home, "daemon", "status")
    assert (after.code, "state\tstopped" in after.out) == (3, True)
    assert catalog(home, "daemon", "stop").code == 0


def test_a_daemon_of_its_own_session_outlives_the_terminal(home: Path) -> None:
    assert catalog(home, "daemon", "start", "--listen", "127.0.0.1:0").code == 0
    pid = running_pid(home)
    assert pid is not None
    assert os.getsid(pid) == pid


def test_the_reason_why_it_does_not_start(home: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[gti]\n")
    done = catalog(home, "daemon", "start", "--config", str(config))
    assert done.code == 2
    assert "gti" in done.err
    assert str(home / "daemon.log") in done.err


def test_a_port_that_is_taken(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = catalog(home, "daemon", "start", "--listen", f"127.0.0.1:{taken.getsockname()[1]}")
    assert done.code == 5, done.err


@pytest.mark.parametrize("text", ["", "x", "999999999", str(os.getpid())], ids=["empty", "text", "gone", "other"])
def test_a_pid_file_that_names_no_daemon(home: Path, text: str) -> None:
    home.mkdir()
    (home / "daemon.pid").write_text(text)
    assert running_pid(home) is None


@pytest.mark.parametrize(
    "arguments", [["list"], ["get", "x"], ["status"], ["errors"], ["facets"], ["watch"], ["location", "list"]]
)
def test_without_a_daemon(home: Path, arguments: list[str]) -> None:
    done = catalog(home, *arguments)
    assert (done.code, done.out) == (3, "")
    assert done.err.splitlines()[1:] == [
        f"where: unix:{home}/catalog.sock",
        " next: start it with `catalog daemon start`",
    ]


def test_a_wrong_address(home: Path) -> None:
    done = catalog(home, "list", CATALOG_URL="localhost:1")
    assert (done.code, "where: CATALOG_URL" in done.err) == (2, True)
    gone = catalog(home, "list", CATALOG_URL="http://127.0.0.1:1")
    assert (gone.code, "daemon start" in gone.err) == (3, False)


def test_logs_follow_what_is_written(home: Path) -> None:
    home.mkdir()
    log = home / "daemon.log"
    log.write_text("one\ntwo\n")
    terminal = Terminal(home, "daemon", "logs", "-f", "-n", "1")
    terminal.wait_for(lambda shown: shown == "two\n")
    with log.open("a") as more:
        more.write("thr\x1bee\n")
    terminal.wait_for(lambda shown: shown == "two\nthr\\x1bee\n")
    terminal.interrupt()
    assert terminal.end() == 130


def test_validate_passes_arguments_and_code_through(home: Path, tmp_path: Path) -> None:
    (tmp_path / "catalog-info.yaml").write_text("kind: [\n")
    done = catalog(home, "validate", str(tmp_path))
    assert done.code == 1
    assert "catalog-info.yaml:" in done.out
    assert catalog(home, "validate", "--no-such-option", "x").code == 2


def test_the_working_directory_is_no_place_for_programs(home: Path, tmp_path: Path) -> None:
    (tmp_path / "syncd").mkdir()
    (tmp_path / "syncd" / "__main__.py").write_text("print('hijacked')")
    (tmp_path / "syncd" / "__init__.py").touch()
    done = catalog(home, "validate", str(tmp_path), cwd=tmp_path)
    assert "hijacked" not in done.out + done.err


def test_rebuild_needs_the_state_for_itself(home: Path) -> None:
    assert catalog(home, "daemon", "start", "--listen", "127.0.0.1:0").code == 0
    assert catalog(home, "rebuild").code == 5
    assert catalog(home, "daemon", "stop").code == 0
    done = catalog(home, "rebuild")
    assert (done.code, done.out) == (0, "0 entities\n")


def test_r044_backup_beside_the_daemon_and_restore_without_it(home: Path, tmp_path: Path) -> None:
    assert catalog(home, "daemon", "start", "--listen", "127.0.0.1:0").code == 0
    assert catalog(home, "token", "create", "early", "--scope", "read").code == 0
    folder = tmp_path / "-backups"
    folder.mkdir()
    made = catalog(home, "backup", "./-backups", "--keep", "3", cwd=tmp_path)
    assert (made.code, made.err) == (0, "")
    (file,) = folder.iterdir()
    assert made.out == f"-backups/{file.name}\n"
    asked = catalog(home, "restore", str(file))
    assert (asked.code, "add --yes" in asked.err) == (2, True)
    running = catalog(home, "restore", str(file), "--yes")
    assert (running.code, "catalog daemon stop" in running.err) == (5, True)
    assert catalog(home, "daemon", "stop").code == 0
    done = catalog(home, "restore", str(folder), "-y")
    assert done.code == 0, done.err
    assert "1 rows of tokens" in done.out
    assert "what was there is kept as" in done.out
    assert catalog(home, "restore", str(tmp_path / "nothing")).code == 2
    assert catalog(home, "backup", "--keep", "0").code == 2


def test_r041_status_tells_of_a_full_disk(home: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[limits]\nfree_space = "999999 GiB"\n')
    assert catalog(home, "daemon", "start", "--listen", "127.0.0.1:0", "--config", str(config)).code == 0
    status = catalog(home, "status")
    assert status.code == 8
    assert "disk\tfull: " in status.out
    assert "writing needs 999999.0 GiB" in status.out
    assert json.loads(catalog(home, "status", "-o", "json").out)["disk"]["full"]
    refused = catalog(home, "token", "create", "late", "--scope", "read")
    assert (refused.code, "too little room" in refused.err) == (4, True)
