"""Editing the whole way: a git repository, a real daemon, the command, a real pseudo-terminal, an editor."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.edits import Editor, editing
from tests.tui.terminal import Terminal
from tests.tui.test_terminal import CATALOG


@pytest.fixture(scope="module")
def editors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Editor]]:
    wanted = {"till": "commit", "desk": "commit", "shelf": "commit"}
    with editing(tmp_path_factory.mktemp("edits"), wanted) as made:
        yield {one.ref.rpartition("/")[2]: one for one in made}


def opened(editor: Editor, **environ: str) -> Terminal:
    name = editor.ref.rpartition("/")[2]
    return Terminal([*CATALOG, f"name:{name}"], {"CATALOG_STATE": str(editor.daemon.state), **environ})


def owner(terminal: Terminal, text: str) -> None:
    """In the form: give the owner another text."""
    terminal.see("add a property")
    terminal.press("g" + "j" * 4 + "\r")
    terminal.see("enter take")
    terminal.press("\x15")
    terminal.see("it needs a value")
    terminal.press(text + "\r")
    terminal.see("1 changed")


def write(terminal: Terminal, told: str = "✓ written: ") -> None:
    """Write as soon as the difference is there: before that the key only says that it is too early."""
    before = len(terminal.output)
    for _ in range(60):
        terminal.press("W")
        with suppress(AssertionError):
            terminal.see(told, 0.5)
        if told in terminal.text(before):  # it may have come with the second press, which was one too many
            return
    raise AssertionError(terminal.text(before))


def test_every_tab_and_why_on_a_real_daemon(editors: dict[str, Editor]) -> None:
    with opened(editors["shelf"]) as terminal:
        terminal.see("live")
        terminal.press("\r")
        terminal.see("lifecycle")
        for keys, told in (
            ("2", "targetRef: group:default/team-a"),
            ("v", "never renamed"),
            ("v", "nothing lies over the file"),
            ("3", "not in the catalog"),
            ("4", "provides and consumes no APIs"),
            ("5", "change"),
            ("6", "nothing is wrong with it"),
            ("7", "no other system reported anything"),
            ("8", "by way of"),
        ):
            terminal.press(keys)
            terminal.see(told)
        terminal.press("2")
        terminal.see("nothing lies over the file")
        terminal.press("v")
        terminal.see("owner: team-a")
        terminal.press("/")
        terminal.see("n next")
        terminal.press("owner: \r")
        terminal.see("1 of 1: ")
        terminal.press("w")
        terminal.see("catalog-info.yaml:12")
        terminal.press("\r")
        terminal.see("history of spec.owner")
        terminal.press("\x1bq")
        terminal.press("q")
        assert terminal.wait() == 0


def test_r047_r048_an_edit_in_the_form_is_a_commit_and_undo_is_another(editors: dict[str, Editor]) -> None:
    editor = editors["till"]
    with opened(editor) as terminal:
        terminal.see("live")
        terminal.press("e")
        owner(terminal, "team-b")
        terminal.press("r")
        terminal.see("the catalog would take it")
        terminal.press("\r")  # the button that leads back
        terminal.see("lifecycle")
        assert editor.text() == editor.shop
        terminal.press("r")
        terminal.see("the catalog would take it")
        write(terminal)
        assert editor.text() == editor.shop.replace("team-a", "team-b"), terminal.text()
        terminal.press("z")
        write(terminal, "✓ taken back: ")
        assert editor.text() == editor.shop
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.is_restored()
    assert list((editor.daemon.state / "drafts").iterdir()) == []


def test_r046_r049_what_somebody_pushed_meanwhile_is_a_conflict_and_is_not_replaced(editors: dict[str, Editor]) -> None:
    editor = editors["desk"]
    with opened(editor) as terminal:
        terminal.see("live")
        terminal.press("e")
        owner(terminal, "team-b")
        theirs = editor.shop.replace("team-a", "team-z").replace("Shop", "Store")
        editor.upstream(theirs)
        terminal.press("r")
        terminal.see("Changed upstream")
        terminal.see("team-z")
        terminal.press("m")
        terminal.see("all is decided")
        terminal.press("r")
        terminal.see("the catalog would take it")
        assert editor.text() == theirs
        write(terminal)
        assert editor.text() == theirs.replace("team-z", "team-b")
        terminal.press("q")
        assert terminal.wait() == 0


def test_r076_raw_yaml_in_the_editor_comes_back_with_its_error_and_is_not_lost(
    editors: dict[str, Editor], tmp_path: Path
) -> None:
    editor = editors["shelf"]
    log = tmp_path / "calls"
    program = tmp_path / "my editor"
    program.write_text(
        f"""#!/bin/sh
        stat -c '%a' "$(dirname "$1")" >> {log}
        cat "$1" >> {log}
        if grep -q '^#! not written' "$1"
        then sed -i 's/NOT A TAG/audited/' "$1"
        else sed -i 's/- java/- NOT A TAG/' "$1"
        fi
        """
    )
    program.chmod(0o755)
    with opened(editor, CATALOG_EDITOR=f"'{program}'", EDITOR="false") as terminal:
        terminal.see("live")
        terminal.press("E")
        terminal.see("the catalog would take it")
        terminal.see("audited")
        calls = log.read_text()
        assert calls.splitlines()[0] == "700"
        assert editor.shop.partition("\n")[2] in calls
        assert "#! not written:" in calls
        assert 'metadata.tags[0] "NOT A TAG"' in calls
        terminal.press("\x1b")
        terminal.see("your text is kept in")
        terminal.press("\x0c")
        [kept] = (editor.daemon.state / "drafts").glob("*.yaml")
        assert "audited" in kept.read_text()
        assert editor.text() == editor.shop
        terminal.press("E")
        terminal.see("the catalog would take it")
        write(terminal)
        assert editor.text() == editor.shop.replace("- java", "- audited")
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.is_restored()
