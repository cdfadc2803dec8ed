"""File events on local repositories: a push into one rings its bell at once. Polling is the promise (R82)."""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent, InotifyFD

LOG = logging.getLogger("syncd.watch")
_MASK = (
    InotifyConstants.IN_MOVED_TO
    | InotifyConstants.IN_CREATE
    | InotifyConstants.IN_CLOSE_WRITE
    | InotifyConstants.IN_DELETE
    | InotifyConstants.IN_ONLYDIR
)
_IGNORED_SUFFIX = b".lock"
_GIT = ".git"
MOST_FOLDERS = 2_000
"""Folders of a work tree that are watched; where there are more, the rest is polled."""
_ROOT_NAMES = frozenset({b"packed-refs", b"HEAD", b"refs"})


class RefWatcher:
    """Watches the refs of local repositories: their root for `packed-refs`, and `refs/heads` with its folders.

    All watches share one thread and one descriptor. Where the system refuses a watch, the repository is polled only.
    """

    def __init__(self, ring: Callable[[str], object]) -> None:
        self._ring = ring
        self._lock = threading.Lock()
        self._watches: dict[str, list[tuple[int, int]]] = {}
        self._fd: InotifyFD | None = None
        self._refused: set[str] = set()
        self._trees: dict[str, set[str]] = {}
        """Folders of work trees that are watched."""

    def add(self, name: str, git_dir: Path, work_tree: Path | None = None) -> bool:
        """Ring `name` when a ref of the repository at `git_dir` changes, or a file in its work tree is saved; False
        where it cannot be watched."""
        with self._lock:
            if name in self._watches:
                return work_tree is None or self._add_tree(name, work_tree)
            try:
                if self._fd is None:
                    self._fd = InotifyFD()
                    self._fd.start()
                self._watches[name] = []
                self._watch(name, git_dir, _Bell(self, name, git_dir, root=True))
                self._watch_refs(name, git_dir / "refs" / "heads")
            except OSError as error:
                self._watches.pop(name, None)
                if name not in self._refused:
                    LOG.warning("%s cannot be watched and is polled only: %s", name, error)
                self._refused.add(name)
                return False
            self._refused.discard(name)
            return work_tree is None or self._add_tree(name, work_tree)

    def _add_tree(self, name: str, work_tree: Path) -> bool:
        known = self._trees.setdefault(name, set())
        try:
            for folder, below, _ in os.walk(work_tree):
                below[:] = [one for one in below if one != _GIT]
                if folder in known:
                    continue
                if len(known) >= MOST_FOLDERS:
                    self._refused.add(name)
                    return False
                self._watch(name, Path(folder), _TreeBell(self, name, Path(folder)))
                known.add(folder)
        except OSError as error:
            LOG.info("%s: what is saved is polled only: %s", name, error)
            self._refused.add(name)
            return False
        return True

    def tree_appeared(self, name: str, folder: Path) -> None:
        """A folder was made in a work tree."""
        with self._lock:
            if name in self._watches and folder.name != _GIT:
                self._add_tree(name, folder)

    def tree_gone(self, name: str, folder: Path) -> None:
        """A folder of a work tree is not there any more; it may come back."""
        with self._lock:
            self._trees.get(name, set()).discard(str(folder))

    def remove(self, name: str) -> None:
        """Stop to watch a repository."""
        with self._lock:
            self._trees.pop(name, None)
            watches = self._watches.pop(name, [])
            self._refused.discard(name)
            if self._fd is not None and watches:
                self._fd.remove_callbacks(watches)  # type: ignore[arg-type]

    def lose(self, name: str) -> None:
        """The repository's folder is gone: the next `add` watches what stands there then."""
        with self._lock:
            self._watches.pop(name, None)
            self._trees.pop(name, None)

    @property
    def refused(self) -> list[str]:
        """What the system did not let us watch: these are polled only."""
        with self._lock:
            return sorted(self._refused)

    def close(self) -> None:
        """Stop to watch anything."""
        with self._lock:
            self._watches.clear()
            self._trees.clear()
            fd, self._fd = self._fd, None
        if fd is not None:
            fd.stop()  # it calls back for each watch

    def ring(self, name: str) -> None:
        """A ref may have changed."""
        self._ring(name)

    def folder_appeared(self, name: str, folder: Path) -> None:
        """A branch name with a slash made a new folder below `refs/heads`."""
        with self._lock:
            if name in self._watches:
                try:
                    self._watch_refs(name, folder)
                except OSError as error:
                    LOG.info("%s: %s", name, error)

    def _watch_refs(self, name: str, folder: Path) -> None:
        if not folder.is_dir():
            return
        self._watch(name, folder, _Bell(self, name, folder, root=False))
        for child in folder.iterdir():
            if child.is_dir():
                self._watch_refs(name, child)

    def _watch(self, name: str, folder: Path, bell: "_Bell | _TreeBell") -> None:
        assert self._fd is not None
        descriptor = self._fd.add_callback(str(folder).encode(), _MASK, bell, id(bell))  # type: ignore[arg-type]
        self._watches[name].append((descriptor, id(bell)))


class _Bell:
    """What one watched folder does when something happens in it."""

    def __init__(self, watcher: RefWatcher, name: str, folder: Path, *, root: bool) -> None:
        self._watcher = watcher
        self._name = name
        self._folder = folder
        self._root = root

    def on_event(self, event: InotifyEvent) -> None:
        """A file in the folder was written, moved here, made or deleted."""
        file = event.name
        if file.endswith(_IGNORED_SUFFIX) or (self._root and file not in _ROOT_NAMES):
            return
        if event.is_directory and not self._root:
            self._watcher.folder_appeared(self._name, self._folder / file.decode("utf-8", "surrogateescape"))
        self._watcher.ring(self._name)

    def on_watch_deleted(self, wd: int) -> None:  # noqa: ARG002 - watchdog's protocol
        """The folder is gone: a look will tell what that means."""
        if self._root:
            self._watcher.lose(self._name)
        self._watcher.ring(self._name)

    def on_queue_overflow(self) -> None:
        """Events were lost: look, rather than trust that there were none."""
        self._watcher.ring(self._name)


class _TreeBell:
    """What one folder of a work tree does when something is saved in it."""

    def __init__(self, watcher: RefWatcher, name: str, folder: Path) -> None:
        self._watcher = watcher
        self._name = name
        self._folder = folder

    def on_event(self, event: InotifyEvent) -> None:
        """A file was saved, moved or deleted, or a folder made. What is only opened for writing says nothing yet."""
        folder = self._folder / event.name.decode("utf-8", "surrogateescape")
        if event.is_directory:
            self._watcher.tree_appeared(self._name, folder)
        if folder.name != _GIT:
            self._watcher.ring(self._name)

    def on_watch_deleted(self, wd: int) -> None:  # noqa: ARG002 - watchdog's protocol
        """The folder is gone."""
        self._watcher.tree_gone(self._name, self._folder)
        self._watcher.ring(self._name)

    def on_queue_overflow(self) -> None:
        """Events were lost."""
        self._watcher.ring(self._name)
