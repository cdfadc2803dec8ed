"""Hostile files cost themselves and nothing else (R21-R28)."""

import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import read_documents
from syncd.ingest.yaml_worker import YamlWorker
from syncd.model.document import Document
from syncd.model.problem import Problem
from tests.syncd.ingest.waiting import until

LIMITS = ParseLimits()
SMALL = ParseLimits(
    file_bytes=5_000,
    documents=4,
    depth=5,
    events=40,
    aliases=3,
    expanded_nodes=20,
    expanded_bytes=400,
    scalar_bytes=200,
    key_bytes=50,
    mapping_keys=12,
    directives=2,
)


@pytest.fixture(scope="module")
def worker() -> Iterator[YamlWorker]:
    with YamlWorker() as running:
        yield running


def read(text: str | bytes, limits: ParseLimits = LIMITS) -> list[Document]:
    return read_documents(text.encode() if isinstance(text, str) else text, "catalog-info.yaml", limits)


def problem_of(text: str | bytes, limits: ParseLimits = LIMITS) -> Problem:
    problem = read(text, limits)[-1].problem
    assert problem is not None
    return problem


def alias_bomb(levels: int, width: int = 10) -> str:
    """`width ** levels` nodes in a few lines."""
    lines = ["a0: &a0 x"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels + 1)]
    return "\n".join(lines) + "\n"


BOMBS: list[tuple[str, Callable[[], str | bytes], str]] = [
    ("list", lambda: "[" * 1_000_000, "parse.too_deep"),
    ("mapping", lambda: "{" * 1_000_000, "parse.too_deep"),
    ("mapping-value", lambda: '{"a":' * 200_000, "parse.too_deep"),
    ("mixed", lambda: "[{a: " * 200_000, "parse.too_deep"),
    ("dashes", lambda: "- " * 500_000, "parse.too_deep"),
    ("question-marks", lambda: "? " * 500_000, "parse.too_deep"),
    ("indent", lambda: "\n".join(" " * n + "a:" for n in range(1_500)), "parse.too_deep"),
    ("aliases-10-to-8", lambda: alias_bomb(8), "parse.expands_too_far"),
    ("aliases-of-text", lambda: "a: &a " + "x" * 200_000 + "\nb: [" + "*a, " * 199 + "]", "parse.expands_too_large"),
    ("many-aliases", lambda: "a: &a x\nb: [" + "*a, " * 100_000 + "]", "parse.too_many_aliases"),
    ("aliases-over-documents", lambda: f"---\n{alias_bomb(4)}" * 4_000, "parse.expands_too_far"),
    ("long-text", lambda: "a: " + "x" * 3_000_000, "parse.scalar_too_long"),
    ("long-block", lambda: "a: |\n" + "  line of text\n" * 200_000, "parse.scalar_too_long"),
    ("long-key", lambda: "? " + "x" * 3_000_000 + "\n: 1", "parse.key_too_long"),
    ("items", lambda: "a: [" + "1," * 1_000_000 + "]", "parse.too_many_nodes"),
    ("keys", lambda: "\n".join(f"k{n}: 1" for n in range(200_000)), "parse.too_many_keys"),
    ("documents", lambda: "---\n" * 1_000_000, "parse.too_many_documents"),
    ("bad-documents", lambda: "---\n@\n" * 600_000, "parse.too_many_documents"),
    ("bytes", lambda: "a" * 5_000_000, "parse.file_too_large"),
    (
        "tag-directives",
        lambda: "a: 1\n" + "".join(f"%TAG !{n}! x\n" for n in range(200_000)),
        "parse.too_many_directives",
    ),
    ("controls", lambda: "---\n\x01\n" * 4_000, "parse.invalid_character"),
    ("not-utf8", lambda: b"---\n\xff\n" * 4_000, "parse.not_utf8"),
    ("json", lambda: '{"\\ud83d\\ude00": ' + "[" * 100_000 + "]" * 100_000 + "}", "parse.too_deep"),
]


@pytest.mark.parametrize(("make", "code"), [pytest.param(*case, id=f"r021-{name}") for name, *case in BOMBS])
def test_bombs(worker: YamlWorker, make: Callable[[], str | bytes], code: str) -> None:
    text = make()
    content = text.encode() if isinstance(text, str) else text
    before = time.monotonic()
    (documents,) = worker.read([("bomb.yaml", content)])
    assert time.monotonic() - before < LIMITS.cpu_seconds
    problem = documents[-1].problem
    assert problem is not None
    assert problem.code == code
    assert (problem.path, worker.counters.crashes, worker.counters.timeouts) == ("bomb.yaml", 0, 0)


