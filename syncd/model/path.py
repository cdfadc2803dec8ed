"""Paths inside a repository: what an author writes, resolved on the git tree and never on a file system (R31)."""

import re
import unicodedata
from urllib.parse import unquote

from syncd.model.text import shown

MAX_PATH = 1024
"""Longest path or pattern, in characters."""

_DRIVE = re.compile(r"[A-Za-z]:")
_SMUGGLED = re.compile(r"%(?:2e|2f|5c|[01][0-9a-f]|7f)", re.IGNORECASE)
_GLOB = re.compile(r"[*?\[]")


class PathError(ValueError):
    """The text does not name a file of the repository; `hint` says what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def repository_path(text: str, directory: str = "") -> str:
    """The path from the repository's root that `text` names when it is read in `directory`.

    `x/../y` is folded, `/x` starts at the root, `%20` and the like are decoded. Raises `PathError` for what leaves
    the repository, means something only to a file system (`~`, drive letters, backslashes), hides a dot or slash
    behind `%`, enters a `.git` folder in any spelling, or names a folder.
    """
    _refuse_foreign(text)
    plain = _decoded(text) if "%" in text else text
    if plain.rpartition("/")[2] in ("", ".", ".."):
        raise PathError(f"{shown(text)} names a folder, not a file", "name a file, or a pattern such as folder/*.yaml")
    parts = [] if plain.startswith("/") or not directory else directory.split("/")
    for segment in plain.split("/"):
        _step(parts, segment, text)
    return "/".join(parts)


def directory_of(path: str) -> str:
    """The folder of a file, "" at the root."""
    return path.rpartition("/")[0]


def is_pattern(path: str) -> bool:
    """Whether the path has glob characters."""
    return _GLOB.search(path) is not None


def literal(path: str) -> str:
    """A pattern that matches exactly this path: a folder named `[id]` is not a character set."""
    return _GLOB.sub(lambda found: f"[{found.group()}]", path)


def _refuse_foreign(text: str) -> None:
    if not text:
        raise PathError("an empty path names no file")
    if len(text) > MAX_PATH:
        raise PathError(f"a path of {len(text)} characters is over the limit of {MAX_PATH}")
    if not text.isprintable():
        raise PathError(f"{shown(text)} has a control character")
    if "\\" in text:
        raise PathError(f"{shown(text)} has a backslash", "separate folders with /")
    if text.startswith("~"):
        raise PathError(f"{shown(text)} names a home directory", "write a path inside the repository")
    if text.startswith("//") or _DRIVE.match(text):
        raise PathError(f"{shown(text)} is not a path inside the repository", "write a path inside the repository")


def _decoded(text: str) -> str:
    if _SMUGGLED.search(text):
        raise PathError(
            f"{shown(text)} hides a dot, a slash or a control character behind %", "write the path as it is"
        )
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise PathError(f"{shown(text)} has % sequences that are not UTF-8", "write the path as it is") from None


def _step(parts: list[str], segment: str, text: str) -> None:
    if segment in ("", "."):
        return
    if segment == "..":
        if not parts:
            raise PathError(f"{shown(text)} leaves the repository", "write a path inside the repository")
        parts.pop()
        return
    if _is_git_folder(segment):
        raise PathError(f"{shown(text)} enters a .git folder", "catalog files are tracked files of the repository")
    parts.append(segment)


def _is_git_folder(segment: str) -> bool:
    """`.git` as some file system would read it: any case, full-width letters, invisible characters, NTFS short name."""
    if segment.isascii():
        folded = segment.lower()
    else:
        seen = "".join(char for char in segment if unicodedata.category(char) not in ("Cf", "Mn"))
        folded = unicodedata.normalize("NFKC", seen).casefold()
    return folded.rstrip(". ").partition("::")[0] in (".git", "git~1")
