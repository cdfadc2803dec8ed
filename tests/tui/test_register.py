"""Registering and removing locations: shown before it is done, and done by a key of its own."""

import threading
from dataclasses import replace
from typing import Any

from tests.tui.fake_source import FakeSource, Thing, many
from tests.tui.stage import Stage, play, staged
from tui.answers import GraphAnswer
from tui.model.file_choice import file_choice
from tui.model.lines import plain
from tui.model.location_source import Departure, FieldChange, Pointer, Preview, Previewed, Reading, Wanted
from tui.model.registration import waiting_lines
from tui.model.source import LocationItem, ProblemItem
from tui.model.symbols import ASCII, UNICODE
from tui.screens.register import RegisterScreen
from tui.screens.unregister import UnregisterScreen
from tui.widgets.one_of import OneOf

PAY = "https://git.example/acme/pay.git"
FIELDS = 5
"""Fields of the form above the list."""
COUNTS = {"new": 1, "changed": 1, "same": 0, "conflict": 1, "invalid": 1, "template": 0}
BROUGHT = Preview(
    "",
    3,
    COUNTS,
    (
        Previewed("new", "component:default/ledger", "catalog-info.yaml", 1),
        Previewed(
            "changed",
            "resource:default/pg",
            "db/catalog-info.yaml",
            1,
            changes=(FieldChange("spec.owner", "team-db", "team-pay"),),
        ),
        Previewed("conflict", "api:default/pay", "api.yaml", 1, "acme/old has it already", "rename one"),
        Previewed("invalid", "", "worker/catalog-info.yaml", 4, "name: [spaces] not allowed"),
    ),
    (("group:default/team-ledgr", 1),),
)


async def opened(stage: Stage, target: str = PAY) -> None:
    await stage.press("a")
    await stage.see("Register a location")
    await stage.type(target.replace(":", ":"))
    await stage.press("enter")


def test_register_shows_a_dry_run_table_with_line_numbers_and_then_registers() -> None:
    async def scene() -> None:
        source = many(2)
        source.previews[PAY] = BROUGHT
        async with staged(source, size=(120, 36)) as stage:
            await stage.press("a")
            await stage.see("nothing is stored before you have seen it")
            await stage.press(*["tab"] * FIELDS, "A")
            await stage.see("register is off: read it first")
            await stage.press(*["shift+tab"] * FIELDS)
            await stage.type(PAY)
            await stage.press("enter")
            await stage.see("+ component:default/ledger")
            text = stage.text()
            for words in (
                "3 files   ✗ 1 invalid   ! 1 conflict   + 1 new   ~ 1 changed",
                "worker/catalog-info.yaml:4",
                "name: [spaces] not allowed",
                "acme/old has it already — rename one",
                "spec.owner  team-db → team-pay",
                "group:default/team-ledgr is named by 1 and is not in the catalog",
                f"same as  catalog location add {PAY}",
                "A registers 2 entities",
            ):
                assert words in text, words
            assert text.index("✗ (no entity)") < text.index("+ component")
            assert not source.location_items
            await stage.press("A")
            await stage.see("same as: catalog location add")
            assert [item.target for item in source.location_items] == [PAY]
            assert stage.app.screen is stage.browse

    play(scene())


