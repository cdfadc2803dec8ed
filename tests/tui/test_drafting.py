"""New entities on the stage: what is asked for, why something cannot begin, and that no text is lost."""

import threading
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from tests.tui.fake_source import FakeSource, many
from tests.tui.stage import Stage, play, staged
from tui.model.location_source import Preview, Wanted
from tui.model.source import LocationItem, RefusedError
from tui.model.symbols import ASCII
from tui.screens.shell import CatalogApp


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CATALOG_STATE", str(tmp_path))
    return tmp_path


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that says who owns it; the stage has no terminal to be handed over."""

    def suspend(_: CatalogApp) -> AbstractContextManager[None]:
        return nullcontext()

    program = tmp_path / "editor"
    program.write_text("#!/bin/sh\nsed -i 's/owner: team-a/owner: team-b/' \"$1\"\n")
    program.chmod(0o755)
    monkeypatch.setenv("CATALOG_EDITOR", str(program))
    monkeypatch.setattr(CatalogApp, "suspend", suspend)
    return program


def writable(*writes: str) -> FakeSource:
    source = many(3)
    source.location_items = [
        LocationItem(str(number), "git", f"https://git.example/acme/repo-{number}.git", write=write)
        for number, write in enumerate(writes)
    ]
    return source


async def named(stage: Stage, name: str) -> None:
    """Begin, take the usual kind, and write a name."""
    await stage.press("N")
    await stage.see("A new entity of kind")
    await stage.see("Shelf")
    await stage.press("enter")
    await stage.see("Name of the Component")
    await stage.type(name)
    await stage.press("enter")


def test_a_new_entity_has_a_kind_a_name_and_a_place(own_state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def scene() -> None:
        source = writable("branch", "none", "commit")
        source.outline_flaws = ["no spaces"]
        async with staged(source, size=(60, 20), symbols=ASCII) as stage:
            await named(stage, "till")
            await stage.see("It goes to")
            await stage.see("acme/repo-2")
            assert "repo-1" not in stage.text()
            await stage.press("down", "enter")
            await stage.see("no editor can be opened from here")
            (kept,) = (own_state / "drafts").glob("till-*-new.yaml")
            assert kept.read_text().splitlines()[:3] == [
                "#! this would not be written:",
                "#!   no spaces; as in a URL",
                "#! spec.owner: an example, say what is true",
            ]
            assert not source.bodies

    play(scene())


def test_one_place_is_not_asked_for_and_esc_makes_nothing(own_state: Path) -> None:
    async def scene() -> None:
        async with staged(writable("commit")) as stage:
            await stage.press("N")
            await stage.see("A new entity of kind")
            await stage.press("escape")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")
            await named(stage, "till")
            await stage.see("no editor can be opened from here")
            assert len(list((own_state / "drafts").iterdir())) == 1

    play(scene())


def test_without_a_place_or_a_right_to_write_it_says_so() -> None:
    async def scene() -> None:
        source = writable("none")
        async with staged(source, size=(120, 30)) as stage:
            await stage.press("N")
            await stage.see("no location may be written to")
            assert stage.app.screen is stage.browse
            stage.app.action_toggle_read_only()
            await stage.press("N")
            await stage.see("new entity is off: read-only")
            stage.app.action_toggle_read_only()
            source.die()
            await stage.see("offline")
            await stage.press("N")
            await stage.see("new entity is off: offline")
            stage.app.desk.served = True
            await stage.press("N")
            await stage.see("new entity is off: not from a browser")

    play(scene())


def test_who_went_elsewhere_meanwhile_is_asked_nothing() -> None:
    async def scene() -> None:
        source = writable("commit")
        gate, known = threading.Event(), source.kinds
        source.kinds = lambda: (gate.wait(10), known())[1]  # type: ignore[method-assign]
        async with staged(source) as stage:
            await stage.press("N", "exclamation_mark")
            await stage.see("no problems")
            gate.set()
            await stage.quiet()
            assert "A new entity" not in stage.text()
            await stage.press("f2")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table, and no question")

    play(scene())


def test_where_no_descriptor_is_found_one_is_drafted_or_what_is_saved_is_read(own_state: Path) -> None:
    async def scene() -> None:
        tree = own_state / "stand"
        (tree / ".git").mkdir(parents=True)
        source = many(2)
        source.previews[tree.as_uri()] = source.previews["https://git.example/acme/pay.git"] = Preview("", 0, {}, ())
        async with staged(source, size=(60, 20)) as stage:
            await stage.press("a")
            await stage.see("Register a location")
            await stage.type("https://git.example/acme/pay.git")
            await stage.press("enter")
            await stage.see("no catalog file was found")
            await stage.press("s")
            await stage.see("no work tree here")
            await stage.press("N")
            await stage.see("draft it, and copy its text")
            await stage.press("enter")
            await stage.see("A new entity of kind")
            await stage.press("enter")
            await stage.see("Name of the Component")
            await stage.see("│ pay ")
            await stage.press("enter")
            await stage.see("no editor can be opened from here")
            stage.app.screen.query_one("#target").focus()
            await stage.press("ctrl+u")
            await stage.type(str(tree))
            await stage.press("enter")
            await stage.see("N drafts one in your editor")
            await stage.press("y")
            await stage.until(
                lambda: stage.app.clipboard == "catalog new component NAME --dry-run > catalog-info.yaml", "the command"
            )
            await stage.press("s")
            await stage.until(lambda: source.tried[-1].ref == "@{saved}", "what is saved")
            await stage.see("no catalog file was found")
            await stage.press("s")
            await stage.see("what is saved is off: that is what was read")
            (tree / "catalog-info.yaml").touch()
            await stage.press("enter")
            await stage.see("catalog-info.yaml is there")
            await stage.press("N")
            await stage.see("draft is off: catalog-info.yaml is there")
            stage.app.action_toggle_read_only()
            await stage.press("N")
            await stage.see("draft is off: read-only")

    play(scene())


async def hear(stage: Stage, text: str) -> None:
    """Wait for a sentence beside the lines, where it may be broken anywhere."""
    await stage.until(lambda: any(text in one.message for one in stage.app._notifications), text)


PAY = "https://git.example/acme/pay.git"


async def drafted(stage: Stage, target: str, *choice: str) -> None:
    """Read a location without a descriptor, and draft one of the usual kind under the name that is offered."""
    await stage.press("a")
    await stage.see("Register a location")
    await stage.type(target)
    await stage.press("enter")
    await stage.see("no catalog file was found")
    await stage.press("N")
    if choice:
        await stage.see("draft it, and copy its text")
        await stage.press(*choice)
    await stage.see("A new entity of kind")
    await stage.press("enter")
    await stage.see("Name of the Component")
    await stage.press("enter")


def test_a_draft_for_a_repository_elsewhere_is_copied_and_kept(own_state: Path, editor: Path) -> None:
    async def scene() -> None:
        source = many(2)
        source.previews[PAY] = Preview("", 0, {}, ())
        async with staged(source, size=(120, 30)) as stage:
            await drafted(stage, PAY, "enter")
            await hear(stage, "commit it as catalog-info.yaml, then enter reads again; your text is kept in")
            assert "  name: pay\n" in stage.app.clipboard
            assert stage.app.clipboard.endswith("  owner: team-b\n")
            (kept,) = (own_state / "drafts").glob("pay-*-new.yaml")
            assert kept.read_text().endswith(stage.app.clipboard)
            assert not source.location_items

    play(scene())


def test_a_repository_that_may_not_be_registered_leaves_the_draft_and_says_why(own_state: Path, editor: Path) -> None:
    def refuse(_: Wanted) -> str:
        raise RefusedError("the token has no scope admin", hint="ask for one")

    async def scene() -> None:
        source = many(2)
        source.previews[PAY] = Preview("", 0, {}, ())
        add, source.add_location = source.add_location, refuse  # type: ignore[assignment, method-assign]
        async with staged(source, size=(120, 30)) as stage:
            await drafted(stage, PAY, "down", "enter")
            await hear(stage, "the token has no scope admin; ask for one; your text is kept in")
            assert not source.bodies
            source.add_location = add  # type: ignore[method-assign]
            await stage.press("escape")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")
            await drafted(stage, PAY, "down", "enter")
            await stage.see("the catalog would take it; W writes")
            assert [(one.target, one.write) for one in source.location_items] == [(PAY, "branch")]
            assert source.bodies[-1]["target"] == "branch"
            assert source.bodies[-1]["create"]["path"] == "catalog-info.yaml"
            assert source.bodies[-1]["create"]["location"] == "1"
            await stage.press("W")
            await stage.see("written: ")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")
            assert not list((own_state / "drafts").iterdir())

    play(scene())


def test_who_left_while_a_repository_is_registered_gets_no_review_and_keeps_the_text(
    own_state: Path, editor: Path
) -> None:
    async def scene() -> None:
        source = many(2)
        source.previews[PAY] = Preview("", 0, {}, ())
        gate, plain = threading.Event(), source.add_location
        source.add_location = lambda wanted: (gate.wait(10), plain(wanted))[1]  # type: ignore[method-assign]
        async with staged(source, size=(120, 30)) as stage:
            await drafted(stage, PAY, "down", "enter")
            await hear(stage, "registering, edits allowed on branches")
            await stage.press("escape")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")
            gate.set()
            await hear(stage, "N in the table takes the text up")
            assert not source.bodies
            await named(stage, "pay")
            await stage.see("the catalog would take it; W writes")
            assert "owner: team-b" in source.bodies[-1]["create"]["text"]

    play(scene())


def test_no_file_is_written_over_and_an_outline_that_is_left_as_it_is_is_nothing(own_state: Path, editor: Path) -> None:
    async def scene() -> None:
        tree = own_state / "stand"
        (tree / ".git").mkdir(parents=True)
        made = tree / "catalog-info.yaml"
        source = many(2)
        source.previews[tree.as_uri()] = Preview("", 0, {}, ())
        async with staged(source, size=(120, 30)) as stage:
            editor.write_text(f"#!/bin/sh\nsed -i 's/team-a/team-b/' \"$1\"\necho theirs > '{made}'\n")
            await drafted(stage, str(tree))
            await hear(stage, "is there by now; your text is kept in")
            assert made.read_text() == "theirs\n"
            (kept,) = (own_state / "drafts").glob("stand-*-new.yaml")
            kept.unlink()
            made.unlink()
            editor.write_text("#!/bin/sh\n")
            await stage.press("escape")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")
            await drafted(stage, str(tree))
            await hear(stage, "nothing was written into it: no entity is made")
            assert not made.exists()
            assert not list((own_state / "drafts").iterdir())

    play(scene())
