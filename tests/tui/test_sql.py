"""The SQL console, with a daemon of lists; and once with a real one on a real terminal."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.fake_source import FakeSource, many
from tests.tui.stage import Stage, play, staged
from tui.model.lines import plain
from tui.model.sql_source import SqlResult, SqlView
from tui.model.sql_text import as_row, cell, command, place_of, refs_in, table_lines, widths
from tui.model.symbols import UNICODE
from tui.notebook import KEPT_QUESTIONS, LONGEST_QUESTION, Notebook
from tui.screens.sql import SqlScreen

BIG = SqlResult(
    ("n", "name"), ("BIGINT", "VARCHAR"), [[n, f"row {n} [x]"] for n in range(50_000)], "sql_rows", 0.004, 12.0
)


def source() -> FakeSource:
    made = many(2)
    made.answers = {"FROM big": BIG, "FROM none": SqlResult(("a",), ("VARCHAR",), [])}
    return made


async def write(stage: Stage, text: str) -> SqlScreen:
    screen = stage.app.screen
    assert isinstance(screen, SqlScreen)
    screen.editor.text = text
    screen.editor.focus()
    await stage.pilot.pause()
    return screen


def test_sql_console_runs_a_question_and_shows_an_answer_of_any_size() -> None:
    async def scene() -> None:
        async with staged(source(), size=(120, 36)) as stage:
            await stage.press("f3")
            await stage.see("+ entities")
            screen = await write(stage, "FROM big;")
            await stage.press("ctrl+r")
            await stage.see("the first 20,000 rows · 4 ms · data 12s old")
            await stage.see("row 0 [x]")
            await stage.see("cut by sql_rows")
            assert stage.app.focused is screen.editor, "focus never moves by itself"
            screen.result.focus()
            await stage.press("G")
            await stage.see("19999  row 19999 [x]")
            await stage.press("y")
            await stage.until(lambda: stage.app.clipboard == "19999\trow 19999 [x]", "the row")
            await stage.press("c")
            await stage.until(lambda: stage.app.clipboard == "catalog sql 'FROM big'", "the command")

    play(scene())


def test_sql_mistakes_keep_the_last_answer_and_say_where() -> None:
    async def scene() -> None:
        async with staged(source(), size=(100, 30)) as stage:
            await stage.press("f3")
            await stage.see("Question")
            screen = await write(stage, "FROM none")
            await stage.press("ctrl+r")
            await stage.see("0 rows")
            await write(stage, "SELECT 1\nFROM !x")
            await stage.press("ctrl+r")
            await stage.see("line 2, column 6: there is no [such] table — entities?")
            assert screen.editor.cursor_location == (1, 5)
            assert screen.result.result is not None
            await stage.press("f8")
            await stage.see("Asked before")
            await stage.press("down", "enter")
            await stage.until(lambda: screen.editor.text == "FROM none", "the older question")

    play(scene())


def test_the_tables_take_the_place_of_the_answer_where_there_is_no_room_beside_it() -> None:
    async def scene() -> None:
        async with staged(source(), size=(80, 24)) as stage:
            await stage.press("f3")
            await stage.see("Question")
            screen = await write(stage, "FROM big")
            await stage.press("ctrl+r")
            await stage.see("row 0 [x]")
            assert "Tables" not in stage.text()
            for leave in ("f5", "escape"):
                await stage.press("f5")
                await stage.see("+ entities")
                await stage.until(lambda: "row 0" not in stage.text(), "the tables instead of the answer")
                assert "FROM big" in stage.text(), "the question stays in sight"
                await stage.press(leave)
                await stage.see("row 0 [x]")
                assert stage.app.screen is screen
                assert screen.focused is screen.editor
                await stage.until(lambda: "Tables" not in stage.text(), "no tables")
            screen.editor.move_cursor((0, len("FROM big")))
            screen.result.focus()
            await stage.press("f5", "enter")
            await stage.see("ref varchar")
            await stage.press("j", "enter")
            await stage.until(lambda: screen.editor.text == "FROM bigref", "the name of the column")
            await stage.see("FROM bigref")
            assert screen.focused is screen.tables, "there may be another"

    play(scene())


def test_where_the_tables_have_room_a_key_goes_there_and_back() -> None:
    async def scene() -> None:
        async with staged(source(), size=(120, 30)) as stage:
            await stage.press("f3")
            await stage.see("+ entities")
            screen = await write(stage, "FROM big")
            await stage.press("ctrl+r")
            await stage.see("row 0 [x]")
            await stage.press("f5")
            assert screen.focused is screen.tables
            assert "row 0 [x]" in stage.text()
            await stage.pilot.resize_terminal(80, 30)
            await stage.until(lambda: "row 0 [x]" not in stage.text(), "the tables instead of the answer")
            await stage.see("Tables")
            await stage.pilot.resize_terminal(120, 30)
            await stage.see("row 0 [x]")
            await stage.press("f5")
            await stage.until(lambda: screen.focused is screen.editor, "the question")
            await stage.press("f5", "escape")
            await stage.until(lambda: stage.app.screen is not screen, "nothing is hidden: back to the entities")

    play(scene())


def test_sql_cancel_and_what_is_off() -> None:
    async def scene() -> None:
        made = source()
        made.slow = threading.Event()
        async with staged(made, size=(100, 30)) as stage:
            await stage.press("f3")
            await stage.see("(^x cancel)")
            await stage.press("ctrl+x")
            await stage.see("cancel is off: nothing is running")
            screen = await write(stage, "FROM big")
            await stage.press("ctrl+r")
            await stage.until(lambda: "(^x cancel)" not in stage.text(), "running")
            await stage.press("ctrl+x")
            await stage.see("cancelled")
            made.slow.set()
            await stage.press("shift+tab", "shift+tab")
            await stage.until(lambda: screen.focused is not screen.editor, "elsewhere")
            assert screen.result.result is None

    play(scene())


def test_sql_tables_open_and_write_into_the_question_and_answers_are_exported() -> None:
    async def scene() -> None:
        made = source()
        async with staged(made, size=(120, 30)) as stage:
            await stage.press("f3")
            await stage.see("+ entities")
            screen = await write(stage, "FROM big")
            screen.tables.focus()
            await stage.press("enter")
            await stage.see("ref varchar")
            await stage.press("j", "enter")
            assert screen.editor.text == "FROM bigref" or "ref" in screen.editor.text
            await write(stage, "FROM big")
            await stage.press("ctrl+r")
            await stage.see("row 0")
            await stage.press("x")
            assert "x" in screen.editor.text  # in the question it is a letter
            await write(stage, "FROM big")
            await stage.press("ctrl+s")
            await stage.see("Export to")
            await stage.type("out.xyz")
            await stage.press("enter")
            await stage.see("says no format — csv")
            await stage.press("x")
            await stage.type("out.csv")
            await stage.press("enter")
            await stage.see(f"written to {Path('out.csv').absolute()}"[:60])
            assert made.exported == [("FROM big", "out.csv")]
            stage.app.show_sql("SELECT 42")
            await stage.see("SELECT 42")

    play(scene())


def test_an_answer_is_a_view_of_the_entities_that_it_names() -> None:
    async def scene() -> None:
        made = many(300)
        refs = [f"component:default/svc-{number:05d}" for number in range(300)]
        made.answers = {
            "FROM some": SqlResult(("ref", "n"), ("VARCHAR", "BIGINT"), [[ref, 1] for ref in (*refs[3:5], refs[3])]),
            "FROM many": SqlResult(("ref",), ("VARCHAR",), [[ref] for ref in refs]),
            "FROM big": BIG,
        }
        async with staged(made, size=(120, 30)) as stage:
            await stage.press("f3")
            await stage.see("+ entities")
            await stage.see("1,000")
            for question, rows, count in (("FROM some", "3 rows", 2), ("FROM many", "300 rows", 200)):
                screen = await write(stage, question)
                await stage.press("ctrl+r")
                await stage.see(rows)
                screen.result.focus()
                await stage.press("v")
                await stage.until(lambda: stage.app.screen is stage.browse, "the table")
                await stage.until(lambda: stage.table.model.total == count, "those entities")  # noqa: B023
                assert stage.browse.filter_bar.input.value == "@answer"
                await stage.press("f3")
            await stage.see("the first 200 of 300 entities")
            screen = await write(stage, "FROM big")
            await stage.press("ctrl+r")
            await stage.see("the first 20,000 rows")
            screen.result.focus()
            await stage.press("v")
            await stage.see("as view is off: the answer has no column ref")

    play(scene())


def test_each_tab_has_its_question_its_answer_and_its_cursors() -> None:
    async def scene() -> None:
        async with staged(source(), size=(120, 30)) as stage:
            await stage.press("f3")
            await stage.see("+ entities")
            first = await write(stage, "FROM big")
            await stage.press("ctrl+r")
            await stage.see("row 0 [x]")
            first.result.focus()
            await stage.press("j", "j", "l")
            assert "[1 big]" not in stage.text(), "one question needs no tabs"
            await stage.press("ctrl+n", *"FROM")
            await stage.see("[2 FROM]")
            assert "row 0 [x]" not in stage.text()
            await stage.see("(^x cancel)   f8 history   (^s export)")
            await stage.press("space", *"none", "ctrl+r")
            await stage.see("0 rows")
            await stage.press("f9")
            await stage.see("[1 big]")
            assert (first.result.cursor, first.editor.text) == (2, "FROM big")
            first.result.focus()
            await stage.press("2")
            await stage.see("0 rows")
            assert stage.app.focused is first.result, "the keys stay with the answers"
            await stage.press("f7")
            await stage.see("row 0 [x]")
            first.editor.focus()
            await stage.press("2")
            assert first.editor.text == "2FROM big", "within a question a digit is a digit"
            await stage.press("ctrl+pageup")
            await stage.see("[2 none]")
            await stage.press("ctrl+g")
            await stage.until(lambda: "[2 none]" not in stage.text(), "one question")
            await stage.press("ctrl+g")
            await stage.see("close is off: there is no other")
            assert first.editor.text == "2FROM big"

    play(scene())


def test_a_question_that_runs_in_one_tab_disturbs_no_other() -> None:
    async def scene() -> None:
        made = source()
        made.held = {"FROM big": threading.Event(), "FROM broken": threading.Event()}
        async with staged(made, size=(120, 30)) as stage:
            await stage.press("f3")
            await stage.see("+ entities")
            for question in ("FROM big", "FROM broken", "FROM none"):
                screen = await write(stage, question)
                await stage.press("ctrl+r")
                await stage.press("ctrl+n")
            await stage.press("f7")
            await stage.see("0 rows")
            await stage.see(" 1 big ·   2 broken ·  [3 none]")
            made.held["FROM broken"].set()
            await stage.see(" 1 big ·   2 broken ✗  [3 none]")
            made.held["FROM big"].set()
            await stage.see(" 1 big ✓   2 broken ✗  [3 none]")
            assert "row 0 [x]" not in stage.text()
            assert "there is no [such] table" not in stage.text()
            screen.result.focus()
            await stage.press("2")
            await stage.see("there is no [such] table")
            await stage.press("1")
            await stage.see("row 0 [x]")
            await stage.see("[1 big]  2 broken   3 none   4 empty   +")

    play(scene())


def test_a_tab_that_is_closed_waits_for_nothing_and_leaves_its_text_in_the_history() -> None:
    async def scene() -> None:
        made = source()
        made.slow = threading.Event()
        async with staged(made, size=(120, 30)) as stage:
            await stage.press("f3")
            await stage.see("+ entities")
            await stage.press("ctrl+n")
            await write(stage, "FROM big")
            await stage.press("ctrl+r")
            screen = await write(stage, "FROM unasked")
            await stage.press("ctrl+g")
            made.slow.set()
            assert stage.app.desk.notebook.questions == ["FROM unasked", "FROM big"]
            await stage.quiet()
            assert screen.result.result is None

    play(scene())


def test_a_question_from_elsewhere_takes_no_text_away() -> None:
    async def scene() -> None:
        async with staged(source(), size=(120, 30)) as stage:
            await stage.press("f3")
            await stage.see("Question")
            stage.app.show_sql("FROM none")
            await stage.see("FROM none")
            assert "+" not in stage.text().splitlines()[1], "what was only proposed is replaced"
            stage.app.show_sql("FROM big")
            await stage.see(" 1 none  [2 big]")
            await stage.press("ctrl+r")
            await stage.see("row 0 [x]")
            stage.app.show_sql("FROM other")
            await stage.see(" 1 none  [2 other]")
            stage.app.show_sql("FROM none;")
            await stage.see("[1 none]  2 other")
            for number in range(7):
                await stage.press("ctrl+n", f"{number}")
            await stage.see("[9 6]")
            await stage.press("ctrl+n")
            await stage.see("new is off: 9 are open")
            assert "+" not in stage.text().splitlines()[1]
            stage.app.show_sql("FROM tenth")
            await stage.see("[9 tenth]")
            assert stage.app.desk.notebook.questions == ["6", "FROM big"]

    play(scene())


def test_tabs_are_chosen_and_opened_by_the_mouse() -> None:
    async def scene() -> None:
        async with staged(source(), size=(120, 30)) as stage:
            await stage.press("f3", "ctrl+n")
            await stage.see("[2 empty]")
            line = next(text for text in stage.text().splitlines() if "[2 empty]" in text)
            for text, seen in (("1 entities", "[1 entities]"), ("+", "[3 empty]")):
                await stage.pilot.click(offset=(line.rindex(text), 1))
                await stage.see(seen)

    play(scene())


@pytest.mark.parametrize("leave", [("f2", "q"), ("ctrl+q",)], ids=str)
def test_open_questions_are_there_again_the_next_time(tmp_path: Path, leave: tuple[str, ...]) -> None:
    async def scene() -> None:
        path = tmp_path / "tui.json"
        async with staged(source(), size=(120, 30), notebook=Notebook(path)) as stage:
            await stage.press("f3")
            await stage.see("Question")
            await write(stage, "FROM never asked")
            await stage.press("ctrl+n", *"FROM", "f7")
            await stage.see("[1 never]")
            await stage.press("end", "x")
            await stage.until(lambda: "FROM never askedx" in stage.text(), "what was written")
            await stage.press(*leave)
            await stage.until(lambda: not stage.app.is_running or stage.app.return_code == 0, "the end")
        async with staged(source(), size=(120, 30), notebook=Notebook(path)) as stage:
            await stage.press("f3")
            await stage.see("[1 never]  2 FROM")
            await stage.see("FROM never askedx")

    play(scene())


def test_the_tables_fit_the_room_that_they_come_back_to() -> None:
    async def scene() -> None:
        async with staged(source(), size=(120, 30)) as stage:
            await stage.press("f3")
            await stage.see("+ entities        1,000")
            await stage.pilot.resize_terminal(80, 24)
            await stage.until(lambda: "Tables" not in stage.text(), "no room")
            await stage.pilot.resize_terminal(120, 30)
            await stage.see("+ entities        1,000")

    play(scene())


def test_function_keys_lead_from_a_question_to_other_places() -> None:
    async def scene() -> None:
        async with staged(source(), size=(120, 30)) as stage:
            await stage.press("f3")
            await stage.see("Question")
            await stage.press("f6")
            await stage.until(lambda: type(stage.app.screen).__name__ == "ActivityScreen", "activity")

    play(scene())


def test_cells_tell_null_from_empty_and_are_one_harmless_line() -> None:
    assert cell(None, UNICODE) == "—"
    assert cell("", UNICODE) == ""
    assert cell(True, UNICODE) == "true"
    assert cell(float("inf"), UNICODE) == "inf"
    assert cell({"a": ["\x1b[2J"]}, UNICODE) == '{"a": ["\\x1b[2J"]}' or "\x1b" not in cell({"a": ["\x1b"]}, UNICODE)
    assert len(cell("x" * 10**6, UNICODE)) < 300
    assert as_row([1, None, "a\tb", ["x", "y"]]) == "1\t\ta\\tb\tx, y"
    assert command("SELECT 'a'") == "catalog sql 'SELECT '\"'\"'a'\"'\"''"
    assert place_of("ab\ncd", 4) == (1, 1)
    assert widths(SqlResult(("x",), ("VARCHAR",), [["宽" * 30]]), UNICODE) == (48,)
    views = [SqlView("t", (("c", "VARCHAR"),))]
    assert [plain(line) for line, _ in table_lines(views, {"t"}, {"t": 4880}, 20)] == [
        "- t".ljust(15) + "4,880",
        "    c varchar",
    ]
    answer = SqlResult(("n", "owner_ref", "ref"), ("", "", ""), [[1, "x:y/z", "a:b/c"], [2, "x:y/z", None]])
    assert refs_in(answer) == ("a:b/c",)
    assert refs_in(replace(answer, columns=("n", "owner_ref", "other"))) == ("x:y/z",)
    assert refs_in(replace(answer, columns=("n", "owner", "other"))) == ()


def test_the_notebook_keeps_what_was_asked_and_survives_its_loss(tmp_path: Path) -> None:
    path = tmp_path / "new" / "tui.json"
    book = Notebook(path)
    for number in range(KEPT_QUESTIONS + 5):
        book.asked(f"SELECT {number}")
    book.asked("SELECT 50")
    book.theme = "nord"
    assert book.first_time("marks")
    assert not book.first_time("marks")
    book.resized("preview", 50)
    book.asked("x" * (LONGEST_QUESTION + 1))
    book.keep_open(["FROM a", "x" * (LONGEST_QUESTION + 1)], 1)
    again = Notebook(path)
    assert again.opened == (["FROM a", ""], 1)
    assert again.questions[:2] == ["SELECT 50", f"SELECT {KEPT_QUESTIONS + 4}"]
    assert len(again.questions) == KEPT_QUESTIONS
    assert (again.theme, again.first_time("marks"), again.size_of("preview", 40)) == ("nord", False, 50)
    assert path.stat().st_mode & 0o077 == 0
    for broken in ("[1]", "{", '{"theme": 3, "sql": 4, "tips": 5, "panes": 6, "open": {"texts": 7}}'):
        path.write_text(broken)
        spoilt = Notebook(path)
        assert (spoilt.theme, spoilt.questions, spoilt.size_of("preview", 40)) == ("", [], 40)
        assert spoilt.opened == ([], 0)
        assert spoilt.first_time("marks")
        spoilt.resized("preview", 3)
    assert Notebook(Path("/proc/none/tui.json")).first_time("x")
