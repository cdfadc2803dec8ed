"""Finding in the table: facets, completion, marks, kinds, and the way back."""

import asyncio
import threading

import pytest
from textual.events import MouseMove

from tests.tui.fake_source import FakeSource, Thing, many
from tests.tui.stage import Stage, play, staged
from tui.bookmarks import Bookmarks
from tui.model.finding_source import Suggestion, Suggestions
from tui.model.query_line import Sign
from tui.model.source import PAGE_ROWS
from tui.screens.browse.line import SUGGESTION_DELAY
from tui.widgets.facet_pane import FacetPane
from tui.widgets.filter_bar import QueryInput
from tui.widgets.overview_text import OverviewText
from tui.widgets.suggestion_list import SuggestionList

WIDE = (160, 45)


def shop() -> FakeSource:
    """Six entities of two kinds, owners and lifecycles."""
    return FakeSource(
        [
            Thing("svc-a", owner="group:pay", lifecycle="production"),
            Thing("svc-b", owner="group:pay", lifecycle="experimental"),
            Thing("svc-c", owner="group:shop", lifecycle="production"),
            Thing("svc-d", kind="API", owner="group:shop", lifecycle="production"),
            Thing("svc-e", kind="API", owner="group:shop", lifecycle="deprecated"),
            Thing("svc-f", kind="Resource", owner="group:[x]", lifecycle="", type=""),
        ]
    )


def line(stage: Stage) -> str:
    return stage.browse.filter_bar.input.value


def counts(stage: Stage) -> dict[tuple[str, str], int | None]:
    entries = stage.browse.query_one(FacetPane).entries
    return {(entry.field, entry.value): entry.count for entry in entries if entry.value}


def names(stage: Stage) -> list[str]:
    rows = (stage.table.model.row(index) for index in range(stage.table.model.total))
    return [row.ref.rpartition("/")[2] for row in rows if row]


def test_facets_edit_the_line_and_their_counts_leave_out_their_own_field() -> None:
    async def scene() -> None:
        source = shop()
        async with staged(source, size=WIDE) as stage:
            await stage.see("[ ] Component")
            pane = stage.browse.query_one(FacetPane)
            assert counts(stage)["kind", "API"] == 2
            assert "[ ] [x]" in stage.text()  # an owner that looks like a box is text
            await stage.press("F", "F")  # away, and back with the keys
            await stage.until(lambda: stage.app.focused is pane, "the pane has the keys")
            await stage.see("space include")
            await stage.press("space")
            await stage.until(lambda: line(stage) == "kind:Component", "the line says it")
            await stage.until(lambda: names(stage) == ["svc-a", "svc-b", "svc-c"], "the rows follow")
            await stage.until(lambda: counts(stage).get(("owner", "shop")) == 1, "other fields obey it")
            assert counts(stage)["kind", "API"] == 2  # its own does not
            assert ("lifecycle", "deprecated") not in counts(stage)  # what is zero is hidden
            await stage.press("j", "enter")
            await stage.until(lambda: len(names(stage)) == 5, "either kind")
            assert line(stage) == "kind:Component,API"
            await stage.press("minus")
            await stage.until(lambda: line(stage) == "kind:Component -kind:API", "excluded instead")
            await stage.see("[-] API")
            await stage.press("minus", "k", "space")
            await stage.until(lambda: line(stage) == "", "as before")
            row = next(n for n, entry in enumerate(pane.entries) if entry.value == "experimental")
            await stage.pilot.click(pane, offset=(6, row))
            await stage.until(lambda: names(stage) == ["svc-b"], "a click includes")
            await stage.until(lambda: any(e.sign is Sign.INCLUDED for e in pane.entries), "shown as chosen")
            await stage.press("escape")
            assert stage.app.focused is stage.table
            await stage.press("F", "F", "g", "j", "equals_sign")
            await stage.see("select kind from entities -- lifecycle:experimental")

    play(scene())


