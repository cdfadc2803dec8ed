"""What a killed git leaves in a mirror, and how to remove it (R85)."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from syncd.git.folders import files_below, files_in, folders_in


def remove_leftovers(git_dir: Path, older: float = 0.0) -> int:
    """Delete lock files and temporary objects that are at least `older` seconds old; returns how many.

    Only while no child of ours works on the mirror.
    """
    count = 0
    for path in _leftovers(git_dir):
        with suppress(FileNotFoundError):
            if not older or age_of(Path(path)) >= older:
                Path(path).unlink()
                count += 1
    return count


def age_of(path: Path) -> float:
    """Seconds since a file was written; raises `FileNotFoundError`."""
    return time.time() - path.stat(follow_symlinks=False).st_mtime


def _leftovers(git_dir: Path) -> Iterator[str]:
    objects = git_dir / "objects"
    for locks in (files_in(git_dir), files_below(git_dir / "refs"), files_in(objects / "info")):
        yield from (entry.path for entry in locks if entry.name.endswith(".lock"))
    for folder in folders_in(objects):
        yield from (entry.path for entry in files_in(folder.path) if entry.name.startswith(("tmp_", ".tmp-")))
