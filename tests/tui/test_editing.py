"""Editing from the interface: form, review, conflict, undo; nothing is written by the way, nothing is lost."""

import re
from pathlib import Path

import pytest
from textual.widgets import OptionList

from tests.tui.fake_source import FakeSource, Thing, many
from tests.tui.stage import Stage, play, staged
from tests.tui.test_entity import REF, TEXT, furnished
from tui.model.courier import Answer
from tui.notebook import Notebook
from tui.screens.choice_picker import Choice
from tui.screens.edit_form import EditScreen
from tui.screens.review import ReviewScreen
from tui.screens.value_editor import Question, ValueEditor


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CATALOG_STATE", str(tmp_path))
    return tmp_path


def catalog() -> FakeSource:
    """Components that are edited, and the groups that own them."""
    source = furnished()
    source.things += [Thing("team-b", kind="Group"), Thing("z-payments", kind="System")]
    return source


async def cursor_to(stage: Stage, label: str) -> None:
    """Move the cursor of the form to a field."""
    await stage.press("g")
    for _ in range(40):
        at = next((line for line in stage.text().splitlines() if line.lstrip().startswith("▌")), "")
        if f" {label}" in at[:24]:
            return
        await stage.press("j")
    raise AssertionError(f"no field {label}\n{stage.text()}")


async def write_into(stage: Stage, label: str, text: str) -> None:
    """Give a field another text."""
    await cursor_to(stage, label)
    await stage.press("enter")
    await stage.see("enter take")
    await stage.press("ctrl+u")
    await stage.type(text)
    await stage.press("enter")
    await stage.quiet()


def test_what_one_writes_takes_the_place_of_a_value_that_others_have_and_goes_on_with_a_text() -> None:
    async def scene() -> None:
        async with staged(catalog(), size=(120, 36)) as stage:
            await stage.press("enter", "e")
            await stage.see("production")
            for label, typed, seen in (
                ("type", "library", r"\* library +was service"),
                ("title", "old", r"title +old\b"),
                ("title", "er", r"title +older\b"),
            ):
                await cursor_to(stage, label)
                await stage.press("enter")
                await stage.see("enter take")
                await stage.type(typed)
                await stage.press("enter")
                await stage.until(lambda: re.search(seen, stage.text()), seen)  # noqa: B023

    play(scene())


def test_form_with_inline_errors_then_diff_before_write_then_undo_and_redo() -> None:
    async def scene() -> None:
        source = catalog()
        async with staged(source, size=(120, 36)) as stage:
            await stage.press("enter", "e")
            await stage.see("production")
            await stage.press("r")
            await stage.see("nothing is changed yet")
            await write_into(stage, "owner", "")
            await stage.see("it needs a value")
            await stage.press("r")
            await stage.see("1 error: correct before the review")
            await write_into(stage, "owner", "team-b")
            await stage.see("was team-a")
            await cursor_to(stage, "lifecycle")
            await stage.press("enter")
            await stage.see("experimental")
            await stage.press("up", "enter")
            await stage.see("experimental   was production")
            await stage.press("r")
            await stage.see("+  owner: team-b")
            await stage.see("+  lifecycle: experimental")
            await stage.see("the catalog would take it")
            await stage.press("enter")  # the button that leads back has the focus
            await stage.until(lambda: isinstance(stage.app.screen, EditScreen), "the form")
            assert source.texts[REF] == TEXT
            await stage.press("r")
            await stage.see("the catalog would take it")
            await stage.press("r", "r", "m")
            await stage.see("Message of the commit")
            await stage.press("ctrl+u")
            await stage.type("Moved")
            await stage.press("enter")
            await stage.see("Message   Moved")
            await stage.quiet()
            await stage.press("W")
            await stage.see("written: 4f2c1d9a0b on main")
            assert "owner: team-b" in source.texts[REF]
            await stage.press("Y")
            told = f"catalog set {REF} spec.lifecycle=experimental spec.owner=team-b --to commit -m Moved"
            await stage.until(lambda: stage.app.clipboard == told, "the clipboard")
            for key, word, owner in (("z", "Undo", "team-a"), ("Z", "Redo", "team-b"), ("z", "Undo", "team-a")):
                await stage.press(key)
                await stage.see(f"{word}: Set lifecycle, owner of svc-00000")
                await stage.see("the catalog would take it")
                await stage.press("W")
                await stage.see("taken back: 4f2c1d9a0b" if key == "z" else "written again: 4f2c1d9a0b")
                assert f"owner: {owner}" in source.texts[REF]

    play(scene())


