"""All mirrors of the daemon, one a repository, and the bounds they share (R80)."""

import hashlib
import shutil
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from syncd.errors import InputError
from syncd.git.address import Resolver, system_resolver
from syncd.git.folders import folders_in
from syncd.git.mirror import Mirror
from syncd.git.objects import ReaderPool
from syncd.git.runner import Runner
from syncd.git.settings import GitSettings
from syncd.git.storage import REMOVED
from syncd.git.url import parse_clone_url
from syncd.git.version import GitProgram, find_git


class Mirrors:
    """Holds the mirrors below `root`. Thread-safe. Git children of an earlier life are ended first.

    Raises `ConfigError` where git cannot be used.
    """

    def __init__(
        self,
        root: Path,
        settings: GitSettings,
        program: GitProgram | None = None,
        resolve: Resolver = system_resolver,
    ) -> None:
        self.settings = settings
        self._resolve = resolve
        self._program = program or find_git()
        self._root = root.absolute()
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._runner = Runner(self._root, settings, self._program.path, resolve)
        self._readers = ReaderPool(self._runner, settings.open_readers)
        self._lock = threading.Lock()
        self._mirrors: dict[str, Mirror] = {}
        self._total = threading.BoundedSemaphore(settings.concurrency)
        self._local = threading.BoundedSemaphore(settings.concurrency)
        self._hosts: defaultdict[str, threading.BoundedSemaphore] = defaultdict(self._host_turns)

    def open(self, url: str) -> Mirror:
        """The one mirror of a repository, by any spelling of its URL; asks no remote and never waits.

        Raises `InputError` location.url_rejected.
        """
        parsed = parse_clone_url(url, self.settings.protocols)
        with self._lock:
            mirror = self._mirrors.get(parsed.identity)
            if mirror is None:
                folder = self._root / hashlib.sha256(parsed.identity.encode()).hexdigest()
                mirror = Mirror(parsed, folder, self._runner, self._readers, self._turn)
                self._mirrors[parsed.identity] = mirror
        mirror.spell(parsed)
        return mirror

    def permits(self, url: str) -> bool:
        """Whether a client may name the host of a URL, as far as an address in it says so (R10)."""
        return self._runner.access.permits(parse_clone_url(url, self.settings.protocols))

    def apart(self, root: Path) -> "Mirrors":
        """Mirrors in another place, one commit deep, for what is read once; nothing is shared with these."""
        settings = replace(self.settings, depth=1, ssh_known_hosts=self._runner.access.known_hosts)
        return Mirrors(root, settings, self._program, self._resolve)

    def stored(self) -> Iterator[str]:
        """Repositories of which there is a mirror on the disk, by canonical URL; also of earlier lives."""
        for folder in folders_in(self._root):
            with suppress(OSError, InputError):  # not whole yet, or of a transport that is not allowed any more
                url = (Path(folder.path) / "url").read_text(encoding="utf-8").strip()
                if self.open(url).path.parent == Path(folder.path):
                    yield url

    def discard(self, url: str, is_needed: Callable[[], bool]) -> bool:
        """Delete the mirror of a repository, unless it is in use or needed; whether that was done.

        The mirror remains known: who holds it must go on to share its lock with who opens it anew.
        """
        return self.open(url).remove(is_needed)

    def sweep(self) -> None:
        """Delete what a stop left of mirrors that were being deleted."""
        for folder in folders_in(self._root):
            if folder.name.startswith(REMOVED):
                shutil.rmtree(folder.path, ignore_errors=True)

    def git_version(self) -> str:
        """As git names it: `2.39.5`."""
        return self._program.version

    @property
    def children(self) -> int:
        """How many git processes run."""
        return self._runner.children

    @property
    def started(self) -> int:
        """How many git processes were begun."""
        return self._runner.started

    @property
    def killed(self) -> Mapping[str, int]:
        """How many of them were ended before their time, by the reason."""
        return dict(self._runner.killed)

    def close(self) -> None:
        """End every git child; a fetch that runs raises."""
        self._readers.close()
        self._runner.close()

    def _host_turns(self) -> threading.BoundedSemaphore:
        return threading.BoundedSemaphore(self.settings.concurrency_per_host)

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        """Wait for a place among the fetches; our own disk ("") is no host, and waits for none."""
        with self._lock:
            turns = self._hosts[host] if host else None
        if turns is None:
            with self._local:
                yield
            return
        with turns, self._total:
            yield
