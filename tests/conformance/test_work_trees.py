"""A repository in which somebody works, registered as it is: what is committed is seen at once."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.daemon import Daemon, wait_until

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