def test_where_the_last_edit_went_is_where_the_next_one_goes_another_day_too(tmp_path: Path) -> None:
    path = tmp_path / "tui.json"

    async def written_beside_git() -> None:
        source = catalog()
        async with staged(source, size=(120, 36), notebook=Notebook(path)) as stage:
            await stage.press("e")
            await write_into(stage, "system", "z-payments")
            await stage.press("r")
            await stage.see("(•) commit on the branch that is read")
            await stage.see("W writes")
            await stage.press("t", "t")
            await stage.see("(•) beside git")
            await stage.see("W writes")
            await stage.press("W")
            await stage.until(lambda: source.overlay.get((REF, "spec.system")) == "z-payments", "the value")

    async def another_day() -> None:
        async with staged(catalog(), size=(120, 36), notebook=Notebook(path)) as stage:
            await stage.press("e")
            await write_into(stage, "system", "z-payments")
            await stage.press("r")
            await stage.see("(•) beside git")

    play(written_beside_git())
    play(another_day())
    path.write_text('{"target": "elsewhere"}')
    assert Notebook(path).target == "elsewhere"  # and is passed over by whoever edits


def test_write_target_says_what_is_not_possible_and_why() -> None:
    async def scene() -> None:
        source = catalog()
        source.write = "none"
        async with staged(source, size=(120, 36)) as stage:
            await stage.press("e")
            await stage.see("what you change lies over the file")
            await write_into(stage, "system", "z-payments")
            await stage.press("r")
            await stage.see("( ) commit on the branch that is read   off: its location is not written to")
            await stage.see("(•) beside git")
            await stage.press("t")
            await stage.see("there is no other place to write to")
            source.overlay_refusal = "spec is closed"
            await stage.press("escape", "r")
            await stage.see("✗ spec is closed; open_prefixes opens it")
            await stage.press("W")
            await stage.quiet()
            assert list(source.overlay) == [(REF, "metadata.tier")]
            source.overlay_refusal = ""
            await stage.press("escape", "r")
            await stage.see("beside git, the file stays")
            await stage.see("W writes")
            await stage.press("W")
            await stage.until(lambda: source.overlay.get((REF, "spec.system")) == "z-payments", "the value")
            await stage.press("z")
            await stage.see("W writes")
            await stage.press("W")
            await stage.until(lambda: (REF, "spec.system") not in source.overlay, "the value is gone")

    play(scene())


def test_the_review_says_what_it_is_made_from_and_whether_that_is_what_was_read() -> None:
    async def scene() -> None:
        source = catalog()
        async with staged(source, size=(120, 36)) as stage:
            await stage.press("e")
            await write_into(stage, "owner", "team-b")
            await stage.press("r")
            await stage.see("Base      4f2c1d9a0b   ✓ unchanged")
            await stage.press("escape")
            source.base, source.blob = "9ab3e07c55" + "0" * 30, "b10c"  # a push, elsewhere in the file
            await stage.press("r")
            await stage.see("Base      9ab3e07c55   ↻ its file changed elsewhere")
            await stage.press("t", "t")
            await stage.see("(•) beside git")
            await stage.until(lambda: "Base  " not in stage.text(), "nothing of git")

    play(scene())


