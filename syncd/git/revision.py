"""From what a person writes after a repository to refs spelled in full (R3)."""

import re
from dataclasses import dataclass
from typing import Final

REMOTE_HEAD: Final = "HEAD"
"""The ref that stands for a remote whose HEAD names no branch of its own."""

KEEP: Final = "refs/catalog/keep/"
COMMIT: Final = "refs/catalog/commit/"
_ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//")
_MAX_REF: Final = 1024
_BEGINNING: Final = re.compile(r"[0-9a-f]{4,64}")
_WRITTEN: Final = re.compile(r"([^~^]+)((?:[~^][0-9]{0,6}){0,16})")


@dataclass(frozen=True, slots=True)
class Head:
    """Where a revision points: `ref` is the remote's full ref name, or the commit id where a commit was asked for."""

    revision: str
    ref: str
    commit: str


def is_object_id(text: str) -> bool:
    """40 or 64 lower-case hex digits."""
    return bool(_ID.fullmatch(text))


def is_valid_ref(name: str) -> bool:
    """Whether git's rules for ref names allow this full name (as `git check-ref-format`)."""
    if len(name) > _MAX_REF or _FORBIDDEN.search(name) or name.startswith("/") or name.endswith(("/", ".")):
        return False
    parts = name.split("/")
    return len(parts) > 1 and not any(part.startswith(".") or part.endswith(".lock") for part in parts)


def candidates(revision: str) -> tuple[str, ...]:
    """Full names that a revision other than "" and a commit id may stand for, the preferred first."""
    names = (revision,) if revision.startswith("refs/") else (f"refs/heads/{revision}", f"refs/tags/{revision}")
    return tuple(name for name in names if revision and is_valid_ref(name))


def spelled(text: str, head: str) -> tuple[str, ...]:
    """What a person's name of a commit may mean in a mirror, the preferred first; `HEAD` and `@` are the commit `head`.

    Nothing where it is no such name.
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return ()
    base, steps = match[1], match[2]
    if base in ("HEAD", "@"):
        return (head + steps,)
    names = [local_ref(name) for name in candidates(base)]
    ids = [base] if _BEGINNING.fullmatch(base) else []
    return tuple(name + steps for name in (*names, *ids))


def local_ref(remote: str) -> str:
    """Where a ref of the remote is kept in the mirror."""
    if remote.startswith("refs/heads/"):
        return "refs/remotes/origin/" + remote.removeprefix("refs/heads/")
    if remote.startswith("refs/tags/"):
        return remote
    if is_object_id(remote):
        return COMMIT + remote
    if remote == REMOTE_HEAD:
        return "refs/catalog/head"
    return "refs/catalog/other/" + remote.removeprefix("refs/")


def remote_ref(local: str) -> str:
    """The inverse of `local_ref`."""
    for prefix, remote in (("refs/remotes/origin/", "refs/heads/"), ("refs/catalog/other/", "refs/"), (COMMIT, "")):
        if local.startswith(prefix):
            return remote + local.removeprefix(prefix)
    return REMOTE_HEAD if local == local_ref(REMOTE_HEAD) else local
