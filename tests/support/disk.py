"""A disk that can be filled and emptied: a small one of its own where that is allowed, else a part of the real one."""

import os
import shutil
import subprocess
from pathlib import Path

MIB = 1 << 20
SIZE, FLOOR = 64 * MIB, 8 * MIB


class SmallDisk:
    """`folder` is on it, and nothing else that matters. Below `floor` bytes the daemon shall begin nothing.

    With a disk of its own (root may mount one), `fill` leaves not a byte. Otherwise it takes so much of the real disk
    that less than the floor is free.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        options = f"size={SIZE},mode=700"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=False, capture_output=True
        )
        self.mounted = done.returncode == 0
        self._folder = folder
        self._ballast = (folder if self.mounted else folder.parent) / "ballast"
        self.floor = FLOOR if self.mounted else shutil.disk_usage(folder).free - 256 * MIB

    @property
    def configuration(self) -> str:
        """The floor as a table of the daemon's configuration."""
        return f"[limits]\nfree_space = {self.floor}\nfree_space_percent = 1\n"

    def fill(self) -> None:
        """Until nothing is left, or less than the floor."""
        if not self.mounted:
            with self._ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, 512 * MIB)
            return
        for size in (MIB, 4096):
            try:
                with self._ballast.open("ab", buffering=0) as file:
                    while file.write(bytes(size)) == size:
                        pass
            except OSError:
                continue

    def empty(self) -> None:
        """Give back what `fill` took."""
        self._ballast.unlink()

    def __enter__(self) -> "SmallDisk":
        return self

    def __exit__(self, *_: object) -> None:
        self._ballast.unlink(missing_ok=True)
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self._folder)], check=True)
