"""`catalog validate`: the catalog's own reading of files on this disk, before anything is committed.

A directory takes the place of a mirror, so that everything is judged as the daemon would: the same walk, the same
placeholders, the same Location targets, confined to the repository around the files.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from syncd.blueprints.definition import ProgramFault, any_program
from syncd.config import Settings
from syncd.errors import InputError, UnavailableError
from syncd.git import FileChange, Head, TreeFile, TreeListing
from syncd.ingest.yaml_worker import YamlWorker
from syncd.jq.runner import JqRunner
from syncd.model.location import DISCOVERY_PATTERNS, Location
from syncd.model.path import literal
from syncd.model.pattern import Pattern
from syncd.model.problem import Problem
from syncd.model.reading import Reading
from syncd.process.context import Completion
from syncd.told import hosts_of, parse_limits, walk_limits
from syncd.walk.known import Known
from syncd.walk.walk import Surroundings, Walker

ELSEWHERE = "validate.elsewhere"
WORKING = "work tree"
"""The one commit of a directory: what is saved now."""


class Directory:
    """The files below a directory, in the form in which walks ask for them. Symbolic links are not followed (R16)."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._blobs: dict[str, Path] = {}

    @property
    def url(self) -> str:
        """The directory as a URL."""
        return self._root.as_uri()

    def heads(self, revisions: Iterable[str]) -> Mapping[str, Head]:
        """Every revision is what is saved now."""
        return {revision: Head(revision, WORKING, WORKING) for revision in revisions}

    def list_files(self, commit: str, patterns: Iterable[Pattern]) -> TreeListing:  # noqa: ARG002 - there is one commit
        """Regular files that a pattern matches."""
        wanted = list(patterns)
        files = [TreeFile(path, self._blob(path)) for path in self._paths() if any(p.matches(path) for p in wanted)]
        return TreeListing(files, [])

    def changed_files(self, old: str, new: str) -> Sequence[FileChange]:  # noqa: ARG002 - there is one commit
        """Nothing: there is one commit."""
        return []

    def file_blob(self, commit: str, path: str) -> str | None:  # noqa: ARG002 - there is one commit
        """The name under which a file can be read."""
        file = self._root / path
        inside = file.is_file() and not file.is_symlink() and file.resolve().is_relative_to(self._root)
        return self._blob(path) if inside else None

    def read_blobs(self, ids: Iterable[str], max_bytes: int) -> Mapping[str, bytes | Problem]:
        """Contents."""
        return {blob: _read(self._blobs[blob], max_bytes) for blob in ids}

    def keep(self, commit: str) -> None:
        """Nothing goes away by itself."""

    def _blob(self, path: str) -> str:
        name = hashlib.sha1(path.encode(), usedforsecurity=False).hexdigest()
        self._blobs[name] = self._root / path
        return name

    def _paths(self) -> Iterator[str]:
        for folder, names, files in os.walk(self._root):
            names[:] = sorted(name for name in names if name != ".git")
            for name in sorted(files):
                file = Path(folder) / name
                if not file.is_symlink():
                    yield file.relative_to(self._root).as_posix()


def validate(paths: Sequence[Path], settings: Settings, out: TextIO) -> int:
    """Check files, and catalog files below directories; write what is wrong as `path:line: message`.

    The answer is an exit code: 0 when all is well, 1 with findings. InputError for a path that is not there.
    """
    findings: list[str] = []
    said: dict[str, str] = {}
    good = 0
    with YamlWorker(parse_limits(settings)) as worker, JqRunner() as jq:
        for path in paths:
            reading, root = read_path(path, settings, worker, jq.fault_in_git)
            findings.extend(findings_of(reading, root, said))
            good += sum(d.outcome == "entity" for file in reading.files for d in file.documents)
    for line in findings:
        out.write(line + "\n")
    found = f"{len(findings)} problem" + ("" if len(findings) == 1 else "s")
    out.write(f"{good} {'entity' if good == 1 else 'entities'}, {found}\n")
    return 1 if findings else 0


def read_path(
    path: Path, settings: Settings, worker: YamlWorker, jq_fault: ProgramFault = any_program
) -> tuple[Reading, Path]:
    """What a file, or the catalog files below a directory, say, and the repository around; InputError if not there."""
    if not path.exists():
        raise InputError(f"{path} is not there", hint="name a catalog file, or a directory that holds some")
    absolute = path.resolve()
    root = _repository_around(absolute)
    inside = absolute.relative_to(root).as_posix()
    if absolute.is_file():
        patterns: tuple[str, ...] = (literal(inside),)
    else:
        prefix = "" if inside == "." else literal(inside) + "/"
        patterns = tuple(prefix + pattern for pattern in DISCOVERY_PATTERNS)
    directory = Directory(root)

    def tree(repository: str) -> Directory:
        if repository != directory.url:
            raise UnavailableError(f"{repository} is another repository", code=ELSEWHERE)
        return directory

    around = Surroundings(
        hosts_of(settings),
        worker,
        tree,
        walk_limits(settings),
        completion=Completion(settings.catalog.codeowners),
        jq_fault=jq_fault,
    )
    location = Location("validate", "git", directory.url, paths=patterns)
    return Walker(location, Known.nothing(), (), around).run().reading, root


def findings_of(reading: Reading, root: Path, said: dict[str, str]) -> Iterator[str]:
    """What is wrong, a line each. `said` remembers where each ref was defined."""
    for file in reading.files:
        for document in file.documents:
            place = f"{shown_path(root, file.source.path)}:{document.line}"
            for problem in document.problems:
                yield _line(problem, root)
            if document.outcome == "entity" and said.setdefault(document.ref, place) != place:
                yield f"{place}: {document.ref} is already defined by {said[document.ref]}"
    for entry in reading.problems:
        if entry.problem.code == ELSEWHERE:  # what another repository holds is not ours to judge
            continue
        yield _line(entry.problem, root)
    if not reading.files and not reading.problems:
        names = " and no ".join(pattern.rpartition("/")[2] for pattern in DISCOVERY_PATTERNS)
        folder = reading.location.paths[0].removesuffix(DISCOVERY_PATTERNS[0])
        yield f"{shown_path(root, folder)}: there is no {names}"


def _line(problem: Problem, root: Path) -> str:
    place = shown_path(root, problem.path) + (f":{problem.line}" if problem.line else "")
    return f"{place}: {problem.message}" + (f" ({problem.hint})" if problem.hint else "")


def shown_path(root: Path, path: str) -> str:
    """A path in a repository as the caller would type it."""
    file = root / path
    return os.path.relpath(file) if file.is_relative_to(Path.cwd()) else str(file)


def _repository_around(path: Path) -> Path:
    start = path if path.is_dir() else path.parent
    return next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), start)


def _read(path: Path, max_bytes: int) -> bytes | Problem:
    try:
        size = path.stat().st_size
        if size > max_bytes:
            message = f"the file has {size} bytes, more than the limit of {max_bytes}"
            return Problem("file.too_large", message, hint="split it into several files")
        return path.read_bytes()
    except OSError as error:
        return Problem("file.unreadable", f"the file cannot be read: {error.strerror}")
