"""The threads that ask and follow the daemon: nothing is lost, nothing waits that need not."""

import queue
import threading

from tests.tui.fake_source import many
from tui.model.courier import Answer, Courier, SupersededError
from tui.model.health import Health
from tui.model.link import FIRST_DELAY, LONGEST_DELAY, Down, Link, News, Up, next_delay
from tui.model.source import Change, LostError
from tui.model.symbols import Mark


def test_an_answer_comes_back_with_its_time() -> None:
    courier, answers = Courier(), queue.Queue[Answer[int]]()
    courier.send("lane", lambda: 42, answers.put)
    answer = answers.get(timeout=5)
    assert (answer.value, answer.error) == (42, None)
    assert answer.milliseconds >= 0
    courier.close()


def test_a_failure_is_an_answer_too() -> None:
    courier, answers = Courier(), queue.Queue[Answer[int]]()

    def fail() -> int:
        raise ZeroDivisionError("odd")

    courier.send("lane", fail, answers.put)
    assert str(answers.get(timeout=5).error) == "ZeroDivisionError: odd"
    courier.send("lane", lambda: 1, answers.put)
    assert answers.get(timeout=5).value == 1
    courier.close()


def test_a_newer_question_takes_the_place_of_one_that_waits() -> None:
    courier, answers, gate, started = (
        Courier(threads=1),
        queue.Queue[Answer[str]](),
        threading.Event(),
        threading.Event(),
    )

    def slow() -> str:
        started.set()
        gate.wait(5)
        return "slow"

    courier.send("lane", slow, answers.put)
    assert started.wait(5)
    for word in ("a", "b", "c"):
        courier.send("lane", lambda word=word: word, answers.put)  # type: ignore[misc]
    assert [type(answers.get(timeout=5).error) for _ in range(2)] == [SupersededError] * 2
    gate.set()
    assert [answers.get(timeout=5).value for _ in range(2)] == ["slow", "c"]
    courier.close()


def test_a_slow_question_holds_up_no_other() -> None:
    courier, answers, gate = Courier(threads=2), queue.Queue[Answer[str]](), threading.Event()
    courier.send("slow", lambda: str(gate.wait(5)), answers.put)
    courier.send("quick", lambda: "quick", answers.put)
    assert answers.get(timeout=5).value == "quick"
    gate.set()
    courier.close()


def test_r075_the_link_tells_what_happens_and_comes_back() -> None:
    source, news = many(1), queue.Queue[News]()
    link = Link(source, news.put)
    link.start()
    first = news.get(timeout=5)
    assert isinstance(first, Up)
    assert not first.again
    source.add("new")
    change = news.get(timeout=5)
    assert isinstance(change, Change)
    assert change.added == ("component:default/new",)
    source.die()
    down = news.get(timeout=5)
    assert isinstance(down, Down)
    assert down.delay == FIRST_DELAY
    source.down = False
    found = news.get(timeout=5)
    while isinstance(found, Down):
        found = news.get(timeout=5)
    assert isinstance(found, Up)
    assert found.again
    link.close()


def test_the_back_off_doubles_to_a_bound() -> None:
    delays, delay = [], FIRST_DELAY
    for _ in range(8):
        delays.append(delay)
        delay = next_delay(delay)
    assert delays == [0.25, 0.5, 1, 2, 4, LONGEST_DELAY, LONGEST_DELAY, LONGEST_DELAY]


def test_health_in_words() -> None:
    status = many(1).status()
    assert Health().words(0) == (Mark.WAITING, "connecting")
    up = Health().up(status)
    assert up.words(101) == (Mark.OK, "live")
    down = up.down("gone", 4, 110)
    assert down.words(112) == (Mark.ERROR, "offline · data 2s old · retry in 2s")
    assert down.down("gone", 8, 114).down_since == 110
    assert Health().down("gone", 1, 0).words(2) == (Mark.ERROR, "no daemon · retrying")
    assert str(LostError("x")) == "x"
