"""New entities the whole way: git repositories, a real daemon, the command, a real pseudo-terminal, an editor."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.edits import Editor, editing
from tests.support.repository import RepoBuilder
from tests.tui.terminal import Terminal
from tests.tui.test_editing_terminal import write
from tests.tui.test_terminal import CATALOG
from tui.model.plan import Plan, command_of

TILL = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: till
spec:
  type: service
  lifecycle: production
  owner: team-b   # theirs
"""


@pytest.fixture(scope="module")
def editors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Editor]]:
    wanted = {"till-shop": "commit", "closed": "none"}
    with editing(tmp_path_factory.mktemp("drafts"), wanted) as made:
        yield {one.ref.rpartition("/")[2]: one for one in made}


def program(folder: Path, script: str) -> dict[str, str]:
    """An editor that is a script, with what it was given in `seen`."""
    path = folder / "editor"
    path.write_text(f'#!/bin/sh\ncat "$1" >> {folder}/seen\n{script}\n')
    path.chmod(0o755)
    return {"CATALOG_EDITOR": str(path)}


def test_a_new_entity_is_drafted_in_the_editor_reviewed_committed_and_taken_back(
    editors: dict[str, Editor], tmp_path: Path
) -> None:
    editor = editors["till-shop"]
    before = editor.repository.git("ls-tree", "-r", "main")
    wrong = "sed -i -e 's/^  owner:.*/  owner: team-b   # theirs/' -e 's/^  lifecycle:.*/  lifecycle: 7/' \"$1\""
    right = "sed -i 's/lifecycle: 7/lifecycle: production/' \"$1\""
    environ = program(tmp_path, f"if grep -q '^#! not written' \"$1\"; then {right}; else {wrong}; fi")
    with Terminal(CATALOG, {"CATALOG_STATE": str(editor.daemon.state), **environ}) as terminal:
        terminal.see("live")
        terminal.press("N")
        terminal.see("A new entity of kind")
        terminal.press("\r")
        terminal.see("Name of the Component")
        terminal.press("till\r")
        terminal.see("the catalog would take it")
        terminal.see("theirs")
        seen = (tmp_path / "seen").read_text()
        assert "component:default/till: nothing is written yet" in seen
        assert "spec.type, spec.lifecycle, spec.owner: examples" in seen
        assert "spec.lifecycle must be text" in seen
        assert editor.repository.git("ls-tree", "-r", "main") == before
        write(terminal)
        assert editor.text("till/catalog-info.yaml") == TILL
        assert editor.repository.git("log", "-1", "--format=%s", "main").strip() == "Add component:default/till"
        terminal.press("z")
        terminal.see("Undo: Add component:default/till")
        write(terminal, "taken back: ")
        assert editor.repository.git("ls-tree", "-r", "main") == before
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.is_restored()
    assert list((editor.daemon.state / "drafts").iterdir()) == []


def test_a_copied_command_adds_the_same_lines(editors: dict[str, Editor], tmp_path: Path) -> None:
    editor = editors["till-shop"]
    text = TILL.replace("till", "stall") + "# $HOME `x` \\n 'y'\n"
    plan = Plan(("component:default/stall",), text=text, create=True, path="catalog-info.yaml", write="commit")
    (tmp_path / "catalog").symlink_to(Path(sys.executable).with_name("catalog"))
    done = subprocess.run(
        ["sh", "-c", command_of(plan, "commit", "It's a stall")],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "CATALOG_STATE": str(editor.daemon.state)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert editor.text() == f"{editor.shop}---\n{text}"
    assert editor.repository.git("log", "-1", "--format=%s", "main").strip() == "It's a stall"


def test_a_folder_without_a_descriptor_gets_one_that_is_drafted_and_read(
    editors: dict[str, Editor], tmp_path: Path
) -> None:
    tree = tmp_path / "work tree"
    folder = tree / "stand"
    folder.mkdir(parents=True)
    (folder / "README").write_text("a stand\n")
    git(tree, "init", "-q", "-b", "main")
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "Begin")
    made = folder / "catalog-info.yaml"
    daemon = editors["till-shop"].daemon
    environ = program(tmp_path, "sed -i 's/^  owner:.*/  owner: team-b   # theirs/' \"$1\"")
    with Terminal(CATALOG, {"CATALOG_STATE": str(daemon.state), **environ}) as terminal:
        terminal.see("live")
        terminal.press("a")
        terminal.see("Source")
        terminal.press(f"{folder}\r")
        terminal.see("no catalog file was found")
        terminal.press("N")
        terminal.see("A new entity of kind")
        terminal.press("\r")
        terminal.see("Name of the Component")
        terminal.press("\r")
        terminal.see("is made, and not committed")
        terminal.see("but not in what was read")
        assert "owner: team-b   # theirs" in made.read_text()
        assert "#!" not in made.read_text()
        assert sorted(one.name for one in folder.iterdir()) == ["README", "catalog-info.yaml"]
        umask = os.umask(0)
        os.umask(umask)
        assert stat.S_IMODE(made.stat().st_mode) == 0o666 & ~umask
        terminal.press("N")
        terminal.see("draft is off: catalog-info.yaml is there")
        terminal.press("s")
        terminal.see("A registers 1 entity")
        terminal.see("@{saved}")
        git(tree, "add", ".")
        git(tree, "commit", "-qm", "Describe")
        terminal.press("\x1b[Z\x1b[Z\x1b[Z\x1b[Z\x15")  # to the branch, and empty it
        terminal.see("enter reads what it would bring")
        terminal.press("\r")
        terminal.see("A registers 1 entity")
        terminal.press("A")
        terminal.see("registered 1 entity")
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.is_restored()
    assert daemon.owner.get("/api/own/entities/component:default%2Fstand").status_code == 200
    assert list((daemon.state / "drafts").iterdir()) == []


def test_a_repository_elsewhere_is_registered_and_its_draft_goes_to_a_branch(
    editors: dict[str, Editor], tmp_path: Path
) -> None:
    origin = RepoBuilder(tmp_path / "kiosk.git")
    head = origin.commit({"README": "a kiosk\n"})
    daemon = editors["till-shop"].daemon
    environ = program(tmp_path, "sed -i 's/^  owner:.*/  owner: team-b   # theirs/' \"$1\"")
    with Terminal(CATALOG, {"CATALOG_STATE": str(daemon.state), **environ}) as terminal:
        terminal.see("live")
        terminal.press("a")
        terminal.see("Source")
        terminal.press(f"{origin.url}\r")
        terminal.see("no catalog file was found")
        terminal.press("N")
        terminal.see("edits allowed on branches")
        terminal.press("\x1b[B\r")
        terminal.see("A new entity of kind")
        terminal.press("\r")
        terminal.see("Name of the Component")
        terminal.press("\r")
        terminal.see("the catalog would take it")
        write(terminal)
        (branch,) = origin.git("for-each-ref", "--format=%(refname:short)", "refs/heads/catalog").split()
        assert "owner: team-b   # theirs" in origin.git("cat-file", "blob", f"{branch}:catalog-info.yaml")
        assert origin.head() == head
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.is_restored()
    locations = daemon.owner.get("/api/own/locations").json()["items"]
    assert [one["write"] for one in locations if one["target"] == origin.url] == ["branch"]
    assert list((daemon.state / "drafts").iterdir()) == []


def git(folder: Path, *arguments: str) -> None:
    """Run git as somebody."""
    name = ["-c", "user.name=Mira", "-c", "user.email=mira@example.test"]
    subprocess.run(["git", "-C", str(folder), *name, *arguments], check=True, capture_output=True)
