"""Plans of writes: where they may go, what they are as a command, what becomes of them, how they are taken back."""

import json
import shlex
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.tui.fake_source import many
from tests.tui.test_entity import REF, TEXT
from tui.cli.assignment import read_assignments
from tui.model.diff_lines import counted, side_lines, unified_lines
from tui.model.drafts import Drafts
from tui.model.editor import editor_command, with_faults, without_notes
from tui.model.form.field import Field
from tui.model.form.form import Document, Form
from tui.model.form.loading import load_form, look_up
from tui.model.journal import Deed, Journal
from tui.model.lines import plain
from tui.model.merging import ClashError, merged, resolved
from tui.model.plan import Plan, command_of, message_of, plans_of
from tui.model.writing import Conflict, carry_out, propose, propose_again

CHANGE: Any = {"ref": REF, "path": "spec.owner", "op": "replace", "value": "team-b"}


def changed(path: str, value: Any) -> Any:
    return {"ref": REF, "path": path, "op": "replace", "value": value}


def test_targets_say_why_they_cannot_be_chosen() -> None:
    plan = Plan((REF,), (CHANGE,), write="branch")
    assert plan.first_target("commit") == "branch"
    assert "branches only" in plan.off("commit")
    assert not plan.off("overlay")
    assert "catalog location set ID --write branch" in Plan((REF,), (CHANGE,)).off("branch")
    assert Plan((REF,), text="x", write="commit").off("overlay")
    assert Plan((REF,), undo="7", write="commit").off("overlay")
    assert Plan((REF,), properties=(CHANGE,)).first_target("commit") == "overlay"
    assert Plan((REF,), text="x").first_target(None) is None


@pytest.mark.parametrize(
    "value",
    ["team-b", "12", "true", "", "@file", "-", "two words", 7, ["a", "b c"], {"x": None}, 'a"b', "null"],
    ids=repr,
)
def test_copy_as_command_sets_the_same_value(value: Any) -> None:
    plan = Plan((REF,), (changed("spec.owner", value),), write="commit")
    words = shlex.split(command_of(plan, "commit", "It's new"))
    assert words[:3] == ["catalog", "set", REF]
    assert words[4:] == ["--to", "commit", "-m", "It's new"]
    [found] = read_assignments([words[3]])
    assert (found.path, found.value) == ("spec.owner", value)


def test_commands_of_other_writes() -> None:
    gone: Any = {"ref": REF, "path": "spec.system", "op": "remove"}
    both = Plan((REF,), (CHANGE, gone), properties=(changed("metadata.tier", "team-b"),), write="commit")
    assert command_of(both, "branch", "") == (
        f"catalog set {REF} spec.owner=team-b --to branch && catalog unset {REF} spec.system --to branch"
        f" && catalog set {REF} metadata.tier=team-b"
    )
    assert command_of(both, "overlay", "x").count("--to") == 0
    assert command_of(Plan((REF,), undo="abc"), "commit", "m") == "catalog undo abc --to commit -m m"
    assert command_of(Plan((REF,), text="x"), "branch", "") == f"catalog edit {REF} --to branch"
    assert message_of([CHANGE, gone]) == "Set owner, system of svc-00000"


