"""What a text in a descriptor may reach: a path of its own repository, or a URL of a listed host."""

import re

from syncd.model.host import FileUrl
from syncd.model.path import directory_of, is_pattern, literal, repository_path
from syncd.model.source import Branch
from syncd.model.text import shown
from syncd.model.url import UrlError
from syncd.process.context import Context

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_QUERY = re.compile(r"\?[A-Za-z0-9_.-]+=[^/?]*\Z")


def absolute_url(text: str, context: Context) -> FileUrl | None:
    """The file that an absolute URL names; None where the text is a path.

    Raises `UrlError`, also for `file:`: a repository does not lend the daemon's file system to its author (R31).
    """
    if not _ABSOLUTE.match(text):
        return None
    if text[:5].lower() == "file:":
        raise UrlError(f"{shown(text)} points into a file system", "write a path inside the repository")
    return context.hosts.resolve(text)


def own_path(text: str, context: Context, *, pattern: bool = False, beside: str = "") -> str:
    """The path in the source's own repository that a relative text names; with `pattern`, `*` and the like have power.

    The text stands in the source itself, or in the file `beside`.

    A query at the end (`x.yaml?raw=1`) is dropped. Raises `PathError`.
    """
    directory = directory_of(beside or context.source.path)
    if pattern and is_pattern(directory):
        directory = literal(directory)
    return repository_path(_QUERY.sub("", text), directory)


def is_own_repository(file: FileUrl, branch: Branch) -> bool:
    """Whether a URL leads into the repository of `branch`, however the two clone URLs are spelled."""
    return _bare(file.repository) == _bare(branch.repository)


def is_own_revision(file: FileUrl, branch: Branch) -> bool:
    """Whether a URL names the ref of `branch`, short or in full."""
    return file.revision in (branch.ref, branch.short)


def _bare(repository: str) -> str:
    """The name of a repository whose servers answer with and without `.git`; on a disk these are two folders."""
    text = repository.rstrip("/")
    return text if text.startswith("file:") else text.removesuffix(".git")
