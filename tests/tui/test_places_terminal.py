"""The other screens once for real: git repositories, a daemon, the command, a pseudo-terminal."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.terminal import Terminal
from tests.tui.test_terminal import CATALOG, CONFIG, at, component


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    with Daemon(tmp_path_factory.mktemp("daemon"), CONFIG) as daemon:
        yield daemon


def is_paused(daemon: Daemon) -> bool:
    """Whether the only location is."""
    (location,) = daemon.owner.get("/api/own/locations").json()["items"]
    return bool(location["paused"])


def press_until(terminal: Terminal, key: str, condition: Callable[[], bool]) -> None:
    """Press a key, and again where the screen did not know yet what the last one had done."""
    for _ in range(10):
        terminal.press(key)
        for _ in range(20):
            terminal.listen(0.05)
            if condition():
                return
    raise AssertionError(terminal.last_words())


def test_from_an_empty_catalog_to_its_first_entities_and_back(daemon: Daemon, tmp_path: Path) -> None:
    origin = RepoBuilder(tmp_path / "shop.git")
    origin.commit(
        {
            "catalog-info.yaml": component("first-one") + component("first-two"),
            "bad/catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a b\n",
        }
    )
    with Terminal(CATALOG, at(daemon)) as terminal:
        terminal.see("There are no locations yet")
        terminal.press("d")
        terminal.see("climate-model")
        terminal.press("q")
        terminal.see("the demo is over, nothing of it is left")
        terminal.press("a")
        terminal.see("Source")
        terminal.press(f"{origin.path}\r")
        terminal.see("A registers 2 entities")
        terminal.press("\x1b")
        terminal.see("There are no locations yet")
        assert daemon.owner.get("/api/own/locations").json()["items"] == []
        terminal.press("a")
        terminal.see("Source")
        terminal.press(f"{origin.path}\r")
        terminal.see("A registers 2 entities")
        terminal.press("A")
        terminal.see("first-two")
        terminal.press("\x1bOS")
        terminal.see("1 bad")
        for wanted in (True, False):
            press_until(terminal, "p", lambda wanted=wanted: is_paused(daemon) is wanted)  # type: ignore[misc]
        terminal.press("x")
        terminal.see("2 entities leave the catalog")
        terminal.press("shop\r")
        terminal.see("X unregisters")
        terminal.press("X")
        terminal.see("no locations yet")
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.is_restored()
    assert daemon.owner.get("/api/own/locations").json()["items"] == []


def test_sql_asks_and_exports_and_activity_tells(daemon: Daemon, tmp_path: Path) -> None:
    origin = RepoBuilder(tmp_path / "asked.git")
    origin.commit({"catalog-info.yaml": component("asked-one")})
    daemon.register(origin.url, type="git")
    target = tmp_path / "answer.json"
    with Terminal(CATALOG, at(daemon)) as terminal:
        terminal.see("asked-one")
        terminal.press("\x1bOR")
        terminal.see("activity")
        terminal.see("Question")
        terminal.press("\x12")
        terminal.see("Component")
        terminal.see("rows")
        terminal.press("\t")
        terminal.see("rows")
        terminal.press("x")
        terminal.see("Export to")
        terminal.press(f"{target}\r")
        terminal.see("written to")
        terminal.press("\x1b[17~")
        terminal.see("location.added")
        terminal.press("q")
        assert terminal.wait() == 0
    assert any(row["kind"] == "Component" for row in json.loads(target.read_text()))


def test_a_configuration_with_keys_that_collide_names_the_two(daemon: Daemon, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[keys]\n"browse.open" = "s"\n')
    with Terminal(CATALOG, {**at(daemon), "CATALOG_CONFIG": str(config)}) as terminal:
        assert terminal.wait() == 2
        text = terminal.text()
    assert "s would be both browse.open" in text
    assert "browse.sort" in text
    assert str(config) in text


def test_read_only_by_the_environment_or_by_option_and_sixteen_colours(daemon: Daemon, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[tui]\ntheme = "ansi-dark"\n')
    more = {"CATALOG_CONFIG": str(config), "CATALOG_READ_ONLY": "1", "COLORTERM": "", "TERM": "xterm-16color"}
    with Terminal(CATALOG, {**at(daemon), **more}, columns=60, rows=20) as terminal:
        terminal.see("read-only")
        terminal.press("a")
        terminal.see("add location is off: read-only")
        terminal.press("q")
        assert terminal.wait() == 0
        assert b"38;2;" not in terminal.output
        assert b"38;5;" not in terminal.output
    with Terminal([*CATALOG, "--read-only"], at(daemon)) as terminal:
        terminal.see("read-only")
        terminal.press("q")
        assert terminal.wait() == 0


def test_r076_the_file_in_the_editor_is_that_of_a_work_tree_else_a_copy(daemon: Daemon, tmp_path: Path) -> None:
    seen, program = tmp_path / "seen", tmp_path / "my editor"
    program.write_text(
        f"""#!/bin/sh
        for file; do :; done
        {{ printf '%s\\n' "$@"; stat -c %a "$file"; stat -c %a "$(dirname "$file")"; cat "$file"; }} > '{seen}.new'
        mv '{seen}.new' '{seen}'
        test -z "$(grep spoil '{seen}')" || {{ chmod u+w "$file"; echo spoiled >> "$file"; }}
        """
    )
    program.chmod(0o755)
    far = RepoBuilder(tmp_path / "far.git")
    far.commit({"catalog-info.yaml": component("far-one") + component("far-spoil")})
    near = RepoBuilder(tmp_path / "near.git")
    near.commit({"at here/catalog-info.yaml": component("near-zero") + component("near-one")})
    tree = tmp_path / "tree"
    subprocess.run(["git", "clone", "-q", near.path, tree], check=True)
    for url in (far.url, tree.as_uri()):
        daemon.register(url, type="git")
    environ = {**at(daemon), "CATALOG_EDITOR": f"'{program}'", "TMPDIR": str(tmp_path)}

    def wait_for(text: str) -> list[str]:
        for _ in range(200):
            terminal.listen(0.05)
            if seen.exists() and text in seen.read_text():
                return seen.read_text().splitlines()
        raise AssertionError(terminal.last_words())

    with Terminal([*CATALOG, "name:far-one,far-spoil,near-one"], environ) as terminal:
        terminal.see("near-one")
        terminal.see("live")
        terminal.press("O")
        terminal.see("that was a copy, to be read")
        lines = wait_for("name: far-one")
        assert lines[0].endswith("/far-one.yaml")
        assert lines[1:3] == ["400", "700"]
        assert not Path(lines[0]).parent.exists()
        terminal.press("jO")
        terminal.see("E edits the file itself")
        assert Path(wait_for("name: far-spoil")[0]).read_text().endswith("spoiled\n")
        terminal.press("j\r")
        terminal.see("1 Overview")
        terminal.press("O")
        lines = wait_for("name: near-one")
        assert lines[:2] == ["+10", str(tree / "at here" / "catalog-info.yaml")]
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.is_restored()
    assert (tree / "at here" / "catalog-info.yaml").read_text() == component("near-zero") + component("near-one")


def test_jump_labels_in_a_terminal_without_colours_are_grey_and_lead_there(daemon: Daemon, tmp_path: Path) -> None:
    origin = RepoBuilder(tmp_path / "grey.git")
    origin.commit({"catalog-info.yaml": component("grey-one")})
    daemon.register(origin.url, type="git")
    with Terminal(CATALOG, {**at(daemon), "NO_COLOR": "1"}, columns=140) as terminal:
        terminal.see("● live")
        terminal.press("\x0f")
        terminal.see("press a letter to go there")
        terminal.see("[e]")
        terminal.press("q")
        terminal.see("tab complete")
        terminal.press("name:grey-one\r")  # typed into the query line, where the letter led
        terminal.see("enter open")
        terminal.press("q")
        assert terminal.wait() == 0
        colours = set(re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", terminal.output))
        assert colours
        assert [one for one in colours if len(set(one)) > 1] == []
