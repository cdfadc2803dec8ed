"""`catalog watch` against a real daemon."""

import json
import subprocess
from pathlib import Path

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.cli.conftest import CONFIG, entity
from tests.tui.cli.program import COMMAND, PATIENCE, ROOT, Terminal, environment


class Watch:
    """`catalog watch` in a pipe, connected."""

    def __init__(self, state: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [*COMMAND, "watch", *arguments],
            env=environment(state),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.expect("watching")

    def expect(self, note: str) -> None:
        """Read notes until one begins so."""
        assert self._process.stderr is not None
        while line := self._process.stderr.readline():
            if line.startswith(note):
                return
        raise AssertionError(f"it ended without saying {note!r}")

    def changes(self) -> list[dict[str, list[str]]]:
        """What it printed until its end: the three lists of each change."""
        out, err = self._process.communicate(timeout=PATIENCE)
        assert (self._process.returncode, err) == (0, "")
        changes = [json.loads(line) for line in out.splitlines()]
        return [{name: change[name] for name in ("added", "updated", "removed")} for change in changes]


def test_changes_as_json_lines(own_daemon: Daemon, tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "shop.git")
    repository.commit({"catalog-info.yaml": entity("Component", "one")})
    own_daemon.register(repository.url, type="git")
    watch = Watch(own_daemon.state, "--limit", "1")
    repository.commit({"catalog-info.yaml": entity("Component", "two")})
    own_daemon.sync()
    assert watch.changes() == [
        {"added": ["component:default/two"], "updated": [], "removed": ["component:default/one"]}
    ]


def test_a_query_line_makes_members(own_daemon: Daemon, tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "shop.git")
    repository.commit({"catalog-info.yaml": entity("Component", "one"), "b/catalog-info.yaml": entity("API", "other")})
    own_daemon.register(repository.url, type="git")
    watch = Watch(own_daemon.state, "kind:component", "-tag:old", "--limit", "2")
    for files in (
        {"b/catalog-info.yaml": entity("API", "other", title="not a component")},
        {"catalog-info.yaml": entity("Component", "one", title="updated")},
        {"catalog-info.yaml": entity("Component", "one", tags=["old"])},
    ):
        repository.commit(files)
        own_daemon.sync()
    assert watch.changes() == [
        {"added": [], "updated": ["component:default/one"], "removed": []},
        {"added": [], "updated": [], "removed": ["component:default/one"]},
    ]


def test_nothing_is_missed_over_a_restart_of_the_daemon(tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "shop.git")
    repository.commit({"catalog-info.yaml": entity("Component", "one")})
    with Daemon(tmp_path / "daemon", CONFIG) as daemon:
        daemon.register(repository.url, type="git")
        watch = Watch(daemon.state, "--limit", "2")
        repository.commit({"catalog-info.yaml": entity("Component", "one", title="a")})
        daemon.sync()
    watch.expect("connection lost")
    repository.commit({"catalog-info.yaml": entity("Component", "one", title="b")})
    with Daemon(tmp_path / "daemon", CONFIG) as daemon:
        daemon.sync()
        updated = {"added": [], "updated": ["component:default/one"], "removed": []}
        watch.expect("connected again")
        assert watch.changes() == [updated, updated]


def test_a_terminal_gets_a_line_per_entity(own_daemon: Daemon, tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "shop.git")
    repository.commit({"catalog-info.yaml": entity("Component", "one")})
    own_daemon.register(repository.url, type="git")
    terminal = Terminal(own_daemon.state, "watch", width=200, NO_COLOR="1")
    terminal.wait_for(lambda shown: "watching" in shown)
    repository.commit({"catalog-info.yaml": entity("Component", "two")})
    own_daemon.sync()
    shown = terminal.wait_for(lambda shown: "- component:default/one" in shown)
    assert "+ component:default/two  " in shown
    assert "\x1b" not in shown
    terminal.interrupt()
    assert terminal.end() == 130
