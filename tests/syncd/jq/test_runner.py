"""jq programs in a process of their own: bounded, closed off, and gone when the daemon is."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from syncd.errors import UnavailableError
from syncd.jq.program import PRELUDE
from syncd.jq.runner import JqFault, JqLimits, JqRunner

ENTITY: dict[str, Any] = {"identifier": "cart", "properties": {"cost": 2.5, "env": "eu", "tags": ["a", "b"]}}


@pytest.fixture(scope="module")
def jq() -> Iterator[JqRunner]:
    with JqRunner(JqLimits(cpu_seconds=0.3, memory_bytes=64 << 20, output_bytes=100_000)) as runner:
        yield runner


ANSWERS = [
    (".properties.cost * 12", 30),
    (".properties.env", "eu"),
    (".properties.nothing", None),
    ("empty", None),
    ("nan", None),
    ("reduce range(2000) as $i (1; [.]) | length", 1),
    (".properties.tags[]", "a"),
    ('"\\(.identifier)-x"', "cart-x"),
    ("def double: . * 2; .properties.cost | double", 5),
    (".identifier # the name", "cart"),
    ("{env: .properties.env, input: 1}", {"env": "eu", "input": 1}),
    ("$ENV", {}),
    ("debug | .identifier", "cart"),
    ("try error(\"x\") catch .", "x"),
    ("1e1000 | . > 1", True),
]  # fmt: skip


@pytest.mark.parametrize(("program", "answer"), ANSWERS)
def test_the_first_output(jq: JqRunner, program: str, answer: Any) -> None:
    assert jq.first(program, ENTITY) == answer


def test_no_more_outputs_than_asked_for(jq: JqRunner) -> None:
    assert jq.outputs("range(1000000000)", None, 3) == [0, 1, 2]
    assert jq.outputs("empty", None, 3) == []


FAULTS = [
    ("input", "input is not available"),
    ("[inputs]", "inputs is not available"),
    ("env", "env is not available"),
    ("halt", "halt is not available"),
    ('"x" | halt_error', "halt_error is not available"),
    ("input_filename", "not available"),
    ("get_search_list", "not available"),
    ('import "a" as a; .', "unexpected import"),
    ('include "a"; .', "unexpected include"),
    (".identifier +", "syntax error, unexpected end of file (line 1"),
    ("\n\n  nope", "nope/0 is not defined (line 3, column 3)"),
    (".a) | (.b", "syntax error"),
    (".identifier * {}", "cannot be multiplied"),
    ('error("my\nown")', "my own"),
    ("def f: f; f", "more than 0.3 s"),
    ("last(range(1e15))", "more than 0.3 s"),
    ("reduce range(2000) as $i (1; [.])", ""),
    ('"a" * 200000', "over 100,000 bytes"),
]


@pytest.mark.parametrize(("program", "words"), FAULTS)
def test_what_fails_says_why(jq: JqRunner, program: str, words: str) -> None:
    found = jq.first(program, ENTITY)
    assert isinstance(found, JqFault)
    assert words in found.message
    assert "def input" not in found.message


def test_memory_is_bounded(jq: JqRunner) -> None:
    found = jq.first('reduce range(1e9) as $i ("x"; . + .)', None)
    assert isinstance(found, JqFault)
    assert jq.first("1", None) == 1


def test_a_program_is_judged_without_being_run(jq: JqRunner) -> None:
    assert jq.fault(".a | length") is None
    assert jq.fault("def f: f; f(1)") is not None
    assert jq.fault("last(range(1e16))") is None
    assert "syntax error" in (jq.fault("(") or "")
    assert len(PRELUDE.splitlines()) == 1


def test_a_program_that_loops_costs_its_time_once() -> None:
    with JqRunner(JqLimits(cpu_seconds=0.2)) as jq:
        begun = time.monotonic()
        found = [jq.first("[recurse] | length", number) for number in range(3)]
        assert found == [1, 1, 1]
        for _ in range(100):
            assert isinstance(jq.first("def f: f; f", 1), JqFault)
        assert jq.starts == 1
        assert jq.first("2", None) == 2
        assert jq.starts == 2
        assert time.monotonic() - begun < 30


def test_a_program_may_try_again_after_its_rest() -> None:
    with JqRunner(JqLimits(cpu_seconds=0.2, rest_seconds=0.0)) as jq:
        assert isinstance(jq.first("def f: f; f", 1), JqFault)
        assert isinstance(jq.first("def f: f; f", 1), JqFault)
        assert jq.starts == 2


def test_a_process_that_was_killed_is_replaced() -> None:
    with JqRunner() as jq:
        assert jq.first("1", None) == 1
        assert jq.pid is not None
        os.kill(jq.pid, signal.SIGKILL)
        assert jq.first("1", None) == 1
        assert jq.starts == 2


def test_several_threads() -> None:
    with JqRunner() as jq, ThreadPoolExecutor(8) as pool:
        assert [*pool.map(lambda number: jq.first(". + 1", number), range(200))] == [*range(1, 201)]
        assert jq.starts == 1


def test_close_leaves_no_process_behind() -> None:
    jq = JqRunner()
    assert jq.first("1", None) == 1
    pid = jq.pid
    assert pid is not None
    jq.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    with pytest.raises(UnavailableError):
        jq.first("1", None)
    jq.close()