def test_r049_changed_upstream_shows_mine_theirs_and_both() -> None:
    async def scene() -> None:
        source = catalog()
        source.conflicts = [
            {"ref": REF, "path": "spec.owner", "was": "team-a", "now": "team-z"},
            {"ref": REF, "path": "metadata.tags", "was": None, "now": ["web"]},
        ]
        async with staged(source, size=(120, 36)) as stage:
            await stage.press("e")
            await write_into(stage, "owner", "team-b")
            await write_into(stage, "tags", "java")
            await stage.press("r")
            await stage.see("Changed upstream")
            await stage.see("theirs  team-z")
            await stage.press("b")
            await stage.see("both sides changed the same thing")
            await stage.press("t", "r")
            await stage.see("decide first")
            for _ in range(8):
                await stage.press("j")
            await stage.press("b")
            await stage.see("all is decided")
            source.base = "9ab3e07c55" + "0" * 30
            await stage.press("r")
            await stage.see("the catalog would take it")
            await stage.see("Base      9ab3e07c55")
            assert [one["path"] for one in source.bodies[-1]["changes"]] == ["metadata.tags"]
            assert source.bodies[-1]["changes"][0]["value"] == ["web", "java"]
            await stage.press("W")
            await stage.see("written:")

    play(scene())


def test_a_refused_push_keeps_the_draft_which_leaving_and_a_crash_keep_too(own_state: Path) -> None:
    async def first() -> None:
        source = catalog()
        source.refusals = ["the remote refused it: protected [branch]"]
        async with staged(source, size=(120, 36)) as stage:
            await stage.press("e")
            await write_into(stage, "owner", "team-b")
            await stage.press("r")
            await stage.see("W writes")
            await stage.press("W")
            await stage.see("the remote refused it: protected [branch]; nothing is written, the draft is kept")
            await stage.until(lambda: isinstance(stage.app.screen, ReviewScreen), "the review")
            await stage.press("escape", "escape")
            await stage.see("Not written yet")
            await stage.press("escape", "escape", "down", "enter")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")
            await stage.press("f6")
            await stage.see("draft               component:default/svc-00000  1 changed, not written")
            await stage.press("g", "y")
            await stage.until(lambda: stage.app.clipboard == f"catalog edit {REF}", "the command")
            await stage.press("enter")
            await stage.see("your draft is taken up: 1 changed")
            await stage.press("escape", "down", "enter", "f2")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")
            await stage.press("q")
            await stage.see("1 draft not written")
            await stage.press("enter", "q", "down", "enter")
            await stage.until(lambda: stage.app.return_code == 0, "the end")

    async def second() -> None:
        async with staged(catalog(), size=(120, 36)) as stage:
            await stage.press("e")
            await stage.see("your draft is taken up: 1 changed")
            await stage.see("team-b")
            await cursor_to(stage, "owner")
            await stage.press("u", "escape")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")
            assert list((own_state / "drafts").iterdir()) == []

    play(first())
    play(second())


def test_bulk_edit_of_marked_entities_shows_each_difference_and_each_result() -> None:
    async def scene() -> None:
        source = catalog()
        other = "component:default/svc-00001"
        source.texts[other] = TEXT.replace("svc-00000", "svc-00001").replace("team-a", "team-z")
        async with staged(source, size=(120, 40)) as stage:
            stage.app.desk.marks.add([REF, other])
            await stage.press("E")
            await stage.see("the editor takes one entity at a time; 2 are marked")
            await stage.press("e")
            await stage.see("Edit  →  2 marked entities")
            await stage.see("(different values)")
            await write_into(stage, "owner", "team-b")
            await stage.press("r")
            await stage.see("-  owner: team-a")
            await stage.see("the catalog would take it")
            await stage.press("v")
            await stage.see("owner: team-b")
            await stage.press("W")
            await stage.see("written: 4f2c1d9a0b")

    play(scene())


