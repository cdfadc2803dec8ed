"""Which git there is, and whether it may be used (R20)."""

import os
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from syncd.errors import ConfigError

FLOOR: Final = (2, 39)


@dataclass(frozen=True, slots=True)
class GitProgram:
    """The git to start, by absolute path, and its version as it names it."""

    path: str
    version: str


def find_git(search_path: str | None = None) -> GitProgram:
    """The git of PATH. Raises `ConfigError` where there is none, it is older than 2.39, or others may replace it."""
    path = shutil.which("git", path=search_path)
    if path is None:
        raise ConfigError("git is not installed", code="git.unusable", hint="install git 2.39 or newer")
    _refuse_writable(Path(path))
    finished = subprocess.run(
        [path, "version"], env={"PATH": os.defpath, "LC_ALL": "C"}, capture_output=True, timeout=10, check=False
    )
    words = finished.stdout.decode("utf-8", "replace").split()
    numbers = re.match(r"(\d+)\.(\d+)", words[2]) if len(words) > 2 else None
    if numbers is None:
        raise ConfigError(f"{path} does not tell its version", code="git.unusable")
    if (int(numbers[1]), int(numbers[2])) < FLOOR:
        floor = ".".join(map(str, FLOOR))
        raise ConfigError(f"{path} is git {words[2]}", code="git.unusable", hint=f"install git {floor} or newer")
    return GitProgram(str(Path(path).absolute()), words[2])


def _refuse_writable(program: Path) -> None:
    for path in {program.parent.absolute(), program.resolve().parent, program.resolve()}:
        if path.stat().st_mode & stat.S_IWOTH:
            raise ConfigError(
                f"every user may write {path}, where git is started from", code="git.unusable", hint=f"chmod o-w {path}"
            )
