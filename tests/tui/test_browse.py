"""The table of entities, used: typing, moving, sorting, and what happens when the catalog changes meanwhile."""

import threading
from typing import Any

import pytest
from textual.events import MouseScrollUp

from tests.tui.fake_source import FakeSource, Thing, many
from tests.tui.stage import play, staged
from tui.model.source import PAGE_ROWS, ProblemItem
from tui.model.symbols import ASCII
from tui.widgets.filter_bar import ErrorLine, QueryInput
from tui.widgets.overview_text import OverviewText


def test_rows_counts_and_keys_are_on_the_first_screen() -> None:
    async def scene() -> None:
        async with staged(many(1000)) as stage:
            text = stage.text()
            assert "svc-00000" in text
            assert "1,000  ·  " in text
            assert "/ filter" in text
            assert "● live" in text

    play(scene())


def test_every_key_of_the_query_line_asks_and_the_table_follows() -> None:
    async def scene() -> None:
        source = many(1000)
        async with staged(source) as stage:
            await stage.press("slash")
            await stage.type("svc-0004")
            await stage.see("10 of 1,000")
            assert len(stage.row_texts()) == 11  # ten rows and the line itself
            await stage.press("enter")
            assert stage.app.focused is stage.table
            await stage.press("escape")
            await stage.until(lambda: stage.table.lines == 1000, "everything again")

    play(scene())


def test_the_line_keeps_its_text_selected() -> None:
    async def scene() -> None:
        async with staged(many(30), query="svc-0001") as stage:
            await stage.see("10 of 30")
            await stage.press("slash")
            await stage.type("svc-00025")
            await stage.see("1 of 30")
            assert stage.browse.filter_bar.input.value == "svc-00025"

    play(scene())


def test_a_slash_in_the_query_line_is_a_slash() -> None:
    async def scene() -> None:
        async with staged(many(30)) as stage:
            await stage.press("slash")
            await stage.type("default")
            await stage.press("slash")
            await stage.type("svc-00007")
            await stage.see("1 of 30")
            assert stage.browse.filter_bar.input.value == "default/svc-00007"

    play(scene())


def test_an_answer_that_comes_too_late_is_dropped() -> None:
    async def scene() -> None:
        source = many(100)
        source.gates["s"] = threading.Event()
        async with staged(source) as stage:
            await stage.press("slash")
            await stage.type("svc-00042")
            await stage.see("1 of 100")
            source.gates["s"].set()
            await stage.quiet()
            assert stage.table.lines == 1

    play(scene())


def test_a_slow_answer_is_said_to_be_on_its_way_and_blocks_no_key() -> None:
    async def scene() -> None:
        source = many(100)
        source.gates["s"] = threading.Event()
        async with staged(source) as stage:
            await stage.press("slash", "s")
            await stage.see("asking")
            await stage.press("enter", "j", "j")
            assert stage.table.cursor == 2
            source.gates["s"].set()
            await stage.see("100  ·  ")

    play(scene())


def test_a_wrong_query_is_marked_and_the_last_good_rows_stay() -> None:
    async def scene() -> None:
        async with staged(many(100)) as stage:
            await stage.press("slash")
            await stage.type("svc-0001")
            await stage.see("10 of 100")
            await stage.type(" !x")
            await stage.see("unknown field — owner?")
            lines = stage.text().splitlines()
            at = next(number for number, line in enumerate(lines) if "!x" in line)
            assert lines[at + 1].index("▲") == lines[at].index("!x")
            assert stage.table.lines == 10
            await stage.press("backspace", "backspace")
            await stage.until(lambda: not stage.browse.query_one(ErrorLine).words, "the error is gone")

    play(scene())


