"""Each layer of the sandbox stops what it is there for, and the process refuses to work without the one that counts."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def confined(folder: Path, *without: str) -> Any:
    (folder / "secret").write_text("secret")
    command = [sys.executable, "-m", "tests.syncd.sql_worker.confined", str(folder), *without]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3], timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


ATTEMPTS = (
    "tcp", "udp", "old socket", "unix socket", "read", "list", "create", "write", "remove", "chmod", "fork", "exec",
    "thread", "signal", "raise a limit", "memory",
)  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What came of every try behind all walls."""
    return confined(tmp_path_factory.mktemp("walls"))


@pytest.mark.parametrize(
    "attempt",
    [pytest.param(attempt, id=f"r067-{attempt}") for attempt in ATTEMPTS],
)
def test_behind_the_walls(found: Any, attempt: str) -> None:
    assert found["found"][attempt] != "done"


def test_r067_every_layer_tells_that_it_holds(found: Any) -> None:
    assert set(found["layers"]) == {"network", "capabilities", "no_new_privs", "landlock", "limits", "seccomp"}
    assert [name for name, told in found["layers"].items() if told.startswith("no: ")] == []


@pytest.mark.parametrize(
    ("without", "attempts", "still_stopped"),
    [
        # An empty network namespace has no way to anywhere, with or without the filter.
        pytest.param("seccomp", ["unix socket", "old socket"], ["tcp", "read", "write", "memory"], id="r067-seccomp"),
        pytest.param(
            "landlock", ["read", "list"], ["tcp", "udp", "write", "create", "fork", "exec"], id="r067-landlock"
        ),
        pytest.param("network", [], ["tcp", "udp", "old socket", "unix socket", "read"], id="r067-network"),
    ],
)
def test_one_layer_torn_out(tmp_path: Path, without: str, attempts: list[str], still_stopped: list[str]) -> None:
    told = confined(tmp_path, without)
    assert told["layers"][without].startswith("no: ")
    assert [told["found"][attempt] for attempt in attempts] == ["done"] * len(attempts)
    assert [attempt for attempt in still_stopped if told["found"][attempt] == "done"] == []


def test_r067_no_thread_may_be_there_before_the_walls(tmp_path: Path) -> None:
    assert "threads" in confined(tmp_path, "threads")["refused"]


def test_r067_without_namespace_and_filter_nothing_runs(tmp_path: Path) -> None:
    assert "network namespace" in confined(tmp_path, "network", "seccomp")["refused"]
