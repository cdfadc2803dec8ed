"""A commit of changed files, made in a mirror without a work tree and without hooks (R47); whose it is (R51)."""

import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from syncd.errors import InputError, TransientError
from syncd.git.runner import Runner
from syncd.git.tree import Entry

TRAILER: Final = "Catalog-Edit"
"""The trailer that names the edit which a commit carries out (R50)."""

NAME_LENGTH: Final = 100
SUBJECT_LENGTH: Final = 200
MESSAGE_LENGTH: Final = 4_000
_QUOTE: Final = "| "
_NEW_FILE: Final = b"100644"
_FOLDER: Final = b"40000"
_KINDS: Final = {b"120000": "a symbolic link", b"160000": "a submodule", b"40000": "a folder"}


@dataclass(frozen=True, slots=True)
class Person:
    """Who stands in a commit; what git could misread is left out of both when it is written."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class NewCommit:
    """What a commit is to hold on top of one parent: new content of files, None for a file that goes.

    `edit` is the id that its trailer names. `added` are the files that are not there yet.
    """

    parent: str
    files: Mapping[str, bytes | None]
    author: Person
    committer: Person
    message: str
    edit: str
    added: frozenset[str] = frozenset()


def write_commit(runner: Runner, git_dir: Path, folder: Path, wanted: NewCommit, entries: Mapping[str, Entry]) -> str:
    """Write a commit and what it needs; its id. No ref names it yet.

    `entries` are what stands at the paths now, and at the folders of new files: modes are kept. `folder` is where the
    index stands meanwhile. Raises `InputError` edit.not_regular, `TransientError` git.damaged.
    """
    for path in wanted.files:
        if path in wanted.added:
            check_free(path, entries)
        else:
            check_regular(path, entries.get(path))
    lines = b"".join(_index_line(runner, git_dir, wanted, path, entries.get(path)) for path in wanted.files)
    folder.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="index-") as place:
        index = {"GIT_INDEX_FILE": str(Path(place) / "index")}
        _run(runner, git_dir, ["read-tree", wanted.parent], also=index)
        _run(runner, git_dir, ["update-index", "-z", "--index-info"], lines, index)
        tree = _run(runner, git_dir, ["write-tree"], also=index)
    message = commit_message(wanted.message, wanted.edit).encode()
    arguments = ["commit-tree", tree, "-p", wanted.parent, "-F", "-"]
    return _run(runner, git_dir, arguments, message, _people(wanted))


def check_regular(path: str, entry: Entry | None) -> None:
    """Raise `InputError` unless a regular file stands at the path."""
    if entry is None or not entry.is_file:
        found = "nothing" if entry is None else _KINDS.get(entry.mode, "something else")
        raise InputError(
            f"{found} stands at {path}: only a file can be edited",
            code="edit.not_regular",
            hint="links and submodules are not followed: edit what they lead to, in its own repository",
        )


def check_free(path: str, entries: Mapping[str, Entry]) -> None:
    """Raise `InputError` unless nothing stands at the path, and nothing but folders above it."""
    for place in (path, *folders_above(path)):
        entry = entries.get(place)
        if entry is not None and (place == path or entry.mode != _FOLDER):
            found = "a file" if entry.is_file else _KINDS.get(entry.mode, "something else")
            raise InputError(
                f"{found} stands at {place}: no new file can be written to {path}",
                code="edit.not_regular",
                hint="name another path",
            )


def folders_above(path: str) -> list[str]:
    """The folders that a file is in, the innermost first."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]


def commit_message(text: str, edit: str) -> str:
    """Subject, body and our trailer, which no text that is given can forge: it is alone in the last paragraph.

    Lines that could be taken for our trailer, or for the end of the message, are quoted.
    """
    lines = [_line(line) for line in clean_text(text)[:MESSAGE_LENGTH].split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    subject, *body = lines or ["Edit of the catalog"]
    told = "\n".join(body).strip("\n")
    paragraphs = [subject[:SUBJECT_LENGTH], *([told] if told else []), f"{TRAILER}: {edit}"]
    return "\n\n".join(paragraphs) + "\n"


def names_edit(message: str, edit: str) -> bool:
    """Whether the last paragraph of a commit's message is the trailer of this edit."""
    return message.rstrip("\n").rpartition("\n\n")[2].split("\n") == [f"{TRAILER}: {edit}"]


def clean_text(text: str) -> str:
    """Without control characters and such as change how a text is shown; lines end in a line feed."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(" " if char == "\t" else char for char in line if _is_shown(char)) for line in lines)


def _line(line: str) -> str:
    line = line.rstrip()
    word = line.lstrip().lower()
    return _QUOTE + line if word.startswith((TRAILER.lower(), "---", "-- >8", "# -", "diff -")) else line


def _is_shown(char: str) -> bool:
    return char == "\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _people(wanted: NewCommit) -> dict[str, str]:
    author, committer = wanted.author, wanted.committer
    return {
        "GIT_AUTHOR_NAME": _header(author.name) or "somebody",
        "GIT_AUTHOR_EMAIL": _header(author.email),
        "GIT_COMMITTER_NAME": _header(committer.name) or "catalog",
        "GIT_COMMITTER_EMAIL": _header(committer.email),
    }


def _header(text: str) -> str:
    """Fit for the line of a commit that names a person."""
    kept = clean_text(text).replace("\n", " ").replace("<", "").replace(">", "")
    return " ".join(kept.split())[:NAME_LENGTH].strip(" .,:;'\"\\")


def _index_line(runner: Runner, git_dir: Path, wanted: NewCommit, path: str, entry: Entry | None) -> bytes:
    content = wanted.files[path]
    if content is None:
        return b"0 %s\t%s\0" % (b"0" * len(wanted.parent), path.encode())
    mode = _NEW_FILE if entry is None else entry.mode
    return b"%s %s\t%s\0" % (mode, _blob(runner, git_dir, content).encode(), path.encode())


def _blob(runner: Runner, git_dir: Path, content: bytes) -> str:
    arguments = ["hash-object", "-w", "--no-filters", "--stdin"]
    return _run(runner, git_dir, arguments, content)


def _run(
    runner: Runner, git_dir: Path, arguments: list[str], feed: bytes = b"", also: Mapping[str, str] | None = None
) -> str:
    finished = runner.run(arguments, git_dir, writes=True, feed=feed, also=also or {})
    if not finished.ok:
        raise TransientError(f"git {arguments[0]} failed: the commit could not be written", code="git.damaged")
    return finished.output.decode("ascii", "replace").strip()
