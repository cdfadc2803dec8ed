"""A daemon that is killed again and again while clients set custom properties; nothing may be lost or doubled."""

import random
import shutil
import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.killing import LONGEST_LIFE, LONGEST_START, rows_in
from tests.support.process import KilledError, Process, component, syncd
from tests.support.repository import RepoBuilder

WRITERS = 4
CONFIGURATION = '[git]\nprotocols = ["file"]\n'
COUNTED, LISTED = "metadata.counted", "metadata.listed"


@dataclass(slots=True)
class Figures:
    """What happened."""

    kills: int = 0
    kills_while_starting: int = 0
    acknowledged: int = 0
    unknown: int = 0
    starts: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        starts = sorted(self.starts)
        return (
            f"{self.kills} kills, {self.kills_while_starting} of them while starting; {self.acknowledged} writes "
            f"acknowledged, {self.unknown} cut; restart p50 {starts[len(starts) // 2]:.2f} s, "
            f"longest {starts[-1]:.2f} s"
        )


@dataclass(slots=True)
class Writer:
    """Writes 1, 2, 3, … to one entity: as a value that is replaced, and to a list that it is appended to."""

    ref: str
    said: int = 0
    """The newest number that is acknowledged."""
    asked: int = 0
    """The newest number that was asked for."""

    def body(self) -> dict[str, Any]:
        """The next call: both properties together, all or nothing."""
        self.asked = self.said + 1
        return {
            "changes": [
                {"ref": self.ref, "path": COUNTED, "op": "replace", "value": self.asked},
                {"ref": self.ref, "path": LISTED, "op": "append", "value": [self.asked]},
            ]
        }

    def check(self, process: Process) -> None:
        """What is there is what was acknowledged, or in doubt the next one: neither lost, doubled nor by halves."""
        name = self.ref.rpartition("/")[2]
        status, entity = process.ask("GET", f"/api/catalog/entities/by-name/component/default/{name}")
        assert status == 200, entity
        found = entity["metadata"].get("counted", 0)
        assert found in (self.said, self.asked), f"{self.ref}: {found}, acknowledged {self.said}, asked {self.asked}"
        assert entity["metadata"].get("listed", []) == list(range(1, found + 1)), self.ref
        self.said = self.asked = found


class WriteKillLoop:
    """One state directory. `round` starts the daemon, checks it, writes to it and kills it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.figures = Figures()
        self._folder = folder
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        names = [f"c{number}" for number in range(WRITERS)]
        self._writers = [Writer(f"component:default/{name}") for name in names]
        self._repository = RepoBuilder(folder / "origin.git")
        self._repository.commit({f"{name}/catalog-info.yaml": component(name) for name in names})
        process = Process(folder, CONFIGURATION)
        process.wait_ready()
        process.register(self._repository.url)
        process.kill()

    def round(self) -> None:
        """One life of the daemon."""
        if self._random.random() < 0.25:
            self._kill_while_starting()
        process = self._start()
        threads = [threading.Thread(target=self._write, args=(process, writer)) for writer in self._writers]
        for thread in threads:
            thread.start()
        time.sleep(self._random.uniform(0, LONGEST_LIFE))  # the random moment is what this is about
        process.kill()
        self.figures.kills += 1
        for thread in threads:
            thread.join()

    def finish(self) -> None:
        """Start a last time, and hold what is there against history and a rebuild."""
        process = self._start()
        process.sync()
        assert process.stop() == 0
        self._check_history()
        self._check_rebuild()

    def _start(self) -> Process:
        process = self._process()
        self.figures.starts.append(process.wait_ready())
        assert not (self._folder / "state" / "quarantine").exists(), "an index had to be set aside"
        for writer in self._writers:
            writer.check(process)
        return process

    def _process(self) -> Process:
        return Process(self._folder, CONFIGURATION)

    def _kill_while_starting(self) -> None:
        process = Process(self._folder, CONFIGURATION)
        time.sleep(self._random.uniform(0, LONGEST_START))
        process.kill()
        self.figures.kills += 1
        self.figures.kills_while_starting += 1

    def _write(self, process: Process, writer: Writer) -> None:
        try:
            while True:
                status, answer = process.ask("POST", "/api/own/properties", writer.body())
                assert status == 200, answer
                writer.said = writer.asked
                with self._lock:
                    self.figures.acknowledged += 1
        except KilledError:
            with self._lock:
                self.figures.unknown += 1

    def _check_history(self) -> None:
        with closing(sqlite3.connect(self._folder / "state" / "state.sqlite")) as state:
            for writer in self._writers:
                rows = state.execute(
                    "SELECT CAST(new AS INTEGER) FROM changed_properties WHERE ref = ? AND path = ? ORDER BY seq",
                    (writer.ref, COUNTED),
                ).fetchall()
                assert [row[0] for row in rows] == list(range(1, writer.said + 1)), "history has gaps or doubles"

    def _check_rebuild(self) -> None:
        copy = self._folder / "copy"
        state = self._folder / "state"
        shutil.copytree(state, copy / "state", ignore=shutil.ignore_patterns("*.sock", "daemon.pid"))
        shutil.copy(self._folder / "config.toml", copy)
        done = syncd("rebuild", copy)
        assert done.returncode == 0, done.stderr
        before, after = rows_in(state / "index.duckdb"), rows_in(copy / "state" / "index.duckdb")
        differing: Sequence[str] = [table for table, rows in before.items() if rows != after[table]]
        assert not differing, f"other than a rebuild: {differing}"
