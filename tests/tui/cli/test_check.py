"""`catalog check`: dangling relations, orphans and duplicates of one small catalog."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.cli.conftest import CONFIG, entity
from tests.tui.cli.program import catalog
from tui.cli.commands.check import CHECKS
from tui.cli.exit_codes import ExitCode

STAY = entity("Component", "ledger")
SHOP = "---\n".join([STAY, entity("Component", "twin"), entity("API", "team-b")])


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """`twin` is said twice, `gone` no more, and nobody is team-a; an API has the name that a component wants."""
    folder = tmp_path_factory.mktemp("check")
    repository = RepoBuilder(folder / "shop.git")
    wants = entity("Component", "wants").replace("team-a", "team-b")
    repository.commit(
        {
            "a/catalog-info.yaml": SHOP,
            "b/catalog-info.yaml": entity("Component", "twin"),
            "c/catalog-info.yaml": wants,
            "d/catalog-info.yaml": entity("Component", "gone"),
        }
    )
    with Daemon(folder / "daemon", f'{CONFIG}[catalog]\norphan_strategy = "keep"\n') as daemon:
        daemon.register(repository.url, type="git")
        repository.commit({"d/catalog-info.yaml": None})
        daemon.sync()
        yield daemon


def found(state: Path, *arguments: str) -> list[tuple[str, str, str, str]]:
    """Check, place, entity and target of each finding."""
    done = catalog(state, "check", *arguments, "-o", "json")
    assert done.code == (ExitCode.NO if done.out != "[]\n" else ExitCode.DONE)
    return [(one["check"], f"{one['path']}:{one['line']}", one["ref"], one["target"]) for one in json.loads(done.out)]


DANGLING = [
    ("dangling", "a/catalog-info.yaml:8", "component:default/ledger", "group:default/team-a"),
    ("dangling", "a/catalog-info.yaml:18", "component:default/twin", "group:default/team-a"),
    ("dangling", "a/catalog-info.yaml:29", "api:default/team-b", "group:default/team-a"),
    ("dangling", "c/catalog-info.yaml:8", "component:default/wants", "group:default/team-b"),
    ("dangling", "d/catalog-info.yaml:1", "component:default/gone", "group:default/team-a"),
]
ORPHANS = [("orphans", "d/catalog-info.yaml:1", "component:default/gone", "")]
DUPLICATES = [
    ("duplicates", "a/catalog-info.yaml:11", "component:default/twin", ""),
    ("duplicates", "b/catalog-info.yaml:1", "component:default/twin", ""),
]


def test_each_check_finds_its_own_with_file_and_line(checked: Daemon) -> None:
    assert found(checked.state) == DANGLING + ORPHANS + DUPLICATES
    assert found(checked.state, "orphans", "duplicates") == ORPHANS + DUPLICATES


def test_people_get_file_line_and_what_to_do_next(checked: Daemon) -> None:
    done = catalog(checked.state, "check")
    assert done.code == ExitCode.NO
    assert "c/catalog-info.yaml:8: spec.owner names group:default/team-b, which no entity is\n" in done.out
    assert "    next  api:default/team-b has this name; correct the ref, " in done.out
    assert "d/catalog-info.yaml:1: component:default/gone is an orphan: it stood here, " in done.out
    assert "    next  put it back, or `catalog forget component:default/gone` removes it\n" in done.out
    assert "a/catalog-info.yaml:11: component:default/twin is also defined by " in done.out
    assert done.err == "dangling 5, orphans 1, duplicates 2\n"


def test_findings_are_rows_of_any_format(checked: Daemon) -> None:
    done = catalog(checked.state, "check", "-o", "csv", "--columns", "check,line,target", "--limit", "1")
    assert [*csv.reader(StringIO(done.out))] == [["check", "line", "target"], ["dangling", "8", "group:default/team-a"]]
    assert "showing 1 of 8; --limit -1 shows all" in done.err
    assert catalog(checked.state, "check", "orphans", "-o", "name").out == "component:default/gone\n"


def test_nothing_found_is_code_0(own_daemon: Daemon) -> None:
    done = catalog(own_daemon.state, "check", "duplicates", "orphans")
    assert (done.code, done.out, done.err) == (ExitCode.DONE, "", "nothing found: no orphans, no duplicates\n")


def test_the_api_counts_all_and_gives_a_part(checked: Daemon) -> None:
    page = checked.owner.get("/api/own/findings", params={"limit": 2, "offset": 4}).json()
    assert (page["counts"], page["total"]) == ({"dangling": 5, "orphans": 1, "duplicates": 2}, 8)
    assert [one["code"] for one in page["items"]] == ["check.dangling", "check.orphans"]
    some = checked.owner.get("/api/own/findings?check=orphans&check=duplicates&limit=0").json()
    assert (some["items"], some["counts"]) == ([], {"orphans": 1, "duplicates": 2})
    assert checked.owner.get("/api/own/findings?check=ghosts").status_code == 400


def test_the_checks_are_those_of_the_daemon(checked: Daemon) -> None:
    assert tuple(checked.owner.get("/api/own/findings").json()["counts"]) == CHECKS
