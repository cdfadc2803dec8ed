"""The sample company loads as its README tells, and the demo shows it from a shell without a terminal."""

import fcntl
import os
import re
import shlex
import struct
import subprocess
import sys
import termios
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.daemon import Api, Daemon
from benchmarks.site import OPEN, git_location
from tests.support.repository import RepoBuilder

SAMPLE = Path(__file__).parents[2] / "sample-repo"
KINDS = {
    "API": 4,
    "Blueprint": 1,
    "Component": 11,
    "Domain": 3,
    "Group": 6,
    "Layout": 1,
    "Location": 3,  # two in files, and the one that stands for the registered repository
    "Resource": 5,
    "System": 4,
    "Template": 1,
    "User": 7,
}


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon that has read the sample."""
    folder = tmp_path_factory.mktemp("sample")
    origin = RepoBuilder(folder / "company.git")
    paths = (path for path in SAMPLE.rglob("*") if path.is_file())
    origin.commit({path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in paths})
    config = folder / "config.toml"
    config.write_text(OPEN + git_location(origin.path))
    with Daemon(folder / "state", config) as running:
        running.wait_idle(60)
        yield running


@pytest.fixture
def api(daemon: Daemon) -> Api:
    return daemon.api


def entity(api: Api, kind: str, name: str, namespace: str = "default") -> Any:
    return api.get(f"/api/catalog/entities/by-name/{kind}/{namespace}/{name}")


def test_all_kinds_are_there(api: Api) -> None:
    assert api.get("/api/own/status")["kinds"] == KINDS


def test_every_document_has_its_outcome(api: Api) -> None:
    sources = api.get("/api/own/sources")["items"]
    outcomes = Counter(document["outcome"] for source in sources for document in source["documents"])
    assert outcomes == {"entity": sum(KINDS.values()) - 1, "template": 1, "bad": 1}


def test_the_broken_file_is_reported_and_its_good_document_is_there(api: Api) -> None:
    problems = api.get("/api/own/problems")["items"]
    text = (SAMPLE / "returns" / "catalog-info.yaml").read_text().split("\n")
    assert [problem["path"] for problem in problems] == ["returns/catalog-info.yaml"]
    assert abs(problems[0]["line"] - text.index("  tags: [python, mail") - 1) <= 1
    assert entity(api, "component", "returns-desk")["spec"]["owner"] == "packing-crew"
    assert api.read("/api/catalog/entities/by-name/component/default/refund-letter")[0] == 404


def test_the_definition_of_orders_is_the_text_of_its_file(api: Api) -> None:
    orders = entity(api, "api", "orders")
    assert orders["spec"]["definition"] == (SAMPLE / "shop" / "openapi.yaml").read_text()


def test_a_glob_and_a_nested_location_reach_their_files(api: Api) -> None:
    assert entity(api, "user", "wren")["spec"]["memberOf"] == ["growers"]
    assert entity(api, "resource", "label-printer")["spec"]["type"] == "device"


def test_refs_stay_in_the_namespace_of_the_growers(api: Api) -> None:
    relations = entity(api, "component", "greenhouse-hub", "nursery")["relations"]
    assert {"type": "providesApi", "targetRef": "api:nursery/climate-readings"} in relations
    assert {"type": "ownedBy", "targetRef": "group:default/growers"} in relations


def test_the_warehouse_is_seen_from_both_ends(api: Api) -> None:
    counter = entity(api, "component", "shelf-counter")["relations"]
    warehouse = entity(api, "component", "warehouse")["relations"]
    assert {"type": "partOf", "targetRef": "component:default/warehouse"} in counter
    assert {"type": "hasPart", "targetRef": "component:default/shelf-counter"} in warehouse


def test_the_readme_shows_what_the_commands_print(daemon: Daemon) -> None:
    shown = (SAMPLE.parent / "README.md").read_text().split("$ catalog ")[1:3]
    for block in shown:
        line, _, expected = block.partition("\n")
        printed = catalog(daemon.state, *shlex.split(line)).stdout
        assert printed.startswith(expected.strip()), line


WORKED = re.findall(r"^\$ catalog (.*)\n((?:.*\n)*?)```", (SAMPLE.parent / "docs" / "sql.md").read_text(), re.MULTILINE)


def test_ten_questions_in_sql_are_worked() -> None:
    assert len(WORKED) >= 10


@pytest.mark.parametrize(("line", "expected"), WORKED)
def test_a_worked_question_has_the_answer_that_is_shown(daemon: Daemon, line: str, expected: str) -> None:
    done = catalog(daemon.state, *shlex.split(line))
    assert (done.stdout, done.stderr, done.returncode) == (expected, "", 0)


def test_the_page_on_layouts_shows_what_is_drawn(daemon: Daemon) -> None:
    page = (SAMPLE.parent / "docs" / "layouts.md").read_text()
    expected = page.partition("$ COLUMNS=100 catalog layout show warehouse\n")[2].partition("…\n")[0]
    done = catalog(daemon.state, "layout", "show", "warehouse", columns="100")
    assert done.stdout.startswith(expected)
    assert "Code Coverage Score  33" in expected
    assert done.stderr == ""


def catalog(state: Path, *arguments: str, columns: str = "80") -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "CATALOG_STATE": str(state), "CATALOG_CONFIG": os.devnull}
    environment["COLUMNS"] = columns
    command = [sys.executable, "-m", "tui.cli", *arguments]
    return subprocess.run(
        command, env=environment, cwd=SAMPLE.parent, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )


def test_in_a_terminal_the_demo_opens_the_interface_and_ends_with_it(tmp_path: Path) -> None:
    with pseudo_terminal([sys.executable, "-m", "tui.cli", "demo"], tmp_path) as (process, terminal):
        shown = read_until(terminal, b"climate-model")
        os.write(terminal, b"q")
        shown += read_until(terminal, b"The demo is over")
        assert process.wait(30) == 0
    assert b"Traceback" not in shown
    assert [command for command in running_commands() if str(tmp_path) in command] == []


@contextmanager
def pseudo_terminal(command: list[str], folder: Path) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    """The command on a terminal of 140 x 50; it is killed unless it has ended."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 140, 0, 0))
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "TERM": "xterm-256color"}
    process = subprocess.Popen(
        command, env=environment, cwd=SAMPLE.parent, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    try:
        yield process, ours
    finally:
        if process.poll() is None:
            process.terminate()  # the demo then ends its daemon
            process.wait()
        os.close(ours)


def read_until(terminal: int, text: bytes) -> bytes:
    """What the terminal shows up to and with `text`; the test's own limit ends a wait in vain."""
    seen = b""
    while text not in seen:
        try:
            seen += os.read(terminal, 65536)
        except OSError:  # nobody is left at the other end
            pytest.fail(seen.decode(errors="replace"))
    return seen


def test_the_tour_shows_real_answers_and_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "nobody"), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tui.cli", "demo"],
        env=environment,
        cwd=SAMPLE.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    commands = [line.split()[2] for line in done.stdout.split("\n") if line.startswith("$ catalog ")]
    assert {"status", "list", "get", "facets", "errors", "watch"} <= set(commands)
    assert "returns/catalog-info.yaml" in done.stdout
    assert "- component:default/newsletter" in done.stdout or "~ component:default/newsletter" in done.stdout
    assert "backstage.io/orphan: 'true'" in done.stdout.replace('"', "'")
    assert list(tmp_path.iterdir()) == []
    assert [command for command in running_commands() if str(tmp_path) in command] == []


def running_commands() -> Iterator[str]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_text(errors="replace")
        except OSError:  # it ended meanwhile
            continue
