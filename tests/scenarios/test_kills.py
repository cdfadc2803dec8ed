"""Killed at random moments, started again on the same state, every time: nothing that was acknowledged is lost."""

from pathlib import Path

import pytest

from tests.support.killing import KillLoop, kills_wanted

SEED = 20_261_121
KILLS = 200


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_r034_two_hundred_kills_lose_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """CATALOG_KILLS sets another number. A failing run leaves its state in `tmp_path`."""
    loop = KillLoop(tmp_path, SEED)
    kills = kills_wanted(KILLS)
    while loop.figures.kills < kills:
        loop.round()
    loop.finish()
    with capsys.disabled():
        print(f"\n{loop.figures}; seed {SEED}")
