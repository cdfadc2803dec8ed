"""Reading documents: from the blobs of one branch to processed documents with their outcome."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, Protocol

import orjson

from query.rows import RowsError, search_rows
from query.text import fold
from syncd.blueprints.definition import ProgramFault
from syncd.git import FileChange, Head, TreeListing
from syncd.ingest.limits import ParseLimits
from syncd.model.document import Document, ProcessedEntity
from syncd.model.host import Hosts
from syncd.model.json import Json, JsonObject
from syncd.model.location import Location, Target
from syncd.model.pattern import Pattern
from syncd.model.problem import Problem
from syncd.model.reading import DocumentReading
from syncd.model.rules import Rules
from syncd.model.source import Source
from syncd.process.context import Completion, Context
from syncd.process.entity import process

READ_AT_ONCE = 400
"""Files read and parsed together: bounds memory during a first load."""


class Parser(Protocol):
    """What reading asks of the YAML worker."""

    limits: ParseLimits

    def read(self, files: Sequence[tuple[str, bytes]]) -> list[list[Document]]:
        """Documents of each file."""
        ...

    def values(self, content: bytes, kind: Literal["yaml", "json"]) -> Json | Problem:
        """The one value in a placeholder's file."""
        ...

    def lines_of(self, content: bytes, document_index: int, field_paths: Sequence[tuple[str | int, ...]]) -> list[int]:
        """Lines of fields of one document."""
        ...


class Files(Protocol):
    """Where contents come from."""

    def read_blobs(self, ids: Iterable[str], max_bytes: int) -> Mapping[str, bytes | Problem]:
        """Contents by object id."""
        ...

    def file_blob(self, commit: str, path: str) -> str | None:
        """Object id of a regular file."""
        ...


