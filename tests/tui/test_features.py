"""The table of features names tests that there are, and the few features without one have a reason."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "tui-features.md").read_text(encoding="utf-8")
TABLE, LEFT_OUT = DOCUMENT.split("\n## Left out\n")
ROW = re.compile(r"^\| ([MBS]) \| (.+?) \| (.+) \|$", re.MULTILINE)
FEW = 5
"""Features that are expected and left out."""


def known_tests() -> Counter[str]:
    """Names of test functions, alone and behind the names of their files, and in how many places each is."""
    names: Counter[str] = Counter()
    for path in (ROOT / "tests").rglob("test_*.py"):
        found = re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        names.update(found)
        names.update(f"{path.name}::{name}" for name in found)
    return names


def test_every_feature_names_tests_and_every_named_test_exists() -> None:
    known = known_tests()
    rows = ROW.findall(TABLE)
    lines = [line for line in TABLE.splitlines() if re.match(r"\| \S", line) and not line.startswith("| | what")]
    assert len(rows) == len(lines) > 60
    for _, what, shown_by in rows:
        names = re.findall(r"`((?:test_\w+\.py::)?test_\w+)`", shown_by)
        assert names, what
        assert [name for name in names if known[name] != 1] == [], what


def test_what_is_left_out_is_little_and_has_its_reason() -> None:
    rows = ROW.findall(LEFT_OUT)
    assert rows
    decisions = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    for level, what, reason in rows:
        assert len(reason) > 20, what
        if level != "S":
            assert f"{what}: " in decisions, what
    assert sum(level != "S" for level, _, _ in rows) <= FEW


def test_no_feature_stands_there_twice() -> None:
    told = Counter(what for _, what, _ in ROW.findall(DOCUMENT))
    assert [what for what, count in told.items() if count > 1] == []
