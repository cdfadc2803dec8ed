"""Disks, files and connections that fail: nothing acknowledged is lost, and what is said is true (R12, R34, R38)."""

from pathlib import Path

import pytest

from tests.support.failing_writes import FaultLoop
from tests.support.killing import kills_wanted

SEED = 20_261_130
FAULTS = 50


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_r034_fifty_faults_of_the_disk_lose_nothing_that_was_acknowledged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a random moment on, one of the calls that write fails. CATALOG_KILLS sets another number."""
    loop = FaultLoop(tmp_path, SEED)
    for _ in range(kills_wanted(FAULTS)):
        loop.round()
    loop.finish()
    with capsys.disabled():
        print(f"\n{loop}; seed {SEED}")
