"""The commits that changed one file, with the blob before and after: what a difference of its entities is read from."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from syncd.errors import TransientError
from syncd.git.history import Commit, commit_time
from syncd.git.runner import Runner
from syncd.git.shallow import cut_commits

_FORMAT: Final = "%x01%H%x00%an%x00%ae%x00%ct%x00%P%x00%s%x00"
_RECORD: Final = re.compile(rb"\x01([0-9a-f]{40,64})\x00")
"""No text of a commit holds a NUL, so nothing else looks like the beginning of a record."""
_RAW: Final = re.compile(
    rb":+((?:[0-7]{6} )+)((?:[0-9a-f]{40,64} )+)([A-Z]+)[0-9]*\x00([^\x00]*)\x00(?:([^\x00]*)\x00)?"
)
_FILE_MODES: Final = (b"100644", b"100755")


@dataclass(frozen=True, slots=True)
class FileStep:
    """What one commit did to a file: `path` is its name after it, `before` its name before it, in `parent`,
    the first one ("" where there is none).

    `old` and `new` are blob ids, None where there was or is no regular file. Of a merge these are the first parent's
    and its own; only merges that differ from every parent are steps.
    """

    commit: Commit
    parent: str
    path: str
    before: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class FileLog:
    """Steps, the newest first. `complete` says that the oldest one is where the file begins, as far as the mirror
    knows; `cut` that the mirror's history itself ends there."""

    steps: tuple[FileStep, ...]
    complete: bool
    cut: bool


def read_file_log(runner: Runner, git_dir: Path, commit: str, path: str, limit: int) -> FileLog:
    """The last `limit` commits that changed a file, followed across its renames, starting at `commit`.

    Raises `TransientError` git.damaged where the mirror cannot tell, git.timeout after the clock for reading.
    """
    shape = ["--follow", "-c", "-M", "--raw", "-z", "--no-abbrev", f"--format={_FORMAT}", f"--max-count={limit + 1}"]
    name = path.encode("utf-8", "surrogateescape")
    finished = runner.run(["log", *shape, commit, "--", name], git_dir)
    if not finished.ok:
        raise TransientError(f"git cannot tell who changed {path}", code="git.damaged")
    steps = _parsed(finished.output)
    shown = tuple(steps[:limit])
    complete = len(steps) <= limit
    return FileLog(shown, complete, complete and bool(shown) and shown[-1].commit.id in cut_commits(git_dir))


def _parsed(output: bytes) -> list[FileStep]:
    _, *parts = _RECORD.split(output)
    return [
        step
        for name, rest in zip(parts[::2], parts[1::2], strict=True)
        if (step := _step(name.decode("ascii"), rest)) is not None
    ]


def _step(name: str, rest: bytes) -> FileStep | None:
    author, email, when, parents, subject, raw = (*rest.split(b"\0", 5), *[b""] * 5)[:6]
    match = _RAW.search(raw)
    if match is None:
        return None
    modes, ids = match[1].split(), match[2].split()
    commit = Commit(
        name, _text(author), _text(email), commit_time(int(when or b"0")), _text(subject)
    )  # fmt: skip
    moved = match[3][:1] in (b"R", b"C")
    before = match[4].decode("utf-8", "surrogateescape")
    after = match[5].decode("utf-8", "surrogateescape") if moved and match[5] else before
    parent = parents.split(b" ")[0].decode("ascii")
    return FileStep(commit, parent, after, before, _blob(modes[0], ids[0]), _blob(modes[-1], ids[-1]))


def _blob(mode: bytes, name: bytes) -> str | None:
    return name.decode("ascii") if mode in _FILE_MODES else None


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
