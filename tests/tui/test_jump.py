"""Jump labels: a letter on each place of a screen, and the letter goes there."""

from textual.widgets import Input

from tests.tui.fake_source import many
from tests.tui.stage import Stage, play, staged
from tests.tui.test_entity import furnished
from tests.tui.test_finding import shop
from tui.model.jump import LETTERS, Reach, Spot, lettered
from tui.model.symbols import ASCII
from tui.screens.entity import EntityScreen
from tui.screens.jump import JumpLabel, JumpScreen
from tui.widgets.facet_pane import FacetPane
from tui.widgets.overview_text import OverviewText


def letters(stage: Stage) -> dict[str, tuple[int, int]]:
    """The letters on the screen, each with its column and row."""
    assert isinstance(stage.app.screen, JumpScreen)
    labels = stage.app.screen.query(JumpLabel)
    assert all(f"[{label.letter}]" in stage.text() for label in labels)
    return {label.letter: (label.region.x, label.region.y) for label in labels}


async def jump(stage: Stage, *keys: str) -> dict[str, tuple[int, int]]:
    """Ask for the letters of what stands still, see them, press keys."""
    await stage.quiet()
    await stage.press("ctrl+o")
    await stage.see("press a letter to go there   esc stay here")
    found = letters(stage)
    await stage.press(*keys)
    await stage.until(lambda: not keys or not isinstance(stage.app.screen, JumpScreen), "the letters are gone")
    return found


def test_a_letter_of_its_title_and_panes_first_so_that_a_place_keeps_its_letter() -> None:
    rows = [Spot(0, y, Reach.LINE, print) for y in range(60)]
    part = Spot(0, 0, Reach.PART, print, "preview")
    found = lettered(
        [*rows, part, Spot(9, 9, Reach.PANE, print, "preview"), Spot(0, 0, Reach.PART, print, "1 日本 Öl")]
    )
    assert found["p"].reach is Reach.PANE
    assert found["r"] is part
    assert found["l"].title == "1 日本 Öl"
    assert len(found) == len(LETTERS) * 2
    assert [found[letter].y for letter in "asA"] == [0, 1, 23]


def test_jump_labels_lead_to_the_query_line_panes_facet_groups_and_rows() -> None:
    async def scene() -> None:
        async with staged(shop(), size=(140, 30)) as stage:
            await stage.see("[ ] payments")
            found = await jump(stage, "k")
            assert {"q", "e", "p", "k", "l", "o"} <= set(found)
            pane = stage.browse.query_one(FacetPane)
            assert stage.browse.focused is pane
            assert pane.entries[pane.cursor].field == "kind"
            assert pane.entries[pane.cursor].value
            await jump(stage, "q")
            await stage.until(lambda: isinstance(stage.browse.focused, Input), "the query line")
            await stage.type("kind:[")  # what is typed goes there, and `[` is no letter of a place
            assert stage.browse.query_one(Input).value == "kind:["
            await stage.quiet()  # no words are on their way: the first key leaves the line, the second empties it
            await stage.press("escape", "escape")
            await stage.see("svc-c")
            await jump(stage, "p")
            assert isinstance(stage.browse.focused, OverviewText)
            found = await jump(stage)
            row = next(y for y, line in enumerate(stage.text().splitlines()) if "svc-c" in line and "[" in line)
            letter = next(name for name, (x, y) in found.items() if y == row and x > 20)
            await stage.press(letter)
            await stage.until(lambda: stage.browse.focused is stage.table, "the table")
            assert stage.table.ref == "component:default/svc-c"

    play(scene())


def test_jump_labels_are_left_by_esc_by_a_click_elsewhere_and_in_another_size() -> None:
    async def scene() -> None:
        async with staged(shop(), symbols=ASCII, size=(60, 20)) as stage:
            before = stage.text()
            await jump(stage, "escape")
            assert stage.text() == before
            await jump(stage, "ctrl+o")
            assert stage.text() == before
            found = await jump(stage)
            await stage.press("exclamation_mark", "x" if "x" not in found else "Z")
            assert isinstance(stage.app.screen, JumpScreen)  # what is no letter of a place leads nowhere
            await stage.pilot.click(offset=(40, 18))
            await stage.until(lambda: stage.app.screen is stage.browse, "a click elsewhere leaves")
            found = await jump(stage)
            row = next(y for y, line in enumerate(stage.text().splitlines()) if "svc-d" in line)
            await stage.pilot.click(offset=next(place for place in found.values() if place[1] == row))
            await stage.until(lambda: stage.table.ref == "api:default/svc-d", "a click on a letter is the letter")
            await jump(stage)
            await stage.pilot.resize_terminal(80, 24)
            await stage.until(lambda: stage.app.screen is stage.browse, "in another size there are other places")

    play(scene())


def test_jump_labels_of_an_entity_lead_to_its_tabs_and_to_what_its_lines_say() -> None:
    async def scene() -> None:
        async with staged(furnished(), size=(100, 30)) as stage:
            await stage.press("enter")
            await stage.see("[1 Overview]")
            await stage.quiet()
            found = await jump(stage, "y")
            await stage.see("[2 YAML]")
            assert {"o", "y", "r", "h"} <= set(found)
            await stage.see("targetRef: group:team-a")
            found = await jump(stage)
            row = next(y for y, line in enumerate(stage.text().splitlines()) if "lifecycle: production" in line)
            await stage.press(next(letter for letter, (_, y) in found.items() if y == row))
            await stage.until(lambda: isinstance(stage.app.screen, EntityScreen), "back")
            assert isinstance(stage.app.screen, EntityScreen)
            assert stage.app.screen.pane.field == "spec.lifecycle"

    play(scene())


def test_jump_labels_elsewhere_lead_to_panes_by_their_titles_and_to_what_is_written_into() -> None:
    async def scene() -> None:
        async with staged(furnished(), size=(120, 30)) as stage:
            await stage.press("f3")
            await stage.see("Question")
            await stage.see("Answer")
            await stage.quiet()
            found = await jump(stage)
            lines = stage.text().splitlines()
            assert "─ Tables ─[t]─" in lines[1]
            assert lines[1].endswith("─[q]")
            await stage.press("t")
            await stage.until(lambda: getattr(stage.app.focused, "id", "") == "tables", "the tables")
            await jump(stage, "q")
            await stage.until(lambda: getattr(stage.app.focused, "id", "") == "question", "the question")
            assert set(found) >= {"t", "q", "a"}
        async with staged(many(0)) as stage:
            await stage.see("There are no locations yet")
            await stage.press("ctrl+o")
            await stage.see("there is one place here only")

    play(scene())


def test_a_letter_pressed_on_the_way_out_leads_nowhere() -> None:
    async def scene() -> None:
        async with staged(many(3)) as stage:
            await stage.press("ctrl+o")
            await stage.see("press a letter to go there")
            jump_screen, went = stage.app.screen, list[bool]()
            assert isinstance(jump_screen, JumpScreen)
            stage.app.exit()
            await jump_screen.dismiss(lambda: went.append(True))
            assert not went

    play(scene())
