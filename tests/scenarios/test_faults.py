"""The fault list: disks, files and connections that fail; nothing acknowledged is lost, and what is said is true.

Inputs that are bad by themselves stand with the promise that they try (`tests/conformance`).
"""

import random
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from syncd.errors import CatalogError
from tests.support.daemon import wait_until
from tests.support.failing_writes import FaultLoop
from tests.support.killing import kills_wanted
from tests.support.mirrors import opened_mirrors, processes_of
from tests.support.process import KilledError, Process, component
from tests.support.proxy import FAULTS, spoiling_proxy
from tests.support.repository import RepoBuilder

SEED = 20_261_130
FETCHES = 80
DISK_FAULTS = 50
DAMAGES = 50
CLOCK = 1.0
"""Seconds that a fetch may take."""


@contextmanager
def git_daemon(folder: Path) -> Iterator[int]:
    """Serves the repositories of a folder over git's own protocol."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = int(unused.getsockname()[1])
    command = ["git", "daemon", f"--base-path={folder}", "--export-all", "--listen=127.0.0.1", f"--port={port}"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={"PATH": "/usr/bin:/bin", "HOME": str(folder)})
    try:
        wait_until(lambda: listens(port), "git daemon listens")
        yield port
    finally:
        server.terminate()
        server.wait()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_r012_eighty_spoiled_connections_end_in_time_and_leave_a_sound_mirror(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cut, stalled, trickled, delayed and corrupted behind a random byte of the answer."""
    rng = random.Random(SEED)
    origin = RepoBuilder(tmp_path / "origin.git")
    told: Counter[str] = Counter()
    slowest = 0.0
    with (
        git_daemon(tmp_path) as server,
        spoiling_proxy(server) as spoiler,
        opened_mirrors(tmp_path / "m", fetch_clock=CLOCK, first_fetch_clock=CLOCK) as mirrors,
    ):
        mirror = mirrors.open(f"git://127.0.0.1:{spoiler.port}/origin.git")
        for number in range(FETCHES):
            tip = origin.commit({f"{number}.bin": rng.randbytes(rng.randrange(40_000))})
            spoiler.fault, spoiler.offset = FAULTS[number % len(FAULTS)], rng.randrange(rng.choice([600, 50_000]))
            fault, began = spoiler.fault, time.monotonic()
            try:
                outcome = "ok" if mirror.fetch(["main"]).heads["main"].commit == tip else "an old tip"
            except CatalogError as error:
                outcome = error.code
            slowest = max(slowest, time.monotonic() - began)
            told[f"{fault}: {outcome}"] += 1
            assert [one for one in processes_of(tmp_path / "m") if "cat-file" not in one] == []
            spoiler.fault = ""
            assert mirror.fetch(["main"]).heads["main"].commit == tip
        fsck = subprocess.run(["git", "-C", str(mirror.path), "fsck", "--strict"], capture_output=True, check=False)
    with capsys.disabled():
        print(f"\n{FETCHES} fetches, the slowest {slowest:.1f} s: {dict(sorted(told.items()))}; seed {SEED}")
    assert fsck.returncode == 0, fsck.stderr
    assert slowest < 2 * CLOCK + 3, "one question and one fetch, each by its clock"
    assert not any(outcome.endswith("an old tip") for outcome in told)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_r034_fifty_faults_of_the_disk_lose_nothing_that_was_acknowledged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a random moment on, one of the calls that write fails. CATALOG_KILLS sets another number."""
    loop = FaultLoop(tmp_path, SEED)
    for _ in range(kills_wanted(DISK_FAULTS)):
        loop.round()
    loop.finish()
    with capsys.disabled():
        print(f"\n{loop}; seed {SEED}")


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_r038_fifty_damages_at_random_places_of_the_index_heal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bytes flipped, zeroed or cut off, while nobody runs. CATALOG_KILLS sets another number."""
    rng = random.Random(SEED)
    repository = RepoBuilder(tmp_path / "origin.git")
    repository.commit({f"{number}/catalog-info.yaml": component(f"c{number}") for number in range(300)})
    configuration = '[git]\nprotocols = ["file"]\npoll_interval = "1h"\n'
    with Process(tmp_path, configuration) as process:
        process.wait_ready()
        process.register(repository.url)
        _, expected = process.ask("GET", "/api/catalog/entities")
        assert process.stop() == 0
    index, built, damages = process.state / "index.duckdb", 0, kills_wanted(DAMAGES)
    for _ in range(damages):
        if index.exists():  # a stop may have cut short a rebuild: the next start makes it
            damage(index, rng)
        with Process(tmp_path, configuration) as again:
            wait_until(partial(shows, again, expected), "all entities are there", 60)
            again.wait_idle()  # the index was read as a whole by then: what was not noticed before is
            wait_until(partial(shows, again, expected), "it is so after that too", 60)
            built += (process.state / "quarantine").exists()
            assert again.stop() == 0
        for file in (process.state / "quarantine").glob("*"):
            file.unlink()
    with capsys.disabled():
        print(f"\n{damages} damages; in {built} lives an index had been set aside; seed {SEED}")
    assert built


def shows(process: Process, expected: object) -> bool:
    try:
        return process.ask("GET", "/api/catalog/entities") == (200, expected)
    except KilledError:  # it does not listen yet
        return False


def damage(file: Path, rng: random.Random) -> None:
    """Harm a file somewhere."""
    size = file.stat().st_size
    offset = rng.randrange(size)
    length = min(rng.choice([1, 64, 4096, 100_000]), size - offset)
    way = rng.choice(["flip", "zero", "cut"])
    if way == "cut":
        with file.open("r+b") as open_file:
            open_file.truncate(offset)
        return
    with file.open("r+b") as open_file:
        open_file.seek(offset)
        held = open_file.read(length)
        open_file.seek(offset)
        open_file.write(bytes(length) if way == "zero" else bytes(byte ^ 0x55 for byte in held))
