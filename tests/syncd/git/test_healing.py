"""Promises about what a crash or a bad disk leaves (R85, R86)."""

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.errors import CatalogError, TransientError
from syncd.git import Mirror, Mirrors
from syncd.git.children import ChildRecords
from tests.support.mirrors import opened_mirrors
from tests.support.repository import RepoBuilder

LEFTOVERS = [
    "shallow.lock",
    "packed-refs.lock",
    "config.lock",
    "HEAD.lock",
    "refs/remotes/origin/main.lock",
    "refs/catalog/keep/x.lock",
    "objects/pack/tmp_pack_x",
    "objects/pack/tmp_idx_x",
    "objects/1f/tmp_obj_x",
]


@pytest.mark.parametrize("name", LEFTOVERS)
def test_r085_leftovers_of_an_earlier_life_are_removed(tmp_path: Path, origin: RepoBuilder, name: str) -> None:
    origin.commit({"a": "1"})
    with opened_mirrors(tmp_path / "mirrors") as mirrors:
        path = mirrors.open(origin.url).path
        mirrors.open(origin.url).fetch([""])
    (path / name).parent.mkdir(parents=True, exist_ok=True)
    (path / name).touch()
    commit = origin.commit({"a": "2"})
    with opened_mirrors(tmp_path / "mirrors", depth=1) as mirrors:
        assert mirrors.open(origin.url).fetch([""]).heads[""].commit == commit
    assert not (path / name).exists()


def test_r085_a_lock_that_appears_meanwhile_heals_too(mirror: Mirror, origin: RepoBuilder) -> None:
    origin.commit({"a": "1"})
    mirror.fetch([""])
    (mirror.path / "refs/remotes/origin/main.lock").touch()
    commit = origin.commit({"a": "2"})
    assert mirror.fetch([""]).heads[""].commit == commit


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sh", "-c", "trap '' TERM; sleep 60 & wait"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_r085_children_of_an_earlier_life_are_ended(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    ChildRecords(tmp_path / "mirrors/children").add(sleeper.pid)
    with opened_mirrors(tmp_path / "mirrors"):
        assert sleeper.wait(5) < 0
    assert not list((tmp_path / "mirrors/children").iterdir())


@pytest.mark.parametrize("record", ["{boot} 1", "{boot} 99999999999", "another-boot {started}", "", "nonsense"])
def test_r085_a_stranger_with_the_same_number_is_left_alone(
    tmp_path: Path, sleeper: subprocess.Popen[bytes], record: str
) -> None:
    records = tmp_path / "mirrors/children"
    ChildRecords(records).add(sleeper.pid)
    file = records / str(sleeper.pid)
    boot, _, started = file.read_text().partition(" ")
    file.write_text(record.format(boot=boot, started=started))
    with opened_mirrors(tmp_path / "mirrors"):
        assert sleeper.poll() is None


def damage(mirror: Mirror, seed: int = 1) -> None:
    """Overwrite the middle of every pack: refs stay readable, objects do not."""
    for pack in (mirror.path / "objects/pack").glob("*.pack"):
        pack.chmod(0o600)
        with pack.open("r+b") as file:
            file.seek(12)
            file.write(random.Random(seed).randbytes(pack.stat().st_size - 40))


def test_r086_a_damaged_mirror_is_fetched_anew(mirror: Mirror, origin: RepoBuilder) -> None:
    old = origin.commit({"a": "1", "b/c": "2"})
    origin.tag("v1", old, annotated=True)
    new = origin.commit({"a": "2"})
    mirror.fetch(["", "v1", old])
    mirror.keep(old)
    before = mirror.heads(["", "v1", old])
    mirror.close()
    damage(mirror)
    blob = mirror.file_blob(new, "b/c")
    assert blob
    assert mirror.read_blobs([blob], 10) == {blob: b"2"}
    assert mirror.heads(["", "v1", old]) == before
    assert (mirror.path / "refs/catalog/keep" / old).exists()
    assert sorted(path.name for path in mirror.path.parent.iterdir()) == ["default", "git", "url"]


def test_r086_a_damaged_blob_alone_is_noticed(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1" * 1000})
    mirror.fetch([""])
    blob = mirror.file_blob(commit, "a") or ""
    mirror.close()
    (pack,) = (mirror.path / "objects/pack").glob("*.pack")
    loose = mirror.path / "objects" / blob[:2] / blob[2:]
    content = pack.read_bytes()
    pack.unlink()
    subprocess.run(
        ["git", "unpack-objects", "-q"],
        input=content,
        env={"GIT_DIR": str(mirror.path), "PATH": os.environ["PATH"]},
        check=True,
    )
    loose.chmod(0o600)
    loose.write_bytes(loose.read_bytes()[:-5] + b"xxxxx")
    assert mirror.read_blobs([blob], 2000) == {blob: b"1" * 1000}


def test_r086_a_mirror_heals_by_itself_once_an_hour(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    mirror.fetch([""])
    mirror.close()
    damage(mirror)
    assert mirror.file_blob(commit, "a")
    mirror.close()
    damage(mirror)
    with pytest.raises(TransientError) as raised:
        mirror.file_blob(commit, "a")
    assert raised.value.code == "git.damaged"


@pytest.mark.parametrize("seed", range(6))
def test_r086_a_fetch_notices_the_damage(mirror: Mirror, origin: RepoBuilder, seed: int) -> None:
    origin.commit({"a": "1"})
    mirror.fetch([""])
    mirror.close()
    damage(mirror, seed)
    commit = origin.commit({"b": "1"})
    mirror.fetch([""])
    assert mirror.file_blob(commit, "a")


def test_r086_a_mirror_stays_when_it_cannot_be_fetched_anew(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    mirror.fetch([""])
    mirror.close()
    damage(mirror)
    origin.path.rename(origin.path.with_name("away"))
    with pytest.raises(CatalogError):
        mirror.file_blob(commit, "a")
    assert mirror.heads([""])[""].commit == commit


def test_r086_a_stop_in_the_middle_of_a_swap_is_undone(tmp_path: Path, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    with opened_mirrors(tmp_path / "mirrors") as mirrors:
        mirrors.open(origin.url).fetch([""])
        path = mirrors.open(origin.url).path
    path.rename(path.with_name("git.damaged"))
    with opened_mirrors(tmp_path / "mirrors") as mirrors:
        assert mirrors.open(origin.url).file_blob(commit, "a")


def test_a_sound_mirror_is_left_alone(mirror: Mirror, mirrors: Mirrors, origin: RepoBuilder) -> None:
    origin.commit({"a": "1"})
    assert mirror.heal() is False
    mirror.fetch([""])
    assert mirror.heal() is False
    with pytest.raises(TransientError):
        mirror.read_blobs(["0" * 40], 10)
    assert mirrors.open(origin.url).heal() is False
