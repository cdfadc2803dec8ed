"""A daemon that is killed again and again while edits are pushed and others push too; each edit is there once or not at
all, and says which."""

import random
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.support.daemon import wait_until
from tests.support.edits import configuration, shop_repository
from tests.support.killing import LONGEST_LIFE
from tests.support.process import KilledError, Process
from tests.support.repository import RepoBuilder

WRITERS = 3
"""Each edits a component of a repository of its own, to which somebody else pushes."""
SETTLED_SECONDS = 60.0
PUSH_PAUSE = 0.2


@dataclass(slots=True)
class Figures:
    """What happened."""

    kills: int = 0
    under_way: int = 0
    """Kills at a moment when the journal had an edit that had not come to its end."""
    acknowledged: int = 0
    refused: int = 0
    cut: int = 0
    pushes: int = 0
    states: str = ""

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.under_way} with edits under way; "
            f"{self.acknowledged} edits acknowledged, {self.refused} refused, {self.cut} cut; "
            f"{self.pushes} pushes of others; in the end: {self.states}"
        )


class EditKillLoop:
    """One state directory. `round` starts the daemon, edits through it and kills it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.figures = Figures()
        self._folder = folder
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._acknowledged: set[str] = set()
        self._pushed: dict[str, list[str]] = {}
        self._remotes = [shop_repository(folder / f"shop{number}.git") for number in range(WRITERS)]
        self._configuration = configuration({remote.url: "commit" for remote in self._remotes})
        with Process(folder, self._configuration) as process:
            process.wait_ready()
            process.sync()

    def round(self) -> None:
        """One life of the daemon."""
        before = self._agreed()
        process = Process(self._folder, self._configuration)
        process.wait_ready()
        stop = threading.Event()
        threads = [threading.Thread(target=self._edit, args=(process, remote)) for remote in self._remotes]
        threads += [threading.Thread(target=self._push, args=(remote, stop)) for remote in self._remotes]
        for thread in threads:
            thread.start()
        wait_until(lambda: self._agreed() > before, "an edit of this life is under way", SETTLED_SECONDS)
        time.sleep(self._random.uniform(0, LONGEST_LIFE))  # the random moment is what this is about
        self.figures.under_way += bool(self._unfinished())
        process.kill()
        self.figures.kills += 1
        stop.set()
        for thread in threads:
            thread.join()

    def finish(self) -> None:
        """Start a last time, wait for every edit to end, and hold the journal against the branches."""
        with Process(self._folder, self._configuration) as process:
            process.wait_ready()
            wait_until(lambda: not self._unfinished(), "every edit has come to its end", SETTLED_SECONDS)
        with closing(sqlite3.connect(self._folder / "state" / "state.sqlite")) as state:
            edits = state.execute("SELECT id, state, commit_id FROM edits").fetchall()
        self.figures.states = ", ".join(f"{count} {what}" for what, count in Counter(one[1] for one in edits).items())
        there: Counter[str] = Counter()
        commits: set[str] = set()
        for remote in self._remotes:
            log = remote.git("log", "--format=%H %(trailers:key=Catalog-Edit,valueonly,separator=%x2C)", "main")
            for line in log.splitlines():
                commit, _, edit = line.partition(" ")
                commits.add(commit)
                there.update([edit] if edit else [])
        lost = {commit for some in self._pushed.values() for commit in some} - commits
        assert not lost, f"pushes of others are lost: {lost}"
        for edit, what, commit in edits:
            wanted = 1 if what == "confirmed" else 0
            assert there[edit] == wanted, f"{edit} is {what}, and {there[edit]} times in the branch"
            assert what != "confirmed" or commit in commits, f"{edit} names a commit that is not there"
        assert self._acknowledged <= {edit for edit, what, _ in edits if what == "confirmed"}
        assert set(there) <= {edit for edit, *_ in edits}

    def _edit(self, process: Process, remote: RepoBuilder) -> None:
        number = 0
        try:
            while True:
                number += 1
                path = f'metadata.annotations."n{self._random.randrange(5)}.test/n"'
                change = {
                    "ref": f"component:default/{remote.path.stem}",
                    "path": path,
                    "value": f"{number} {time.time()}",
                }
                body = {"changes": [change], "target": "commit", "confirm": True}
                status, answer = process.ask("POST", "/api/own/edits", body)
                with self._lock:
                    if status == 201:
                        self.figures.acknowledged += answer["state"] == "confirmed"
                        self._acknowledged.update([answer["id"]] if answer["state"] == "confirmed" else [])
                    else:
                        assert status in (409, 503), answer
                        self.figures.refused += 1
        except KilledError:
            with self._lock:
                self.figures.cut += 1

    def _push(self, remote: RepoBuilder, stop: threading.Event) -> None:
        while not stop.wait(PUSH_PAUSE):
            try:
                commit = remote.push({f"pushed/{time.time_ns()}.txt": "x"})
            except AssertionError:  # an edit was first: as it is for anybody who pushes
                continue
            with self._lock:
                self._pushed.setdefault(remote.path.stem, []).append(commit)
                self.figures.pushes += 1

    def _unfinished(self) -> int:
        return self._count("state IN ('pending', 'pushed')")

    def _agreed(self) -> int:
        return self._count("state <> 'proposed'")

    def _count(self, condition: str) -> int:
        with closing(sqlite3.connect(self._folder / "state" / "state.sqlite")) as state:
            return int(state.execute(f"SELECT count(*) FROM edits WHERE {condition}").fetchone()[0])
