"""Why a conversation with a remote failed, sorted by what helps (R19)."""

import os
import re
from pathlib import Path
from typing import Final, Literal

from syncd.errors import CatalogError, StalledError, TransientError
from syncd.git.runner import Finished
from syncd.git.url import CloneUrl, redact

Cause = Literal["ref_missing", "local", "damaged", "remote", "unclear"]
_SIGXFSZ: Final = 25
_MESSAGE: Final = 300

_REF_MISSING: Final = ("couldn't find remote ref", "not our ref", "unadvertised object", "no such remote ref")
_LOCAL: Final = (
    "cannot lock ref",
    "unable to create '",
    "some local refs could not be updated",
    "unable to update local ref",
)
_DAMAGED: Final = (
    "bad object",
    "did not send all necessary objects",
    "is corrupt",
    "unable to read",
    "inflate",
    "unresolved delta",
    "packfile",
    "not a git repository",
    "index file",
    "mismatched algorithms",
    "collision",
)
_UNREACHABLE: Final = (
    "could not resolve",
    "couldn't resolve",
    "couldn't connect",
    "failed to connect",
    "unable to connect",
    "connection refused",
    "connection reset",
    "connection closed",
    "returned error: ",
    "empty reply",
    "network is unreachable",
    "no route to host",
    "the remote end hung up",
    "could not read from remote",
)
_ANSWERED: Final = ("returned error: ", "the remote end hung up", "could not read from remote")
"""Signs of a host that was reached."""
_UNKNOWN_TO_HOST: Final = (
    "returned error: 401",
    "authentication failed",
    "could not read username",
    "could not read password",
    "permission denied (",
    "terminal prompts disabled",
)
"""Signs of a host that does not know who we are; with `(`, ssh lists what it would have let in by."""
_FORBIDDEN: Final = ("returned error: 403", "permission denied", "access denied", "dubious ownership")
"""Signs of one that knows, and says no."""
_CODES: Final[tuple[tuple[type[CatalogError], str, str, tuple[str, ...]], ...]] = (
    (
        StalledError,
        "git.fsck_rejected",
        "the repository holds a malformed object; repair it with git fsck",
        ("fsck error", "error in object", "error in tree", "error in commit", "error in tag"),
    ),
    (
        StalledError,
        "git.too_large",
        "raise [limits] mirror_size, or set [git] depth",
        ("file too large", f"died of signal {_SIGXFSZ}", "exceeds maximum allowed size"),
    ),
    (TransientError, "git.disk_full", "free space on the disk of the state directory", ("no space left on device",)),
    (
        StalledError,
        "git.host_key",
        "compare the host's key with what its owner publishes, then add it to the file of [git] known_hosts",
        ("host key verification failed", "remote host identification has changed"),
    ),
    (StalledError, "git.tls", "check the server's certificate", ("ssl certificate", "certificate verif", "ssl:")),
    (
        StalledError,
        "git.moved",
        "register the repository under its new address",
        tuple(f"returned error: {status}" for status in (301, 302, 303, 307, 308)),
    ),
    (
        StalledError,
        "git.denied",
        "check that the credential may read this repository",
        (*_UNKNOWN_TO_HOST, *_FORBIDDEN),
    ),
    (
        TransientError,
        "git.timeout",
        "",
        ("operation too slow", "timed out", "operation timeout", "timeout was reached"),
    ),
    (
        StalledError,
        "git.not_found",
        "check the address; it was deleted, moved, or is private",
        (
            "returned error: 404",
            "returned error: 410",
            "repository not found",
            "' not found",
            "does not appear to be a git repository",
            "no such repository",
            "repository not exported",
        ),
    ),
)


def cause_of(finished: Finished) -> Cause:
    """Where to look after a failed fetch: at the remote's refs, our own locks, our own objects, or the remote.

    Damage has too many words to know them all, hence "unclear".
    """
    text = _own_words(finished.messages).lower()
    if any(sign in text for sign in _REF_MISSING):
        return "ref_missing"
    if any(sign in text for sign in _LOCAL):
        return "local"
    if any(sign in text for _, _, _, signs in _CODES for sign in signs):
        return "remote"
    if any(sign in text for sign in _DAMAGED):
        return "damaged"
    return "remote" if any(sign in text for sign in _UNREACHABLE) else "unclear"


