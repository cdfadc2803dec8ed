"""Several writers and several who push, all at the same branches (R46)."""

import os
import time
from pathlib import Path

import pytest

from tests.support.racing import Race

SEED = 20_261_130
MANY = 2_000


def test_r046_edits_that_race_with_pushes_lose_double_and_force_nothing(tmp_path: Path) -> None:
    race = Race(tmp_path, 30, SEED)
    race.run()
    assert race.figures.confirmed > 5
    assert race.figures.pushes


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_r046_two_thousand_edits_and_pushes_lose_double_and_force_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """CATALOG_RACES sets another number."""
    race, began = Race(tmp_path, int(os.environ.get("CATALOG_RACES", MANY)), SEED), time.monotonic()
    race.run()
    with capsys.disabled():
        print(f"\n{race.figures}; {time.monotonic() - began:.0f} s; seed {SEED}")
