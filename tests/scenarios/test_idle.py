"""A thousand mirrors: a start answers at once from the last state, and a daemon that is idle takes no time (R88)."""

import time
from pathlib import Path

import pytest

from benchmarks.daemon import Daemon
from benchmarks.generate import Size
from benchmarks.idle import load_of
from benchmarks.page import PAGE
from benchmarks.site import Site

REPOSITORIES = 1_000
ANSWERS_WITHIN = 3.0
"""Seconds from the start of the process."""
IDLE_LOAD = 2.0
"""Percent of one core, polls left out."""
SETTLED = 20.0
WINDOW = 30.0


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_r088_a_start_with_a_thousand_mirrors_is_fast_and_honest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site.make(tmp_path, Size(REPOSITORIES, REPOSITORIES))
    config = site.config.read_text()
    site.config.write_text(config.replace("[git]\n", '[git]\npoll_interval = "1h"\n', 1))
    with site.daemon() as daemon:
        first = daemon.wait_idle()
        entities = daemon.api.get("/api/own/status")["entities"]
    with site.daemon() as daemon:
        answered = _first_page(daemon)
        assert daemon.api.get("/api/own/status")["idle"] is False, "the repositories are looked at behind the answers"
        settled = daemon.wait_idle()
        assert daemon.api.get("/api/own/status")["entities"] == entities
        time.sleep(SETTLED)
        load = load_of(daemon.pid, WINDOW)
    with capsys.disabled():
        print(
            f"\n{REPOSITORIES} mirrors: from nothing {first:.1f} s; a start answers after {answered:.2f} s with all "
            f"{entities} entities, everything was looked at after {settled:.1f} s; then {load:.2f} % of a core"
        )
    assert answered < ANSWERS_WITHIN
    assert load < IDLE_LOAD


def _first_page(daemon: Daemon) -> float:
    """Seconds to the first answer; before, the daemon says what it waits for."""
    while (answer := daemon.api.read(PAGE))[0] != 200:
        assert answer[0] == 503, answer
        status, ready = daemon.api.read("/readyz")
        assert status == 200 or b"reasons" in ready
        time.sleep(0.005)
    return time.perf_counter() - daemon.started
