"""The state directory: private, owned by one user, used by one daemon at a time (R40, R42)."""

import fcntl
import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from syncd.disk import sync
from syncd.errors import CatalogError, ConfigError

LONGEST_SOCKET_PATH = 107
"""Bytes of a path that a Unix socket can have on Linux."""

QUARANTINED_FILES = 6
"""Damaged files that are kept for whoever wants to know what happened to them."""


def write_whole(path: Path, text: str) -> None:
    """Write a private file so that it is there whole or not at all (R42)."""
    beside = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync(path.parent)


class DaemonRunningError(CatalogError):
    """Another daemon uses this state directory: exit code 5."""

    code = "daemon.running"


class StateDir:
    """Paths below the state directory; holds its lock from `open` to `close`."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._lock = -1
        self._short: Path | None = None
        """The private folder of a socket that has no room here."""

    @property
    def state(self) -> Path:
        """Owned data."""
        return self.root / "state.sqlite"

    @property
    def secret_key(self) -> Path:
        """The key that secrets in the owned data are encrypted with."""
        return self.root / "secret.key"

    @property
    def index(self) -> Path:
        """Derived data."""
        return self.root / "index.duckdb"

    @property
    def mirrors(self) -> Path:
        """Our copies of repositories."""
        return self.root / "mirrors"

    @property
    def trials(self) -> Path:
        """Repositories that are only tried; empty when nothing is tried."""
        return self.root / "trials"

    @property
    def snapshots(self) -> Path:
        """Copies of the index for questions in SQL."""
        return self.root / "snapshots"

    @property
    def quarantine(self) -> Path:
        """Index files that could not be used (R38)."""
        return self.root / "quarantine"

    @property
    def backups(self) -> Path:
        """Where backups go that are made without a place of their own."""
        return self.root / "backups"

    def set_aside(self, files: Iterable[Path]) -> None:
        """Move damaged files into quarantine, and drop the oldest of those kept there (R38)."""
        self.quarantine.mkdir(mode=0o700, exist_ok=True)
        stamp = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}.{time.time_ns() % 10**9:09}"
        for file in files:
            if file.exists():
                file.replace(self.quarantine / f"{stamp}-{file.name}")
        for old in sorted(self.quarantine.iterdir())[:-QUARANTINED_FILES]:
            old.unlink()

    @property
    def pid_file(self) -> Path:
        """Process id of the daemon; also the lock."""
        return self.root / "daemon.pid"

    @property
    def log(self) -> Path:
        """What the daemon in the background wrote; whoever started it has opened it."""
        return self.root / "daemon.log"

    def socket_path(self) -> Path:
        """Where the Unix socket goes: here, or in a short place that `STATE/socket` names where this is too long."""
        pointer = self.root / "socket"
        inside = self.root / "catalog.sock"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH:
            pointer.unlink(missing_ok=True)
            return inside
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        folder = tempfile.gettempdir()
        if len(os.fsencode(folder)) > LONGEST_SOCKET_PATH // 2:
            folder = "/tmp"  # noqa: S108 - the folder below it is private
        short = Path(folder) / f"catalog-{os.geteuid()}-{name}"
        short.mkdir(mode=0o700, exist_ok=True)
        found = short.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise ConfigError(f"{short} is not a private directory", hint="remove it, or choose a shorter --state")
        write_whole(pointer, str(short / "catalog.sock"))
        self._short = short
        return short / "catalog.sock"

    def open(self) -> "StateDir":
        """Make the directory where it is missing, check that it is private, and lock it.

        Raises `ConfigError` where the directory cannot be used, `DaemonRunningError` where it is in use.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._check_private()
            self._lock = os.open(self.pid_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ConfigError(
                f"state directory {self.root} cannot be used: {error.strerror}", hint="choose another with --state"
            ) from error
        self._take_lock()
        return self

    def _check_private(self) -> None:
        found = self.root.stat()
        if found.st_uid != os.geteuid():
            raise ConfigError(
                f"state directory {self.root} belongs to another user", hint="choose one of your own with --state"
            )
        if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise ConfigError(f"state directory {self.root} can be written by others", hint=f"chmod 700 {self.root}")
        self.root.chmod(0o700)

    def _take_lock(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._lock, 32).decode("ascii", "replace").strip()
            os.close(self._lock)
            self._lock = -1
            raise DaemonRunningError(
                f"a daemon with process id {holder or 'unknown'} uses {self.root}",
                hint="catalog daemon stop ends it; --state chooses another directory",
            ) from None
        text = f"{os.getpid()}\n".encode()
        os.pwrite(self._lock, text, 0)
        os.ftruncate(self._lock, len(text))  # afterwards: what has a block on a full disk keeps it
        os.fsync(self._lock)

    def close(self) -> None:
        """Give the directory free."""
        if self._short is not None:
            with suppress(OSError):  # another daemon's socket may be in it by now
                self._short.rmdir()
        if self._lock >= 0:
            os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> "StateDir":
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
