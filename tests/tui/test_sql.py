"""The SQL console, with a daemon of lists; and once with a real one on a real terminal."""

import threading
from dataclasses import replace
from pathlib import Path

from tests.tui.fake_source import FakeSource, many
from tests.tui.stage import Stage, play, staged
from tui.model.lines import plain
from tui.model.sql_source import SqlResult, SqlView
from tui.model.sql_text import as_row, cell, command, place_of, refs_in, table_lines, widths
from tui.model.symbols import UNICODE
from tui.notebook import KEPT_QUESTIONS, Notebook
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
    screen.ask(text)
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
    again = Notebook(path)
    assert again.questions[:2] == ["SELECT 50", f"SELECT {KEPT_QUESTIONS + 4}"]
    assert len(again.questions) == KEPT_QUESTIONS
    assert (again.theme, again.first_time("marks"), again.size_of("preview", 40)) == ("nord", False, 50)
    assert path.stat().st_mode & 0o077 == 0
    for broken in ("[1]", "{", '{"theme": 3, "sql": 4, "tips": 5, "panes": 6}'):
        path.write_text(broken)
        spoilt = Notebook(path)
        assert (spoilt.theme, spoilt.questions, spoilt.size_of("preview", 40)) == ("", [], 40)
        assert spoilt.first_time("marks")
        spoilt.resized("preview", 3)
    assert Notebook(Path("/proc/none/tui.json")).first_time("x")
