"""A look at the refs of a repository on our own disk: most polls find nothing new and need no process to say so."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from syncd.git.refs import parse_packed_refs
from syncd.git.revision import REMOTE_HEAD, is_object_id

_MAX_BYTES: Final = 4 * 1024 * 1024


def is_unchanged(repository: Path, refs: Mapping[str, str], default: str | None) -> bool:
    """Whether every ref still has this id, and HEAD (unless `default` is None) still names that branch.

    False wherever the files do not say so plainly; then a fetch finds out. The files are another user's, perhaps:
    they are read without following links, without waiting, and only so far.
    """
    git_dir = next((place for place in (repository / ".git", repository) if (place / "HEAD").is_file()), None)
    if git_dir is None or not refs:
        return False
    if default not in {None, REMOTE_HEAD} and _read(git_dir / "HEAD") != f"ref: {default}":
        return False
    packed: Mapping[str, str] | None = None
    for name, value in refs.items():
        found = _read(git_dir / name)
        if found is None:
            packed = parse_packed_refs(_read(git_dir / "packed-refs") or "") if packed is None else packed
            found = packed.get(name)
        if found != value or not is_object_id(value):
            return False
    return True


def _read(path: Path) -> str | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_BYTES:
            return None
        return file.read(_MAX_BYTES).decode("utf-8", "surrogateescape").rstrip("\n")