class Tree(Files, Protocol):
    """What walks ask of a mirror, or of anything that holds files by commit."""

    @property
    def url(self) -> str:
        """The repository's identity."""
        ...

    def heads(self, revisions: Iterable[str]) -> Mapping[str, Head]:
        """Where revisions point; those that are not there are left out."""
        ...

    def list_files(self, commit: str, patterns: Iterable[Pattern]) -> TreeListing:
        """Files that a pattern matches."""
        ...

    def changed_files(self, old: str, new: str) -> Sequence[FileChange]:
        """Paths whose content differs."""
        ...

    def keep(self, commit: str) -> None:
        """Let no upkeep remove this commit."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is to be read: which version of it, and the way that led there."""

    source: Source
    blob: str
    commit: str
    url: str
    parent: str


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file read: its documents, what its Location entities ask for, what its placeholders took in.

    `flaws` are targets that cannot be followed, by the ref of their Location entity. `made_with` stands for the hosts,
    limits, rules and additions of the configuration and for the registration: with others the same file may say
    something else.
    """

    found: Found
    documents: tuple[DocumentReading, ...]
    targets: tuple[tuple[str, Target], ...] = ()
    dependencies: Mapping[str, str] = field(default_factory=dict)
    flaws: tuple[tuple[str, Problem], ...] = ()
    made_with: str = ""

    @property
    def leads(self) -> tuple[tuple[str, Target | Problem], ...]:
        """What Location entities ask for, be it possible or not."""
        return (*self.targets, *self.flaws)


class DocumentReader:
    """Reads files for one location."""

    def __init__(
        self,
        location: Location,
        hosts: Hosts,
        parser: Parser,
        max_bytes: int,
        rules: Rules,
        completion: Completion,
        jq_fault: ProgramFault,
    ) -> None:
        self._location = location
        self._hosts = hosts
        self._completion = completion
        self._jq_fault = jq_fault
        self._allowed = rules.allowed_from(location)
        self._parser = parser
        self._max_bytes = max_bytes
        asked = (self._allowed, completion, location.location_ref)
        told = repr((sorted(map(repr, hosts)), max_bytes, parser.limits, asked))
        self.made_with = hashlib.sha256(told.encode()).hexdigest()[:16]

    def read(self, mirror: Files, files: Sequence[Found]) -> Iterator[FileRead]:
        """Every file of one repository, in order; a file that cannot be read is one bad document."""
        for start in range(0, len(files), READ_AT_ONCE):
            yield from self._read_some(mirror, files[start : start + READ_AT_ONCE])

    def _read_some(self, mirror: Files, files: Sequence[Found]) -> Iterator[FileRead]:
        contents = mirror.read_blobs(list({found.blob for found in files}), self._max_bytes)
        readable: list[tuple[Found, bytes]] = []
        for found in files:
            content = contents[found.blob]
            if isinstance(content, bytes):
                readable.append((found, content))
        parsed = iter(self._parser.read([(found.source.path, content) for found, content in readable]))
        for found in files:
            content = contents[found.blob]
            if isinstance(content, Problem):
                problem = _at(content, found)
                yield FileRead(
                    found, (DocumentReading(0, 1, "bad", found.blob, problems=(problem,)),), made_with=self.made_with
                )
            else:
                yield self._process_file(mirror, found, content, next(parsed))

    def _process_file(self, mirror: Files, found: Found, content: bytes, documents: Sequence[Document]) -> FileRead:
        beside = Beside(mirror, found, self._max_bytes)
        readings: list[DocumentReading] = []
        targets: list[tuple[str, Target]] = []
        flaws: list[tuple[str, Problem]] = []
        for document in documents:
            reading, entity = self._process(document, found, content, beside)
            readings.append(reading)
            if entity is not None:
                targets.extend((entity.ref, target) for target in entity.targets)
                flaws.extend((entity.ref, _at(problem, found)) for problem in entity.problems)
        return FileRead(found, tuple(readings), tuple(targets), beside.dependencies, tuple(flaws), self.made_with)

    def _process(
        self, document: Document, found: Found, content: bytes, beside: "Beside"
    ) -> tuple[DocumentReading, ProcessedEntity | None]:
        if document.outcome != "entity" or document.data is None:
            problem = (_at(document.problem, found),) if document.problem else ()
            return DocumentReading(document.index, document.line, document.outcome, found.blob, problems=problem), None
        context = self.context(document, found, content, beside)
        outcome = process(document, context)
        if isinstance(outcome, ProcessedEntity):
            outcome = searchable(outcome, document.line)
        if isinstance(outcome, ProcessedEntity):
            reading = DocumentReading(
                document.index,
                document.line,
                "entity",
                found.blob,
                outcome.ref,
                orjson.dumps(outcome.entity),  # a sixth of the memory that its objects take
                outcome.relations,
            )
            return reading, outcome
        if not outcome:  # it repeats the Location that led here (C114): nothing is said
            return DocumentReading(document.index, document.line, "empty", found.blob), None
        ref = outcome[0].ref
        problems = tuple(_at(problem, found) for problem in outcome)
        return DocumentReading(document.index, document.line, "bad", found.blob, ref, problems=problems), None

    def context(self, document: Document, found: Found, content: bytes, beside: "Beside") -> Context:
        """What the processing of a document of a file may ask of the world."""
        return Context(
            location=self._location,
            source=found.source,
            url=found.url,
            origin_ref=self._location.location_ref,
            hosts=self._hosts,
            read=beside.read,
            values=self._parser.values,
            line_of=partial(self._line_of, content, document.place),
            parent_ref=found.parent,
            allowed=self._allowed,
            completion=self._completion,
            jq_fault=self._jq_fault,
        )

    def _line_of(self, content: bytes, place: tuple[int, ...], field: tuple[str | int, ...]) -> int:
        return self._parser.lines_of(content, place[0], [(*place[1:], *field)])[0]


class Beside:
    """Other files of the same commit, for placeholders; remembers what was asked for."""

    def __init__(self, mirror: Files, found: Found, max_bytes: int) -> None:
        self._mirror = mirror
        self._found = found
        self._max_bytes = max_bytes
        self.dependencies: dict[str, str] = {}

    def read(self, path: str) -> bytes | Problem:
        """A file of the same commit; a Problem where there is none."""
        blob = self._mirror.file_blob(self._found.commit, path)
        self.dependencies[path] = blob or ""
        if blob is None:
            return Problem(
                "file.not_found",
                f"{path} is not in the repository at this commit",
                hint="commit the file, or correct the path",
                name="NotFoundError",
            )
        return self._mirror.read_blobs([blob], self._max_bytes)[blob]


def searchable(processed: ProcessedEntity, line: int) -> ProcessedEntity | list[Problem]:
    """The entity, unless two of its keys would be one to a search (C145): then the last good one stays."""
    if not _has_twins(processed.entity):
        return processed
    try:
        search_rows(processed.entity)
    except RowsError as error:
        return [Problem("entity.same_keys", str(error), line=line, ref=processed.ref)]
    return processed


def _has_twins(entity: JsonObject) -> bool:
    """Whether anything that paths of search rows are made of differs in case only; a quick look that may err to yes."""
    names: set[str] = set()
    values: list[Json] = [entity]
    while values:
        value = values.pop()
        if type(value) is dict:
            names.update(value)
            values.extend(value.values())
        elif type(value) is list:
            names.update([item for item in value if type(item) is str])
            values.extend(value)
    return len(set(fold("\n".join(names)).split("\n"))) != len(names)


def _at(problem: Problem, found: Found) -> Problem:
    """The problem with the path of the file it is about, where it names none."""
    return problem if problem.path else replace(problem, path=found.source.path)
