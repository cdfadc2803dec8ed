"""What registering a location would bring, document by document, beside what the catalog holds already."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import orjson

from syncd.model.json import Json, JsonObject
from syncd.model.location import API_LOCATION, Location
from syncd.model.problem import Problem
from syncd.model.reading import DocumentReading, FileReading, Reading
from syncd.model.source import Branch, Source

Effect = Literal["new", "changed", "same", "conflict", "invalid", "template"]

FIELDS_SHOWN = 20
"""Differences of one entity that are listed."""

_PLACE = "backstage.io/"
"""Annotations that begin so tell where an entity was read; that differs by location and is no change of the entity."""


class Known(Protocol):
    """Where the catalog has read an entity."""

    @property
    def repository(self) -> str: ...
    @property
    def git_ref(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def location_id(self) -> str: ...
    @property
    def retained(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose value would be another; None is "not there"."""

    path: str
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class Previewed:
    """What would become of one document; `message` and `hint` say why it is a conflict or invalid."""

    effect: Effect
    ref: str
    repository: str = ""
    git_ref: str = ""
    path: str = ""
    line: int = 0
    message: str = ""
    hint: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a location would bring. `existing` is the same location where it is registered already; `files` how many
    were read; `missing` counts how often each entity is named that is neither in the catalog nor among these."""

    location: Location
    existing: Location | None
    files: int
    documents: tuple[Previewed, ...]
    missing: Mapping[str, int]


class Comparison:
    """Holds a reading against the catalog: `details` and `said` are the catalog's, `priority` that of a location."""

    def __init__(
        self,
        details: Callable[[str], Known | None],
        said: Callable[[str], JsonObject | None],
        priority: Callable[[str], int],
        present: Callable[[Sequence[str]], Sequence[str]],
    ) -> None:
        self._details = details
        self._said = said
        self._priority = priority
        self._present = present

    def of(self, location: Location, existing: Location | None, reading: Reading) -> Preview:
        """The preview of a location that was read and not registered."""
        documents = [(file, document) for file in reading.files for document in file.documents]
        met: Counter[str] = Counter()
        shown: list[Previewed] = []
        for file, document in documents:
            if document.outcome != "empty":
                met[document.ref] += 1
                shown.append(self._document(location, file, document, again=met[document.ref] > 1))
        shown += [_problem(entry.problem, entry.branch) for entry in reading.problems]
        return Preview(location, existing, len(reading.files), tuple(shown), self._missing(documents))

    def _document(self, location: Location, file: FileReading, document: DocumentReading, *, again: bool) -> Previewed:
        place = _placed(file.source, document.line)
        if document.problems or document.outcome == "bad":
            problem = document.problems[0] if document.problems else Problem("bad", "it cannot be read")
            line = problem.line or document.line
            return Previewed("invalid", document.ref, *place[:3], line, problem.message, problem.hint)
        if document.outcome == "template" or document.entity is None:
            return Previewed("template", document.ref, *place)
        if again:
            return Previewed("conflict", document.ref, *place, "it is there twice in what was read", "rename one")
        known = self._details(document.ref)
        if known is None:
            return Previewed("new", document.ref, *place)
        if self._stays(known, file.source, location):
            where = f"{known.repository} {known.path}:{known.line}".strip()
            hint = "rename one of the two, or give this location the higher priority"
            return Previewed("conflict", document.ref, *place, f"{where} has it already and stays", hint)
        differences = _differences(self._said(document.ref) or {}, orjson.loads(document.entity))
        effect: Effect = "changed" if differences else "same"
        return Previewed(effect, document.ref, *place, differences=tuple(differences[:FIELDS_SHOWN]))

    def _stays(self, known: Known, source: Source, location: Location) -> bool:
        """Whether the entity that is there wins: over the same file and an orphan none does, over the API any file."""
        if not is_other(known, source) or known.retained == "orphan" or known.location_id == API_LOCATION.id:
            return False
        return self._priority(known.location_id) >= location.priority

    def _missing(self, documents: Sequence[tuple[FileReading, DocumentReading]]) -> dict[str, int]:
        brought = {document.ref for _, document in documents}
        named = Counter(
            ref
            for _, document in documents
            for ref in {relation.target for relation in document.relations if relation.source == document.ref}
            if ref not in brought
        )
        there = set(self._present(list(named)))
        return {ref: count for ref, count in named.most_common() if ref not in there}


def is_other(known: Known, source: Source) -> bool:
    """Whether the catalog has the entity from another file than this one."""
    return (known.repository, known.git_ref, known.path) != (source.branch.repository, source.branch.ref, source.path)


def _placed(source: Source, line: int) -> tuple[str, str, str, int]:
    return source.branch.repository, source.branch.short, source.path, line


def _problem(problem: Problem, branch: Branch) -> Previewed:
    place = branch.repository, branch.short, problem.path, problem.line
    return Previewed("invalid", problem.ref, *place, problem.message, problem.hint)


def _differences(before: JsonObject, after: JsonObject) -> list[Difference]:
    old, new = dict(_leaves(before)), dict(_leaves(after))
    paths = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    return [Difference(path, old.get(path), new.get(path)) for path in paths]


def _leaves(value: JsonObject, above: str = "") -> Iterator[tuple[str, Json]]:
    """Every value that is no mapping by its dotted path; lists are values."""
    for key, below in value.items():
        if above == "metadata.annotations" and key.startswith(_PLACE):
            continue
        path = f"{above}.{key}" if above else key
        if isinstance(below, dict) and below:
            yield from _leaves(below, path)
        else:
            yield path, below