def test_a_choice_of_documents_is_a_choice_of_files_that_is_read_again() -> None:
    async def scene() -> None:
        source = many(2)
        source.things += [Thing("team-ledger", kind="Group"), Thing("team-web", kind="Group")]
        twice = Previewed("new", "component:default/books", "catalog-info.yaml", 20, repository=PAY)
        other = Previewed("new", "component:default/far", "x.yaml", 1, repository="https://git.example/acme/far.git")
        source.previews[PAY] = replace(BROUGHT, documents=(*BROUGHT.documents, twice, other), counts={"new": 6})
        async with staged(source, size=(120, 36)) as stage:
            await stage.press("a", *["tab"] * FIELDS, "space")
            await stage.see("choose is off: read it first")
            await stage.press("escape")
            await opened(stage)
            await stage.see("[x] + component:default/ledger")
            await stage.see("is not in the catalog — did you mean group:team-ledger?")
            assert "    + component:default/far" in stage.text()  # a Location brings it
            assert "[x] + component:default/far" not in stage.text()
            await stage.press("g", "space")
            await stage.see("there is no file on this line")
            await to_line(stage, "component:default/ledger")
            await stage.press("space")
            await stage.see("[ ] + component:default/books")  # of the same file
            await stage.see("enter reads 3 of 4 files")
            await stage.press("A")
            await stage.see("register is off: read first what you chose")
            await stage.press("i")
            await stage.see("enter reads 1 of 4 files")
            await stage.see("[ ] ~ resource:default/pg")
            await to_line(stage, "component:default/far")
            await stage.press("space")
            await stage.see("it comes with the Location that names it")
            source.previews[PAY] = Preview("", 1, {"new": 1}, (twice,))
            await stage.press("y")
            await stage.until(
                lambda: stage.app.clipboard == f"catalog location add {PAY} --path catalog-info.yaml", "y"
            )
            await stage.press("enter")
            await stage.see("A registers 1 entity")
            assert source.tried[-1].paths == ("catalog-info.yaml",)
            await stage.press("space")
            await stage.see("choose is off: there is one file, or none")
            await stage.press("A")
            await stage.until(lambda: source.location_items, "registered")
            assert source.location_items[0].target == f"{PAY}catalog-info.yaml"

    play(scene())


def test_edits_and_interval_are_chosen_without_reading_again() -> None:
    async def scene() -> None:
        source = many(2)
        source.poll_interval = 60.0
        source.previews[PAY] = BROUGHT
        async with staged(source, size=(60, 20)) as stage:
            await opened(stage)
            await stage.see("A registers 2 entities")
            await stage.see("every 1m (configured), or 10s")
            await stage.see("[none] branch  commit")
            assert stage.text().count("component:default/") > 0
            await stage.press("shift+tab", "shift+tab", "right")
            await stage.see("[commit on a branch]")
            await stage.press("space")
            await stage.see("[commit on what is read]")
            await stage.press("space")
            await stage.see("[none]")
            await stage.press("left", "left", "tab")
            await stage.see("[commit on a branch]")
            await stage.type("5x")
            await stage.see("'5x' is no interval")
            await stage.press("tab", "A")
            await stage.see("register is off: '5x' is no interval")
            await stage.press("shift+tab", "end", "backspace")
            await stage.type("m")
            await stage.press("enter", "y")
            words = f"catalog location add {PAY} --write branch --interval 5m"
            await stage.until(lambda: stage.app.clipboard == words, "the list has the keys, and y copies")
            await stage.press("A")
            await stage.until(lambda: source.location_items, "registered")
            assert (source.location_items[0].write, source.location_items[0].poll_interval) == ("branch", 300)
            assert len(source.tried) == 1

    play(scene())


def test_edits_are_chosen_by_mouse_and_a_refusal_leaves_the_preview() -> None:
    async def scene() -> None:
        source = many(2)
        source.previews[PAY] = BROUGHT
        source.not_allowed = 'write = "commit" needs the scope admin'
        async with staged(source, size=(100, 30)) as stage:
            await opened(stage)
            await stage.see("A registers 2 entities")
            await stage.see("as configured, or 10s")
            field = stage.app.screen.query_one(OneOf)
            await stage.pilot.click(field, offset=(stage_column(stage, "commit on what") - field.region.x, 0))
            await stage.see("[commit on what is read]")
            assert stage.app.focused is field
            await stage.press("tab", "tab", "A")
            await stage.see('write = "commit" needs the scope admin')
            await stage.press("shift+tab", "shift+tab", "right")
            await stage.see("A registers 2 entities")
            source.not_allowed = ""
            await stage.press("A")
            await stage.until(lambda: source.location_items, "registered")
            assert source.location_items[0].write == "none"

    play(scene())


