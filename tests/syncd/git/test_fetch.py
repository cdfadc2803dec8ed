"""What a revision may be, and where it is found after a fetch."""

import os
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from syncd.errors import InputError, StalledError, TransientError
from syncd.git import Head, Mirror, Mirrors
from syncd.git.peek import look
from syncd.git.refs import all_refs
from tests.support.loopback import http_server, tcp_server
from tests.support.mirrors import opened_mirrors
from tests.support.repository import RepoBuilder


def test_no_revision_is_the_default_branch(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    assert mirror.fetch([""]).heads == {"": Head("", "refs/heads/main", commit)}
    assert mirror.heads([""]) == {"": Head("", "refs/heads/main", commit)}


def test_a_detached_head_is_followed_as_it_is(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    origin.commit({"a": "2"})
    origin.git("update-ref", "--no-deref", "HEAD", commit)
    assert mirror.fetch([""]).heads[""] == Head("", "HEAD", commit)
    assert mirror.fetch([""]).heads[""].commit == commit


def test_an_empty_repository_has_no_default_branch_yet(mirror: Mirror, origin: RepoBuilder) -> None:
    assert mirror.fetch([""]).missing == ("",)
    commit = origin.commit({"a": "1"})
    assert mirror.fetch([""]).heads[""].commit == commit


@pytest.mark.parametrize("annotated", [False, True])
def test_a_tag_names_the_commit_it_points_to(mirror: Mirror, origin: RepoBuilder, annotated: bool) -> None:
    commit = origin.commit({"a": "1"})
    origin.tag("v1", commit, annotated=annotated)
    origin.commit({"a": "2"})
    expected = {"v1": Head("v1", "refs/tags/v1", commit)}
    assert mirror.fetch(["v1"]).heads == expected
    assert mirror.fetch(["v1"]).heads == expected


def test_a_branch_goes_before_a_tag_of_the_same_name(mirror: Mirror, origin: RepoBuilder) -> None:
    tagged = origin.commit({"a": "1"})
    origin.tag("release", tagged)
    branch = origin.commit({"a": "2"}, branch="release")
    heads = mirror.fetch(["release", "refs/tags/release"]).heads
    assert heads["release"].commit == branch
    assert heads["refs/tags/release"].commit == tagged


def test_any_full_ref_may_be_named(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    origin.git("update-ref", "refs/pull/7/head", commit)
    assert mirror.fetch(["refs/pull/7/head"]).heads["refs/pull/7/head"].commit == commit


def test_a_commit_is_fetched_by_its_id_and_stays(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    origin.commit({"a": "2"})
    fetched = mirror.fetch([commit, "0" * 40])
    assert fetched.heads == {commit: Head(commit, commit, commit)}
    assert fetched.missing == ("0" * 40,)
    assert all_refs(mirror.path) == {f"refs/catalog/commit/{commit}": commit}


def test_a_commit_that_came_with_a_branch_is_not_fetched_again(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    mirror.fetch(["main"])
    origin.path.rename(origin.path.with_name("away"))
    assert mirror.fetch([commit]).heads[commit].commit == commit


def test_a_repository_with_long_object_ids_is_mirrored(mirrors: Mirrors, tmp_path: Path) -> None:
    origin = RepoBuilder(tmp_path / "long.git", object_format="sha256")
    old = origin.commit({"a/b": "1", "c": "1"})
    mirror = mirrors.open(origin.url)
    assert mirror.fetch([""]).heads[""].commit == old
    new = origin.commit({"a/b": "2"})
    mirror.fetch([""])
    (change,) = mirror.changed_files(old, new)
    assert (change.path, mirror.read_blobs([change.blob or ""], 9)[change.blob or ""]) == ("a/b", b"2")


def test_one_call_may_name_many_revisions(mirror: Mirror, origin: RepoBuilder) -> None:
    one, two = origin.commit({"a": "1"}), origin.commit({"a": "2"}, branch="next")
    fetched = mirror.fetch(["", "main", "next", "none"])
    assert {name: head.commit for name, head in fetched.heads.items()} == {"": one, "main": one, "next": two}
    assert fetched.missing == ("none",)


def test_one_repository_is_one_mirror_however_it_is_spelled(mirrors: Mirrors) -> None:
    spellings = [
        "https://Git.Example.org/team/shop.git",
        "https://git.example.org:443/team//shop",
        "https://git.example.org/team/shop/",
    ]
    assert len({mirrors.open(spelling).url for spelling in spellings}) == 1
    assert len({id(mirrors.open(spelling)) for spelling in spellings}) == 1


def test_a_source_with_a_cut_history_is_followed(mirrors: Mirrors, origin: RepoBuilder, tmp_path: Path) -> None:
    origin.commit({"a": "1"})
    origin.commit({"a": "2"})
    shallow = RepoBuilder(tmp_path / "shallow.git")
    for text in ("2", "3"):
        commit = origin.commit({"a": text})
        shallow.git("fetch", "-q", "--depth=1", origin.url, "+refs/heads/main:refs/heads/main")
        fetched = mirrors.open(shallow.url).fetch([""])
        assert (fetched.heads[""].commit, fetched.rewritten) == (commit, {})


def test_history_may_be_cut_by_configuration(tmp_path: Path, origin: RepoBuilder) -> None:
    origin.commit({"a": "1"})
    commit = origin.commit({"a": "2"})
    with opened_mirrors(tmp_path / "cut", depth=1) as mirrors:
        mirror = mirrors.open(origin.url)
        assert mirror.fetch([""]).heads[""].commit == commit
        assert [found.id for found in mirror.history(commit)] == [commit]


def test_a_fetch_needs_free_space(tmp_path: Path, origin: RepoBuilder) -> None:
    with opened_mirrors(tmp_path / "full", free_bytes=1 << 60) as mirrors:
        with pytest.raises(TransientError) as raised:
            mirrors.open(origin.url).fetch([""])
        assert raised.value.code == "git.disk_full"


def test_mirrors_remember_over_restarts(tmp_path: Path, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    for _ in range(2):
        with opened_mirrors(tmp_path / "kept") as mirrors:
            mirror = mirrors.open(origin.url)
            assert mirror.heads([""]) in ({}, {"": Head("", "refs/heads/main", commit)})
            mirror.fetch([""])
    assert mirror.heads([""])[""].commit == commit
    assert (mirror.path.parent / "url").read_text() == origin.url + "\n"


def test_a_kept_commit_outlives_its_branch(mirror: Mirror, origin: RepoBuilder) -> None:
    kept = origin.commit({"a": "1"})
    mirror.fetch([""])
    mirror.keep(kept)
    mirror.keep(kept)
    origin.force({"a": "2"})
    mirror.fetch([""])
    mirror.retain([])
    assert all_refs(mirror.path) == {f"refs/catalog/keep/{kept}": kept}
    mirror.release(kept)
    mirror.release(kept)
    assert all_refs(mirror.path) == {}


def test_a_discarded_mirror_is_gone_and_can_come_back(mirrors: Mirrors, origin: RepoBuilder) -> None:
    origin.commit({"a": "1"})
    path = mirrors.open(origin.url).path
    mirrors.open(origin.url).fetch([""])
    assert not mirrors.discard(origin.url, lambda: True)
    assert mirrors.discard(origin.url, lambda: False)
    assert not path.parent.exists()
    assert mirrors.open(origin.url).fetch([""]).heads


def test_history_tells_who_changed_a_file(mirror: Mirror, origin: RepoBuilder) -> None:
    one = origin.commit({"a": "1"}, "first words\n\nand more")
    origin.commit({"b": "1"})
    two = origin.commit({"a": "2"}, "second words")
    mirror.fetch([""])
    found = mirror.history(two, "a")
    assert [(commit.id, commit.subject, commit.author) for commit in found] == [
        (two, "second words", "Ada"),
        (one, "first words", "Ada"),
    ]


def test_names_of_objects_are_ids_only(mirror: Mirror, origin: RepoBuilder) -> None:
    origin.commit({"a": "1"})
    mirror.fetch([""])
    for name in ("HEAD", "--output=x", "main", "a\nb", "A" * 40):
        with pytest.raises(InputError):
            mirror.read_blobs([name], 10)
        with pytest.raises(InputError):
            mirror.file_blob(name, "a")


def test_a_push_is_a_commit_to_fetch(mirror: Mirror, origin: RepoBuilder) -> None:
    origin.commit({"a": "1"})
    mirror.fetch([""])
    commit = origin.push({"a": "2"})
    assert mirror.fetch([""]).heads[""].commit == commit


def test_the_default_branch_is_asked_for_again(tmp_path: Path, origin: RepoBuilder) -> None:
    origin.commit({"a": "1"})
    other = origin.commit({"a": "2"}, branch="other")
    with opened_mirrors(tmp_path / "asking", default_branch_interval=0.0) as mirrors:
        mirror = mirrors.open(origin.url)
        mirror.fetch([""])
        origin.git("symbolic-ref", "HEAD", "refs/heads/other")
        assert mirror.fetch([""]).heads[""] == Head("", "refs/heads/other", other)


def test_another_spelling_is_tried_where_a_server_knows_only_that(mirrors: Mirrors) -> None:
    with http_server({"a": (404, {})}) as (port, asked):
        for spelling in ("/a/shop", "/a/shop.git"):
            mirror = mirrors.open(f"http://127.0.0.1:{port}{spelling}")
        with pytest.raises(StalledError):
            mirror.fetch([""])
    assert [path.partition("/info")[0] for path in asked if "info/refs" in path] == ["/a/shop", "/a/shop.git"]


def test_packs_stay_few_and_nothing_is_lost(tmp_path: Path, origin: RepoBuilder) -> None:
    with opened_mirrors(tmp_path / "tidy", pack_files=3) as mirrors:
        mirror = mirrors.open(origin.url)
        commits = []
        for number in range(5):
            commits.append(origin.force({"a": str(number)}))
            mirror.fetch([""])
        packs = mirror.path / "objects/pack"
        assert len(list(packs.glob("*.pack"))) == 5
        mirror.fetch([""])
        assert len(list(packs.glob("*.pack"))) <= 3
        for number, commit in enumerate(commits):
            blob = mirror.file_blob(commit, "a") or ""
            assert mirror.read_blobs([blob], 9) == {blob: str(number).encode()}


def test_a_local_poll_that_finds_nothing_starts_nothing(
    monkeypatch: pytest.MonkeyPatch, mirror: Mirror, origin: RepoBuilder
) -> None:
    origin.commit({"a": "1"})
    origin.git("pack-refs", "--all")
    mirror.fetch(["", "main"])
    before = mirror.heads(["", "main"])
    monkeypatch.setattr(subprocess, "Popen", None)
    assert mirror.fetch(["", "main"]).heads == before


@pytest.mark.parametrize("what", ["fifo", "link", "folder", "large"])
def test_a_local_repository_cannot_make_a_look_wait(tmp_path: Path, origin: RepoBuilder, what: str) -> None:
    origin.commit({"a": "1"})
    ref = origin.path / "refs/heads/main"
    ref.unlink()
    if what == "fifo":
        os.mkfifo(ref)
    elif what == "link":
        ref.symlink_to("/dev/zero")
    elif what == "folder":
        ref.mkdir()
    else:
        ref.write_bytes(b"0" * 5_000_000)
    assert look(origin.path, ["refs/heads/main"]) is None


def test_r080_fetches_wait_for_their_turn_and_nobody_waits_for_them(tmp_path: Path, origin: RepoBuilder) -> None:
    arrived, go_on = threading.Semaphore(0), threading.Event()

    def hold(connection: socket.socket, ended: threading.Event) -> None:
        arrived.release()
        go_on.wait(20)

    with tcp_server(hold) as port, opened_mirrors(tmp_path / "m", concurrency_per_host=2) as mirrors:
        urls = [f"git://127.0.0.1:{port}/{number}" for number in range(4)]
        with ThreadPoolExecutor() as pool:
            fetches = [pool.submit(mirrors.open(url).fetch, [""]) for url in urls]
            assert arrived.acquire(timeout=20)
            assert arrived.acquire(timeout=20)
            commit = origin.commit({"a": "1"})
            assert mirrors.open(origin.url).fetch([""]).heads[""].commit == commit
            assert [mirrors.open(url).heads([""]) for url in urls] == [{}] * 4
            assert not arrived.acquire(timeout=0.2)
            go_on.set()
            assert {type(fetch.exception()) for fetch in fetches} == {TransientError}
