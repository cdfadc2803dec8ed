"""File events on real repositories."""

import queue
import threading
from pathlib import Path

from syncd.watch.files import RefWatcher
from tests.support.repository import RepoBuilder

PATIENCE = 10.0


def test_a_push_rings_also_on_a_branch_in_a_new_folder(tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "r.git")
    repository.commit({"a": "1"})
    rung: queue.SimpleQueue[str] = queue.SimpleQueue()
    watcher = RefWatcher(rung.put)
    try:
        assert watcher.add("r", repository.path)
        repository.commit({"a": "2"})
        assert rung.get(timeout=PATIENCE) == "r"
        repository.commit({"a": "3"}, branch="feature/x")
        assert rung.get(timeout=PATIENCE) == "r"
    finally:
        watcher.close()


def test_a_closed_watcher_leaves_no_thread_behind(tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "r.git")
    before = set(threading.enumerate())
    watcher = RefWatcher(queue.SimpleQueue[str]().put)
    watcher.add("r", repository.path)
    (own,) = set(threading.enumerate()) - before
    watcher.close()
    own.join(PATIENCE)
    assert not own.is_alive()
