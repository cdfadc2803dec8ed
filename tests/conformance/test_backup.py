"""A backup is one moment of the owned data, taken while the daemon works; restored, it answers as it did (R44)."""

import io
import json
import os
import random
import sqlite3
import stat
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from syncd.backup import BackupError
from syncd.errors import CatalogError
from syncd.restore import restore
from syncd.statedir import StateDir
from syncd.store.state import State
from syncd.store.state_file import SCRIPTS, STATE_VERSION, StateError
from tests.support.process import ROOT, Process, component, syncd, syncd_command
from tests.support.repository import RepoBuilder

CONFIGURATION = '[git]\nprotocols = ["file"]\npoll_interval = "1h"\n'
SEED = 20_261_125
KILLS = 4


@pytest.fixture
def repositories(tmp_path: Path) -> list[RepoBuilder]:
    """Three remotes of three components each."""
    made = []
    for name in ("shop", "depot", "later"):
        made.append(RepoBuilder(tmp_path / f"{name}.git"))
        texts = [component(f"{name}-{number}", f"number {number}") for number in range(3)]
        made[-1].commit({"catalog-info.yaml": "---\n".join(texts)})
    return made


def answers(process: Process) -> dict[str, Any]:
    """What callers see, but for times and counters."""
    found = {
        path: process.ask("GET", path)
        for path in (
            "/api/catalog/entities",
            "/api/catalog/entity-facets?facet=kind&facet=spec.owner",
            "/api/own/problems",
            "/api/own/tokens",
        )
    }
    locations = process.ask("GET", "/api/own/locations")[1]["items"]
    page = process.ask("GET", "/api/own/entities?q=number&columns=name,title")[1]["rows"]
    sql = process.ask("POST", "/api/own/sql", {"sql": "SELECT ref, title FROM components ORDER BY ref"})[1]["rows"]
    return {**found, "locations": [{**item, "state": None} for item in locations], "page": page, "sql": sql}


def changes(process: Process, since: int = 0) -> list[dict[str, Any]]:
    """The log from there on."""
    items: list[dict[str, Any]] = process.ask("GET", f"/api/own/changes?since={since}&limit=1000")[1]["items"]
    return items


def make_token(process: Process, name: str) -> str:
    status, answer = process.ask("POST", "/api/own/tokens", {"name": name, "scopes": ["read"]})
    assert status == 201, answer
    return str(answer["id"])


def backup(folder: Path, target: Path, *options: str) -> Path:
    """Make a backup; where it is."""
    done = syncd("backup", folder, *options, str(target))
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def manifest_of(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as archive:
        found: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return found


def state_in(file: Path, folder: Path) -> sqlite3.Connection:
    """The state in a backup, as anybody can take it out."""
    folder.mkdir()
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["manifest.json", "state.sqlite"]
        return sqlite3.connect(archive.extract("state.sqlite", folder))


def files_of(folder: Path) -> dict[str, bytes]:
    """Everything that is in a state directory, with content; the pid file is the lock's."""
    names = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "daemon.pid"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in names}


# Making one


def test_r044_a_backup_is_one_moment_while_the_daemon_writes(tmp_path: Path, repositories: list[RepoBuilder]) -> None:
    with Process(tmp_path, CONFIGURATION) as process:
        process.wait_ready()
        process.register(repositories[0].url)
        ended = threading.Event()
        acknowledged: list[str] = []

        def write(writer: int) -> None:
            while not ended.is_set():
                acknowledged.append(make_token(process, f"w{writer}-{len(acknowledged)}"))

        writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
        for writer in writers:
            writer.start()
        try:
            for number in range(3):
                before = set(acknowledged)
                file = backup(tmp_path, tmp_path / f"{number}.zip")
                assert len(acknowledged) > len(before), "nobody wrote meanwhile"
                with closing(state_in(file, tmp_path / f"taken{number}")) as state:
                    tokens = {row[0] for row in state.execute("SELECT id FROM tokens")}
                    logged = {row[0] for row in state.execute("SELECT target FROM changes WHERE what='token.created'")}
                    (seq, rows) = state.execute("SELECT max(seq), count(*) FROM changes").fetchone()
                    assert state.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert before <= tokens == logged
                assert seq == rows
                said = manifest_of(file)
                assert (said["seq"], said["rows"]["tokens"]) == (seq, len(tokens))
                assert (said["format"], said["state_format"]) == (1, STATE_VERSION)
        finally:
            ended.set()
            for writer in writers:
                writer.join()
        assert {item["id"] for item in process.ask("GET", "/api/own/tokens")[1]["items"]} == set(acknowledged)
        assert process.stop() == 0


