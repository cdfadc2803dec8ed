"""Edits and pushes that race for the same branches; every one of them is there once, and nothing was ever replaced."""

import random
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.edits import Editor, editing

REPOSITORIES = 3
WRITERS = 3
"""Who edit each of them through the catalog, at the same time."""
PUSHERS = 2
"""Who push to each of them by `git push`, from clones of their own."""
PUSH_PAUSE = 0.4
"""Seconds between two pushes of one: about what an edit takes, so that branches move under edits."""
SHARED = "spec.lifecycle"
"""A field that all writers of a repository set: who comes second has read something else, a conflict."""


@dataclass(slots=True)
class Figures:
    """What happened."""

    confirmed: int = 0
    conflicts: int = 0
    starved: int = 0
    """Edits that gave up, and said so: their branch moved as often as they tried."""
    pushes: int = 0
    beaten: int = 0

    def __str__(self) -> str:
        return (
            f"{self.confirmed} edits confirmed, {self.conflicts} conflicts, {self.starved} that gave up; "
            f"{self.pushes} pushes of others, {self.beaten} that came too late and tried again"
        )


class Race:
    """`run` edits and pushes until `count` of both together came through, then looks at what is there."""

    def __init__(self, folder: Path, count: int, seed: int) -> None:
        self.figures = Figures()
        self._folder = folder
        self._count = count
        self._seed = seed
        self._lock = threading.Lock()
        self._edits: dict[str, list[dict[str, Any]]] = {}
        self._pushed: dict[str, list[str]] = {}

    def run(self) -> None:
        """The whole race."""
        wanted = {f"race{number}": "commit" for number in range(REPOSITORIES)}
        with editing(self._folder, wanted) as editors:
            for editor in editors:
                editor.repository.git("config", "core.logAllRefUpdates", "always")
            first = {editor.ref: editor.repository.head() for editor in editors}
            threads = [
                threading.Thread(target=work, args=(editor, number))
                for editor in editors
                for work, count in ((self._edit, WRITERS), (self._push, PUSHERS))
                for number in range(count)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for editor in editors:
                self._check(editor, first[editor.ref])

    def _is_over(self) -> bool:
        return self.figures.confirmed + self.figures.pushes >= self._count

    def _edit(self, editor: Editor, number: int) -> None:
        rng = random.Random(f"{self._seed} {editor.ref} {number}")
        turn = 0
        while not self._is_over():
            turn += 1
            shared = rng.random() < 0.1
            path = SHARED if shared else f'metadata.annotations."n{number}.test/n"'
            body = {"changes": [editor.change(path, f"{number}.{turn}")], "target": "commit", "confirm": True}
            answer = editor.daemon.owner.post("/api/own/edits", json=body)
            with self._lock:
                if answer.status_code == 201:
                    assert answer.json()["state"] == "confirmed", answer.text
                    self._edits.setdefault(editor.ref, []).append(answer.json())
                    self.figures.confirmed += 1
                    continue
                assert answer.status_code == 409, answer.text
                gave_up = "times while it was pushed" in answer.json()["detail"]
                assert gave_up or shared, answer.text
                self.figures.starved += gave_up
                self.figures.conflicts += not gave_up

    def _push(self, editor: Editor, number: int) -> None:
        turn = 0
        pause = threading.Event()
        while not self._is_over():
            pause.wait(PUSH_PAUSE)
            turn += 1
            try:
                commit = editor.repository.push({f"pushed/{number}/{turn}.txt": "x"}, by=f"pusher{number}")
            except AssertionError:  # somebody was first: as it is for anybody who pushes
                with self._lock:
                    self.figures.beaten += 1
                continue
            with self._lock:
                self._pushed.setdefault(editor.ref, []).append(commit)
                self.figures.pushes += 1

    def _check(self, editor: Editor, first: str) -> None:
        repository = editor.repository
        edits, pushed = self._edits.get(editor.ref, []), self._pushed.get(editor.ref, [])
        history = repository.git("rev-list", "main").split()
        assert len(history) == len(set(history)) == 1 + len(edits) + len(pushed), "each is there once, and nothing else"
        assert set(history) == {first, *pushed, *(edit["commit"] for edit in edits)}, "nothing is lost"
        named = Counter(repository.git("log", "--format=%(trailers:key=Catalog-Edit,valueonly)", "main").split())
        assert named == Counter(edit["id"] for edit in edits), "an edit is one commit, and one that failed is none"
        moves = [line.split() for line in repository.git("reflog", "show", "--format=%H", "main").splitlines()]
        assert [commit for (commit,) in reversed(moves)] == list(reversed(history))[-len(moves) :], "never replaced"
        parents = repository.git("log", "--format=%P", "main").split()
        assert parents == history[1:], "every commit follows the one before"