def test_facets_are_counted_once_a_question_and_where_they_are_seen() -> None:
    async def scene() -> None:
        source = many(30)
        async with staged(source, size=(100, 30)) as stage:
            assert not source.counted
            await stage.press("F")
            await stage.see("[ ] Component")
            assert set(source.counted) == {""}
            source.counted.clear()
            await stage.press("escape", "slash")
            await stage.type("svc-0001")
            await stage.until(lambda: source.counted[-1] == "svc-0001", "the last line")
            await stage.quiet()
            assert len(source.counted) == len(set(source.counted))
            await stage.press("escape", "escape", "F")
            await stage.until(lambda: not stage.browse.query_one(FacetPane).display, "hidden again")

    play(scene())


def test_a_facet_with_many_values_opens_on_a_key() -> None:
    async def scene() -> None:
        source = FakeSource([Thing(f"svc-{n:02}", owner=f"group:team-{n:02}") for n in range(20)])
        async with staged(source, size=WIDE) as stage:
            await stage.see("+15 more")
            pane = stage.browse.query_one(FacetPane)
            await stage.press("F", "F")
            pane.cursor = next(n for n, entry in enumerate(pane.entries) if entry.hidden)
            await stage.press("enter")
            await stage.see("team-19")
            await stage.see("less")

    play(scene())


def test_completion_of_fields_then_of_values_with_counts() -> None:
    async def scene() -> None:
        async with staged(shop(), size=(100, 30)) as stage:
            await stage.press("slash")
            await stage.type("ow")
            await stage.see("the owner")
            await stage.press("tab")
            await stage.until(lambda: line(stage) == "owner:", "the first word is taken")
            await stage.until(lambda: stage.browse.query_one(SuggestionList).is_open, "values")
            await stage.see("  shop ")
            assert len(names(stage)) == 6, "an owner that is still to be named hides nothing"
            text = stage.text()
            assert text.index("shop ") < text.index("pay ")  # the most frequent first
            await stage.press("down", "down", "up", "down", "enter")
            await stage.until(lambda: line(stage) == "owner:pay ", "the second one")
            await stage.until(lambda: names(stage) == ["svc-a", "svc-b"], "the rows")
            await stage.type("ki")
            await stage.see("the kind")
            await stage.press("escape")
            assert not stage.browse.query_one(SuggestionList).is_open
            assert stage.browse.filter_bar.input.has_focus
            await stage.press("enter")
            assert stage.table.has_focus

    play(scene())


def test_a_click_elsewhere_leaves_the_line_as_a_key_does() -> None:
    async def scene() -> None:
        async with staged(shop(), size=(100, 30)) as stage:
            await stage.pilot.click(QueryInput)
            await stage.type("kind:api ow")
            await stage.see("the owner")
            await stage.press("backspace", "backspace")
            await stage.until(lambda: len(names(stage)) == 2, "the APIs")
            await stage.pilot.click(stage.table, offset=(8, 20))
            await stage.until(lambda: not stage.browse.query_one(SuggestionList).is_open, "out of sight")
            await stage.press("left_square_bracket")
            await stage.until(lambda: line(stage) == "" and len(names(stage)) == 6, "as it was before")

    play(scene())


def test_words_for_an_older_line_are_not_offered() -> None:
    async def scene() -> None:
        async with staged(shop(), size=(100, 30)) as stage:
            await stage.press("slash")
            await stage.type("ki")
            await stage.see("the kind")
            await stage.pilot.press("x", "tab")
            assert line(stage) == "kix"
            await stage.press("down")
            assert stage.app.focused is stage.table

    play(scene())


def test_words_that_go_while_they_are_drawn_end_nothing() -> None:
    async def scene() -> None:
        async with staged(shop(), size=(100, 30)) as stage:
            suggestions = stage.browse.query_one(SuggestionList)
            suggestions.open([Suggestion(word) for word in ("a", "b", "c")], 0, 2)
            await stage.quiet()
            suggestions.open([], 0, 2)
            assert not suggestions.is_open
            assert suggestions.render_line(2).text.strip() == "c"

    play(scene())


