"""Pushing one commit to one branch: with a plain refspec, so that nothing that is there can be lost (R46, R53)."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from syncd.errors import CatalogError, StalledError, TransientError
from syncd.git.failure import failure_of
from syncd.git.remote import REMOTE, talk
from syncd.git.runner import Finished, Runner
from syncd.git.url import CloneUrl, redact

Outcome = Literal["pushed", "moved", "refused", "unknown"]

WORDS_LENGTH: Final = 1_000
_MOVED: Final = (
    "fetch first",
    "non-fast-forward",
    "needs force",
    "stale info",
    "cannot lock ref",
    "failed to update ref",
    "failed to lock",
    "incorrect old value",
    "reference already exists",
)
_REMOTE: Final = "remote:"


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a push.

    "moved": the branch has commits that ours does not follow. "refused": the server, or its hook, said no. "unknown":
    the conversation was cut, and only the branch itself can tell. `words` are fit for people, whoever wrote them.
    """

    outcome: Outcome
    words: str = ""


def push(runner: Runner, git_dir: Path, url: CloneUrl, commit: str, ref: str) -> Pushed:
    """Push a commit to a full ref name. Never raises for what the remote does; raises where we are stopping."""
    arguments = [
        "push",
        "--porcelain",
        "--no-verify",
        "--no-follow-tags",
        "--recurse-submodules=no",
        "--signed=no",
        "--no-thin",
        "--",
        REMOTE,
        f"{commit}:{ref}",
    ]
    try:
        finished = talk(runner, git_dir, url, arguments, use="write", clock=runner.settings.fetch_clock, writes=True)
    except StalledError as reason:
        nothing_said = reason.code in ("git.credential", "git.address_refused")
        return Pushed("refused" if nothing_said else "unknown", _told(reason))
    except TransientError as reason:
        return Pushed("unknown", _told(reason))
    return _judged(finished, url, ref)


def _judged(finished: Finished, url: CloneUrl, ref: str) -> Pushed:
    flag, summary = _status(finished.output.decode("utf-8", "replace"), ref)
    if flag == "!":
        if "remote rejected" not in summary or any(sign in summary for sign in _MOVED):
            return Pushed("moved", _fit(summary))
        return Pushed("refused", _fit("\n".join([summary, *_remote_lines(finished.messages)])))
    if flag and finished.ok:
        return Pushed("pushed")
    reason = failure_of(finished, url)
    return Pushed("refused" if isinstance(reason, StalledError) else "unknown", _told(reason))


def _status(output: str, ref: str) -> tuple[str, str]:
    """The flag of our ref and what git says of it; "" where it says nothing, since the push came not so far."""
    for line in output.split("\n"):
        parts = line.split("\t", 2)
        if len(parts) == 3 and parts[1].rpartition(":")[2] == ref:
            return parts[0], parts[2]
    return "", ""


def _remote_lines(messages: str) -> list[str]:
    lines = messages.replace("\r", "\n").split("\n")
    told = [line.removeprefix(_REMOTE).strip() for line in lines if line.startswith(_REMOTE)]
    return [line for line in told if line]


def _told(reason: CatalogError) -> str:
    return _fit(f"{reason} ({reason.hint})" if reason.hint else str(reason))


def _fit(text: str) -> str:
    """Words of somebody else: one line, no controls, no marks that turn the text round, no secrets, not too long."""
    lines = [_printable(line) for line in redact(text).split("\n")]
    return "; ".join(line for line in lines if line)[:WORDS_LENGTH]


def _printable(line: str) -> str:
    return "".join(char if unicodedata.category(char)[0] != "C" else "?" for char in line).strip()
