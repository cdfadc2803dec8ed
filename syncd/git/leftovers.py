"""What a killed git leaves in a mirror, and how to remove it (R85)."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def remove_leftovers(git_dir: Path) -> int:
    """Delete lock files and temporary objects; returns how many. Only while no child of ours works on the mirror."""
    count = 0
    for path in _leftovers(git_dir):
        with suppress(FileNotFoundError):
            path.unlink()
            count += 1
    return count


def _leftovers(git_dir: Path) -> Iterator[Path]:
    yield from git_dir.glob("*.lock")
    yield from (git_dir / "refs").rglob("*.lock")
    objects = git_dir / "objects"
    for pattern in ("pack/tmp_*", "pack/.tmp-*", "??/tmp_obj_*", "info/*.lock"):
        yield from objects.glob(pattern)