def test_r044_a_daemon_that_was_killed_left_nothing_behind_that_a_backup_lacks(tmp_path: Path) -> None:
    with Process(tmp_path, CONFIGURATION) as process:
        process.wait_ready()
        token = make_token(process, "last")
        process.kill()
    assert (tmp_path / "state" / "state.sqlite-wal").exists()
    with closing(state_in(backup(tmp_path, tmp_path / "b.zip"), tmp_path / "taken")) as state:
        assert state.execute("SELECT id FROM tokens").fetchall() == [(token,)]


def test_r044_names_places_and_how_many_stay(tmp_path: Path) -> None:
    State(state_path(tmp_path)).close()
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "notes.zip").touch()
    made = [backup(tmp_path, folder) for _ in range(3)]
    assert len({file.name for file in made}) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in made} == {0o600}
    made.append(backup(tmp_path, folder, "--keep", "2"))
    assert sorted(path.name for path in folder.iterdir()) == sorted([made[2].name, made[3].name, "notes.zip"])
    own = syncd("backup", tmp_path)
    assert Path(own.stdout.strip()).parent == tmp_path / "state" / "backups"
    assert backup(tmp_path, made[3]) == made[3], "a backup may be replaced"
    for refused, options in ((folder / "notes.zip", []), (tmp_path / "nowhere" / "b.zip", []), (folder, ["--keep=0"])):
        before = files_of(tmp_path)
        assert syncd("backup", tmp_path, *options, str(refused)).returncode in (2, 4)
        assert files_of(tmp_path) == before


@pytest.mark.parametrize("size", [0, 4096, 60_000], ids=["r044-nothing-fits", "r044-a-page-fits", "r044-most-fits"])
def test_r044_without_room_there_is_no_half_backup(tmp_path: Path, size: int) -> None:
    State(state_path(tmp_path)).close()
    target = tmp_path / "backups"
    target.mkdir()
    command = ["prlimit", f"--fsize={size}", *syncd_command("backup", tmp_path, str(target))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr.startswith("error: there is too little room on the disk for a")
    assert list(target.iterdir()) == []


def test_r044_a_damaged_state_makes_no_backup(tmp_path: Path) -> None:
    path = state_path(tmp_path)
    with closing(State(path)) as state, state.transaction():
        for number in range(2000):
            state.log("test", "test", str(number), {})
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 8192 * 4096)
        file.write(b"\xa5" * 4096)
    done = syncd("backup", tmp_path, str(tmp_path / "b.zip"))
    assert done.returncode == 8
    assert "is damaged" in done.stderr
    assert "repair" in done.stderr
    assert sorted(item.name for item in tmp_path.iterdir()) == ["state"]


# Putting it back


