"""Why a conversation with a remote failed, sorted by what helps (R19)."""

import os
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
        "add the host's key to the known hosts file of [git]",
        ("host key verification failed", "remote host identification has changed"),
    ),
    (StalledError, "git.tls", "check the server's certificate", ("ssl certificate", "certificate verify", "ssl:")),
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
        (
            "returned error: 401",
            "returned error: 403",
            "authentication failed",
            "could not read username",
            "could not read password",
            "permission denied",
            "access denied",
            "terminal prompts disabled",
            "dubious ownership",
        ),
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
            return error(_sentence(text), code=code, hint=hint)
    return TransientError(_sentence(text), code="git.unreachable")


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
    return "\n".join(line for line in messages.splitlines() if not line.startswith("remote: "))


def _sentence(text: str) -> str:
    """The line that tells most, fit for people: no secrets, no control characters, of bounded length."""
    lines = [line for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal: ", "error: ", "ssh: "))] or lines or ["git failed"]
    words = redact(telling[0]).removeprefix("fatal: ").removeprefix("error: ")
    return "".join(character if character.isprintable() else "?" for character in words)[:_MESSAGE]
