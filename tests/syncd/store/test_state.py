"""Owned data of an older format is taken over, whole or damaged."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from syncd.model.location import Location
from syncd.store.salvage import salvage
from syncd.store.state import SCRIPTS, STATE_VERSION, State

OLD = Location("a", "url", "https://git.example.test/acme/shop/blob/main/catalog-info.yaml", order=1)


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


def test_r043_an_older_format_is_brought_up_to_date(old: Path) -> None:
    for _ in range(2):
        with closing(State(old)) as state:
            assert state.locations() == [OLD]
    with closing(sqlite3.connect(old)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (STATE_VERSION,)


def test_r090_what_can_be_read_of_an_older_format_is_saved(old: Path) -> None:
    with closing(State(None)) as saved:
        assert salvage(old, saved, ["locations"]) == {"locations": 1}
        assert saved.locations() == [OLD]
