"""One version of a catalog file, read from the mirror as a look would read it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson

from syncd.errors import TransientError
from syncd.git import Mirror, Mirrors
from syncd.ingest.yaml_worker import YamlWorker
from syncd.model.document import Document
from syncd.model.json import JsonObject
from syncd.model.location import Location
from syncd.model.problem import Problem
from syncd.model.source import Branch, Source
from syncd.process.context import Context
from syncd.store.reports import EntityDetails
from syncd.walk.files import Beside, DocumentReader, Found
from syncd.walk.walk import Surroundings


@dataclass(frozen=True, slots=True)
class Read:
    """What a version of a file says, by ref; `broken` are refs whose document cannot be read, "" for one that does
    not even say which entity it is. `size` is that of the file in bytes; one that `stands_alone` takes in no other."""

    entities: Mapping[str, JsonObject]
    broken: Mapping[str, Problem]
    size: int = 0
    stands_alone: bool = True

    def problem_of(self, ref: str) -> str | None:
        """Why the entity cannot be told, where its document cannot be read."""
        problem = None if ref in self.entities else self.broken.get(ref) or self.broken.get("")
        return None if problem is None else f"{problem.where}: {problem.message}"


NOTHING = Read({}, {})
"""No file."""


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file of a branch, and how it was reached."""

    source: Source
    url: str
    location_id: str
    parent: str


class FileVersion:
    """A file at a commit."""

    def __init__(
        self, mirror: Mirror, found: Found, reader: DocumentReader, parser: YamlWorker, max_bytes: int
    ) -> None:
        self.mirror = mirror
        self.found = found
        self._reader = reader
        self._parser = parser
        self._max_bytes = max_bytes
        self._read: dict[str, bytes] = {}

    def content(self, blob: str = "") -> bytes:
        """The bytes of the file, or of another blob. Raises `TransientError` where it is too large to be read."""
        name = blob or self.found.blob
        if name not in self._read:
            content = self.mirror.read_blobs([name], self._max_bytes)[name]
            if isinstance(content, Problem):
                raise TransientError(f"{self.found.source.path}: {content.message}", hint=content.hint)
            self._read[name] = content
        return self._read[name]

    def document(self, index: int) -> Document | None:
        """One of its documents as it is written."""
        return next((one for one in self.documents() if one.index == index and one.data is not None), None)

    def documents(self) -> list[Document]:
        """All of its documents as they are written."""
        return self._parser.read([(self.found.source.path, self.content())])[0]

    def context(self, document: Document) -> Context:
        """What processing asks of the world for a document of the file."""
        beside = Beside(self.mirror, self.found, self._max_bytes)
        return self._reader.context(document, self.found, self.content(), beside)

    def span(self, document: Document, path: tuple[str | int, ...]) -> tuple[int, int] | None:
        """The lines that a field of a document takes; None where it has none of its own."""
        place = document.place
        return self._parser.span_of(self.content(), place[0], (*place[1:], *path))

    def line(self, documents: Sequence[Document], document: Document, path: tuple[str | int, ...]) -> int | None:
        """The first line of a field of one of the documents of the file; None where it has none of its own.

        Only the lines of that document are parsed, unless it is an item of a list: a file may hold thousands.
        """
        if len(document.place) > 1:
            span = self.span(document, path)
            return None if span is None else span[0]
        before = document.line - 1
        end = next((one.line - 1 for one in documents if one.line > document.line), None)
        part = b"".join(self.content().splitlines(keepends=True)[before:end])
        span = self._parser.span_of(part, 0, path)
        return None if span is None else before + span[0]

    def span_in(self, blob: str, path: tuple[str | int, ...]) -> tuple[int, int] | None:
        """The lines of a field of another file that holds one document."""
        return self._parser.span_of(self.content(blob), 0, path)

    def read(self) -> Read:
        """Its entities, processed, without relations."""
        (read,) = self._reader.read(self.mirror, [self.found])
        entities = {one.ref: orjson.loads(one.entity) for one in read.documents if one.entity is not None}
        broken = {one.ref: one.problems[0] for one in read.documents if one.outcome == "bad" and one.problems}
        return Read(entities, broken, len(self.content()), not read.dependencies)


class Files:
    """Opens versions of files. Its parser is not the one that looks use, so that nobody waits for a large sync."""

    def __init__(
        self, mirrors: Mirrors, around: Surroundings, parser: YamlWorker, location: Callable[[str], Location | None]
    ) -> None:
        self._mirrors = mirrors
        self._around = around
        self._parser = parser
        self._location = location

    def mirror(self, repository: str) -> Mirror:
        """The mirror of a repository."""
        return self._mirrors.open(repository)

    def at(self, place: FilePlace, commit: str, blob: str | None = None) -> FileVersion | None:
        """A file at a commit, where its blob may be known; None where it was not there."""
        mirror = self._mirrors.open(place.source.branch.repository)
        blob = blob or mirror.file_blob(commit, place.source.path)
        if blob is None:
            return None
        location = self._location(place.location_id)
        found = Found(place.source, blob, commit, place.url, place.parent)
        return FileVersion(mirror, found, self._reader(location, place), self._parser, self._around.limits.file_bytes)

    def _reader(self, location: Location | None, place: FilePlace) -> DocumentReader:
        around = self._around
        known = location or Location(place.location_id, "git", place.source.branch.repository)
        return DocumentReader(
            known,
            around.hosts,
            self._parser,
            around.limits.file_bytes,
            around.rules,
            around.completion,
            around.jq_fault,
        )


def place_at(place: FilePlace, path: str) -> FilePlace:
    """The same way to a file, when it had another name."""
    return replace(place, source=replace(place.source, path=path))


def place_of(details: EntityDetails) -> FilePlace:
    """The file that an entity was read from."""
    branch = Branch(details.repository, details.git_ref)
    return FilePlace(Source(branch, details.path), details.url, details.location_id, details.parent)
