"""The disk of the state directory: below its floor nothing is begun that needs room (R41)."""

import errno
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from syncd.errors import DiskFullError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_ENGINE_SAYS = ("No space left", "Disk quota", "File too large")
"""What is left of the reason in messages of DuckDB."""


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """Bytes that are free, and how many of them must stay so."""

    free: int
    floor: int

    @property
    def full(self) -> bool:
        """Whether nothing may be begun that writes."""
        return self.free < self.floor


class Disk:
    """The disk that a folder is on. Asking takes microseconds."""

    def __init__(self, folder: Path, free_space: int, free_space_percent: int) -> None:
        """The floor is the larger of these bytes and this share of the whole disk."""
        self._folder = folder
        self._bytes = free_space
        self._percent = free_space_percent

    def space(self) -> DiskSpace:
        """How it is now."""
        disk = shutil.disk_usage(self._folder)
        return DiskSpace(disk.free, max(self._bytes, disk.total * self._percent // 100))

    def has_room(self) -> bool:
        """Whether something may be begun that writes."""
        return not self.space().full

    def require_room(self, what: str) -> None:
        """Raise `DiskFullError` where there is no room for `what`."""
        if not self.has_room():
            raise no_room(f"{what} (free_space, free_space_percent)")


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def no_room(what: str) -> DiskFullError:
    """The failure to be raised where there is no room for `what`."""
    return DiskFullError(
        f"there is too little room on the disk for {what}",
        hint="free space on the disk of the state directory, then try again",
    )


def is_disk_full(error: BaseException) -> bool:
    """Whether something failed for want of room: on the disk, in a quota, below a limit of file sizes."""
    if isinstance(error, DiskFullError):
        return True
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in _NO_ROOM
    return any(words in str(error) for words in _ENGINE_SAYS)
