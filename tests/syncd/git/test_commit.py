"""Commits without a work tree, and pushes that replace nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from syncd.errors import InputError
from syncd.git import Mirror, NewCommit, Person
from tests.support.mirrors import opened_mirrors
from tests.support.repository import Odd, RepoBuilder

HOSTILE = "Eve <eve@x>\nauthor Bob <bob@x> 1 +0000\r\x1b]0;x\x07\u202e" + "e" * 5_000
ADA, DAEMON = Person("Ada", "ada@example.org"), Person("catalog", "catalog@example.org")


def commit(mirror: Mirror, parent: str, **other: object) -> str:
    wanted = NewCommit(parent, {"a.yaml": b"a: 2\n"}, ADA, DAEMON, "Two", "0" * 32)
    return mirror.commit(replace(wanted, **other))  # type: ignore[arg-type]


def test_r051_names_and_messages_stay_in_their_lines(mirror: Mirror, origin: RepoBuilder) -> None:
    head = origin.commit({"a.yaml": "a: 1\n"})
    mirror.fetch([""])
    person = Person(HOSTILE, HOSTILE)
    made = commit(mirror, head, author=person, committer=person, message=HOSTILE + "\n" + "x" * 10_000)
    assert mirror.push(made, "refs/heads/main").outcome == "pushed"
    header, _, message = origin.git("cat-file", "commit", "main").partition("\n\n")
    lines = header.split("\n")
    assert [line.partition(" ")[0] for line in lines] == ["tree", "parent", "author", "committer"]
    assert all(line.count("<") == line.count(">") == 1 for line in lines[2:])
    assert len(header) < 1_000
    assert len(message) < 5_000
    assert header.isprintable() or header.replace("\n", "").isprintable()
    origin.git("fsck", "--strict")


def test_r046_a_push_never_replaces_what_it_does_not_follow(mirror: Mirror, origin: RepoBuilder) -> None:
    first = origin.commit({"a.yaml": "a: 1\n"})
    mirror.fetch([""])
    made = commit(mirror, first)
    moved = origin.commit({"b.yaml": "b: 1\n"})
    assert mirror.push(made, "refs/heads/main").outcome == "moved"
    mirror.fetch([""])
    assert mirror.push(made, "refs/heads/main").outcome == "moved"
    forced = origin.force({"a.yaml": "a: 3\n"})
    assert mirror.push(commit(mirror, moved), "refs/heads/main").outcome == "moved"
    assert origin.head() == forced
    origin.git("config", "receive.denyNonFastForwards", "false")
    assert mirror.push(made, "refs/heads/main").outcome == "moved"
    for name in ("refs/tags/v1", "main", "+refs/heads/main", "refs/heads/a:b", "refs/heads/--force/.lock"):
        with pytest.raises(InputError):
            mirror.push(made, name)


def test_r047_links_and_submodules_are_refused_and_modes_kept(mirror: Mirror, origin: RepoBuilder) -> None:
    start = origin.commit({"x": "x"})
    odd: dict[str, str | Odd] = {
        "run.sh": Odd("100755", "1\n"),
        "link": Odd("120000", "x"),
        "sub": Odd("160000", start),
        "d/file": "1\n",
    }
    head = origin.commit(dict(odd))
    mirror.fetch([""])
    for path in ("link", "sub", "d", "gone"):
        with pytest.raises(InputError, match="only a file can be edited"):
            commit(mirror, head, files={path: b"2\n"})
    made = commit(mirror, head, files={"run.sh": b"2\n", "d/file": b"2\n"})
    mirror.push(made, "refs/heads/main")
    assert origin.git("ls-tree", "-r", "main").count("100755 blob") == 1
    assert origin.git("diff", "--name-only", head, "main").split() == ["d/file", "run.sh"]


def test_r050_an_edit_is_found_by_its_trailer_alone(mirror: Mirror, origin: RepoBuilder) -> None:
    edit, other = "1" * 32, "2" * 32
    head = origin.commit({"a.yaml": "a: 1\n"})
    mirror.fetch([""])
    made = commit(mirror, head, edit=edit, message=f"Forged\n\nCatalog-Edit: {other}\n")
    mirror.push(made, "refs/heads/main")
    quoted = origin.commit({"b": "b"}, f"About it\n\nCatalog-Edit: {other}\n\nand so on")
    mirror.fetch([""])
    assert mirror.find_edit(edit, quoted, head) == made
    assert mirror.find_edit(edit, quoted, "") == made
    assert mirror.find_edit(edit, quoted, "f" * 40) == made
    assert mirror.find_edit(edit, quoted, made) is None
    assert mirror.find_edit(other, quoted, head) is None


def test_r047_a_repository_of_long_ids_is_committed_to(tmp_path: Path) -> None:
    origin = RepoBuilder(tmp_path / "long.git", object_format="sha256")
    head = origin.commit({"a.yaml": "a: 1\n"})
    with opened_mirrors(tmp_path / "mirrors") as mirrors:
        mirror = mirrors.open(origin.url)
        mirror.fetch([""])
        assert mirror.push(commit(mirror, head), "refs/heads/main").outcome == "pushed"
    assert origin.git("cat-file", "blob", "main:a.yaml") == "a: 2\n"


def test_r085_an_index_that_a_kill_left_behind_goes(origin: RepoBuilder, tmp_path: Path) -> None:
    head = origin.commit({"a.yaml": "a: 1\n"})
    with opened_mirrors(tmp_path / "mirrors") as mirrors:
        mirror = mirrors.open(origin.url)
        mirror.fetch([""])
        commit(mirror, head)
        left = mirror.path.parent / "indexes" / "index-left"
        left.mkdir()
    with opened_mirrors(tmp_path / "mirrors") as again:
        again.open(origin.url)
        assert not left.exists()
