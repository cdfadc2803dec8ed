"""The front door holds what it promises: verbs, layout, links, pins, and words that must not stand in the project."""

import fnmatch
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VERBS = (
    "setup",
    "demo",
    "test",
    "check",
    "bench",
    "test-slow",
    "test-clients",
    "corpus",
    "corpus-edits",
    "pictures",
    "story",
    "walk",
    "clean",
    "help",
)
TOP = {
    "pyproject.toml",
    "constraints.txt",
    "README.md",
    "CHANGELOG.md",
    "Makefile",
    ".ci",
    ".gitignore",
    "query",
    "syncd",
    "tui",
    "tests",
    "sample-repo",
    "docs",
    "benchmarks",
}
PACKAGES = ("query", "syncd", "tui", "benchmarks")
# In pieces, so that this file does not hold what it looks for.
FORBIDDEN = re.compile("|".join(["/" + "(work|farm)/", r"py" + r"pi\.org", "npm" + "js", r"python" + "hosted"]))
LEFT_OVER = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b|mark\.(skip|x" + "fail)")
SAYS_NOTHING = re.compile(r"(utils?|helpers?|common|misc|manager)(\.py)?")
LINK = re.compile(r"\]\(([^)#:]+)(#[^)]*)?\)")


def ignored() -> list[str]:
    return [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()]


def own(folder: Path = ROOT) -> Iterator[Path]:
    """Every file that belongs to the project, also before it is committed."""
    for path in sorted(folder.iterdir()):
        if path.name == ".git" or any(fnmatch.fnmatch(path.name, pattern) for pattern in ignored()):
            continue
        if path.is_dir():
            yield from own(path)
        else:
            yield path


def relative(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def modules() -> list[Path]:
    return [path for path in own() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES]


def make(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run make as from a shell, also when these tests were started by another make."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=ours, capture_output=True, text=True)


@pytest.mark.parametrize("verb", VERBS)
def test_make_knows_the_verb(verb: str) -> None:
    done = make("--dry-run", verb, "CORPUS=folder")
    assert done.returncode == 0, done.stderr


def test_make_help_lists_every_verb() -> None:
    done = make("help")
    assert {line.split()[1] for line in done.stdout.splitlines()} == set(VERBS)


@pytest.mark.parametrize("verb", ["corpus", "corpus-edits"])
def test_corpus_asks_for_its_folder_before_it_sets_anything_up(verb: str) -> None:
    done = make(verb, "CORPUS=")
    assert done.returncode == 2
    assert "CORPUS=DIR" in done.stderr


def test_the_change_gate_runs_the_tests_without_input() -> None:
    text = (ROOT / ".ci" / "run").read_text()
    assert "make test" in text
    assert "make check" in text
    assert "</dev/null" in text


def test_the_first_screen_of_the_readme_shows_demo_and_test() -> None:
    screen = (ROOT / "README.md").read_text().split("\n")[:24]
    assert any(line.startswith("make demo ") for line in screen)
    assert any(line.startswith("make test ") for line in screen)


def test_the_changelog_begins_with_what_is_unreleased() -> None:
    headings = [line for line in (ROOT / "CHANGELOG.md").read_text().split("\n") if line.startswith("## ")]
    assert headings[0] == "## Unreleased"


@pytest.mark.parametrize("page", relative([path for path in own() if path.suffix == ".md"]))
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    path = ROOT / page
    targets = [match[1] for match in LINK.finditer(path.read_text())]
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_top_folder_holds_what_the_layout_names() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in own()}
    assert names - TOP == set()


def test_every_requirement_is_pinned_and_installed_as_pinned() -> None:
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split() if "==" in line)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [re.split(r"[<>=]", text)[0] for text in project["dependencies"] + project["optional-dependencies"]["dev"]]
    assert [name for name in wanted if name not in pins] == []
    used = set(pins) - {"setuptools"}  # it builds, nothing runs with it
    assert {name: found for name in used if (found := installed(name)) not in (None, pins[name])} == {}


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def test_nothing_names_this_machine_or_a_registry() -> None:
    assert [path for path in own() if FORBIDDEN.search(path.read_text(errors="replace"))] == []


def test_nothing_is_left_to_do_in_the_code() -> None:
    code = [path for path in own() if path.suffix in (".py", ".sql", ".tcss")]
    assert relative([path for path in code if LEFT_OVER.search(path.read_text())]) == []


def test_modules_are_named_after_what_is_inside() -> None:
    assert (
        relative([path for path in modules() if any(map(SAYS_NOTHING.fullmatch, path.relative_to(ROOT).parts))]) == []
    )