def test_r044_a_restored_state_answers_as_it_did(tmp_path: Path, repositories: list[RepoBuilder]) -> None:
    with Process(tmp_path, CONFIGURATION) as process:
        process.wait_ready()
        first = process.register(repositories[0].url)
        second = process.register(repositories[1].url)
        said = {"write": "branch", "poll_interval": 300}
        assert process.ask("PATCH", f"/api/own/locations/{second}", said)[0] == 200
        make_token(process, "early")
        before, log = answers(process), changes(process)
        file = backup(tmp_path, tmp_path / "b.zip")
        assert process.ask("DELETE", f"/api/own/locations/{first}")[0] == 204
        process.register(repositories[2].url)
        late = make_token(process, "late")
        last = changes(process)[-1]["seq"]
        refused = syncd("restore", tmp_path, str(file))
        assert (refused.returncode, "uses" in refused.stderr) == (5, True)
        assert process.stop() == 0
    done = syncd("restore", tmp_path, str(file))
    assert done.returncode == 0, done.stderr
    assert "2 rows of locations" in done.stdout
    assert not (tmp_path / "state" / "index.duckdb").exists(), "it has the numbers of another history"
    (kept,) = (tmp_path / "state").glob("state.sqlite.replaced-*")
    assert f"what was there is kept as {kept}" in done.stdout
    with closing(sqlite3.connect(kept)) as state:
        assert (late,) in state.execute("SELECT id FROM tokens").fetchall()
    with Process(tmp_path, CONFIGURATION) as process:
        process.wait_ready()
        process.sync()
        assert answers(process) == before
        assert changes(process)[: len(log)] == log
        # Who had read up to the last change that is gone is told, and misses nothing that comes.
        (told, *_) = changes(process, since=last)
        assert (told["seq"], told["what"], told["detail"]["seq"]) == (last + 1, "state.restored", log[-1]["seq"])
        assert make_token(process, "after")
        assert process.stop() == 0


def test_r044_a_backup_is_enough_for_another_machine(tmp_path: Path, repositories: list[RepoBuilder]) -> None:
    with Process(tmp_path / "here", CONFIGURATION) as process:
        process.wait_ready()
        for repository in repositories:
            process.register(repository.url)
        make_token(process, "early")
        before = answers(process)
        folder = tmp_path / "backups"
        folder.mkdir()
        backup(tmp_path / "here", folder)
        assert process.stop() == 0
    there = tmp_path / "there"
    done = syncd("restore", there, str(folder))
    assert done.returncode == 0, done.stderr
    assert "kept" not in done.stdout
    with Process(there, CONFIGURATION) as process:
        process.wait_ready()
        process.sync()
        assert answers(process) == before
        assert process.stop() == 0


def test_r044_what_is_damaged_is_kept_and_replaced(tmp_path: Path, repositories: list[RepoBuilder]) -> None:
    with Process(tmp_path, CONFIGURATION) as process:
        process.wait_ready()
        process.register(repositories[0].url)
        before = answers(process)
        file = backup(tmp_path, tmp_path / "b.zip")
        assert process.stop() == 0
    path, garbage = state_path(tmp_path), b"garbage" * 5000
    path.write_bytes(garbage)
    assert syncd("restore", tmp_path, str(file)).returncode == 0
    (kept,) = path.parent.glob("state.sqlite.replaced-*")
    assert kept.read_bytes() == garbage
    with Process(tmp_path, CONFIGURATION) as process:
        process.wait_ready()
        process.sync()
        assert answers(process) == before
        assert process.stop() == 0


