"""One entity in its tabs: each asks when somebody looks, and leads on."""

from typing import Any

import pytest

from tests.tui.fake_source import FakeSource, Thing, many
from tests.tui.model.test_relation_tree import REVERSE
from tests.tui.stage import Stage, play, staged
from tui.history_answers import HistoryItem, OriginItem
from tui.model.source import ProblemItem
from tui.model.symbols import Mark
from tui.screens.entity import EntityScreen
from tui.screens.panes.pane import Pane

REF = "component:default/svc-00000"
TEXT = """\
# kept by hand
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: svc-00000   # never renamed
spec:
  type: service
  lifecycle: production
  owner: team-a
"""


def furnished() -> FakeSource:
    """One component of which everything is known."""
    source = many(3)
    source.texts[REF] = TEXT
    source.problem_items = [ProblemItem("schema", "owner is [odd]", "catalog-info.yaml", 14, 3, "write it", REF)]
    edges = [(REF, "dependsOn", "component:default/svc-00001"), (REF, "partOf", "system:default/gone")]
    for root in (REF, "component:default/svc-00001"):
        source.graphs[root] = {
            "root": root,
            "direction": "both",
            "depth": 2,
            "nodes": [
                {"ref": ref, "kind": "x", "title": None, "depth": 1, "missing": "gone" in ref, "hidden": 0}
                for ref in (REF, "component:default/svc-00001", "system:default/gone")
            ],
            "edges": [{"source": a, "type": b, "reverse": REVERSE[b], "target": c} for a, b, c in edges],
            "left_off": {"nodes": 0, "edges": 0},
            "generation": 1,
        }
    origin: Any = dict.fromkeys(OriginItem.__annotations__)
    source.whys[REF, "spec.owner"] = {
        "ref": REF,
        "field": "spec.owner",
        "value": "group:team-a",
        "origins": [
            origin
            | {
                "said": "git",
                "ref": REF,
                "field": "spec.owner",
                "value": "group:team-a",
                "in_force": True,
                "by": "A. [Diaz]",
                "at": "2026-11-02T10:00:00Z",
                "path": "catalog-info.yaml",
                "line": 15,
                "commit": "4f2c1d9a0b",
                "subject": "move to team-a",
            }
        ],
        "more": False,
    }  # fmt: skip
    change: Any = dict.fromkeys(HistoryItem.__annotations__)
    told = {
        "at": "2026-11-02T10:00:00Z",
        "actor": "A. Diaz",
        "what": "commit",
        "path": "spec.owner",
        "effect": "updated",
    }
    change |= told | {"old": "team-z", "new": "team-a", "commit": "4f2c1d9a0b", "subject": "move to team-a"}
    git: Any = {"complete": True, "cut": False, "commits": 1, "reason": ""}
    source.histories[f"{REF} spec.owner"] = source.histories[REF] = {"items": [change], "more": False, "git": git}
    source.overlay[REF, "metadata.tier"] = "gold"
    return source


async def to_line(stage: Stage, text: str) -> None:
    """Move the cursor to the line that has a text."""
    pane = stage.app.screen.query_one(f"#{stage.app.screen.tab}")  # type: ignore[attr-defined]
    for _ in range(80):
        at = next((line for line in stage.text().splitlines() if line.lstrip().startswith("▌")), "")
        if text in at:
            return
        await stage.press("j")
    raise AssertionError(f"no line {text}: {pane}\n{stage.text()}")


def test_detail_tabs_are_made_on_the_first_visit_and_by_key_or_click() -> None:
    async def scene() -> None:
        async with staged(furnished(), size=(120, 36)) as stage:
            await stage.press("enter")
            await stage.see("[1 Overview]")
            await stage.see("6 Errors 1")
            assert len(stage.app.screen.query("Pane")) == 1
            await stage.press("2")
            await stage.see("targetRef: group:team-a")
            await stage.press("v")
            await stage.see("  name: svc-00000   # never renamed")
            await stage.press("v")
            await stage.see("metadata.tier: gold")
            await stage.see("mira, 2026-11-20 10:00 by tui")
            await stage.press("6")
            await stage.see("owner is [odd]")
            await stage.press("enter")
            await stage.see("[2 YAML]")
            await stage.until(lambda: "▌   14" in stage.text(), "the line of the file")
            await stage.press("7")
            await stage.see("no other system reported anything")
            await stage.press("8")
            await stage.see('"apiVersion": "backstage.io/v1alpha1"')
            await stage.press("asterisk")
            await stage.see("★ starred: @starred finds it")
            assert REF in stage.app.desk.bookmarks.starred
            await stage.press("asterisk")
            await stage.see("not starred any more")
            assert REF not in stage.app.desk.bookmarks.starred
            await stage.press("4")
            await stage.see("it provides and consumes no APIs")
            await stage.pilot.click("TabLine", offset=(3, 0))
            await stage.see("[1 Overview]")
            await stage.press("shift+tab")
            await stage.see("[8 Inspect]")
            assert len(stage.app.screen.query("Pane")) == 6

    play(scene())


def test_relations_are_walked_forth_and_back_and_dangling_ones_say_so() -> None:
    async def scene() -> None:
        source = furnished()
        async with staged(source, size=(120, 36)) as stage:
            await stage.press("enter", "3")
            await stage.see("✗ not in the catalog")
            await to_line(stage, "system:gone")
            await stage.press("enter")
            await stage.see("what points at it dangles")
            await stage.press("k", "k", "plus", "i", "i")
            await stage.see("in · depth 3")
            assert ("graph", REF, "in", 3) in source.questions
            await stage.press("i", "u")
            await stage.see("systems")
            await stage.press("u", "f")
            await stage.see("all kinds")
            await stage.press("down", "enter")
            await stage.see("kind component")
            await to_line(stage, "component:svc-00001")
            await stage.press("enter")
            await stage.see("Entities  →  component:default/svc-00001")
            await stage.see("[3 Relations]")
            await stage.press("backspace")
            await stage.see(f"Entities  →  {REF}")

    play(scene())