def stage_column(stage: Stage, words: str) -> int:
    """The column at which words stand on the screen."""
    return next(line.index(words) for line in stage.text().splitlines() if words in line)


async def to_line(stage: Stage, text: str) -> None:
    """Move the cursor to the line that has a text."""
    await stage.press("g")
    for _ in range(40):
        if any(text in line for line in stage.text().splitlines() if line.lstrip().startswith("▌")):
            return
        await stage.press("j")
    raise AssertionError(f"no line {text}\n{stage.text()}")


def test_patterns_mean_one_file_each() -> None:
    wanted = Wanted("git", PAY)
    documents = tuple(Previewed("new", "", path) for path in ("a b.yaml", "[x]/100%.yaml", "~/c*.yaml", "a b.yaml"))
    choice = file_choice(wanted, Preview("", 3, {"new": 4}, documents))
    assert choice.paths == ()
    assert choice.toggled("a b.yaml").paths == ("[[]x]/100%25.yaml", "[~]/c[*].yaml")
    assert choice.toggled("a b.yaml").turned().paths == ("a b.yaml",)
    assert choice.toggled("elsewhere.yaml") == choice
    assert file_choice(replace(wanted, type="url"), Preview("", 3, {}, documents)).reason == "a URL names one file"
    assert "more than are shown" in file_choice(wanted, Preview("", 3, {"new": 9000}, documents)).reason


def test_what_is_edited_after_reading_has_to_be_read_again_and_esc_leaves_what_is_read() -> None:
    async def scene() -> None:
        source = many(2)
        source.previews[PAY] = BROUGHT
        async with staged(source, size=(100, 30)) as stage:
            await opened(stage)
            await stage.see("A registers 2 entities")
            await stage.press("shift+tab", "shift+tab", "shift+tab")
            await stage.type("*.yaml")
            await stage.until(lambda: "A registers" not in stage.text(), "the preview is gone")
            await stage.press("tab", "tab", "tab", "A")
            await stage.see("register is off: read it first")
            source.reading = threading.Event()
            await stage.press("enter")
            await stage.see("reading …")
            await stage.press("A")
            await stage.see("register is off: reading")
            await stage.press("escape")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")
            source.reading.set()
            assert not source.location_items

    play(scene())


def test_what_is_read_says_how_far_it_is_and_what_comes_next() -> None:
    async def scene() -> None:
        source = many(2)
        source.previews[PAY] = BROUGHT
        source.reading = threading.Event()
        source.how_far_it_is = Reading("fetching", 63)
        async with staged(source, size=(100, 30)) as stage:
            await opened(stage)
            await stage.see("fetching 63%  " + "▓" * 12 + "░" * 8)
            await stage.see("esc leaves, nothing is stored")
            await stage.see("then: parse, validate, resolve references")
            source.how_far_it_is = Reading("reading")
            await stage.see("reading …")
            assert "then:" not in stage.text()
            source.how_far_it_is = None
            source.reading.set()
            await stage.see("A registers 2 entities")
            source.reading.clear()
            source.how_far_it_is = Reading("fetching", 7)
            await stage.press(*["shift+tab"] * 3, "enter")  # behind how it is dealt with, to what is read
            await stage.see("fetching 7%")
            assert len(set(source.trials)) == 2
            source.reading.set()

    play(scene())


def test_how_far_it_is_fits_every_width_and_every_terminal() -> None:
    for symbols in (UNICODE, ASCII):
        for width in range(36, 120):
            for percent in (0, 5, 63, 99):
                lines = [plain(line) for line in waiting_lines(Reading("fetching", percent), 125, width, symbols)]
                assert max(map(len, lines)) <= max(width, 43), lines
                cells = sum(lines[0].count(cell) for cell in symbols.gauge) - symbols.gauge.count(lines[0][0])
                assert cells == (20 if width >= 78 else 10)
                assert "esc leaves, nothing is stored" in "\n".join(lines)
    bar = plain(waiting_lines(Reading("fetching", 63), 0, 100, ASCII)[0])
    assert bar == "| fetching 63%  ############........ 0s   esc leaves, nothing is stored"
    [line] = waiting_lines(None, 3, 100, UNICODE)
    assert "registering … 3s   it is registered, and read for the first time" in plain(line)


