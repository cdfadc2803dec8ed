"""`catalog set --to`, `edit`, `undo`, `edits`: files changed from the terminal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.edits import FILE, Editor, editing
from tests.tui.cli.program import Done, Terminal, catalog


@pytest.fixture(scope="module")
def editors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Editor]]:
    wanted = {f"till{number}": "commit" for number in range(14)} | {"closed": "none"}
    with editing(tmp_path_factory.mktemp("edits"), wanted) as made:
        yield made


@pytest.fixture
def editor(editors: list[Editor]) -> Editor:
    return editors.pop(0)


def run(editor: Editor, *arguments: str, **further: str) -> Done:
    return catalog(editor.daemon.state, *arguments, cwd=None, input_text="", **further)


def script(folder: Path, text: str) -> str:
    """An editor that does what a person would."""
    file = folder / "editor"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return str(file)


def test_set_shows_the_difference_and_pushes(editor: Editor) -> None:
    done = run(editor, "set", editor.ref, "spec.owner=team-b", "--to", "commit", "-y", "-m", "Moved", "-o", "json")
    assert done.code == 0, done.err
    assert "-  owner: team-a\n+  owner: team-b" in done.err
    assert editor.text() == editor.shop.replace("team-a", "team-b")
    assert editor.repository.git("log", "-1", "--format=%s").strip() == "Moved"
    shown = run(editor, "edits", "--limit", "1", "-o", "name")
    assert shown.out.strip() in done.out


def test_a_proposal_goes_to_a_branch_of_its_own_and_unset_removes(editor: Editor) -> None:
    before = editor.repository.head()
    done = run(
        editor, "unset", editor.ref, "metadata.title", "--to", "branch", "-y", "-o", "tsv", "--columns", "branch"
    )
    assert done.code == 0, done.err
    branch = done.out.split()[-1]
    assert branch.startswith("catalog/edit-")
    assert "title" not in editor.text(branch=branch)
    assert editor.repository.head() == before


def test_without_a_yes_nothing_is_pushed(editor: Editor) -> None:
    before = editor.repository.head()
    command = ("set", editor.ref, "metadata.title=x", "--to", "commit")
    assert run(editor, *command).code == 2
    assert run(editor, *command, "--dry-run").code == 0
    terminal = Terminal(editor.daemon.state, *command, "--color", "never")
    terminal.wait_for(lambda text: "[y/N]" in text)
    terminal.type("n\n")
    assert terminal.end() == 130
    assert editor.repository.head() == before


def test_a_difference_is_data_and_may_be_the_exit_code(editor: Editor) -> None:
    command = ("set", editor.ref, "spec.owner=team-b", "--to", "commit", "--diff")
    done = run(editor, *command)
    assert done.code == 0
    assert done.out.startswith("--- a/")
    assert "-  owner: team-a\n+  owner: team-b\n" in done.out
    assert "owner" not in done.err
    assert run(editor, *command, "--exit-code").code == 1
    assert editor.text() == editor.shop
    same = editor.daemon.state.parent / "same.yaml"
    same.write_text(run(editor, "get", editor.ref, "-o", "yaml").out)
    unchanged = run(editor, "apply", "-f", str(same), "--diff", "--exit-code")
    assert (unchanged.code, unchanged.out) == (0, "")
    assert run(editor, "set", editor.ref, "spec.owner=x", "--exit-code").code == 2


def test_what_the_catalog_would_not_take_is_told_with_file_and_reason(editor: Editor) -> None:
    done = run(editor, "set", editor.ref, 'metadata.tags=["Not A Tag"]', "--to", "commit", "-y")
    assert done.code == 1
    assert f"{FILE}:" in done.err
    assert editor.text() == editor.shop


def test_a_query_line_is_one_commit_a_repository_and_tells_what_was_refused(editors: list[Editor]) -> None:
    some = [editors.pop(0), editors.pop(0), editors[-1]]
    names = ",".join(one.ref.rpartition("/")[2] for one in some)
    command = ("set", "--query", f"name:{names}", "spec.owner=team-z", "--to", "commit", "-y", "-o", "name")
    done = run(some[0], *command)
    assert done.code == 7, done.err
    assert len(done.out.split()) == 2
    assert f"{some[2].ref}: edits of location" in done.err
    assert [one.text() for one in some[:2]] == [one.shop.replace("team-a", "team-z") for one in some[:2]]
    assert some[2].text() == some[2].shop


def test_apply_changes_what_differs_from_what_is_shown(editor: Editor, tmp_path: Path) -> None:
    file = tmp_path / "entity.yaml"
    file.write_text(run(editor, "get", editor.ref, "-o", "yaml").out)
    command = ("apply", "-f", str(file), "--to", "commit", "-y")
    same = run(editor, *command)
    assert (same.code, same.out, editor.text()) == (0, "", editor.shop)
    changed = (
        file.read_text().replace("owner: team-a", "owner: team-q").replace("    - java\n", "    - java\n    - go\n")
    )
    file.write_text(changed.replace("  annotations:\n", "  annotations:\n    acme.test/pager: P-1\n"))
    done = run(editor, *command)
    assert done.code == 0, done.err
    assert "acme.test/pager: P-1\n" in editor.text()
    assert "    - java\n    - go\n" in editor.text()
    assert "managed-by" not in editor.text()
    assert "uid" not in editor.text()
    assert "  owner: team-q\n" in editor.text()
    file.write_text("kind: Component\nmetadata: {name: nowhere}\n")
    assert run(editor, *command).code == 1
    file.write_text("- 1\n")
    assert run(editor, *command).code == 2


def test_undo_brings_the_bytes_back(editor: Editor) -> None:
    done = run(editor, "set", editor.ref, "--append", 'metadata.tags=["go"]', "--to", "commit", "-y", "-o", "name")
    undone = run(editor, "undo", done.out.strip(), "--to", "commit", "-y")
    assert undone.code == 0, undone.err
    assert editor.text() == editor.shop
    assert run(editor, "undo", "nonsense").code == 1


def test_undo_without_an_id_takes_back_what_was_done_last_and_not_taken_back_yet(editor: Editor) -> None:
    for tag in ("first", "second"):
        done = run(editor, "set", editor.ref, "--append", f'metadata.tags=["{tag}"]', "--to", "commit", "-y")
        assert done.code == 0, done.err
    for kept, gone in (("first", "second"), ("", "first")):
        undone = run(editor, "undo", "--to", "commit", "-y")
        assert undone.code == 0, undone.err
        assert kept in editor.text()
        assert gone not in editor.text()


def test_edit_commits_what_was_written_comments_too(tmp_path: Path, editor: Editor) -> None:
    editor.repository.commit({FILE: f"---\nkind: Nothing\n---\n{editor.shop}---\n# last\n"})
    editor.daemon.sync()
    program = script(tmp_path, 'sed -i "s/team-a/team-b # since May/" "$1"')
    done = run(editor, "edit", editor.ref, "--to", "commit", "-y", EDITOR=program, TMPDIR=str(tmp_path))
    assert done.code == 0, done.err
    expected = editor.shop.replace("team-a", "team-b # since May")
    assert editor.text() == f"---\nkind: Nothing\n---\n{expected}---\n# last\n"
    assert [file.name for file in tmp_path.iterdir()] == ["editor"]
    undone = run(editor, "undo", run(editor, "edits", "--limit", "1", "-o", "name").out.strip(), "--to", "commit", "-y")
    assert undone.code == 0, undone.err
    assert editor.shop in editor.text()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param('sed -i "s/name: /name: other-/" "$1"', 1, id="renamed"),
        pytest.param('echo "a: [" >> "$1"', 2, id="not-yaml"),
        pytest.param("exit 3", 4, id="the-editor-failed"),
    ],
)
def test_edit_keeps_the_text_where_anything_fails(tmp_path: Path, editor: Editor, change: str, code: int) -> None:
    program = script(tmp_path, change)
    done = run(editor, "edit", editor.ref, "--to", "commit", "-y", EDITOR=program, TMPDIR=str(tmp_path))
    assert done.code == code, done.err
    (kept,) = tmp_path.glob("*.yaml")
    assert str(kept) in done.err
    assert editor.text() == editor.shop


def test_what_may_not_be_written_is_said_before_the_editor_opens(editors: list[Editor], tmp_path: Path) -> None:
    editor = editors.pop()
    done = run(editor, "edit", editor.ref, EDITOR=script(tmp_path, f"touch {tmp_path}/opened"))
    assert done.code == 6
    assert "[[locations]]" in done.err
    assert not (tmp_path / "opened").exists()
    assert run(editor, "set", editor.ref, "spec.owner=x", "--to", "branch", "-y").code == 6
