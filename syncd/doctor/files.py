"""The state directory and what else is secret: whose it is, and who may read it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from syncd.config import Settings
from syncd.doctor.check import Check
from syncd.errors import CatalogError
from syncd.statedir import StateDir
from syncd.told import credentials_of

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


def credentials(state_dir: StateDir, settings: Settings) -> Iterator[Check]:
    """Whether the secret of each credential can be had; and whether ssh knows any host, where it is used."""
    for credential in credentials_of(settings):
        name = f"credential {credential.name}"
        try:
            credential.read()
        except CatalogError as error:
            yield Check(name, "failed", str(error), error.hint)
        else:
            yield Check(name, "ok", f"{credential.origin}{credential.path}, to {credential.use}")
    if any(credential.origin.startswith("ssh:") for credential in credentials_of(settings)):
        path = settings.git.known_hosts or state_dir.root / "known_hosts"
        found = f"{path}" if path.is_file() else f"there is no {path}"
        yield Check.of("ssh hosts", path.is_file(), found, "ssh-keyscan HOST, compare with what its owner publishes")


def _given(path: Path | None) -> list[Path]:
    return [path] if path is not None else []
