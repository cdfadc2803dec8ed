"""Killed at random moments, started again on the same state, every time: nothing that was acknowledged is lost."""

from pathlib import Path

import pytest

from tests.support.killing import KillLoop, kills_wanted
from tests.support.killing_edits import EditKillLoop
from tests.support.killing_writes import WriteKillLoop

SEED = 20_261_121
KILLS = 200
WRITE_KILLS = 500


def kill(loop: KillLoop | WriteKillLoop | EditKillLoop, otherwise: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Kill as often as CATALOG_KILLS says, or so many times; then check what is left, and print the figures."""
    kills = kills_wanted(otherwise)
    while loop.figures.kills < kills:
        loop.round()
    loop.finish()
    with capsys.disabled():
        print(f"\n{loop.figures}; seed {SEED}")


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_r034_two_hundred_kills_lose_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """CATALOG_KILLS sets another number. A failing run leaves its state in `tmp_path`."""
    kill(KillLoop(tmp_path, SEED), KILLS, capsys)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_h057_five_hundred_kills_during_writes_lose_and_double_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Record and history are both there or neither. CATALOG_KILLS sets another number."""
    kill(WriteKillLoop(tmp_path, SEED), WRITE_KILLS, capsys)


def test_h057_a_few_kills_during_writes_lose_and_double_nothing(tmp_path: Path) -> None:
    loop = WriteKillLoop(tmp_path, SEED)
    for _ in range(4):
        loop.round()
    loop.finish()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_r050_five_hundred_kills_during_edits_push_each_once_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """While others push to the same branches. CATALOG_KILLS sets another number."""
    kill(EditKillLoop(tmp_path, SEED), WRITE_KILLS, capsys)
