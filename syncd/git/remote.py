"""One conversation with a remote: which refs it has, and their objects into a mirror (R4)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from syncd.errors import CatalogError
from syncd.git.credentials import Use
from syncd.git.failure import failure_of, is_denied, is_moved
from syncd.git.progress import Progress
from syncd.git.revision import REMOTE_HEAD, is_object_id, is_valid_ref, local_ref
from syncd.git.runner import MAX_OUTPUT, Finished, Runner
from syncd.git.url import CloneUrl

_REFS_OUTPUT: Final = 8 * 1024 * 1024
_NOTHING: Final[Mapping[str, str]] = {}
REMOTE: Final = "<remote>"
"""In arguments: where the URL belongs. No word of ours, and no URL, looks like it."""
_LOOK: Final = ("ls-remote", "--quiet", "--symref", "--", REMOTE)
_TRACE: Final = {"GIT_TRACE_CURL": "1", "GIT_TRACE_CURL_NO_DATA": "1"}
_SENT_TO: Final = re.compile(
    r"<= Recv header: location: https?://(?:[^/@\s]*@)?([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?[/\s]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Advertised:
    """What the remote says it has, of the refs that were asked for.

    `head` is its default branch, `HEAD` where that is no branch, None where there is no commit yet.
    """

    head: str | None
    refs: dict[str, str] = field(default_factory=dict)

    @property
    def id_length(self) -> int:
        """Hex digits of its object ids; 40 where it has none to show."""
        return len(next(iter(self.refs.values()), "")) or 40


def talk(
    runner: Runner,
    git_dir: Path,
    url: CloneUrl,
    arguments: Sequence[str],
    *,
    use: Use = "read",
    clock: float,
    max_output: int = MAX_OUTPUT,
    writes: bool = False,
    progress: Progress | None = None,
) -> Finished:
    """Run git against a remote; in `arguments`, `REMOTE` stands for its URL. How it was reached is in the answer.

    A secret that was refused is read again, and where it is another one by now, that is tried, once. Raises what
    `Access.way` and `Runner.run` raise.
    """
    finished = _say(runner, git_dir, url, arguments, use, clock, max_output, writes, progress=progress)
    if finished.ok:
        return finished
    credential = finished.way.credential if finished.way else None
    if credential is not None and is_denied(finished) and credential.renew():
        finished = _say(runner, git_dir, url, arguments, use, clock, max_output, writes, progress=progress)
    if is_moved(finished):
        return replace(finished, moved_to=_moved_to(runner, git_dir, url, use))
    return finished


def _say(
    runner: Runner,
    git_dir: Path,
    url: CloneUrl,
    arguments: Sequence[str],
    use: Use,
    clock: float,
    max_output: int,
    writes: bool,
    trace: Mapping[str, str] = _NOTHING,
    progress: Progress | None = None,
) -> Finished:
    with runner.access.way(url, use) as way:
        words = [way.url if word == REMOTE else word for word in arguments]
        also = {**way.environment, **trace}
        sieve = progress.sieve if progress else None
        finished = runner.run(words, git_dir, clock=clock, max_output=max_output, writes=writes, also=also, sieve=sieve)
        return replace(finished, way=way)


def _moved_to(runner: Runner, git_dir: Path, url: CloneUrl, use: Use) -> str:
    """The host that a redirect names: git does not tell, unless it is asked for what it receives (R9)."""
    clock = runner.settings.fetch_clock
    try:
        traced = _say(runner, git_dir, url, _LOOK, use, clock, _REFS_OUTPUT, writes=False, trace=_TRACE)
    except CatalogError:  # that it moved is known without this
        return ""
    found = _SENT_TO.search(traced.messages)
    return (found[1] + (found[2] or "")).lower() if found else ""


def ask(runner: Runner, git_dir: Path, url: CloneUrl, names: Iterable[str]) -> Advertised:
    """The remote's default branch and which of `names` exist. Raises what `failure_of` says."""
    wanted = {REMOTE_HEAD, *names}
    arguments = [*_LOOK, *sorted(wanted)]
    finished = talk(runner, git_dir, url, arguments, clock=runner.settings.fetch_clock, max_output=_REFS_OUTPUT)
    if not finished.ok:
        raise failure_of(finished, url)
    refs: dict[str, str] = {}
    symref = ""
    for line in finished.output.decode("utf-8", "surrogateescape").split("\n"):
        value, _, name = line.partition("\t")
        if name == REMOTE_HEAD and value.startswith("ref: "):
            symref = value.removeprefix("ref: ")
        elif name in wanted and is_object_id(value):
            refs[name] = value
    return Advertised(_default_branch(symref, refs), refs)


def receive(
    runner: Runner,
    git_dir: Path,
    url: CloneUrl,
    remote_refs: Iterable[str],
    *,
    clock: float,
    depth: int,
    progress: Progress | None = None,
) -> Finished:
    """Fetch refs, or commits by id, each to its place in the mirror; `progress` follows how far that is.

    A failure is the caller's to understand.
    """
    refspecs = [f"+{ref}:{local_ref(ref)}" for ref in dict.fromkeys(remote_refs)]
    arguments = [
        "fetch",
        "--progress" if progress else "--quiet",
        "--no-tags",
        "--no-recurse-submodules",
        "--prune",
        "--no-write-fetch-head",
        "--no-auto-maintenance",
        "--no-show-forced-updates",
        "--update-shallow",
        *([f"--depth={depth}"] if depth else []),
        "--",
        REMOTE,
        *refspecs,
    ]
    return talk(runner, git_dir, url, arguments, clock=clock, writes=True, progress=progress)


def _default_branch(symref: str, refs: dict[str, str]) -> str | None:
    if REMOTE_HEAD not in refs:
        return None
    return symref if symref.startswith("refs/heads/") and is_valid_ref(symref) else REMOTE_HEAD
