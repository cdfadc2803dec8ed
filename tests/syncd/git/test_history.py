"""Who wrote which line, which commits changed a file, and what a person's name of a commit means."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from syncd.errors import CatalogError, InputError, TransientError
from syncd.git import Mirror
from syncd.git.revision import spelled
from tests.support.mirrors import opened_mirrors
from tests.support.repository import Odd, RepoBuilder

ODD_PATHS = ["-x.yaml", "a b/ü [id]*?.yaml", ":(glob)x", 'quo"ted', "tab\there", "line\nbreak"]


@pytest.mark.parametrize("path", ODD_PATHS)
def test_lines_are_blamed_whatever_the_file_is_called(mirror: Mirror, origin: RepoBuilder, path: str) -> None:
    one = origin.commit({path: "a\nb\nc\n"}, "first\n\nmore", author="Ada")
    two = origin.commit({path: "a\nB\nc\n"}, "second \x1b[2J", author="Bea")
    mirror.fetch([""])
    found = mirror.blame(two, path, (1, 2))
    assert [(line.line, line.commit.id, line.commit.author, line.commit.subject, line.cut) for line in found] == [
        (1, one, "Ada", "first", False),
        (2, two, "Bea", "second \x1b[2J", False),
    ]
    assert found[1].commit.email == "bea@example.org"
    assert found[1].commit == mirror.history(two, limit=1)[0]
    assert [step.commit.id for step in mirror.file_log(two, path, 10).steps] == [two, one]


def test_the_log_of_a_file_follows_it_and_tells_both_sides(mirror: Mirror, origin: RepoBuilder) -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    begin = origin.commit({"old/x": text, "beside": "1"})
    origin.commit({"beside": "2"})
    moved = origin.commit({"old/x": None, "new/x": text})
    changed = origin.commit({"new/x": text + "more\n"})
    linked = origin.commit({"new/x": Odd("120000", "elsewhere")})
    mirror.fetch([""])
    log = mirror.file_log(linked, "new/x", 10)
    assert [(step.commit.id, step.before, step.path) for step in log.steps] == [
        (linked, "new/x", "new/x"),
        (changed, "new/x", "new/x"),
        (moved, "old/x", "new/x"),
        (begin, "old/x", "old/x"),
    ]
    assert [(step.old is None, step.new is None) for step in log.steps] == [
        (False, True), (False, False), (False, False), (True, False)
    ]  # fmt: skip
    assert (log.steps[1].parent, log.steps[3].parent) == (moved, "")
    assert mirror.read_blobs([str(log.steps[1].old)], 1000) == {log.steps[1].old: text.encode()}
    assert (log.complete, log.cut) == (True, False)
    few = mirror.file_log(linked, "new/x", 2)
    assert ([step.commit.id for step in few.steps], few.complete) == ([linked, changed], False)
    assert mirror.file_log(linked, "nothing", 2).steps == ()


def test_a_merge_is_told_where_it_says_what_neither_side_said(mirror: Mirror, origin: RepoBuilder) -> None:
    base = origin.commit({"x": "1\n2\n3\n4\n5\n6\n7\n"})
    left = origin.commit({"x": "A\n2\n3\n4\n5\n6\n7\n"})
    origin.set_branch("side", base)
    right = origin.commit({"x": "1\n2\n3\n4\n5\n6\nB\n"}, branch="side")
    tree = origin.commit({"x": "C\n2\n3\n4\n5\n6\nB\n"}, branch="tree")
    merged = origin.git("commit-tree", f"{tree}^{{tree}}", "-p", left, "-p", right, "-m", "merged").strip()
    origin.set_branch("main", merged)
    mirror.fetch([""])
    steps = mirror.file_log(merged, "x", 10).steps
    assert {step.commit.id for step in steps} == {merged, left, right, base}
    told = next(step for step in steps if step.commit.id == merged)
    assert told.parent == left
    assert mirror.read_blobs([str(told.old)], 100)[str(told.old)] == b"A\n2\n3\n4\n5\n6\n7\n"
    assert mirror.blame(merged, "x", (1, 1))[0].commit.id == merged


def test_a_time_that_no_calendar_has_is_its_end(mirror: Mirror, origin: RepoBuilder) -> None:
    tree = origin.git("rev-parse", f"{origin.commit({'a': 'x'})}^{{tree}}").strip()
    text = f"tree {tree}\nauthor A <a@x> 1 +0000\ncommitter A <a@x> 300000000000 +0000\n\nlater\n"
    commit = origin.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=text.encode()).strip()
    origin.set_branch("main", commit)
    mirror.fetch([""])
    times = [
        mirror.blame(commit, "a", (1, 1))[0].commit.when,
        mirror.file_log(commit, "a", 1).steps[0].commit.when,
        mirror.history(commit, limit=1)[0].when,
    ]
    assert [when.year for when in times] == [9999] * 3


def test_where_the_history_is_cut_it_is_said(tmp_path: Path, origin: RepoBuilder) -> None:
    origin.commit({"a": "1\n"})
    commit = origin.commit({"b": "1\n"})
    with opened_mirrors(tmp_path / "shallow", depth=1) as mirrors:
        mirror = mirrors.open(origin.url)
        mirror.fetch([""])
        assert [(line.commit.id, line.cut) for line in mirror.blame(commit, "a", (1, 1))] == [(commit, True)]
        assert mirror.file_log(commit, "a", 5).cut is True


def test_r012_questions_of_history_end_by_their_clock(tmp_path: Path, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1\n"})
    with opened_mirrors(tmp_path / "late") as mirrors:
        mirrors.open(origin.url).fetch([""])
    with opened_mirrors(tmp_path / "late", read_clock=1e-6) as mirrors:
        mirror = mirrors.open(origin.url)
        for ask in (lambda: mirror.blame(commit, "a", (1, 1)), lambda: mirror.file_log(commit, "a", 1)):
            with pytest.raises(TransientError) as caught:
                ask()
            assert caught.value.code == "git.timeout"


def test_what_is_not_there_is_an_error_and_no_guess(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1\n"})
    with pytest.raises(TransientError):
        mirror.blame(commit, "a", (1, 1))  # nothing was fetched yet
    mirror.fetch([""])
    for path, lines in (("b", (1, 1)), ("a", (7, 9))):
        with pytest.raises(CatalogError):
            mirror.blame(commit, path, lines)
    with pytest.raises(InputError):
        mirror.blame("HEAD", "a", (1, 1))
    with pytest.raises(InputError):
        mirror.file_log("--all", "a", 1)


def test_a_commit_is_found_by_what_people_call_it(mirror: Mirror, origin: RepoBuilder) -> None:
    one = origin.commit({"a": "1"})
    two = origin.commit({"a": "2"})
    three = origin.commit({"a": "3"})
    origin.tag("v1", one, annotated=True)
    origin.set_branch("not/mirrored", two)
    mirror.fetch(["main", "v1"])
    names = {
        "HEAD": three, "@": three, "HEAD~1": two, "HEAD^": two, "main~2": one, "refs/heads/main": three, "v1": one,
        two: two, two[:7]: two, f"{three}^^": one,
        "not/mirrored": None, "HEAD~9": None, "main:a": None, "": None, "-x": None, "--all": None, "main main": None,
        "main\nHEAD": None, "main@{1}": None, "ffffffff": None, "refs/catalog/keep": None,
    }  # fmt: skip
    assert {name: mirror.commit_named(name, three) for name in names} == names
    assert spelled("a^{tree}", three) == ()
    when = mirror.history(two, limit=1)[0].when
    assert (mirror.commit_before(when, three), mirror.commit_before(datetime(2000, 1, 1, tzinfo=UTC), three)) == (
        two,
        None,
    )
