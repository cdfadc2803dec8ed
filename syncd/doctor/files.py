"""The state directory and what else is secret: whose it is, and who may read it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from syncd.config import Settings
from syncd.doctor.check import Check
from syncd.statedir import StateDir

_OTHERS = 0o077


def files(state_dir: StateDir, settings: Settings) -> Iterator[Check]:
    """A row for the directory, and one for each file that holds a secret."""
    root = state_dir.root
    if not root.is_dir():
        yield Check("state directory", "warning", f"there is no {root}", "the first start of the daemon makes it")
    else:
        found = root.stat()
        mode = stat.S_IMODE(found.st_mode)
        if found.st_uid != os.geteuid():
            yield Check("state directory", "failed", f"{root} belongs to another user", "choose one with --state")
        else:
            yield Check.of("state directory", not mode & _OTHERS, f"{root} ({mode:04o})", f"chmod 700 {root}")
    secrets = [state_dir.state, state_dir.secret_key, *_given(settings.daemon.tls_key)]
    for path in (path for path in secrets if path.exists()):
        mode = stat.S_IMODE(path.stat().st_mode)
        yield Check.of(f"file {path.name}", not mode & _OTHERS, f"{path} ({mode:04o})", f"chmod 600 {path}")


def _given(path: Path | None) -> list[Path]:
    return [path] if path is not None else []