def failure_of(finished: Finished, url: CloneUrl) -> CatalogError:
    """The error to raise for a child that failed; git has no exit codes for these, so its C-locale words decide."""
    local = _local_failure(url.local_path) if url.local_path else None
    if local:
        return local
    if finished.code == -_SIGXFSZ:
        return StalledError("the repository is larger than allowed", code="git.too_large", hint=_CODES[1][2])
    text = _own_words(finished.messages)
    for error, code, hint, signs in _CODES:
        if any(sign in text.lower() for sign in signs) and not (url.local_path and code == "git.not_found"):
            return _explained(error(_sentence(text), code=code, hint=hint), text.lower(), finished, url)
    return TransientError(_sentence(text), code="git.unreachable")


def is_denied(finished: Finished) -> bool:
    """Whether the remote did not let us in."""
    return _is(finished, "git.denied")


def is_moved(finished: Finished) -> bool:
    """Whether the remote sent us elsewhere."""
    return _is(finished, "git.moved")


def _is(finished: Finished, code: str) -> bool:
    text = _own_words(finished.messages).lower()
    found = (of for _, of, _, signs in _CODES if any(sign in text for sign in signs))
    return not finished.ok and next(found, "") == code


def _explained(error: CatalogError, text: str, finished: Finished, url: CloneUrl) -> CatalogError:
    """The error, with what we know and git does not: the credential that was shown, the host that it moved to."""
    if url.local_path is not None:
        return error
    if error.code == "git.denied":
        return _denied(text, finished, url)
    if error.code == "git.moved":
        where = finished.moved_to
        moved = f"it moved to {where}" if where and where != url.host else f"it has another address on {url.host}"
        return StalledError(moved if where else str(error), code=error.code, hint=error.hint)
    if error.code == "git.not_found" and finished.way and finished.way.credential is None and url.scheme != "git":
        return StalledError(str(error), code=error.code, hint=f"{error.hint}: no credential is for it")
    return error


def _denied(text: str, finished: Finished, url: CloneUrl) -> CatalogError:
    """Who was refused, and what to do: no credential, one that the host does not know, one that may not."""
    use = finished.way.use if finished.way else "read"
    shown = finished.way.credential if finished.way else None
    if shown is None:
        message = f'{url.host} wants to know who asks, and no credential with use = "{use}" is for {url.identity}'
        hint = f'add a [[credentials]] with url = "{url.origin}" and use = "{use}"'
    elif any(sign in text for sign in _UNKNOWN_TO_HOST):
        message = f"{url.host} does not accept credential {shown.name}: it is wrong, expired or withdrawn"
        hint = f"see that {shown.secret.place} gives a valid one; {shown.secret.renewal}"
    else:
        message = f"credential {shown.name} may not {use} this repository"
        hint = f"give it the right to on {url.host}, or add a [[credentials]] with a longer url for this repository"
    return StalledError(message, code="git.denied", hint=hint)


def is_silence(error: CatalogError) -> bool:
    """Whether the host did not answer, or not in time; what it refuses or answers wrongly is no silence."""
    text = str(error).lower()
    return error.code == "git.timeout" or (
        error.code == "git.unreachable" and any(sign in text for sign in _UNREACHABLE if sign not in _ANSWERED)
    )


def _local_failure(path: Path) -> CatalogError | None:
    """On our own disk we can look for ourselves."""
    try:
        path.stat()
        folder = next((place for place in (path / ".git", path) if (place / "HEAD").exists()), None)
        readable = folder is not None and os.access(folder / "HEAD", os.R_OK) and os.access(folder, os.X_OK)
    except PermissionError:
        readable, folder = False, path
    except OSError:
        return StalledError("there is no such folder", code="git.not_found", hint="check the path, or mount the disk")
    if folder is None:
        if not os.access(path, os.R_OK | os.X_OK):
            return StalledError("the folder may not be read", code="git.denied", hint="check its permissions")
        return StalledError("the folder holds no git repository", code="git.not_found", hint="check the path")
    if not readable:
        return StalledError("the repository may not be read", code="git.denied", hint="check its permissions")
    return None


def _own_words(messages: str) -> str:
    """Without lines that the remote wrote: what a server says must not choose how we understand the failure."""
    lines = re.split(r"[\r\n]+", messages)  # as git does: there are other ends of lines, and a server may write them
    return "\n".join(line for line in lines if not line.startswith("remote: "))


def _sentence(text: str) -> str:
    """The line that tells most, fit for people: no secrets, no control characters, of bounded length."""
    lines = [line for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal: ", "error: ", "ssh: "))] or lines or ["git failed"]
    words = redact(telling[0]).removeprefix("fatal: ").removeprefix("error: ")
    return "".join(character if character.isprintable() else "?" for character in words)[:_MESSAGE]