def held_words(source: FakeSource, held: str) -> tuple[threading.Event, threading.Event]:
    """The words for a line wait for the second event; the first tells that they were asked for."""
    asked, may_answer = threading.Event(), threading.Event()
    complete = source.complete

    def slowly(query: str, at: int, limit: int) -> Suggestions:
        if query == held:
            asked.set()
            may_answer.wait(10)
        return complete(query, at, limit)

    source.complete = slowly  # type: ignore[method-assign]
    return asked, may_answer


def test_declined_words_do_not_come_back() -> None:
    async def scene() -> None:
        source = shop()
        asked, may_answer = held_words(source, "ki")
        async with staged(source, size=(100, 30)) as stage:
            await stage.press("slash")
            await stage.type("k")
            await stage.see("the kind")
            await stage.type("i")
            await stage.until(asked.is_set, "on their way")
            await stage.press("escape")
            may_answer.set()
            await stage.quiet()
            assert not stage.browse.query_one(SuggestionList).is_open
            assert stage.browse.filter_bar.input.has_focus

    play(scene())


def test_a_word_that_is_not_there_yet_is_taken_when_it_comes() -> None:
    async def scene() -> None:
        async with staged(shop(), size=(100, 30)) as stage:
            courier, may_go_on = stage.app.desk.courier, threading.Event()
            await stage.press("slash")
            await stage.quiet()
            for number in range(8):  # nobody carries a question for now
                courier.send(f"other-{number}", lambda: may_go_on.wait(10), lambda _: None)
            await stage.type("ow")
            await stage.press("tab")
            await asyncio.sleep(2 * SUGGESTION_DELAY)  # the hands rest, so that words are asked for once more
            may_go_on.set()
            await stage.until(lambda: line(stage) == "owner:", "it is taken")

    play(scene())


def test_typing_leaves_order_and_columns_where_they_are() -> None:
    async def scene() -> None:
        async with staged(shop(), query="svc-a sort:-owner cols:name,owner") as stage:
            await stage.press("slash")
            await stage.type("svc-b")
            await stage.until(lambda: names(stage) == ["svc-b"], "another condition")
            assert line(stage) == "svc-b sort:-owner cols:name,owner"
            assert "KIND" not in stage.text()
            await stage.press("enter", "escape")
            await stage.until(lambda: line(stage) == "sort:-owner cols:name,owner", "conditions go first")
            await stage.press("slash")
            await stage.type("svc-c")
            await stage.until(lambda: names(stage) == ["svc-c"], "before what is kept")
            await stage.press("enter", "escape", "escape")
            await stage.until(lambda: line(stage) == "", "then the rest")

    play(scene())


def test_marks_ranges_and_all_matching_survive_filter_and_sort() -> None:
    async def scene() -> None:
        source = many(PAGE_ROWS * 3)
        async with staged(source, size=(80, 30)) as stage:
            marks = stage.app.desk.marks
            await stage.press("space", "space")
            await stage.see("● 2 marked")
            assert marks.refs == ("component:default/svc-00000", "component:default/svc-00001")
            await stage.press("V", "escape")
            await stage.until(lambda: not stage.browse.notice.words, "no range after all")
            await stage.press("V", "G", "V")
            await stage.see("● 600 marked")
            await stage.press("u")
            await stage.until(lambda: "marked" not in stage.text(), "none")
            await stage.press("slash")
            await stage.type("svc-0001")
            await stage.until(lambda: stage.table.lines == 10, "ten rows")
            await stage.press("enter", "A")
            await stage.see("● 10 marked")
            await stage.press("escape", "S")
            await stage.until(lambda: stage.table.lines == 600, "everything")
            await stage.see("● 10 marked")
            await stage.press("slash")
            await stage.type("svc-00015")
            await stage.until(lambda: stage.table.lines == 1, "one")
            assert "●" in stage.row_texts()[-1]
            await stage.press("enter", "A")
            await stage.see("● 9 marked")

    play(scene())


