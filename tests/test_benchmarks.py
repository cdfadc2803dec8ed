"""What the figures and counts of `benchmarks` rest on."""

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.figures import Figure, percentile, table
from benchmarks.generate import KINDS, Size, files_of, git_environment, kind_of, name_of, repositories
from benchmarks.plain_count import documents_in
from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import read_documents


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("", 1, id="nothing"),
        pytest.param("# words\n", 1, id="only a comment"),
        pytest.param("a: 1\n", 1, id="no mark"),
        pytest.param("---\na: 1\n", 1, id="mark first"),
        pytest.param("# words\n---\na: 1\n", 1, id="comment before the mark"),
        pytest.param("%YAML 1.2\n---\na: 1\n", 1, id="directive before the mark"),
        pytest.param("a: 1\n---\nb: 2\n", 2, id="two"),
        pytest.param("a: 1\r\n---\r\nb: 2\r\n", 2, id="two, lines of Windows"),
        pytest.param("a: 1\n---\n", 2, id="an empty one at the end"),
        pytest.param("---\n---\na: 1\n", 2, id="an empty one first"),
        pytest.param("--- a\n--- b\n", 2, id="content on the line of the mark"),
        pytest.param("a: 1\n...\n", 1, id="ended"),
        pytest.param("a: 1\n...\n---\nb: 2\n", 2, id="ended, then another"),
        pytest.param("a: 1\n...\nb: 2\n", 2, id="ended, then one without a mark"),
        pytest.param("a: |\n  ---\n  b\n", 1, id="a mark inside a text"),
        pytest.param("a: 1\n----\n", 1, id="four dashes"),
        pytest.param("\ufeff---\na: 1\n", 1, id="byte-order mark"),
        pytest.param("a: [\n---\nb: 2\n", 2, id="the first one broken"),
    ],
)
def test_documents_are_counted_as_the_daemon_counts_them(text: str, count: int) -> None:
    assert documents_in(text.encode()) == count
    assert len(read_documents(text.encode(), "a.yaml", ParseLimits())) == count


def test_a_share_is_the_nearest_rank() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert percentile(values, 0.95) == 95
    assert percentile(values, 0.5) == 50
    assert percentile([7.0], 0.95) == 7


def test_the_table_says_what_missed_its_target() -> None:
    figures = [Figure("page", 4.2, "ms", 5), Figure("list", 130, "ms", 120, "20 runs"), Figure("size", 3, "")]
    lines = table([*figures, Figure("rate", 1250, "/s", least=1000)])
    assert lines.split("\n") == [
        "figure      here      target          how",
        "page     4.20 ms      ≤ 5 ms  ok",
        "list      130 ms    ≤ 120 ms  MISSED  20 runs",
        "size           3",
        "rate    1,250 /s  ≥ 1,000 /s  ok",
    ]


def test_generated_entities_have_their_shares_in_every_hundred() -> None:
    assert Counter(map(kind_of, range(700, 800))) == dict(KINDS)
    assert len({kind_of(number) for number in range(3, 10_000, 1_000)}) > 2


def test_generated_repositories_are_the_same_each_time(tmp_path: Path) -> None:
    size = Size(40, 4)
    heads = [
        [git(path, "rev-parse", "main^{tree}") for path in repositories(tmp_path / name, size)] for name in ("a", "b")
    ]
    assert heads[0] == heads[1]
    assert len(set(heads[0])) == 4
    shown = git(tmp_path / "a" / "r00001.git", "show", "main:catalog-info.yaml")
    assert shown.strip() == files_of(1, size)["catalog-info.yaml"].strip()
    assert f"name: {name_of(1)}\n" in shown


def git(path: Path, *arguments: str) -> str:
    command = ["git", "-C", str(path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=git_environment()).stdout
