"""A third of bad repositories, in twelve ways, delays no good one beyond one and a half intervals (R84)."""

import os
from pathlib import Path

import pytest

from tests.support.crowd import Crowd

REPOSITORIES = 200
ROUNDS = 3


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_r084_a_third_of_bad_locations_delays_no_good_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """CATALOG_LOCATIONS sets another number, in steps of 200: so many locations a repository; the interval grows."""
    each = max(1, int(os.environ.get("CATALOG_LOCATIONS", REPOSITORIES)) // REPOSITORIES)
    interval = 10.0 if each == 1 else 30.0
    with Crowd(tmp_path, REPOSITORIES, each, interval) as crowd:
        for turn in range(ROUNDS):
            crowd.round(turn)
        crowd.judge()
    with capsys.disabled():
        print(f"\n{crowd.figures}; interval {interval:.0f} s")
    assert max(crowd.figures.delays) <= 1.5 * interval
