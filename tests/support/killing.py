"""A daemon that is killed again and again while its clients write, and what may be said of it afterwards."""

import os
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

from syncd.store.index import Index
from tests.support.contents import rows_of
from tests.support.daemon import wait_until
from tests.support.process import KilledError, Process, component, syncd
from tests.support.repository import RepoBuilder

LONGEST_LIFE = 0.8
"""Seconds between the first answer and the kill, at most."""
LONGEST_START = 1.5
"""Seconds between the start of the process and the kill, where it is killed while it starts."""
WATCHED = 4
WRITERS = 3
"""Each registers and removes repositories of its own."""
CONFIGURATION = '[git]\nprotocols = ["file"]\npoll_interval = "2s"\n'


@dataclass(slots=True)
class Figures:
    """What happened."""

    kills: int = 0
    kills_while_starting: int = 0
    added: int = 0
    removed: int = 0
    tokens: int = 0
    revoked: int = 0
    unknown: int = 0
    pushes: int = 0
    starts: list[float] = field(default_factory=list)
    """Seconds from the start of a process to its first answer of a question."""

    def __str__(self) -> str:
        starts = sorted(self.starts)
        return (
            f"{self.kills} kills, {self.kills_while_starting} of them while starting; acknowledged: {self.added} "
            f"registrations, {self.removed} removals, {self.tokens} tokens made, {self.revoked} revoked, "
            f"{self.pushes} pushes; {self.unknown} requests cut; "
            f"restart p50 {starts[len(starts) // 2]:.2f} s, longest {starts[-1]:.2f} s"
        )