def test_why_this_value_leads_to_the_history_of_the_field() -> None:
    async def scene() -> None:
        async with staged(furnished(), size=(120, 36)) as stage:
            await stage.press("enter")
            await stage.see("owner      team-a")
            await stage.press("w")  # on no field: it asks which
            await stage.see("Why which field?")
            await stage.type("owner")
            await stage.press("enter")
            await stage.see("catalog-info.yaml:15")
            await stage.press("escape")
            await to_line(stage, "owner      team-a")
            await stage.press("w")
            await stage.see("catalog-info.yaml:15")
            await stage.see("4f2c1d9a0b  move to team-a")
            await stage.see("A. [Diaz], 2026-11-02 10:00")
            await stage.press("y")
            await stage.until(lambda: stage.app.clipboard == f"catalog why {REF} spec.owner", "the clipboard")
            await stage.press("enter")
            await stage.see("history of spec.owner")
            await stage.see("team-z → team-a")
            await stage.press("escape")
            await stage.see("[1 Overview]")
            await stage.press("5")
            await to_line(stage, "spec.owner")
            await stage.press("enter")
            await stage.see("history of spec.owner")

    play(scene())


@pytest.mark.parametrize(("kind", "seen"), [("openapi", "GET  /pets"), ("other", "no outline for the type other")])
def test_an_api_shows_its_operations_and_its_text(kind: str, seen: str) -> None:
    class Defined(Thing):
        def document(self) -> dict[str, Any]:
            found = super().document()
            found["spec"]["definition"] = (
                "openapi: 3.1.0\npaths:\n  /pets: {get: {}}\n" if kind == "openapi" else "x: 1"
            )
            return found

    async def scene() -> None:
        async with staged(FakeSource([Defined("svc-a", kind="API", type=kind)]), size=(100, 30)) as stage:
            await stage.press("enter", "4")
            await stage.see(seen)
            await stage.press("v")
            await stage.see("[text]")
            await stage.see("   1  ")

    play(scene())


def test_words_are_found_in_a_tab_and_everything_can_be_copied() -> None:
    async def scene() -> None:
        async with staged(furnished(), size=(100, 30)) as stage:
            await stage.press("enter", "2")
            await stage.see("targetRef")
            await stage.press("n")
            await stage.see("/ looks for words")
            await stage.press("slash")
            await stage.type("team")
            await stage.press("enter")
            await stage.see("1 of 2: team")
            await stage.press("n")
            await stage.see("2 of 2: team")
            assert stage.app.screen.query_one("#yaml", Pane).field == "relations.ownedBy"
            await stage.press("n", "N")
            await stage.see("2 of 2: team")
            await stage.press("slash")
            await stage.type("x")
            await stage.press("enter")
            await stage.see("teamx is not in this tab")
            for keys, told in ((("y", "y"), REF), (("y", "n"), "svc-00000"), (("y", "c"), f"catalog get {REF}")):
                await stage.press(*keys)
                await stage.until(lambda told=told: stage.app.clipboard == told, told)  # type: ignore[misc]
            await stage.press("5", "y", "c")
            await stage.until(lambda: stage.app.clipboard == f"catalog history {REF}", "the command")
            await stage.press("y", "t")
            await stage.until(lambda: "apiVersion: backstage.io" in stage.app.clipboard, "the YAML")

    play(scene())


def test_an_entity_without_a_file_says_so_where_its_lines_would_be() -> None:
    async def scene() -> None:
        async with staged(many(1), size=(100, 30)) as stage:
            await stage.press("enter", "2", "v")
            await stage.see("is not read from a file")
            await stage.press("3")
            await stage.see("there is no component:default/svc-00000")

    play(scene())


def test_back_and_forward_through_entities_and_their_tabs() -> None:
    async def scene() -> None:
        async with staged(furnished(), size=(120, 36)) as stage:
            await stage.press("right_square_bracket")
            assert stage.app.screen is stage.browse  # nothing was left
            await stage.press("enter")
            await stage.see("[1 Overview]")
            await stage.press("3")
            await to_line(stage, "component:svc-00001")
            await stage.press("enter")
            await stage.see("Entities  →  component:default/svc-00001")
            await stage.press("left_square_bracket")
            await stage.see(f"Entities  →  {REF}")
            await stage.press("left_square_bracket")
            await stage.until(lambda: stage.app.screen is stage.browse, "back at the table")
            await stage.press("right_square_bracket")
            await stage.see("[3 Relations]")
            await stage.see(f"Entities  →  {REF}")
            await stage.press("right_square_bracket")
            await stage.see("Entities  →  component:default/svc-00001")
            await stage.press("right_square_bracket", "escape", "escape", "j", "j", "enter")
            await stage.see("Entities  →  component:default/svc-00002")
            await stage.press("escape")
            await stage.until(lambda: stage.app.screen is stage.browse, "back at the table")
            assert stage.app.desk.ahead == [("component:default/svc-00002", "overview")]  # the new way only

    play(scene())


def test_an_answer_for_a_screen_that_just_comes_up_is_told_beside_everything() -> None:
    async def scene() -> None:
        async with staged(furnished(), size=(100, 30)) as stage:
            await stage.press("f4")
            await stage.see("Sync")
            screen = EntityScreen(stage.app.desk, REF)
            stage.app.push_screen(screen)
            screen.tell(Mark.WARNING, "it is not [b]written")
            await stage.see("it is not [b]written")
            await stage.see("[1 Overview]")

    play(scene())