def test_registered_already_nothing_found_and_not_reachable_each_say_what_to_do() -> None:
    async def scene() -> None:
        source = many(2)
        source.previews["https://git.example/a.git"] = Preview("loc-1", 1, {"same": 1}, ())
        source.previews["https://git.example/b.git"] = Preview("", 0, {}, ())
        async with staged(source, size=(110, 30)) as stage:
            await opened(stage, "https://git.example/a.git")
            await stage.see("already registered as loc-1")
            await stage.press("A")
            await stage.see("register is off: already registered")
            await stage.press("R")
            await stage.until(lambda: source.refreshed == ["loc-1"], "read again from here")
            await stage.press("escape")
            await opened(stage, "https://git.example/b.git")
            await stage.see("no catalog file was found")
            await stage.see("catalog new component NAME")
            await stage.press("y")
            await stage.until(lambda: stage.app.clipboard.startswith("catalog new component"), "the command")
            await stage.press("escape")
            await opened(stage, "https://git.example/c.git")
            await stage.see("could not be read: [no] such host")
            await stage.see("is the address right?")
            await stage.press("escape")
            await opened(stage, "no-such-path")
            await stage.see("neither a URL nor a path that exists")

    play(scene())


def located() -> FakeSource:
    source = many(2)
    source.location_items = [LocationItem("1", "git", PAY, last_attempt="x", last_success="x")]
    return source


def test_unregister_shows_its_impact_and_wants_the_name_and_another_key() -> None:
    async def scene() -> None:
        source = located()
        pointer = Pointer("component:default/shop", "dependsOn", "component:default/a")
        source.departures["1"] = Departure(
            ("component:default/a", "component:default/b"), 2, ("api:x/y",), (pointer,), 1
        )
        async with staged(source, size=(100, 30)) as stage:
            await stage.press("x")
            await stage.see("2 entities leave the catalog")
            text = stage.text()
            assert "1 relation would point at nothing" in text
            assert "component:default/shop  dependsOn → component:default/a" in text
            assert "1 stays: another location has it too" in text
            assert "same as  catalog location remove 1" in text
            await stage.press("enter")
            await stage.see("that is not pay")
            await stage.press("x", "X")
            await stage.see("unregister is off: type pay first")
            assert source.location_items
            await stage.press("shift+tab")
            await stage.type("pay")
            await stage.press("enter")
            await stage.see("X unregisters")
            await stage.press("X")
            await stage.see("same as: catalog location remove 1 --yes")
            assert not source.location_items
            assert stage.app.screen is stage.browse

    play(scene())


def test_a_configured_location_says_why_it_cannot_go_and_read_only_lets_nothing_begin() -> None:
    async def scene() -> None:
        source = located()
        source.location_items = [LocationItem("1", "git", PAY, configured=True)]
        async with staged(source, size=(100, 30)) as stage:
            await stage.press("x")
            await stage.see("take it out there")
            await stage.press("X")
            await stage.see("unregister is off: it stands in [[locations]]")
            await stage.press("escape")
            stage.app.action_toggle_read_only()
            for key, title in (("a", "add location"), ("x", "unregister"), ("R", "refresh")):
                await stage.press(key)
                await stage.see(f"{title} is off: read-only")
            assert not isinstance(stage.app.screen, RegisterScreen | UnregisterScreen)

    play(scene())