SEEDS = [
    b"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: cart\n  tags: [go, 'c++']\n"
    b"spec:\n  type: service\n  owner: team-a\n  dependsOn:\n  - resource:db\n---\n"
    b"kind: API\nspec:\n  definition: |\n    a: b\n",
    b'%YAML 1.1\n--- !x\na: &a {b: [1, 2.0, ~], "c\\u00e9": *a}\n...\n---\n? [x]\n: >-\n  folded\n  text\n',
    b'{"kind": "System", "metadata": {"name": "\\ud83d\\ude00", "n": [1e3, -0, true, null]}}',
    "title: ${{ values.name }}\nn: \u2028\u0085x\n# \U0001f600\n".encode(),
]
TOKENS = [
    *(b"[", b"]", b"{", b"}", b"\n---\n", b"\n...\n", b"&a ", b"*a", b"!!str ", b"%TAG ", b"<<: ", b"|2\n", b"{{"),
    *(b": ", b"? ", b"- ", b'"', b"\t", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xa8"),
    *(b"\\x", b"\\ud800", b"0x", b"1e999"),
]


def mutated(chance: random.Random) -> bytes:
    content = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content) + 1)
        match chance.randrange(4):
            case 0:
                content[at:at] = chance.choice(TOKENS) * chance.choice([1, 1, 1, 100])
            case 1:
                del content[at : at + chance.randint(1, 20)]
            case 2:
                content[at:at] = content[chance.randrange(len(content) + 1) :][: chance.randint(1, 60)]
            case _:
                content[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(content)


@pytest.mark.parametrize("count", [3_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_r021_mutated_files_do_no_harm(worker: YamlWorker, count: int) -> None:
    """Fixed seed 20240229: every file gets documents, no crash, no surprise, and what passes can be stored as JSON."""
    chance = random.Random(20240229)
    files = [(f"{number}.yaml", mutated(chance)) for number in range(count)]
    found = worker.read(files)
    assert len(found) == len(files)
    assert all(documents for documents in found)
    assert all(document.problem or document.outcome != "bad" for documents in found for document in documents)
    assert {document.outcome for documents in found for document in documents} == {"entity", "template", "empty", "bad"}
    assert (worker.counters.crashes, worker.counters.timeouts, worker.counters.internal) == (0, 0, 0)


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def slow_file(documents: int = 4_000) -> bytes:
    return (b"---\nkind: Component\nmetadata: {name: cart, tags: [a, b, c, d]}\nspec:\n  x: 'y'\n") * documents


def test_r021_worker_killed_in_the_middle() -> None:
    with YamlWorker() as running, ThreadPoolExecutor(1) as pool:
        running.read([("warm.yaml", b"a: 1")])
        pid = running.pid
        assert pid is not None
        spent = processor_seconds(pid)
        result = pool.submit(running.read, [(f"{n}.yaml", slow_file()) for n in range(4)])
        until(lambda: processor_seconds(pid) > spent)
        os.kill(pid, 9)
        assert [len(documents) for documents in result.result()] == [4_000] * 4, "the file gets another try"
        assert (running.counters.starts, running.counters.crashes) == (2, 1)


def test_r021_file_that_crashes_twice() -> None:
    with YamlWorker() as running, ThreadPoolExecutor(1) as pool:
        running.read([("warm.yaml", b"a: 1")])
        result = pool.submit(running.read, [("bad.yaml", slow_file()), ("good.yaml", b"a: 1")])
        for _ in range(2):
            until(lambda: running.pid is not None and processor_seconds(running.pid) > 0.1)
            pid = running.pid
            assert pid is not None
            os.kill(pid, 9)
            until(partial(_replaced, running, pid))
        bad, good = result.result()
        assert [document.problem.code for document in bad if document.problem] == ["parse.crashed"]
        assert good[0].data == {"a": 1}


def _replaced(worker: YamlWorker, pid: int) -> bool:
    return worker.pid != pid


def test_r021_processor_time_is_limited() -> None:
    with YamlWorker(replace(LIMITS, cpu_seconds=0.05)) as running:
        slow, quick = running.read([("slow.yaml", slow_file(5_000) * 2), ("quick.yaml", b"a: 1")])
        assert slow[0].problem is not None
        assert slow[0].problem.code == "parse.timeout"
        assert quick[0].data == {"a": 1}
        assert running.counters.timeouts == 1


def test_r021_time_is_limited() -> None:
    with YamlWorker(replace(LIMITS, wall_seconds=0.5)) as running:
        running.read([("warm.yaml", b"a: 1")])
        pid = running.pid
        assert pid is not None
        os.kill(pid, 19)  # SIGSTOP: alive, and silent
        (documents,) = running.read([("slow.yaml", b"a: 1")])
        assert documents[0].problem is not None
        assert documents[0].problem.code == "parse.timeout"
        assert running.read([("next.yaml", b"a: 1")])[0][0].data == {"a": 1}


def test_r021_memory_is_limited() -> None:
    with YamlWorker(replace(LIMITS, memory_bytes=24 << 20, events=10**7, scalar_bytes=10**7)) as running:
        (documents, after) = running.read([("big.yaml", b"a: [" + b"[], " * 900_000 + b"]"), ("next.yaml", b"a: 1")])
        assert documents[-1].problem is not None
        assert documents[-1].problem.code in ("parse.out_of_memory", "parse.crashed")
        assert after[0].data == {"a": 1}


CAPS = [
    ("file_bytes", "parse.file_too_large", "a: " + "x " * 3_000),
    ("documents", "parse.too_many_documents", "---\na: 1\n" * 5),
    ("depth", "parse.too_deep", "a: {b: {c: {d: {e: {}}}}}"),
    ("depth", "parse.too_deep", "a: &a {b: {c: 1}}\nd: {e: {f: {g: *a}}}"),
    ("events", "parse.too_many_nodes", "a: [" + "1, " * 50 + "]"),
    ("aliases", "parse.too_many_aliases", "a: &a 1\nb: [*a, *a, *a, *a]"),
    ("expanded_nodes", "parse.expands_too_far", "a: &a [1, 2, 3, 4, 5, 6, 7]\nb: [*a, *a, *a]"),
    ("expanded_bytes", "parse.expands_too_large", f"a: &a {'x' * 180}\nb: [*a, *a, *a]"),
    ("scalar_bytes", "parse.scalar_too_long", f"a: {'é' * 101}"),
    ("key_bytes", "parse.key_too_long", f"{'é' * 26}: 1"),
    ("mapping_keys", "parse.too_many_keys", "\n".join(f"k{n}: 1" for n in range(13))),
    ("directives", "parse.too_many_directives", "# x" + "\n%TAG !a! b\n%TAG !b! b\n%TAG !c! b\n---\na: 1"),
]
WITHIN = [
    "---\na: 1\n" * 4,
    "a: {b: {c: {d: {}}}}",
    "a: &a {b: {c: 1}}\nd: {e: {f: *a}}",
    "a: [" + "1, " * 38 + "]",
    "a: &a 1\nb: [*a, *a, *a]",
    f"a: {'é' * 100}",
    f"{'é' * 25}: 1",
    "\n".join(f"k{n}: 1" for n in range(12)),
]


@pytest.mark.parametrize(
    ("limit", "code", "text"), [pytest.param(*case, id=f"r022-{case[0]}-{n}") for n, case in enumerate(CAPS)]
)
def test_each_cap_has_its_code(limit: str, code: str, text: str) -> None:
    problem = problem_of(text, SMALL)
    assert problem.code == code
    assert f"limit {limit}" in problem.message
    assert f"{getattr(SMALL, limit):,}" in problem.message


@pytest.mark.parametrize("text", [pytest.param(text, id=f"r022-within-{n}") for n, text in enumerate(WITHIN)])
def test_up_to_the_cap_all_is_well(text: str) -> None:
    assert {document.outcome for document in read(text, SMALL)} == {"entity"}


def test_r022_documents_before_the_cap_are_kept() -> None:
    assert [document.outcome for document in read("---\na: 1\n" * 6, SMALL)] == ["entity"] * 4 + ["bad"]


ALIASES = [
    ("a: &a [*a]", "parse.cyclic_alias"),
    ("a: &a {b: {c: *a}}", "parse.cyclic_alias"),
    ("&r a: *r", "parse.unmet"),
    ("a: *b\nb: &b 1", "parse.unknown_alias"),
]


@pytest.mark.parametrize(("text", "code"), [pytest.param(*case, id=f"r023-{case[0]}") for case in ALIASES])
def test_cycles_and_unknown_anchors(text: str, code: str) -> None:
    document = read(text)[0]
    if code == "parse.unmet":
        assert document.data == {"a": "a"}, "the anchor names the key, not the mapping"
    else:
        assert document.problem is not None
        assert document.problem.code == code


def test_r023_aliases_are_copies() -> None:
    (document,) = read("a: &a {b: [1]}\nc: *a\nd: &a 2\ne: *a\n")
    assert document.data == {"a": {"b": [1]}, "c": {"b": [1]}, "d": 2, "e": 2}
    assert document.data["a"] is not document.data["c"]


def test_r024_duplicates_name_both_lines() -> None:
    problem = problem_of("x:\n  - y:\n      k: 1\n      l: 2\n      k: 3\n")
    assert (problem.code, problem.line, problem.column) == ("parse.duplicate_key", 5, 7)
    assert "line 3 and again in line 5" in problem.message


def test_r025_nothing_but_json_survives() -> None:
    text = "a: 2020-01-01\nb: !!set {x}\nc: !!binary aGk=\nd: .nan\n? [k, 1]\n: !!python/name:os.system ''\n"
    assert read(text)[0].data == {"a": "2020-01-01", "b": {"x": None}, "c": "aGk=", "d": None, "[ k, 1 ]": ""}


UNSTORABLE = [
    (b'a: "\\0"', "parse.invalid_character", 1),
    (b'a: 1\n"\\x00": 1', "parse.invalid_character", 2),
    (b'a: "\\ud800"', "parse.invalid_character", 1),
    (b'{"a": "\\ud800"}', "parse.invalid_character", 0),
    (b"a: 1\nb: \x00", "parse.invalid_character", 2),
    (b"a: 1\r\nb: \x07", "parse.invalid_character", 2),
    (b"a: 1\nb: \xc2\x80", "parse.invalid_character", 2),
    (b"a: 1\nb: caf\xe9", "parse.not_utf8", 2),
    (b"a: \xed\xa0\x80", "parse.not_utf8", 1),
    ("a: 1".encode("utf-16"), "parse.not_utf8", 1),
]


@pytest.mark.parametrize(
    ("content", "code", "line"), [pytest.param(*case, id=f"r026-{case[0]!r}") for case in UNSTORABLE]
)
def test_text_that_cannot_be_stored(content: bytes, code: str, line: int) -> None:
    problem = problem_of(content)
    assert (problem.code, problem.line) == (code, line)


def test_r026_separators_of_unicode_are_text() -> None:
    (document,) = read("a: x\u2028y\u2029z\nb: |\n  p\u0085q\nc\u2028: 1\n")
    assert document.data == {"a": "x\u2028y\u2029z", "b": "p\u0085q\n", "c\u2028": 1}


SYNTAX = [("a: [1", 1), ("a: 1\n b: 2", 2), ("a: @", 1), ("%YAML 9.9\n---\na: 1", 1), ("a: !<", 1), ("a: |x\n", 1)]


@pytest.mark.parametrize(("text", "line"), [pytest.param(*case, id=f"r027-{case[0]!r}") for case in SYNTAX])
def test_errors_of_the_parser_are_problems_with_a_place(text: str, line: int) -> None:
    problem = problem_of(text)
    assert (problem.code, problem.path, problem.line) == ("parse.syntax", "catalog-info.yaml", line)
    assert problem.column > 0


def test_r027_unexpected_exceptions_are_counted(capfd: pytest.CaptureFixture[str]) -> None:
    nonsense = {"depth": "many"}
    with YamlWorker(replace(LIMITS, **nonsense)) as running:  # type: ignore[arg-type]
        (documents,) = running.read([("a.yaml", b"a: 1")])
        assert documents[0].problem is not None
        assert documents[0].problem.code == "parse.internal"
        assert documents[0].problem.message.startswith("TypeError")
        assert running.counters.internal == 1
    assert "Traceback" in capfd.readouterr().err


ISOLATED = [
    (b"\xff: 1", "parse.not_utf8"),
    (b"b: \x01", "parse.invalid_character"),
    (b'b: "\\0"', "parse.invalid_character"),
    (b"b: " + b"[" * 100, "parse.too_deep"),
    (b"b: *x", "parse.unknown_alias"),
    (b"- b", "parse.not_a_mapping"),
    (b"b: [", "parse.syntax"),
    (b"b: '", "parse.syntax"),
    (b"b: " + b"x" * 300_000, "parse.scalar_too_long"),
]


@pytest.mark.parametrize(
    ("broken", "code"), [pytest.param(*case, id=f"r028-{case[1]}-{n}") for n, case in enumerate(ISOLATED)]
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_one_bad_document_does_not_hide_the_others(broken: bytes, code: str, end: bytes) -> None:
    content = end.join(
        [b"# head", b"a: 1", b"---", broken, b"--- # next", b"c: 3", b"...", b"%YAML 1.1", b"---", b"d: yes"]
    )
    first, second, third, fourth = read(content)
    assert [document.index for document in (first, second, third, fourth)] == [0, 1, 2, 3]
    assert [document.line for document in (first, second, third, fourth)] == [2, 4, 6, 10]
    assert (first.data, third.data, fourth.data) == ({"a": 1}, {"c": 3}, {"d": True})
    assert second.problem is not None
    assert (second.problem.code, second.problem.line) == (code, 4 if code != "parse.syntax" else 5)
