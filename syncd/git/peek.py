"""A look at the refs of a repository on our own disk: most polls find nothing new and need no process to say so."""

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from syncd.git.refs import parse_packed_refs
from syncd.git.remote import Advertised
from syncd.git.revision import REMOTE_HEAD, is_object_id, is_valid_ref

_MAX_BYTES: Final = 4 * 1024 * 1024


def look(repository: Path, names: Iterable[str]) -> Advertised | None:
    """What `ask` would say, as far as the files say it plainly; None where HEAD does not. Git has the last word.

    The files are another user's, perhaps: they are read without following links, without waiting, and only so far.
    """
    git_dir = next((place for place in (repository / ".git", repository) if (place / "HEAD").is_file()), None)
    head = _read(git_dir / "HEAD") if git_dir else None
    if git_dir is None or head is None:
        return None
    branch = head.removeprefix("ref: ")
    wanted = {name for name in (branch, *names) if is_valid_ref(name)}
    refs = _Refs(git_dir).find(wanted)
    if is_object_id(head):
        return Advertised(REMOTE_HEAD, {**refs, REMOTE_HEAD: head})
    if branch not in refs or not branch.startswith("refs/heads/"):
        return None
    return Advertised(branch, {**refs, REMOTE_HEAD: refs[branch]})


class _Refs:
    def __init__(self, git_dir: Path) -> None:
        self._git_dir = git_dir
        self._packed: Mapping[str, str] | None = None

    def find(self, names: Iterable[str]) -> dict[str, str]:
        found = ((name, _read(self._git_dir / name) or self._packed_ref(name)) for name in names)
        return {name: value for name, value in found if is_object_id(value)}

    def _packed_ref(self, name: str) -> str:
        if self._packed is None:
            self._packed = parse_packed_refs(_read(self._git_dir / "packed-refs") or "")
        return self._packed.get(name, "")


def _read(path: Path) -> str | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_BYTES:
            return None
        return os.read(descriptor, _MAX_BYTES).decode("utf-8", "surrogateescape").rstrip("\n")
    finally:
        os.close(descriptor)