def test_one_commit_for_each_place() -> None:
    data = {"spec": {"owner": "a"}}
    documents = [Document(f"component:default/{n}", data, place=(str(n // 60), "r", "main")) for n in range(70)]
    form = Form([Field(("spec", "owner"), "text")], documents)
    form.set(("spec", "owner"), "b")
    plans = plans_of(form)
    assert [len(plan.refs) for plan in plans] == [50, 10, 10]
    assert {plan.message for plan in plans} == {"Set owner of 70 entities"}


def test_what_was_written_can_be_taken_back() -> None:
    source = many(1)
    source.texts[REF] = TEXT
    plan = Plan((REF,), (CHANGE,), properties=(changed("metadata.tier", "gold"),), write="commit")
    proposal = propose(source, plan, "commit", "Move")
    assert proposal.is_good
    assert proposal.edit is not None
    assert "+  owner: team-b" in proposal.edit["files"][0]["diff"]
    assert source.overlay == {}
    done = carry_out(source, proposal)
    assert (done.done, done.words) == (True, "4f2c1d9a0b on main, 1 beside git")
    assert done.undo is not None
    assert done.undo.undo == proposal.edit["id"]
    over = carry_out(source, propose(source, Plan((REF,), (CHANGE,)), "overlay", ""))
    assert over.undo is not None
    assert [(one["path"], one["op"]) for one in over.undo.properties] == [("spec.owner", "remove")]
    assert carry_out(source, propose(source, over.undo, "overlay", "")).done
    assert (REF, "spec.owner") not in source.overlay


def test_a_refused_push_and_a_refusal_are_told_and_nothing_is_done() -> None:
    source = many(1)
    source.texts[REF] = TEXT
    plan = Plan((REF,), (CHANGE,), write="commit")
    source.refusals = ["the remote refused it: protected"]
    failed = carry_out(source, propose(source, plan, "commit", ""))
    assert (failed.done, failed.words) == (False, "the remote refused it: protected")
    source.complaints = ["owner is odd"]
    assert [one["message"] for one in propose(source, plan, "commit", "").problems] == ["owner is odd"]
    source.overlay_refusal = "spec is closed"
    assert propose(source, plan, "overlay", "").error == "spec is closed; open_prefixes opens it"
    source.down = True
    assert "nobody knows yet" in carry_out(source, propose_before(plan)).words


def test_what_is_half_done_says_so_and_can_be_taken_back() -> None:
    source = many(1)
    source.texts[REF] = TEXT
    plan = Plan((REF,), (CHANGE,), properties=(changed("metadata.tier", "gold"),), write="commit")
    proposal = propose(source, plan, "commit", "")
    source.overlay_refusal = "metadata.tier is closed"
    half = carry_out(source, proposal)
    assert half.half
    assert half.words == "4f2c1d9a0b on main; metadata.tier is closed; open_prefixes opens it"
    assert half.undo is not None


def propose_before(plan: Plan) -> Any:
    source = many(1)
    source.texts[REF] = TEXT
    return propose(source, plan, "commit", "")


def test_r049_a_conflict_is_decided_on_what_is_there_now() -> None:
    source = many(1)
    source.texts[REF] = TEXT
    source.conflicts = [{"ref": REF, "path": "spec.owner", "was": "team-a", "now": "team-z"}]
    plan = Plan((REF,), (CHANGE,), write="commit", base="0ld")
    proposal = propose(source, plan, "commit", "")
    [conflict] = proposal.conflicts
    assert (conflict.was, conflict.now, conflict.mine) == ("team-a", "team-z", "team-b")
    assert not proposal.is_good
    mine = resolved(plan, [(conflict, "mine")])
    assert mine is not None
    assert (mine.changes, mine.base) == ((CHANGE,), "")
    assert resolved(plan, [(conflict, "theirs")]) is None
    assert propose_again(source, mine, "commit", "").is_good
    assert source.refreshed == ["1"]
    tags = Conflict(REF, "metadata.tags", ["a"], ["a", "b"], ["a", "c"])
    both = resolved(Plan((REF,), (changed("metadata.tags", ["a", "c"]),)), [(tags, "both")])
    assert both is not None
    assert both.changes[0]["value"] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("was", "mine", "now", "both"),
    [
        ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"),
        ("a\nb\n", "a\nb\nc\n", "x\na\nb\n", "x\na\nb\nc\n"),
        ("a\nb\n", "a\nX\n", "a\nX\n", "a\nX\n"),
        ("a\nb\n", "a\nX\n", "a\nY\n", None),
        ("a\n", "a\nx\n", "a\ny\n", None),
        (["a", "b"], ["a"], ["a", "b", "c"], ["a", "c"]),
        ({"a": 1}, {"a": 2}, {"a": 1, "b": 3}, {"a": 2, "b": 3}),
        ({"a": 1}, {}, {"a": 1, "b": 3}, {"b": 3}),
        ({"a": 1}, {"a": 2}, {"a": 3}, None),
        ("x", "y", "z", None),
        ("x", "x", "z", "z"),
    ],
    ids=repr,
)
def test_both_sides_in_one_where_they_do_not_clash(was: Any, mine: Any, now: Any, both: Any) -> None:
    if both is None:
        with pytest.raises(ClashError):
            merged(was, mine, now)
    else:
        assert merged(was, mine, now) == both


def test_undo_and_redo_follow_each_other() -> None:
    journal = Journal()
    first, second, back = (Deed(name, "commit", Plan((), undo=name)) for name in ("1", "2", "-2"))
    journal.record(first)
    journal.record(second)
    assert journal.undoable == second
    journal.undone(back)
    assert (journal.undoable, journal.redoable) == (first, back)
    journal.redone(second)
    assert (journal.undoable, journal.redoable) == (second, None)
    journal.undone(back)
    journal.record(first)
    assert journal.redoable is None


def test_drafts_outlive_the_program_and_are_read_by_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "drafts"
    drafts = Drafts(folder)
    drafts.keep([REF], [[["spec", "owner"], "team-b"]], [], "b10b")
    [file] = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert drafts.open == (REF,)
    later = Drafts(folder)
    assert later.open == ()
    assert later.find([REF]) == ([[["spec", "owner"], "team-b"]], [], "b10b")
    assert later.find(["other"]) is None
    later.keep([REF], [], [], "")
    assert list(folder.iterdir()) == []
    file.write_text(json.dumps({"refs": [REF], "changes": 3}))
    assert later.find([REF]) is None
    text = drafts.text_file(REF, "b10b", "first")
    text.write_text("mine")
    assert Drafts(folder).text_file(REF, "later", "other") == text
    assert (text.read_text(), Drafts.base_of(text)) == ("mine", "b10b")
    drafts.drop_text(text)
    assert not text.exists()


def test_the_editor_is_the_first_that_is_named_and_faults_stand_above_the_text() -> None:
    assert editor_command({"EDITOR": "ed", "VISUAL": "code --wait 'a b'", "GIT_EDITOR": " "}) == [
        "code",
        "--wait",
        "a b",
    ]
    assert editor_command({"CATALOG_EDITOR": "nano", "GIT_EDITOR": "ed"}) == ["nano"]
    assert editor_command({}) == ["vi"]
    marked = with_faults("a: 1\n# mine\n", ["line 1: no\nreally"])
    assert marked.startswith("#! not written:\n#!   line 1: no\n#!   really\n")
    assert without_notes(marked) == "a: 1\n# mine\n"
    assert without_notes("#! x") == ""


DIFF = "--- a/x\n+++ b/x\n@@ -3,3 +3,4 @@\n a\n-old\n+new\n+more\n z\n"


def test_a_difference_is_shown_unified_or_side_by_side() -> None:
    assert counted(DIFF) == (2, 1)
    assert [plain(line) for line in unified_lines(DIFF)][2:4] == ["@@ -3,3 +3,4 @@", " a"]
    shown = [plain(line).replace(" ", "") for line in side_lines(DIFF, 43)]
    assert shown == ["3a│3a", "4-old│4+new", "│5+more", "5z│6z"]


def test_a_form_is_loaded_with_what_the_file_says_and_refs_are_looked_up() -> None:
    source = many(3)
    source.texts[REF] = TEXT
    loaded = load_form(source, [REF])
    assert loaded.form.value(("spec", "owner")) == "team-a"
    assert loaded.form.documents[0].place == ("1", "https://git.example/acme/pay.git", "main")
    assert loaded.notes == ()
    source.write = "none"
    assert "what you change lies over the file" in load_form(source, [REF]).notes[0]
    assert "is not read from a file" in load_form(many(1), [REF]).notes[0]
    found = look_up(source, [("", "component:svc-00001")], "default")
    assert ("", "component:svc-00001") in found
