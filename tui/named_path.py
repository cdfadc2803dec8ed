"""Paths as people write them."""

from pathlib import Path


def named_path(text: str) -> Path:
    """The path that a text names: `~` and `~NAME` are home folders, where there is somebody of that name."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # there is nobody: then it is a name like any other
        return Path(text)


def is_there(path: Path) -> bool:
    """Whether there is such a file or folder; a name that is too long for any has none."""
    try:
        return path.exists()
    except OSError:
        return False
