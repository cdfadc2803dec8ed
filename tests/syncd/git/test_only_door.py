"""One door to git, and few places that start a process (R2)."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[3]
DOOR = "syncd/git/"
STARTS_PROCESSES = (DOOR, "syncd/workers/", "syncd/sql/", "syncd/sql_worker/", "tui/cli/", "tui/foreground.py")
STARTERS = {"subprocess", "multiprocessing", "pty"}
OS_STARTERS = {"system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp"}


def test_r002_git_is_reached_by_one_door() -> None:
    for path, name in imports():
        root = name.partition(".")[0]
        if root in {"git", "gitdb"}:
            assert path.startswith(DOOR), f"{path} imports {name}"
        if root in STARTERS:
            assert path.startswith(STARTS_PROCESSES), f"{path} imports {name}"


def test_r002_no_process_is_started_around_the_door() -> None:
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
                started = node.attr in OS_STARTERS or node.attr.startswith(("exec", "spawn"))
                assert not started or path.startswith(STARTS_PROCESSES), f"{path}:{node.lineno} uses os.{node.attr}"


def test_r002_a_shell_is_never_given_text() -> None:
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                assert not any(keyword.arg == "shell" for keyword in node.keywords), f"{path}:{node.lineno}"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in ("query", "syncd", "tui"):
        for path in sorted((PROJECT / package).rglob("*.py")):
            yield path.relative_to(PROJECT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imports() -> Iterator[tuple[str, str]]:
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield path, alias.name
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield path, node.module