def test_pages_come_when_they_are_looked_at_and_memory_stays_bounded() -> None:
    async def scene() -> None:
        source = many(20_000)
        async with staged(source) as stage:
            assert {offset for _, _, offset in source.asked} == {0}
            await stage.press("G")
            await stage.see("svc-19999")
            assert stage.table.cursor == 19_999
            assert len({offset for _, _, offset in source.asked}) < 5
            await stage.press("g")
            await stage.see("svc-00000")
            assert stage.table.model.pages_here <= 5

    play(scene())


def test_a_hundred_thousand_rows_cost_what_is_seen_of_them() -> None:
    async def scene() -> None:
        source = many(100_000)
        async with staged(source) as stage:
            assert stage.table.model.total == 100_000
            await stage.press("G")
            await stage.see("svc-99999")
            assert stage.table.cursor == 99_999
            assert len({offset for _, _, offset in source.asked}) < 5
            assert stage.table.model.pages_here < 5
            top = stage.table.first_visible
            stage.table.post_message(MouseScrollUp(stage.table, 5, 5, 0, -1, 0, False, False, False))
            await stage.until(lambda: stage.table.first_visible < top, "the wheel scrolls")

    play(scene())


def test_rows_on_their_way_are_dots_not_blanks() -> None:
    async def scene() -> None:
        source = many(1000)
        async with staged(source) as stage:
            source.gates[""] = threading.Event()
            await stage.press("G")
            await stage.see("···")
            source.gates[""].set()
            await stage.see("svc-00999")

    play(scene())


def test_a_cursor_step_draws_two_lines() -> None:
    async def scene() -> None:
        async with staged(many(100)) as stage:
            drawn: list[int] = []
            paint = stage.table.render_line

            def counting(y: int) -> object:
                drawn.append(y)
                return paint(y)

            stage.table.render_line = counting  # type: ignore[method-assign, assignment]
            await stage.press("j")
            await stage.pilot.pause()
            assert sorted(drawn) == [1, 2]

    play(scene())


def test_a_key_that_is_typed_moves_no_widget(monkeypatch: pytest.MonkeyPatch) -> None:
    """A layout of the screen costs as much as the rows themselves, and draws every scroll bar again."""
    monkeypatch.setattr("tui.screens.browse.line.SUGGESTION_DELAY", 60.0)

    async def scene() -> None:
        async with staged(many(1000)) as stage:
            await stage.press("slash")
            await stage.type("svc-000")
            await stage.see("100 of 1,000")
            await stage.pilot.pause(0.2)  # facets and preview have come
            layouts: list[object] = []
            screen, lay_out = stage.app.screen, stage.app.screen._refresh_layout

            def counting(*given: Any, **named: Any) -> None:
                layouts.append(given)
                lay_out(*given, **named)

            monkeypatch.setattr(screen, "_refresh_layout", counting)
            await stage.press("backspace")
            await stage.until(lambda: stage.table.lines == 1000, "all of them")
            assert stage.table.virtual_size.height == 1000 + stage.table.HEADER
            assert layouts == []
            await stage.type("004")
            await stage.until(lambda: not stage.table.show_vertical_scrollbar, "ten rows need no scroll bar")

    play(scene())


def test_sorting_by_picker_and_by_title() -> None:
    async def scene() -> None:
        source = FakeSource([Thing("svc-a", owner="group:z"), Thing("svc-b", owner="group:y")])
        async with staged(source) as stage:
            await stage.press("s", "down", "down", "enter")
            await stage.until(
                lambda: stage.table.ref == "component:default/svc-a" and stage.table.cursor == 1, "pinned"
            )
            assert source.asked[-1][1] == "owner,name"
            assert "OWNER ▲" in stage.text()
            await stage.press("S")
            await stage.see("OWNER ▼")
            await stage.pilot.click(stage.table, offset=(5, 0))
            await stage.see("NAME ▲")

    play(scene())


def test_a_changed_row_changes_where_it_stands() -> None:
    async def scene() -> None:
        source = many(50)
        async with staged(source) as stage:
            await stage.press("j", "j")
            source.change("svc-00004", owner="group:team-new")
            await stage.see("team-new")
            assert stage.table.cursor == 2
            assert "changed" not in stage.browse.notice.words
            line = next(line for line in stage.row_texts() if "svc-00004" in line)
            assert "↻" in line

    play(scene())


