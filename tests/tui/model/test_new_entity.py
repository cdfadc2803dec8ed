"""New entities and descriptors: what can be chosen, what the lines begin with, where a draft goes."""

import shlex
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.tui.fake_source import many
from tui.model.draft_place import BY_HAND, DraftPlace, create_file, draft_place
from tui.model.editor import with_notes, without_notes
from tui.model.lines import plain
from tui.model.location_source import SAVED, Preview, Wanted
from tui.model.new_entity import outline, prospects, where
from tui.model.plan import Plan, command_of
from tui.model.registration import command, draft_off, nothing_found, saved_off
from tui.model.source import LocationItem
from tui.model.symbols import ASCII
from tui.model.writing import carry_out, propose

TEXT = "kind: Shelf\nmetadata:\n  name: top\n"
EMPTY = Preview("", 0, {}, ())


def test_only_locations_that_may_be_written_to_are_offered() -> None:
    source = many(1)
    source.location_items = [
        LocationItem("1", "git", "https://git.example/acme/pay.git", write="branch"),
        LocationItem("2", "git", "https://git.example/acme/old.git"),
        LocationItem("3", "git", "file:///srv/shop.git", write="commit"),
    ]
    found = prospects(source)
    assert found.kinds == ("Component", "Group", "Shelf")
    assert where(found.places) == [
        ("1", "acme/pay", "a branch of its own"),
        ("3", "/srv/shop.git", "a commit, or a branch of its own"),
    ]


def test_the_lines_begin_with_what_is_still_to_be_said_and_the_notes_go_again() -> None:
    source = many(1)
    drawn = outline(source, "Component", "pay/till")
    assert (drawn.ref, drawn.open) == ("component:pay/till", ("spec.owner",))
    assert drawn.text == "kind: Component\nmetadata:\n  name: till\n  namespace: pay\nspec:\n  owner: team-a\n"
    assert drawn.notes[1] == "spec.owner: an example, say what is true"
    assert without_notes(with_notes(drawn.text, drawn.notes)) == drawn.text
    full = outline(source, "Shelf", "top")
    assert full.ref == "shelf:default/top"
    assert full.notes[-1] == "save and leave to go on; take everything out to stop"
    source.outline_flaws = ["metadata.name: no\nspaces"]
    assert outline(source, "Shelf", "t op").notes[:3] == [
        "this would not be written:",
        "  metadata.name: no",
        "  spaces; as in a URL",
    ]


def test_a_plan_that_creates_is_an_edit_with_its_undo_and_learns_its_names() -> None:
    source = many(1)
    plan = Plan(("shelf:default/x",), text=TEXT, create=True, write="commit", location="7")
    assert plan.off("overlay")
    proposal = propose(source, plan, "commit", "")
    assert source.bodies[-1] == {
        "target": "commit",
        "message": "",
        "create": {"text": TEXT, "path": "", "location": "7"},
    }
    assert proposal.is_good
    assert proposal.edit is not None
    named = plan.named(proposal.edit)
    assert (named.refs, named.message) == (("shelf:default/top",), "Add shelf:default/top")
    done = carry_out(source, propose(source, named, "commit", named.message))
    assert done.undo is not None
    assert done.undo.body("commit", "m")["undo"] == source.journal[-1]["id"]
    again = propose(source, plan, "commit", "")
    assert again.error == "shelf:default/top is there already; change it with catalog edit"
    conflict: Any = {"ref": "shelf:default/top", "path": "", "was": None, "now": "x"}
    source.conflicts = [conflict]
    assert propose(source, plan, "commit", "").error == "it moved"


def test_the_command_of_a_new_entity_holds_its_text() -> None:
    plan = Plan(("a:b/c",), text="x: |\n  END\nEND\n", create=True, write="branch", location="7", path="a b.yaml")
    told = command_of(plan, "branch", "It's new")
    head, *rest = told.splitlines()
    assert shlex.split(head.partition(" <<")[0])[2:] == [
        *("--from", "-", "--location", "7", "--path", "a b.yaml"),
        *("--to", "branch", "-m", "It's new", "--yes"),
    ]
    assert head.endswith(" <<'END_'")
    assert rest == ["x: |", "  END", "END", "END_"]