def packed(manifest: object, state: bytes | None) -> bytes:
    """An archive with this manifest and this state."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        if manifest is not None:
            archive.writestr("manifest.json", json.dumps(manifest))
        if state is not None:
            archive.writestr("state.sqlite", state)
    return content.getvalue()


def changed(file: Path, **values: object) -> bytes:
    """The backup with other words in its manifest."""
    with zipfile.ZipFile(file) as archive:
        return packed({**manifest_of(file), **values}, archive.read("state.sqlite"))


def with_one_bit_changed(file: Path) -> bytes:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    return bytes(content)


UNFIT: dict[str, tuple[Callable[[Path], bytes], type[CatalogError]]] = {
    "r044-no-archive": (lambda _: b"no archive", BackupError),
    "r044-cut-off": (lambda file: file.read_bytes()[: file.stat().st_size // 2], BackupError),
    "r044-one-bit": (with_one_bit_changed, BackupError),
    "r044-empty": (lambda _: b"", BackupError),
    "r044-no-manifest": (lambda _: packed(None, b"x"), BackupError),
    "r044-odd-manifest": (lambda _: packed(["x"], b"x"), BackupError),
    "r044-half-a-manifest": (lambda _: packed({"format": 1}, b"x"), BackupError),
    "r044-no-state": (lambda file: packed(manifest_of(file), None), BackupError),
    "r044-another-state": (lambda file: changed(file, sha256="0" * 64), BackupError),
    "r044-longer-than-said": (lambda file: changed(file, size=10), BackupError),
    "r044-a-later-archive": (lambda file: changed(file, format=2), BackupError),
    "r044-a-later-state": (lambda file: changed(file, state_format=STATE_VERSION + 1), StateError),
}


@pytest.mark.parametrize(("make", "refusal"), UNFIT.values(), ids=UNFIT.keys())
def test_r044_what_is_no_sound_backup_changes_nothing(
    tmp_path: Path, make: Callable[[Path], bytes], refusal: type[CatalogError]
) -> None:
    with closing(State(state_path(tmp_path))) as state:
        for number in range(50):
            state.log("test", "test", str(number), {"text": os.urandom(50).hex()})
    file = backup(tmp_path, tmp_path / "b.zip")
    file.write_bytes(make(file))
    before = files_of(tmp_path / "state")
    with StateDir(tmp_path / "state") as state_dir, pytest.raises(refusal, match=r"b\.zip") as raised:
        restore(state_dir, file, "test")
    assert "nothing was changed" in raised.value.hint
    assert files_of(tmp_path / "state") == before


def test_r044_a_state_of_an_older_format_is_brought_up_to_date(tmp_path: Path) -> None:
    old = state_path(tmp_path / "old")
    with closing(sqlite3.connect(old)) as state:
        state.executescript(SCRIPTS[1].read_text())
        state.execute("INSERT INTO locations VALUES ('a', 'git', 'file:///srv/a.git', '', '[]', 0, 1, 0, 'none')")
        state.execute("PRAGMA user_version=1")
        state.commit()
    file = backup(tmp_path / "old", tmp_path / "b.zip")
    assert manifest_of(file)["state_format"] == 1
    assert syncd("restore", tmp_path, str(file)).returncode == 0
    with closing(State(tmp_path / "state" / "state.sqlite")) as restored:
        assert [location.target for location in restored.locations()] == ["file:///srv/a.git"]
        assert [change.what for change in restored.changes(0, 9, 9)] == ["state.restored"]


def test_r044_a_restore_that_is_killed_leaves_the_old_state_or_the_new(tmp_path: Path) -> None:
    with closing(State(state_path(tmp_path))) as state, state.transaction():
        for number in range(20_000):
            state.log("test", "new", str(number), {"text": "x" * 100})
    file = backup(tmp_path, tmp_path / "b.zip")
    with closing(State(state_path(tmp_path))) as state:
        state.log("test", "old", "", {})
    rng, seen = random.Random(SEED), set()
    beside = tmp_path / "state" / "state.sqlite.restored"
    for _ in range(KILLS):
        process = subprocess.Popen(syncd_command("restore", tmp_path, str(file)), cwd=ROOT, stdout=subprocess.DEVNULL)
        while not beside.exists():
            assert process.poll() is None, "it ended before it could be killed"
        time.sleep(rng.uniform(0, 0.3))  # the random moment is what this is about
        process.kill()
        process.wait()
        with closing(State(state_path(tmp_path))) as state:
            whats = {str(row[0]) for row in state.read("SELECT DISTINCT what FROM changes")}
            assert state.read("SELECT count(*) FROM changes WHERE what = 'new'") == [(20_000,)]
        assert whats in ({"new", "old"}, {"new", "state.restored"})
        seen.add("old" in whats)
    assert syncd("restore", tmp_path, str(file)).returncode == 0
    assert not beside.exists()


def state_path(folder: Path) -> Path:
    """Where the state of a state directory is; the directory is made."""
    (folder / "state").mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / "state" / "state.sqlite"