def test_the_mouse_draws_over_rows_to_mark_them() -> None:
    async def scene() -> None:
        async with staged(many(30), size=(100, 30)) as stage:
            await stage.pilot.mouse_down(stage.table, offset=(8, 3))
            for y in (4, 5):
                await stage.pilot._post_mouse_events([MouseMove], stage.table, (8, y), button=1)
            await stage.until(lambda: len(stage.app.desk.marks) == 3, "three rows")
            await stage.pilot.mouse_up(stage.table, offset=(8, 5))

    play(scene())


def test_back_and_forward_restore_line_cursor_and_place() -> None:
    async def scene() -> None:
        source = many(PAGE_ROWS * 3)
        async with staged(source, size=(100, 30)) as stage:
            await stage.press("G")
            await stage.until(lambda: stage.table.ref.endswith("svc-00599"), "the end")
            await stage.press(*["k"] * 5)
            top = stage.table.first_visible
            await stage.press("slash")
            await stage.type("svc-0001")
            await stage.until(lambda: stage.table.lines == 10, "ten rows")
            await stage.press("enter", "j", "S")
            await stage.until(lambda: line(stage) == "svc-0001 sort:-name", "turned round")
            await stage.press("left_square_bracket")
            await stage.until(lambda: line(stage) == "svc-0001", "one step back")
            await stage.press("left_square_bracket")
            await stage.until(lambda: stage.table.lines == 600 and stage.table.cursor == 594, "as it was left")
            assert stage.table.first_visible == top
            await stage.press("right_square_bracket", "right_square_bracket")
            await stage.until(lambda: line(stage) == "svc-0001 sort:-name", "forward again")
            await stage.press("right_square_bracket")
            assert line(stage) == "svc-0001 sort:-name"

    play(scene())


def test_numbers_choose_a_kind() -> None:
    async def scene() -> None:
        async with staged(shop(), query="-owner:pay", size=(100, 30)) as stage:
            await stage.press("2")
            await stage.until(lambda: names(stage) == ["svc-d", "svc-e"], "APIs")
            assert line(stage) == "-owner:pay kind:API"
            await stage.press("1")
            await stage.until(lambda: line(stage) == "-owner:pay kind:Component", "components instead")
            await stage.press("1")
            await stage.until(lambda: line(stage) == "-owner:pay", "all kinds")

    play(scene())


def test_a_second_sort_key_by_picker_and_by_mouse() -> None:
    async def scene() -> None:
        source = shop()
        async with staged(source, size=(120, 30)) as stage:
            await stage.press("s", "down", "down", "enter")
            await stage.see("OWNER ▲")
            await stage.press("s", "down", "space")
            await stage.until(lambda: line(stage) == "sort:owner,lifecycle", "then by lifecycle")
            assert source.asked[-1][1] == "owner,lifecycle,name"
            await stage.see("LIFECYCLE ▲2")
            await stage.pilot.click(stage.table, offset=(6, 0), shift=True)
            await stage.until(lambda: line(stage) == "sort:owner,lifecycle,name", "a click with shift")

    play(scene())


def test_copy_menu_open_source_and_sql() -> None:
    async def scene() -> None:
        async with staged(shop(), query="kind:component", size=(100, 30)) as stage:
            for key, text in (
                ("n", "svc-a"),
                ("c", "catalog get component:default/svc-a"),
                ("l", "catalog list kind:component"),
                ("w", "svc-a\tComponent\tgroup:pay\tproduction\tservice\tpayments\t2026-11-21T10:00:00Z"),
                ("u", "https://git.example/acme/pay.git catalog-info.yaml:7"),
            ):
                await stage.press("y", key)
                await stage.until(lambda text=text: stage.app.clipboard == text, text)  # type: ignore[misc]
            await stage.press("y", "t")
            await stage.until(lambda: stage.app.clipboard.startswith("apiVersion: "), "the YAML")
            await stage.press("equals_sign")
            await stage.see("select * from entities -- kind:component")

    play(scene())


