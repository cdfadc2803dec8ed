"""A repository in which somebody works, registered as it is: what is committed is seen at once."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.daemon import Daemon, wait_until
from tests.support.process import component
from tests.tui.cli.program import catalog

CONFIG = '[git]\nprotocols = ["file"]\npoll_interval = "1h"\n'


class WorkTree:
    """A repository with a work tree, as a person has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> None:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        ours |= {"GIT_CONFIG_NOSYSTEM": "1", "HOME": str(self.folder.parent)}
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=self.folder, env=ours, check=True, capture_output=True)

    def write(self, name: str) -> None:
        (self.folder / "catalog-info.yaml").write_text(
            f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}}}\n"
            "spec: {type: service, lifecycle: production, owner: team}\n"
        )

    def commit(self, name: str) -> None:
        self.write(name)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", name)


@pytest.fixture
def tree(tmp_path: Path) -> WorkTree:
    return WorkTree(tmp_path / "tree")


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    with Daemon(tmp_path / "daemon", CONFIG) as daemon:
        yield daemon


@pytest.fixture
def saved(tree: WorkTree, daemon: Daemon) -> WorkTree:
    """A tree with one commit, registered with what is saved in it."""
    (tree.folder / ".gitignore").write_text("ignored/\n")
    tree.commit("first")
    daemon.register(tree.folder.as_uri(), type="git", ref="@{saved}")
    assert names(daemon) == ["first"]
    return tree


def names(daemon: Daemon) -> list[str]:
    found = daemon.owner.get("/api/catalog/entities", params={"filter": "kind=component"}).json()
    return [entity["metadata"]["name"] for entity in found]


def test_what_is_committed_is_seen_and_what_is_only_saved_is_not(tree: WorkTree, daemon: Daemon) -> None:
    tree.commit("first")
    daemon.register(tree.folder.as_uri(), type="git")
    assert names(daemon) == ["first"]
    tree.commit("second")
    wait_until(lambda: names(daemon) == ["second"], "the commit is visible")
    tree.git("checkout", "-q", "-b", "side")
    tree.commit("third")
    wait_until(lambda: names(daemon) == ["third"], "the commit on another branch is visible")
    tree.git("checkout", "-q", "main")
    wait_until(lambda: names(daemon) == ["second"], "the branch that is checked out is what counts")
    tree.git("pack-refs", "--all")
    tree.git("merge", "-q", "side")
    wait_until(lambda: names(daemon) == ["third"], "the merge is visible")
    tree.write("saved")
    daemon.sync()
    assert names(daemon) == ["third"]


def test_a_branch_that_is_named_stays_whatever_is_checked_out(tree: WorkTree, daemon: Daemon) -> None:
    tree.commit("first")
    daemon.register(tree.folder.as_uri(), type="git", ref="main")
    tree.git("checkout", "-q", "-b", "side")
    tree.commit("second")
    daemon.sync()
    assert names(daemon) == ["first"]


def test_what_is_saved_is_seen_at_once_where_it_is_asked_for(saved: WorkTree, daemon: Daemon) -> None:
    saved.write("second")
    wait_until(lambda: names(daemon) == ["second"], "what is saved is visible")
    more = saved.folder / "deep" / "more"
    more.mkdir(parents=True)
    (more / "catalog-info.yaml").write_text(component("third"))
    wait_until(lambda: names(daemon) == ["second", "third"], "a new file in a new folder is visible")
    (saved.folder / "catalog-info.yaml").unlink()
    wait_until(lambda: names(daemon) == ["third"], "a deleted file is gone")
    saved.git("add", "-A")
    saved.git("commit", "-q", "-m", "all of it")
    daemon.sync()
    assert names(daemon) == ["third"]
    why = daemon.owner.get("/api/own/entities/component:default%2Fthird").json()["source"]
    assert why["path"] == "deep/more/catalog-info.yaml"


def test_what_git_ignores_and_what_is_no_file_is_not_seen(saved: WorkTree, daemon: Daemon, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(component("secret"))
    for folder in ("ignored", "linked", "nested"):
        (saved.folder / folder).mkdir()
    (saved.folder / "ignored" / "catalog-info.yaml").write_text(component("ignored"))
    (saved.folder / "linked" / "catalog-info.yaml").symlink_to(tmp_path / "secret.yaml")
    WorkTree(saved.folder / "nested" / "own").commit("own")
    saved.write("second")
    daemon.sync()
    assert names(daemon) == ["second"]


def test_r006_nothing_of_a_work_tree_runs_and_nothing_in_it_changes(
    saved: WorkTree, daemon: Daemon, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    for key in ("filter.trap.clean", "filter.trap.process", "core.fsmonitor", "core.sshCommand", "diff.trap.textconv"):
        saved.git("config", key, f"touch {ran}; cat")
    (saved.folder / ".gitattributes").write_text("* filter=trap diff=trap\n")
    hook = saved.folder / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    before = {path: path.read_bytes() for path in (saved.folder / ".git").rglob("*") if path.is_file()}
    saved.write("second")
    wait_until(lambda: names(daemon) == ["second"], "what is saved is visible")
    assert not ran.exists()
    assert {path: path.read_bytes() for path in (saved.folder / ".git").rglob("*") if path.is_file()} == before


def test_what_is_saved_is_not_edited_and_is_what_a_rebuild_finds(
    saved: WorkTree, daemon: Daemon, tmp_path: Path
) -> None:
    saved.write("second")
    wait_until(lambda: names(daemon) == ["second"], "what is saved is visible")
    body = {"changes": [{"ref": "component:default/second", "path": "metadata.title", "value": "x"}]}
    refused = daemon.owner.post("/api/own/edits", json=body)
    assert (refused.status_code, refused.json()["code"]) == (400, "edit.no_branch")
    daemon.stop()
    (daemon.state / "index.duckdb").unlink()
    with Daemon(tmp_path / "daemon", CONFIG) as again:
        assert names(again) == ["second"]


def test_what_is_saved_is_for_the_owner_and_for_work_trees(tree: WorkTree, daemon: Daemon, tmp_path: Path) -> None:
    tree.commit("first")
    body = {"type": "git", "target": tree.folder.as_uri(), "ref": "@{saved}"}
    with daemon.stranger(daemon.token("read", "locations:write")) as stranger:
        assert stranger.post("/api/own/locations", json=body).status_code == 403
    tree.git("clone", "-q", "--bare", str(tree.folder), str(tmp_path / "bare.git"))
    bare = daemon.register((tmp_path / "bare.git").as_uri(), type="git", ref="@{saved}")
    state = daemon.owner.get(f"/api/own/locations/{bare['id']}").json()["state"]
    assert state["error_code"] == "git.no_work_tree"


def test_the_configuration_and_the_command_line_can_ask_for_it(tree: WorkTree, tmp_path: Path) -> None:
    tree.commit("first")
    tree.write("second")
    table = f'[[locations]]\ntype = "git"\ntarget = "{tree.folder.as_uri()}"\nsaved = true\n'
    with Daemon(tmp_path / "configured", CONFIG + table) as configured:
        configured.sync()
        assert names(configured) == ["second"]
    with Daemon(tmp_path / "asked", CONFIG) as asked:
        done = catalog(asked.state, "location", "add", str(tree.folder), "--saved")
        assert done.code == 0, done.err
        assert names(asked) == ["second"]
