"""Open questions in SQL, without a screen."""

from dataclasses import replace

from tui.model.questions import FIRST, MOST_OPEN, OpenQuestions, Question, Said, bare
from tui.model.sql_source import SqlResult
from tui.model.symbols import ASCII, UNICODE, Mark

RESULT = SqlResult(("a",), ("VARCHAR",), [["x"]], age=12.0)


def test_there_is_always_one_in_front() -> None:
    assert OpenQuestions.of([]).texts == [""]
    assert OpenQuestions.of(["a", "b"], 7).at == 0
    assert len(OpenQuestions.of([str(number) for number in range(MOST_OPEN + 1)])) == MOST_OPEN
    questions = OpenQuestions.of(["a", "b", "c"], 1)
    assert questions.front.text == "b"
    questions.turn(1)
    questions.turn(1)
    assert questions.front.text == "a"
    questions.turn(-1)
    assert questions.close().text == "c"
    assert (questions.front.text, questions.texts) == ("b", ["a", "b"])
    questions.go(0)
    assert questions.close().text == "a"
    assert questions.front.text == "b"
    assert questions.add("d") is questions.front
    assert questions.texts == ["b", "d"]


def test_an_answer_belongs_to_what_waits_for_it() -> None:
    questions = OpenQuestions.of(["a", "b"])
    first = questions.front
    older, newer = questions.ask("a"), questions.ask("a, marked")
    assert questions.waiting_for(older) is None, "asked again"
    questions.go(1)
    other = questions.ask("b")
    assert questions.waiting_for(newer) is first
    questions.front.cancel()
    assert questions.waiting_for(other) is None
    first.answer(RESULT, 100.0)
    assert (first.asked, first.run, first.result) == ("a, marked", 0, RESULT)
    assert first.age(130.0) == 42.0, "data grow older while they are looked at"
    assert first.age(90.0) == 12.0


def test_a_tab_tells_what_was_not_seen() -> None:
    questions = OpenQuestions.of(["SELECT 1 FROM entities", 'from "apis"', "", "WITH a_name_that_is_far_too_long"])
    behind = list(questions)[1]
    questions.go(1)
    run = questions.ask("b")
    questions.go(0)
    assert questions.titles(UNICODE) == [
        ("1 entities", "1"),
        ("2 apis ·", "2·"),
        ("3 empty", "3"),
        ("4 WITH", "4"),
    ]
    assert questions.waiting_for(run) is behind
    behind.cancel()
    questions.tell(behind, Said(Mark.ERROR, "no"), Mark.ERROR)
    assert questions.titles(ASCII)[1] == ("2 apis x", "2x")
    questions.go(1)
    assert questions.titles(ASCII)[1] == ("2 apis", "2")
    questions.tell(behind, None, Mark.OK)
    assert questions.titles(ASCII)[1] == ("2 apis", "2"), "it is in front"
    assert Question("FROM a_name_that_is_far_too_long").name == "a_name_that_is_far_too_long"
    assert OpenQuestions.of(["FROM a_name_that_is_far_too_long"]).titles(UNICODE)[0][0] == "1 a_name_that_is_…"
    assert "\x1b" not in Question("\x1b[2J").name


def test_what_was_not_asked_would_be_lost() -> None:
    assert not Question("").holds_unasked(())
    assert not Question(f" {FIRST};\n").holds_unasked(())
    assert not Question("FROM a ; ").holds_unasked(["FROM a"])
    assert Question("FROM a").holds_unasked(["FROM b"])
    asked = Question("FROM a", asking="FROM a", run=1)
    assert not asked.holds_unasked(())
    asked.answer(replace(RESULT), 0.0)
    assert not asked.holds_unasked(())
    assert bare("  SELECT ';' ;\n;") == "SELECT ';'"
    assert OpenQuestions.of(["x", "FROM a;"]).place_of("FROM a") == 1
    assert OpenQuestions.of(["x"]).place_of("FROM a") is None
