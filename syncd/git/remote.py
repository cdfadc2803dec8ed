"""One conversation with a remote: which refs it has, and their objects into a mirror (R4)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from syncd.git.failure import failure_of
from syncd.git.revision import REMOTE_HEAD, is_object_id, is_valid_ref, local_ref
from syncd.git.runner import Finished, Runner
from syncd.git.url import CloneUrl

_REFS_OUTPUT = 8 * 1024 * 1024


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


def ask(runner: Runner, git_dir: Path, url: CloneUrl, names: Iterable[str]) -> Advertised:
    """The remote's default branch and which of `names` exist. Raises what `failure_of` says."""
    wanted = {REMOTE_HEAD, *names}
    arguments = ["ls-remote", "--quiet", "--symref", "--", url.text, *sorted(wanted)]
    finished = runner.run(arguments, git_dir, clock=runner.settings.fetch_clock, max_output=_REFS_OUTPUT)
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
    runner: Runner, git_dir: Path, url: CloneUrl, remote_refs: Iterable[str], *, clock: float, depth: int
) -> Finished:
    """Fetch refs, or commits by id, each to its place in the mirror. A failure is the caller's to understand."""
    refspecs = [f"+{ref}:{local_ref(ref)}" for ref in dict.fromkeys(remote_refs)]
    arguments = [
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-recurse-submodules",
        "--prune",
        "--no-write-fetch-head",
        "--no-auto-maintenance",
        "--no-show-forced-updates",
        "--update-shallow",
        *([f"--depth={depth}"] if depth else []),
        "--",
        url.text,
        *refspecs,
    ]
    return runner.run(arguments, git_dir, clock=clock, writes=True)


def _default_branch(symref: str, refs: dict[str, str]) -> str | None:
    if REMOTE_HEAD not in refs:
        return None
    return symref if symref.startswith("refs/heads/") and is_valid_ref(symref) else REMOTE_HEAD
