"""What a hostile repository may bring: each object is checked before it is in the mirror (R5)."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from syncd.errors import CatalogError, StalledError, TransientError
from syncd.git import Mirrors
from syncd.git.refs import all_refs
from tests.support.git_server import Answer, GitServer, git_server
from tests.support.mirrors import opened_mirrors, processes_of
from tests.support.repository import RepoBuilder

MANY = 150
"""More objects than git unpacks one by one: beyond a hundred a pack is kept, and another program checks it."""
WHO = "Ada <ada@example.org> 1700000000 +0000"
EVIL_URL = b'[submodule "x"]\n\tpath = x\n\turl = -oProxyCommand=touch\n'
EVIL_NAME = b'[submodule "../../x"]\n\tpath = x\n\turl = https://h/x\n'
EVIL_PATH = b'[submodule "x"]\n\tpath = --upload-pack=x\n\turl = https://h/x\n'

TREES = [
    pytest.param([("100644", b".git")], "hasDotgit", id="dot-git"),
    pytest.param([("100644", b".GIT")], "hasDotgit", id="dot-git-in-capitals"),
    pytest.param([("100644", "\u200c.git".encode())], "hasDotgit", id="dot-git-with-what-a-mac-ignores"),
    pytest.param([("100644", b"git~1")], "hasDotgit", id="dot-git-as-windows-shortens-it"),
    pytest.param([("100644", b"a/b")], "fullPathname", id="full-pathname"),
    pytest.param([("100644", b"..")], "hasDotdot", id="parent"),
    pytest.param([("100644", b".")], "hasDot", id="itself"),
    pytest.param([("100644", b"a"), ("100644", b"a")], "duplicateEntries", id="twice"),
    pytest.param([("100644", b"b"), ("100644", b"a")], "treeNotSorted", id="unsorted"),
    pytest.param([("120000", b".gitmodules")], "gitmodulesSymlink", id="modules-that-are-a-link"),
]
MODULES = [
    pytest.param(EVIL_URL, "gitmodulesUrl", id="url"),
    pytest.param(EVIL_NAME, "gitmodulesName", id="name"),
    pytest.param(EVIL_PATH, "gitmodulesPath", id="path"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    with git_server(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture
def mirrors(tmp_path: Path) -> Iterator[Mirrors]:
    with opened_mirrors(tmp_path / "m") as mirrors:
        yield mirrors


def a_blob(repository: RepoBuilder, content: bytes = b"x") -> str:
    return repository.git("hash-object", "-w", "--stdin", stdin=content).strip()


def a_tree(repository: RepoBuilder, entries: list[tuple[str, bytes, str]]) -> str:
    raw = b"".join(mode.encode() + b" " + name + b"\0" + bytes.fromhex(of) for mode, name, of in entries)
    return repository.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=raw).strip()


def refused(mirrors: Mirrors, server: GitServer, name: str, tree: str, told: str, guilty: str) -> None:
    """A good state, then a commit of this tree: its object is told, nothing of it is there, the good one stays."""
    repository = server.repository(name)
    good = repository.commit({"a": "1"})
    mirror = mirrors.open(server.url(name))
    mirror.fetch([""])
    repository.set_branch("main", repository.git("commit-tree", tree, "-p", good, "-m", "odd").strip())
    with pytest.raises(StalledError) as raised:
        mirror.fetch([""])
    assert raised.value.code == "git.fsck_rejected"
    assert guilty in str(raised.value)
    assert told in str(raised.value)
    assert "git fsck" in raised.value.hint
    assert all_refs(mirror.path) == {"refs/remotes/origin/main": good}
    assert not mirror.holds(tree)
    assert mirror.file_blob(good, "a")
    repository.set_branch("main", good)
    next_good = repository.commit({"a": "2"})
    assert mirror.fetch([""]).heads[""].commit == next_good


@pytest.mark.parametrize(("entries", "told"), TREES)
def test_r005_an_odd_tree_is_refused(
    request: pytest.FixtureRequest, mirrors: Mirrors, server: GitServer, entries: list[tuple[str, bytes]], told: str
) -> None:
    name = request.node.callspec.id
    repository = server.repository(name)
    blob = a_blob(repository)
    tree = a_tree(repository, [(mode, path, blob) for mode, path in entries])
    refused(mirrors, server, name, tree, told, guilty=tree)


@pytest.mark.parametrize(("content", "told"), MODULES)
def test_r005_a_forbidden_setting_of_a_submodule_is_refused(
    mirrors: Mirrors, server: GitServer, content: bytes, told: str
) -> None:
    repository = server.repository(told)
    blob = a_blob(repository, content)
    refused(mirrors, server, told, a_tree(repository, [("100644", b".gitmodules", blob)]), told, guilty=blob)


def test_r005_a_large_pack_is_checked_too(mirrors: Mirrors, server: GitServer) -> None:
    repository = server.repository("large")
    blob = a_blob(repository)
    many = [("100644", f"f{number:04}".encode(), a_blob(repository, b"%d" % number)) for number in range(MANY)]
    tree = a_tree(repository, [("100644", b".git", blob), *many])
    refused(mirrors, server, "large", tree, "hasDotgit", guilty=tree)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"tree {{tree}}\nauthor {WHO}\n\nx", "missingCommitter"),
        (f"tree {{tree}}\nauthor Ada\0 <a@b> 1 +0000\ncommitter {WHO}\n\nx", "nulInHeader"),
        (f"tree {{tree}}\nauthor Ada <a@b> 99999999999999999999 +0000\ncommitter {WHO}\n\nx", "badDateOverflow"),
    ],
    ids=["no-committer", "nul", "date"],
)
def test_r005_an_odd_commit_is_refused(mirrors: Mirrors, server: GitServer, text: str, told: str) -> None:
    repository = server.repository(told)
    repository.commit({"a": "1"})
    raw = text.format(tree=repository.git("rev-parse", "main^{tree}").strip()).encode()
    commit = repository.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw).strip()
    repository.set_branch("main", commit)
    with pytest.raises(StalledError) as raised:
        mirrors.open(server.url(told)).fetch([""])
    assert (raised.value.code, commit in str(raised.value)) == ("git.fsck_rejected", True)


def test_r005_old_but_harmless_history_is_let_in(mirrors: Mirrors, server: GitServer) -> None:
    """Such commits were made by real programs (reliability, appendix 1)."""
    repository = server.repository("old")
    repository.commit({"a": "1"})
    tree = repository.git("rev-parse", "main^{tree}").strip()
    raw = f"tree {tree}\nauthor Ada <a@b> 1 +051800\ncommitter Ada<a@b> 01 +0000\n\nx".encode()
    commit = repository.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw).strip()
    repository.set_branch("main", commit)
    assert mirrors.open(server.url("old")).fetch([""]).heads[""].commit == commit


@pytest.mark.parametrize(
    ("half", "code"),
    [pytest.param("wait", "git.timeout", id="r012-waits"), pytest.param("close", "git.unreachable", id="r012-closes")],
)
def test_a_server_that_stops_in_the_middle_of_a_pack(
    tmp_path: Path, server: GitServer, half: Literal["wait", "close"], code: str
) -> None:
    good = server.repository(half).commit({"a": "1"})
    with opened_mirrors(tmp_path / "m", stall_seconds=1) as mirrors:
        mirror = mirrors.open(server.url(half))
        mirror.fetch([""])
        newer = server.repository(half).commit({"b": os.urandom(100_000)})
        server.half = half
        try:
            with pytest.raises(TransientError) as raised:
                mirror.fetch([""])
        finally:
            server.half = ""
        assert raised.value.code == code
        assert not processes_of(tmp_path / "m")
        assert not list(mirror.path.rglob("tmp_*"))
        assert mirror.heads([""])[""].commit == good
        assert mirror.fetch([""]).heads[""].commit == newer


@pytest.mark.parametrize(
    "content",
    [b"", b"0000", b"PACK", b"001e# service=git-upload-pack\n0000", b"ffff" + b"x" * 99, b"zzzz", b"\0" * 1000],
    ids=["nothing", "flush", "pack", "cut", "longer-than-it-is", "no-number", "zeros"],
)
def test_r005_a_server_that_does_not_speak_git_changes_nothing(
    mirrors: Mirrors, server: GitServer, content: bytes
) -> None:
    good = server.repository("babble").commit({"a": "1"})
    mirror = mirrors.open(server.url("babble"))
    mirror.fetch([""])
    headers = {"Content-Type": "application/x-git-upload-pack-advertisement"}
    server.answers["babble.git"] = Answer(200, headers, content)
    try:
        with pytest.raises(CatalogError):
            mirror.fetch([""])
    finally:
        server.answers.clear()
    assert all_refs(mirror.path) == {"refs/remotes/origin/main": good}
    assert mirror.fetch([""]).heads[""].commit == good
