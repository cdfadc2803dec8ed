"""What a person gives `location add`: a web URL, a clone URL or a path; told apart without git."""

import re
from pathlib import Path
from typing import NamedTuple

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.named_path import is_there, named_path

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SCP = re.compile(r"[^/\s:]+@[^/\s:]+:[^\s]+")
CATALOG_FILES = ("catalog-info.yaml", "catalog-info.yml", "port.yml")
"""What the daemon looks for in a repository, and here below a folder of one."""
_CLONE_SCHEMES = ("ssh://", "git+ssh://", "git://", "file://")


class LocationTarget(NamedTuple):
    """Type, target and, for a path inside a repository, the patterns it means."""

    type: str
    target: str
    paths: tuple[str, ...] = ()


def read_target(text: str, kind: str | None = None) -> LocationTarget:
    """Tell a web URL (type `url`) from a clone URL or a local path (type `git`); `Failure` for what is neither.

    `kind` is the type where the person named it.
    """
    if _SCHEME.match(text):
        clone = text.startswith(_CLONE_SCHEMES) or text.rstrip("/").endswith(".git")
        return LocationTarget(kind or ("git" if clone else "url"), text)
    path = named_path(text)
    if not is_there(path) and _SCP.fullmatch(text):
        return LocationTarget("git", text)
    return _local(path, text)


def _local(path: Path, text: str) -> LocationTarget:
    if not is_there(path):
        raise Failure(
            f"{text!r} is neither a URL nor a path that exists",
            where=str(path.absolute()),
            next_step="give https://…, ssh://…, file://…, git@host:path or the folder of a repository",
            code=ExitCode.USAGE,
        )
    full = path.resolve()
    for folder in (full, *full.parents):
        if is_repository(folder):
            return LocationTarget("git", folder.as_uri(), _patterns(full, folder))
    raise Failure(
        f"{text!r} is not in a git repository",
        where=str(full),
        next_step=f"make it one: git -C {full if full.is_dir() else full.parent} init, then commit the files",
        code=ExitCode.USAGE,
    )


def is_repository(folder: Path) -> bool:
    """Whether git would take the folder as a repository: a work tree, or a bare one."""
    if (folder / ".git").exists():
        return True
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def _patterns(full: Path, repository: Path) -> tuple[str, ...]:
    if full == repository:
        return ()
    inside = full.relative_to(repository).as_posix()
    if full.is_dir():
        return tuple(f"{inside}/**/{name}" for name in CATALOG_FILES)
    return (inside,)
