"""Owned data of an older format is taken over, whole or damaged."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from syncd.model.location import Location
from syncd.store.salvage import salvage
from syncd.store.state import State
from syncd.store.state_file import SCRIPTS, STATE_VERSION, StateError

OLD = Location("a", "url", "https://git.example.test/acme/shop/blob/main/catalog-info.yaml", order=1)
FORMATS = {int(file.stem[-3:]): file for file in (Path(__file__).parents[2] / "data" / "state").glob("format_*.sql")}
"""States as each format has them, every table with rows; written down once and never changed."""
KILLED_AT_EACH_LINE = """\
import os, signal, sys
from pathlib import Path
from syncd.store import migration
from syncd.store.state import State

def fork(number, folder):
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    left = [number]

    def trace(frame, event, _):
        if frame.f_code.co_filename != migration.__file__:
            return None
        if event == "line":
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    State(Path(folder) / f"{number}.sqlite").close()
    os._exit(0)

number = 1
while fork(number, sys.argv[1]):
    number += 1
print(number - 1)
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A state as the first format has it, with one location."""
    path = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(path)) as state:
        state.executescript(SCRIPTS[1].read_text())
        state.execute("INSERT INTO locations VALUES ('a', 'url', ?, '', '[]', 0, 1, 0, 'none')", (OLD.target,))
        state.execute("PRAGMA user_version=1")
        state.commit()
    return path


def kept(version: int, path: Path) -> None:
    """Make the state of a format, its newest rows in its write-ahead log only, as a killed daemon leaves it."""
    with closing(sqlite3.connect(path)) as plain:
        plain.executescript(FORMATS[version].read_text("utf-8"))
        plain.executescript("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;")
        plain.execute("INSERT INTO missing_refs VALUES ('file:///srv/git/shop.git', 'in the log', '2026-05-02')")
        plain.commit()
        files = {file.name: file.read_bytes() for file in path.parent.glob(f"{path.name}*")}
    for name, content in files.items():  # closing has folded the log
        (path.parent / name).write_bytes(content)


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with closing(sqlite3.connect(path)) as plain:
        tables = [name for (name,) in plain.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: plain.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


def form(path: Path) -> set[tuple[object, ...]]:
    """Tables with their columns, and indexes."""
    with closing(sqlite3.connect(path)) as plain:
        tables = plain.execute("SELECT name, type FROM sqlite_schema").fetchall()
        return {
            (name, *column)
            for name, _ in tables
            for column in [("",), *plain.execute("SELECT name, type, pk FROM pragma_table_info(?)", (name,))]
        }


def test_r043_an_older_format_is_brought_up_to_date(old: Path) -> None:
    for _ in range(2):
        with closing(State(old)) as state:
            assert state.locations() == [OLD]
    with closing(sqlite3.connect(old)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (STATE_VERSION,)


def test_r043_a_state_of_every_format_is_kept() -> None:
    assert sorted(FORMATS) == list(range(1, STATE_VERSION + 1)), "a new format needs a state that is kept"


@pytest.mark.parametrize("version", sorted(FORMATS))
def test_r043_every_format_is_opened_with_all_its_rows(tmp_path: Path, version: int) -> None:
    path, reference = tmp_path / "state.sqlite", tmp_path / "reference.sqlite"
    kept(version, path)
    (tmp_path / "state.sqlite.new").write_bytes(b"left by a kill")
    with closing(sqlite3.connect(reference)) as plain:
        plain.executescript(FORMATS[version].read_text("utf-8"))
    before = rows(reference)
    with closing(State(path)) as state:
        assert ("in the log",) in state.read("SELECT revision FROM missing_refs")
        assert [location.id for location in state.locations()] == ["l1", "l2"]
    after = rows(path)
    for table, found in before.items():
        width = len(found[0])
        assert set(found) <= {row[:width] for row in after[table]}, table
    State(tmp_path / "fresh.sqlite").close()
    assert form(path) == form(tmp_path / "fresh.sqlite")
    if version < STATE_VERSION:
        assert path.stat().st_mode & 0o777 == 0o600
        assert not list(tmp_path.glob("*.new*"))


def test_r043_a_kill_at_any_line_leaves_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    lines = 60
    for number in range(1, lines):
        kept(STATE_VERSION - 2, tmp_path / f"{number}.sqlite")
    command = [sys.executable, "-c", KILLED_AT_EACH_LINE, str(tmp_path)]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True)
    killed = int(done.stdout)
    assert 15 < killed < lines, "every line of the migration was tried"
    for number in range(1, killed + 1):
        path = tmp_path / f"{number}.sqlite"
        with closing(sqlite3.connect(path)) as plain:
            assert plain.execute("PRAGMA user_version").fetchone()[0] in (STATE_VERSION - 2, STATE_VERSION)
            assert plain.execute("SELECT count(*) FROM missing_refs").fetchone() == (2,)
        with closing(State(path)) as state:
            assert state.last_seq() == 4
            assert state.read("SELECT count(*) FROM missing_refs") == [(2,)]


def test_r043_a_state_that_would_lose_rows_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, script = tmp_path / "state.sqlite", tmp_path / "script.sql"
    kept(STATE_VERSION, path)
    with closing(sqlite3.connect(path)) as plain:
        plain.execute(f"PRAGMA user_version={STATE_VERSION - 1}")
    script.write_text("DELETE FROM tokens WHERE id = 't1';")
    monkeypatch.setitem(SCRIPTS, STATE_VERSION, script)
    before = rows(path)
    with pytest.raises(StateError, match="tokens would not be the same"):
        State(path)
    assert rows(path) == before


def test_r090_what_can_be_read_of_an_older_format_is_saved(old: Path) -> None:
    with closing(State(None)) as saved:
        assert salvage(old, saved, ["locations"]) == {"locations": 1}
        assert saved.locations() == [OLD]