def test_a_draft_goes_to_a_folder_of_a_work_tree_here_or_to_a_repository_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "tree" / "my till"
    folder.mkdir(parents=True)
    assert draft_place(str(folder)) == DraftPlace("my till")
    (tmp_path / "tree" / ".git").write_text("gitdir: elsewhere\n")  # as in a linked work tree
    file = folder / "catalog-info.yaml"
    for named in (str(folder), folder.as_uri()):
        assert draft_place(named) == DraftPlace("my till", True, file)
    assert draft_place(str(folder)).command == BY_HAND
    file.symlink_to(tmp_path / "nowhere")
    there = draft_place(str(folder))
    assert there.is_there
    assert shlex.split(there.command)[:3] == ["git", "-C", str(folder)]
    other = folder / "other.yaml"
    other.touch()
    assert draft_place(str(other)) == DraftPlace("my till", is_work_tree=True)
    for named in ("https://git.example/acme/pay.git", "git@git.example:acme/pay.git", "git@git.example:pay"):
        assert draft_place(named) == DraftPlace("pay")
    assert draft_place("") == DraftPlace("")


def test_a_file_is_made_whole_with_the_mode_of_any_other_and_never_over_one(tmp_path: Path) -> None:
    path, plain_file = tmp_path / "catalog-info.yaml", tmp_path / "plain"
    plain_file.touch()
    create_file(path, TEXT)
    assert path.read_text() == TEXT
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain_file.stat().st_mode)
    with pytest.raises(FileExistsError):
        create_file(path, "other")
    assert path.read_text() == TEXT
    link = tmp_path / "link.yaml"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        create_file(link, TEXT)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["catalog-info.yaml", "link.yaml", "plain"]


def test_drafts_and_what_is_saved_say_why_they_are_off(tmp_path: Path) -> None:
    here = DraftPlace("till", True, tmp_path / "catalog-info.yaml")
    elsewhere = DraftPlace("pay")
    assert draft_off(None, None, ()) == "read it first"
    assert draft_off(EMPTY, here, ()) == draft_off(EMPTY, elsewhere, ("a.yaml",)) == ""
    assert draft_off(EMPTY, here, ("a.yaml",)) == "Files names others: empty it"
    assert draft_off(Preview("7", 0, {}, ()), here, ()) == "already registered"
    assert draft_off(Preview("", 1, {}, ()), here, ()) == "there is a catalog file"
    unread = Preview("", 0, {"invalid": 1}, ())
    assert draft_off(unread, elsewhere, ()) == "it could not be read"
    assert draft_off(unread, here, ()) == ""  # a work tree without a commit
    assert draft_off(EMPTY, DraftPlace("till", True, here.file, is_there=True), ()) == "catalog-info.yaml is there"
    wanted = Wanted("git", "file:///srv/till")
    assert saved_off(None, None) == "read it first"
    assert saved_off(wanted, elsewhere) == "it is no work tree here"
    assert saved_off(wanted, here) == ""
    assert saved_off(Wanted("git", "file:///srv/till", SAVED), here) == "that is what was read"
    assert command(Wanted("git", "file:///srv/till", SAVED)) == "catalog location add file:///srv/till --saved"
    assert command(Wanted("git", "x.git", write="branch")) == "catalog location add x.git --write branch"


def test_where_nothing_was_found_the_next_step_is_told_on_any_width() -> None:
    file = Path("/srv/till/catalog-info.yaml")
    for place, words in (
        (DraftPlace("till", True, file), "N drafts one in your editor, for /srv/till/catalog-info.yaml"),
        (DraftPlace("till", True, file, is_there=True), "git -C /srv/till add catalog-info.yaml && git -C /srv/till"),
        (DraftPlace("pay"), BY_HAND),
    ):
        lines = [plain(line) for line in nothing_found(place, 58, ASCII)]
        assert words in " ".join(line.strip() for line in lines)
        assert ("s reads what is saved" in "".join(lines)) is place.is_work_tree
        assert all(len(line) <= 58 for line in lines)
