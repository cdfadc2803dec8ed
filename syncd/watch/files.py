"""File events on local repositories: a push into one rings its bell at once. Polling is the promise (R82)."""

import logging
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

    def add(self, name: str, git_dir: Path) -> bool:
        """Ring `name` when a ref of the repository at `git_dir` changes; False where it cannot be watched."""
        with self._lock:
            if name in self._watches:
                return True
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
            return True

    def remove(self, name: str) -> None:
        """Stop to watch a repository."""
        with self._lock:
            watches = self._watches.pop(name, [])
            self._refused.discard(name)
            if self._fd is not None and watches:
                self._fd.remove_callbacks(watches)  # type: ignore[arg-type]

    def lose(self, name: str) -> None:
        """The repository's folder is gone: the next `add` watches what stands there then."""
        with self._lock:
            self._watches.pop(name, None)

    @property
    def refused(self) -> list[str]:
        """What the system did not let us watch: these are polled only."""
        with self._lock:
            return sorted(self._refused)

    def close(self) -> None:
        """Stop to watch anything."""
        with self._lock:
            self._watches.clear()
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

    def _watch(self, name: str, folder: Path, bell: "_Bell") -> None:
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