def test_new_rows_below_the_cursor_come_at_once() -> None:
    async def scene() -> None:
        source = many(5)
        async with staged(source) as stage:
            source.add("svc-00009")
            await stage.see("svc-00009")
            assert stage.browse.notice.words == ""
            await stage.until(lambda: stage.table.lines == 6, "six rows")

    play(scene())


def test_rows_that_would_move_the_cursor_wait_for_a_key() -> None:
    async def scene() -> None:
        source = many(30)
        async with staged(source) as stage:
            await stage.press(*["j"] * 10)
            assert stage.table.ref == "component:default/svc-00010"
            source.add("svc-00003-a", "svc-00003-b")
            await stage.see("↻ 2 changed — press r")
            assert stage.table.cursor == 10
            assert "svc-00003-a" not in stage.text()
            await stage.press("r")
            await stage.see("svc-00003-a")
            assert (stage.table.cursor, stage.table.ref) == (12, "component:default/svc-00010")
            assert stage.browse.notice.words == ""

    play(scene())


def test_the_row_under_the_cursor_may_go() -> None:
    async def scene() -> None:
        source = many(300)
        async with staged(source) as stage:
            await stage.press("G")
            await stage.see("svc-00299")
            for number in range(290, 300):
                source.remove(f"svc-{number:05d}")
            await stage.see("press r")
            await stage.press("r")
            await stage.until(lambda: stage.table.ref == "component:default/svc-00289", "the last row that is left")

    play(scene())


def test_a_catalog_may_shrink_below_the_page_that_is_shown() -> None:
    async def scene() -> None:
        source = many(PAGE_ROWS * 3)
        async with staged(source) as stage:
            await stage.press("G")
            await stage.see("svc-00599")
            source.things = source.things[:10]
            source.tell(removed=("component:default/svc-00599",))
            await stage.see("press r")
            await stage.press("r")
            await stage.until(lambda: stage.table.ref == "component:default/svc-00009", "a row")

    play(scene())


def test_problems_mark_their_entity() -> None:
    async def scene() -> None:
        source = many(5)
        source.problem_items = [ProblemItem("c", "owner is missing", ref="component:default/svc-00003")]
        async with staged(source) as stage:
            await stage.see("✗ svc-00003")
            assert "✗ 1 problem " in stage.text()

    play(scene())


def test_an_orphan_is_marked_without_a_column_of_its_own() -> None:
    async def scene() -> None:
        async with staged(FakeSource([Thing("svc-a", orphan=True), Thing("svc-b")]), size=(160, 24)) as stage:
            await stage.see("◌ svc-a")
            assert "ORPHAN" not in stage.text()

    play(scene())


def test_the_preview_follows_the_cursor_on_a_wide_terminal() -> None:
    async def scene() -> None:
        source = many(5)
        source.things[1] = Thing("svc-00001", description="Takes [bold]payments[/x].")
        async with staged(source, size=(120, 30)) as stage:
            await stage.press("j")
            await stage.see("Takes [bold]payments[/x].")
            await stage.see("catalog-info.yaml:7")

    play(scene())


def test_the_preview_waits_until_the_cursor_rests() -> None:
    async def scene() -> None:
        source = many(50)
        asked, plain = [], source.entity
        source.entity = lambda ref: (asked.append(ref), plain(ref))[1]  # type: ignore[method-assign,func-returns-value]
        async with staged(source, size=(120, 30)) as stage:
            asked.clear()
            for _ in range(30):
                stage.table.cursor += 1  # as keys that are held down do it
            await stage.until(lambda: asked, "the preview")
            await stage.quiet()
            assert asked == ["component:default/svc-00030"]

    play(scene())