def test_an_orphan_is_forgotten_and_marked_ones_together() -> None:
    async def scene() -> None:
        source = located()
        source.things = [*(Thing(f"svc-{name}", orphan=name != "c") for name in "abcd")]
        source.graphs["component:default/svc-a"] = pointed_at_by("component:default/svc-c", "component:default/svc-a")
        for name in "bcd":
            source.graphs[f"component:default/svc-{name}"] = pointed_at_by()
        async with staged(source, size=(100, 30)) as stage:
            await stage.press("x")
            await stage.see("1 entity leaves the catalog")
            await stage.see("1 relation would point at nothing")
            await stage.see("component:default/svc-c  dependsOn → component:default/svc-a")
            await stage.press("enter", "x")
            assert len(source.things) == 4
            await stage.press("y")
            await stage.until(lambda: stage.app.clipboard == "catalog forget component:default/svc-a", "copied")
            await stage.press("X")
            await stage.see("same as: catalog forget component:default/svc-a --yes")
            await stage.until(lambda: stage.table.model.total == 3, "it is gone")
            assert stage.app.screen is stage.browse
            await stage.press("A", "x")
            await stage.see("2 entities leave the catalog")
            await stage.see("1 of the marked have a source: they stay")
            await stage.press("enter", "X")
            await stage.see("forget is off: type orphans first")
            await stage.press("shift+tab")
            await stage.type("orphans")
            await stage.press("enter")
            await stage.see("X forgets them")
            await stage.press("X")
            await stage.until(lambda: [thing.name for thing in source.things] == ["svc-c"], "they are gone")
            assert stage.app.desk.marks.refs == ("component:default/svc-c",)

    play(scene())


def pointed_at_by(*pair: str) -> GraphAnswer:
    """A graph with one relation, or none."""
    edges: list[Any] = [{"source": pair[0], "type": "dependsOn", "reverse": "x", "target": pair[1]}] if pair else []
    return {
        "root": "",
        "direction": "in",
        "depth": 1,
        "nodes": [],
        "edges": edges,
        "left_off": {"nodes": 0, "edges": 0},
        "generation": 1,
    }


def test_what_was_never_read_can_be_refreshed_and_removed_from_where_it_is_listed() -> None:
    async def scene() -> None:
        source = located()
        source.location_items = [LocationItem("9", "git", PAY, error="no [such] host")]
        source.problem_items = [ProblemItem("parse", "found a tab", "a.yaml", 3, location="9")]
        async with staged(source, size=(100, 30)) as stage:
            await stage.press("f4", "R")
            await stage.until(lambda: source.refreshed == ["9"], "a location that was never read")
            await stage.press("exclamation_mark")
            await stage.see("found a tab")
            await stage.press("R")
            await stage.until(lambda: source.refreshed == ["9", "9"], "a file that became no entity")
            await stage.press("x")
            await stage.see("nothing leaves the catalog with it")
            await stage.press("X")
            await stage.until(lambda: not source.location_items, "removed")

    play(scene())


def test_refresh_from_any_row() -> None:
    async def scene() -> None:
        source = located()
        async with staged(source) as stage:
            await stage.press("R")
            await stage.see("its location is read again now")
            assert source.refreshed == ["1"]
            await stage.press("enter", "R")
            await stage.until(lambda: source.refreshed == ["1", "1"], "the entity's location too")

    play(scene())


def test_who_goes_elsewhere_while_it_registers_comes_back_to_the_table() -> None:
    async def scene() -> None:
        source = many(2)
        source.previews[PAY] = BROUGHT
        async with staged(source, size=(100, 30)) as stage:
            await opened(stage)
            await stage.see("A registers 2 entities")
            gate, plain = threading.Event(), source.add_location
            source.add_location = lambda wanted: (gate.wait(10), plain(wanted))[1]  # type: ignore[method-assign]
            await stage.press("A", "f4")
            await stage.see("no locations yet")
            gate.set()
            await stage.until(lambda: source.location_items, "registered")
            await stage.see("acme/pay")
            await stage.press("f2")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")

    play(scene())