def test_export_of_the_current_answer() -> None:
    async def scene() -> None:
        async with staged(shop(), query="kind:api cols:name,owner sort:-name", size=(100, 30)) as stage:
            await stage.press("ctrl+s")
            await stage.see("Export to")
            await stage.press("enter")
            await stage.see("2 entities with name,owner by -name written to catalog.csv")
            await stage.press("ctrl+s", "x", "enter")
            await stage.see("! the name does not say the format (known: csv)")

    play(scene())


def test_the_other_mouse_button_opens_a_menu_of_the_row() -> None:
    async def scene() -> None:
        async with staged(shop(), size=(100, 30)) as stage:
            await stage.pilot.click(stage.table, offset=(8, 2), button=3)
            await stage.see("component:default/svc-b")
            await stage.see("open source")
            await stage.press("enter")
            await stage.see("1 Overview")

    play(scene())


def test_the_preview_takes_more_room_or_none_and_panes_take_turns() -> None:
    async def scene() -> None:
        async with staged(shop(), size=WIDE) as stage:
            preview, facets = stage.browse.query_one(OverviewText), stage.browse.query_one(FacetPane)
            await stage.press("tab")
            assert preview.has_focus
            await stage.press("tab")
            assert facets.has_focus
            await stage.press("shift+tab", "shift+tab")
            assert stage.table.has_focus
            await stage.press("plus")
            await stage.until(lambda: preview.size.width > 70, "half")
            await stage.press("plus")
            await stage.until(lambda: not stage.table.display and preview.size.width > 150, "all")
            await stage.press("underscore", "underscore", "underscore")
            await stage.until(lambda: not preview.display, "none")
            assert stage.table.has_focus
        async with staged(shop(), size=(60, 20)) as stage:
            preview = stage.browse.query_one(OverviewText)
            await stage.press("plus", "plus")
            await stage.see("Component · service")
            assert preview.size.width > 55

    play(scene())


def test_r071_r072_hostile_values_are_text_in_facets_suggestions_columns_and_views() -> None:
    async def scene() -> None:
        hostile = "x\x1b]52;c;eA==\x07[/b]\u202e"
        source = FakeSource([Thing("svc-a", owner=hostile, type=hostile, system=hostile), Thing("svc-b", owner="x")])
        bookmarks = Bookmarks()
        bookmarks.views.save("evil", f"name:{hostile}")
        async with staged(source, size=WIDE, bookmarks=bookmarks) as stage:
            await stage.see("[ ] x\\x1b]52")
            for keys, seen in (("/", "owner:x"), ("c", "[x] owner"), ("v", "evil"), ("b", "Group by"), ("y", "YAML")):
                await stage.press("slash" if keys == "/" else keys)
                if keys == "/":
                    await stage.type(seen)
                await stage.see(seen)
                await stage.quiet()
                assert not set(stage.text()) & {"\x1b", "\x07", "\u202e"}
                await stage.press("escape", *(("escape", "escape") if keys == "/" else ()))
            await stage.press("b", "down", "down", "enter")
            await stage.see("▾ x\\x1b]52")
            assert not set(stage.text()) & {"\x1b", "\x07", "\u202e"}
            pane = stage.browse.query_one(FacetPane)
            pane.cursor = next(n for n, one in enumerate(pane.entries) if one.value == hostile)
            pane.focus()
            await stage.press("space")
            await stage.until(lambda: len(names(stage)) == 1, "it is a value like any other")
            await stage.see("x\\x1b]52")
            assert not set(stage.text()) & {"\x1b", "\x07", "\u202e"}

    play(scene())


def test_tab_takes_a_suggestion_that_is_still_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.browse.line.SUGGESTION_DELAY", 60.0)

    async def scene() -> None:
        async with staged(shop(), size=WIDE) as stage:
            await stage.press("slash")
            await stage.type("own")
            await stage.press("tab")
            await stage.until(lambda: line(stage) == "owner:", "the word is written")

    play(scene())