def test_a_narrow_terminal_shows_the_table_only() -> None:
    async def scene() -> None:
        async with staged(many(50), size=(60, 20)) as stage:
            assert not stage.browse.query_one(OverviewText).display
            assert len(stage.row_texts()) == 13
            assert max(map(len, stage.text().splitlines())) <= 60
            assert "q quit" in stage.text()

    play(scene())


def test_columns_go_sideways_and_the_first_one_stays() -> None:
    async def scene() -> None:
        async with staged(many(50), size=(60, 20)) as stage:
            assert "SYSTEM" not in stage.text()
            assert "›" in stage.text()
            await stage.press("l", "l", "l", "l", "l", "l", "l")
            await stage.see("UPDATED")
            assert "‹" in stage.text()
            assert "svc-00000" in stage.text()
            await stage.press("h", "h", "h", "h", "h", "h")
            await stage.see("KIND")

    play(scene())


def test_r071_r072_hostile_names_are_shown_as_text() -> None:
    async def scene() -> None:
        hostile = "svc-\x1b]52;c;eA==\x07[/x]\u202e"
        async with staged(FakeSource([Thing(hostile, owner="[red]x[/y]\x9b2J")]), size=(120, 24)) as stage:
            await stage.see("[red]x[/y]")
            assert not set(stage.text()) & {"\x1b", "\x07", "\u202e", "\x9b"}
            await stage.press("enter")
            await stage.see("1 Overview")
            await stage.press("2")
            await stage.see("apiVersion")
            assert not set(stage.text()) & {"\x1b", "\x07", "\u202e", "\x9b"}

    play(scene())


def test_ascii_symbols_only_where_the_terminal_knows_no_more() -> None:
    async def scene() -> None:
        async with staged(many(5), symbols=ASCII) as stage:
            table = [line for line in stage.text().splitlines() if "svc-" in line]
            assert all(line.isascii() for line in table)
            assert table[0].lstrip().startswith(">")

    play(scene())


def test_copying_sends_the_ref_to_the_terminal() -> None:
    async def scene() -> None:
        async with staged(many(5)) as stage:
            await stage.press("y", "y")
            await stage.until(lambda: stage.app.clipboard == "component:default/svc-00000", "the ref")

    play(scene())


def test_r075_a_daemon_that_dies_leaves_the_rows_and_the_keys() -> None:
    async def scene() -> None:
        source = many(50)
        async with staged(source) as stage:
            source.die()
            await stage.see("offline · data")
            await stage.press("j", "j", "j")
            assert stage.table.cursor == 3
            await stage.press("slash")
            await stage.type("x")
            await stage.see("no answer from unix:")
            assert "svc-00003" in stage.text()
            source.down = False
            source.things.append(Thing("svc-x"))
            await stage.see("● live")
            await stage.see("svc-x")
            assert stage.browse.query_one(QueryInput).has_focus

    play(scene())


def test_r075_no_daemon_at_the_start_is_said_and_waited_out() -> None:
    async def scene() -> None:
        source = many(5)
        source.down = True
        async with staged(source) as stage:
            await stage.see("no daemon")
            source.down = False
            await stage.see("svc-00004")
            await stage.see("● live")

    play(scene())


def test_r075_a_daemon_that_has_read_its_sources_is_live_again_though_nothing_changed() -> None:
    async def scene() -> None:
        source = many(5)
        source.idle = False
        async with staged(source) as stage:
            await stage.see("reading sources")
            source.idle = True
            await stage.see("● live")

    play(scene())


def test_an_empty_catalog_and_an_empty_answer_say_so() -> None:
    async def scene() -> None:
        async with staged(FakeSource()) as stage:
            await stage.see("There are no locations yet")
            await stage.press("escape")
            await stage.see("the catalog is empty")
            await stage.press("slash", "x")
            await stage.see("nothing matches")
            await stage.press("enter", "enter", "j", "G", "ctrl+d", "y", "o", "space", "V", "V", "A", "u", "r")
            await stage.see("nothing matches")

    play(scene())