class KillLoop:
    """One state directory. `round` starts the daemon, checks it, writes to it and kills it."""

    def __init__(self, folder: Path, seed: int, spares: int = 12) -> None:
        self.figures = Figures()
        self._folder = folder
        self._state = folder / "state"
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._watched = [self._repository(folder / f"watched{number}.git") for number in range(WATCHED)]
        self._spares = [self._repository(folder / f"spare{number}.git") for number in range(spares)]
        self._present: dict[str, str] = {}
        """Targets of acknowledged locations, with their ids."""
        self._gone: set[str] = set()
        """Ids of acknowledged removals."""
        self._doubtful: set[str] = set()
        """Targets of which nobody knows whether they are registered."""
        self._tokens: set[str] = set()
        """Ids of acknowledged tokens."""
        self._revoked: set[str] = set()
        """Ids of acknowledged revocations."""
        self._revoking: set[str] = set()
        """Ids of which nobody knows whether they are revoked."""
        self._titles = dict.fromkeys((repository.path.stem for repository in self._watched), "0")
        process = self._start()
        for repository in self._watched:
            self._add(process, repository)
        process.wait_idle()
        process.kill()

    def round(self) -> None:
        """One life of the daemon."""
        if self._random.random() < 0.25:
            self._kill_while_starting()
        process = self._start()
        threads = [
            threading.Thread(target=self._push, args=(process, random.Random(self._random.random()))),
            threading.Thread(target=self._change_tokens, args=(process, random.Random(self._random.random()))),
            *(
                threading.Thread(target=self._write, args=(process, random.Random(self._random.random()), mine))
                for mine in (self._spares[number::WRITERS] for number in range(WRITERS))
            ),
        ]
        for thread in threads:
            thread.start()
        time.sleep(self._random.uniform(0, LONGEST_LIFE))  # the random moment is what this is about
        process.kill()
        self.figures.kills += 1
        for thread in threads:
            thread.join()

    def finish(self) -> None:
        """Start a last time, and hold what is there against what was acknowledged, against the log and a rebuild."""
        process = self._start()
        process.sync()
        with closing(sqlite3.connect(self._state / "state.sqlite")) as state:
            wait_until(lambda: process.wait_idle()["index_seq"] == _newest(state), "the index has the whole log")
        for name, title in self._titles.items():
            assert process.title(name) == title, f"a push to {name} was lost"
        assert process.stop() == 0
        self._check_log()
        self._check_rebuild()

    # One life

    def _start(self) -> Process:
        process = Process(self._folder, CONFIGURATION)
        self.figures.starts.append(process.wait_ready())
        assert not (self._state / "quarantine").exists(), "an index had to be set aside"
        status, answer = process.ask("GET", "/api/own/locations")
        assert status == 200, answer
        found = {item["target"]: item["id"] for item in answer["items"]}
        lost = self._present.keys() - found.keys() - self._doubtful
        assert not lost, f"acknowledged locations are lost: {lost}"
        back = self._gone & set(found.values())
        assert not back, f"deleted locations are back: {back}"
        for target in self._doubtful:
            self._present.pop(target, None)
        self._present |= {target: found[target] for target in self._doubtful if target in found}
        assert found == self._present, "locations that nobody registered"
        self._doubtful.clear()
        self._check_tokens(process)
        return process

    def _check_tokens(self, process: Process) -> None:
        status, answer = process.ask("GET", "/api/own/tokens")
        assert status == 200, answer
        found = {item["id"] for item in answer["items"]}
        assert self._tokens - self._revoking <= found, "acknowledged tokens are lost"
        assert not self._revoked & found, "revoked tokens are back"
        # A request that was cut may have made one; nobody has seen its text.
        self._tokens = found
        self._revoking.clear()

    def _kill_while_starting(self) -> None:
        process = Process(self._folder, CONFIGURATION)
        time.sleep(self._random.uniform(0, LONGEST_START))
        process.kill()
        self.figures.kills += 1
        self.figures.kills_while_starting += 1

    def _write(self, process: Process, rng: random.Random, mine: Sequence[RepoBuilder]) -> None:
        try:
            while True:
                repository = rng.choice(mine)
                if repository.url in self._present:
                    self._remove(process, repository.url)
                else:
                    self._add(process, repository)
        except KilledError:
            return

    def _change_tokens(self, process: Process, rng: random.Random) -> None:
        try:
            while True:
                if self._tokens and rng.random() < 0.5:
                    token = rng.choice(sorted(self._tokens))
                    self._revoking.add(token)
                    assert self._asked(process, "DELETE", f"/api/own/tokens/{token}")[0] == 204
                    self._tokens.discard(token)
                    self._revoking.discard(token)
                    self._revoked.add(token)
                    self._count("revoked")
                else:
                    wanted = {"name": "token", "scopes": ["read"]}
                    status, answer = self._asked(process, "POST", "/api/own/tokens", wanted)
                    assert status == 201, answer
                    self._tokens.add(answer["id"])
                    self._count("tokens")
        except KilledError:
            return

    def _add(self, process: Process, repository: RepoBuilder) -> None:
        self._doubtful.add(repository.url)
        status, answer = self._asked(process, "POST", "/api/own/locations", {"type": "git", "target": repository.url})
        assert status == 201, answer
        self._doubtful.discard(repository.url)
        self._present[repository.url] = answer["id"]
        self._count("added")

    def _remove(self, process: Process, target: str) -> None:
        self._doubtful.add(target)
        identifier = self._present[target]
        status, answer = self._asked(process, "DELETE", f"/api/own/locations/{identifier}")
        assert status == 204, answer
        self._doubtful.discard(target)
        del self._present[target]
        self._gone.add(identifier)
        self._count("removed")

    def _asked(self, process: Process, method: str, path: str, body: object = None) -> tuple[int, Any]:
        try:
            return process.ask(method, path, body)
        except KilledError:
            self._count("unknown")
            raise

    def _count(self, what: str) -> None:
        with self._lock:
            setattr(self.figures, what, getattr(self.figures, what) + 1)

    def _push(self, process: Process, rng: random.Random) -> None:
        try:
            while True:
                repository = rng.choice(self._watched)
                self._titles[repository.path.stem] = str(int(self._titles[repository.path.stem]) + 1)
                repository.commit(self._files(repository, self._titles[repository.path.stem]))
                self.figures.pushes += 1
                process.ask("GET", "/healthz")
        except KilledError:
            return

    def _repository(self, path: Path) -> RepoBuilder:
        repository = RepoBuilder(path)
        repository.commit(self._files(repository, "0"))
        return repository

    def _files(self, repository: RepoBuilder, title: str) -> dict[str, str]:
        """A component of its own, and one that all spare repositories define: the next one takes it over."""
        name = repository.path.stem
        texts = [component(name, title), component("shared" if name.startswith("spare") else f"{name}-b", title)]
        return {"catalog-info.yaml": "---\n".join(texts)}

    # The end

    def _check_log(self) -> None:
        with closing(sqlite3.connect(self._state / "state.sqlite")) as state:
            log = state.execute("SELECT seq, what, target FROM changes ORDER BY seq").fetchall()
            touched = state.execute("SELECT seq, what, ref FROM changed_entities ORDER BY seq").fetchall()
        assert [seq for seq, *_ in log] == list(range(1, len(log) + 1)), "the log has gaps"
        added = [target for _, what, target in log if what == "location.added"]
        removed = [target for _, what, target in log if what == "location.removed"]
        assert len(set(added)) == len(added), "a registration is logged twice"
        assert len(set(removed)) == len(removed), "a removal is logged twice"
        assert self._gone <= set(removed)
        assert set(added) - set(removed) == set(self._present.values())
        there: set[str] = set()
        for seq, what, ref in touched:
            assert (ref in there) == (what != "added"), f"{seq}: {ref} was {what}"
            there = there - {ref} if what == "removed" else there | {ref}

    def _check_rebuild(self) -> None:
        copy = self._folder / "copy"
        shutil.copytree(self._state, copy / "state", ignore=shutil.ignore_patterns("*.sock", "daemon.pid"))
        shutil.copy(self._folder / "config.toml", copy)
        done = syncd("rebuild", copy)
        assert done.returncode == 0, done.stderr
        before, after = rows_in(self._state / "index.duckdb"), rows_in(copy / "state" / "index.duckdb")
        for table, rows in before.items():
            assert rows == after[table], f"{table} differs from a rebuild"
        with closing(sqlite3.connect(copy / "state" / "state.sqlite")) as state:
            assert _newest(state) == _newest_of(self._state), "the rebuild found something new"


def kills_wanted(otherwise: int) -> int:
    """How many kills CATALOG_KILLS asks for."""
    return int(os.environ.get("CATALOG_KILLS") or otherwise)


def rows_in(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that an index says, by table."""
    index = Index.open(path)
    try:
        return rows_of(index)
    finally:
        index.close()


def _newest(state: sqlite3.Connection) -> int:
    return int(state.execute("SELECT max(seq) FROM changes").fetchone()[0])


def _newest_of(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "state.sqlite")) as state:
        return _newest(state)
