"""Every promise that docs/compatibility.md says is kept has a test that bears its number."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import COLLECTED

ROOT = Path(__file__).parent.parent
LINE = re.compile(r"^- ([A-Z])(\d[\d, -]*)$", re.MULTILINE)


def promised() -> set[str]:
    """The numbers under the heading "Numbers"; `C1-3, 5` means C1, C2, C3 and C5."""
    text = (ROOT / "docs" / "compatibility.md").read_text("utf-8").split("## Numbers", 1)[1].split("\n## ", 1)[0]
    found: set[str] = set()
    for letter, ranges in LINE.findall(text):
        for part in ranges.split(","):
            first, _, last = part.strip().partition("-")
            found.update(f"{letter.lower()}{number:03}" for number in range(int(first), int(last or first) + 1))
    return found


def collected(config: pytest.Config) -> str:
    """The names of all tests; a process of its own finds them where only some run now."""
    if COLLECTED in config.stash:
        names = config.stash[COLLECTED]
        return "\n".join(sorted(names)) + "\n"
    options = ["--collect-only", "-q", "-o", "addopts=", "-p", "no:cacheprovider", "tests"]
    command = [sys.executable, "-m", "pytest", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_each_promise_has_a_test_of_its_number(request: pytest.FixtureRequest) -> None:
    tested = set(re.findall(r"(?<![a-z])([a-z]\d{3})(?=[-_\]\n:])", collected(request.config)))
    assert len(promised()) > 200
    assert sorted(promised() - tested) == []