def test_values_are_offered_and_texts_of_several_lines_have_room() -> None:
    async def scene() -> None:
        source = catalog()
        async with staged(source, size=(100, 36)) as stage:
            await stage.press("e")
            await cursor_to(stage, "owner")
            await stage.press("enter")
            await stage.see("enter take")
            await stage.press("escape")
            await cursor_to(stage, "type")
            await stage.press("enter")
            await stage.press("ctrl+u")
            await stage.see("service  3")
            await stage.press("down", "enter")
            await stage.see("service")
            await cursor_to(stage, "description")
            await stage.press("enter")
            await stage.see("^s take")
            await stage.type("one")
            await stage.press("enter")
            await stage.type("two")
            await stage.press("ctrl+s")
            await stage.see("one … (2 lines)")
            await cursor_to(stage, "annotations")
            await stage.press("enter")
            await stage.type("no sign")
            await stage.see("write key = value")
            await stage.press("ctrl+u")
            await stage.type("acme.test/pager = P-17")
            await stage.press("enter")
            await stage.see("acme.test/pager  P-17")
            await stage.press("G", "enter")
            await stage.see("Property beside git")
            await stage.type("metadata.cost = 7")
            await stage.press("enter")
            await stage.see("metadata.cost")
            await stage.press("r")
            await stage.see("metadata.cost  — → 7")
            await stage.see("W writes")
            await stage.press("W")
            await stage.see("written: 4f2c1d9a0b on main, 1 beside git")
            assert source.overlay[REF, "metadata.cost"] == 7
            assert "two" in source.texts[REF]

    play(scene())


def test_the_list_of_edits_undoes_what_others_did_and_says_when_it_cannot() -> None:
    async def scene() -> None:
        source = catalog()
        for value in ("x", "y"):
            change = {"ref": REF, "path": "spec.owner", "op": "replace", "value": value}
            failed = source.propose_edit({"changes": [change], "target": "commit"})
            if value == "x":
                source.confirm_edit(failed["id"])
        source.edit(failed["id"])["state"] = "failed"
        source.edit(failed["id"])["reason"] = "the remote refused it"
        async with staged(source, size=(120, 30)) as stage:
            await stage.press("z")
            await stage.see("✗ failed")
            await stage.see("the remote refused it")
            await stage.press("z")
            await stage.see("it is failed: there is nothing to take back")
            await stage.press("j", "z")
            await stage.see("-  owner: x")
            await stage.see("W writes")
            await stage.press("W")
            await stage.see("undoes an edit")
            assert "owner: team-a" in source.texts[REF]
            await stage.press("escape", "Z")
            await stage.see("nothing was taken back in this session")

    play(scene())


def test_what_stands_there_is_no_beginning_so_all_values_in_use_are_offered() -> None:
    async def scene() -> None:
        async with staged(catalog(), size=(120, 36)) as stage:
            await stage.press("e")
            await stage.see("add a property")
            await cursor_to(stage, "system")
            await stage.press("enter")
            await stage.see("enter take")
            await stage.until(lambda: stage.app.screen.query_one(OptionList).display, "values in use")

    play(scene())


def test_a_suggestion_is_what_it_was_when_it_was_chosen() -> None:
    """Others may be there by the time it is heard."""

    async def scene() -> None:
        async with staged(many(3)) as stage:
            offered = [Choice(value, value) for value in ("team-a", "team-b", "team-c")]
            editor = ValueEditor(stage.app.desk, Question("owner", suggest=lambda _: offered))
            taken: list[str | None] = []
            await stage.app.push_screen(editor, taken.append)
            await stage.see("team-c")
            suggestions = editor.query_one(OptionList)
            suggestions.highlighted = 2
            suggestions.action_select()
            editor._suggested(ValueEditor.Suggested("", Answer(offered[:1], None, 1.0)))
            await stage.until(lambda: taken, "an answer")
            assert taken == ["team-c"]

    play(scene())
