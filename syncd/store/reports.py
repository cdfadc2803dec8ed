"""What the reading side of the index answers with."""

from collections.abc import Mapping
from dataclasses import dataclass

from syncd.model.problem import Problem


@dataclass(frozen=True, slots=True)
class PageRow:
    """One line of a page: identity and the values it was sorted by (None where it has none)."""

    ref: str
    uid: str
    sort: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Part of an answer; `documents` are JSON bytes in the order of `rows`, `more` tells whether rows follow."""

    rows: tuple[PageRow, ...]
    documents: tuple[bytes, ...]
    total: int | None
    more: bool


@dataclass(frozen=True, slots=True)
class StoredProblem:
    """A problem with where it was met; `index` is the document in its file, -1 for a location's own problem."""

    code: str
    message: str
    path: str
    line: int
    column: int
    hint: str
    ref: str
    location: str
    repository: str
    git_ref: str
    url: str
    index: int


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """Some of the problems, and how many there are."""

    items: tuple[StoredProblem, ...]
    total: int


@dataclass(frozen=True, slots=True)
class EntityDetails:
    """Where the document that speaks for an entity was read; `retained` is "broken" or "orphan" when it is kept.
    `index` is its number among the documents of its file, from 0."""

    ref: str
    repository: str
    git_ref: str
    path: str
    line: int
    blob: str
    commit: str
    url: str
    location_id: str
    parent: str
    updated: str
    retained: str
    index: int
    problems: tuple[StoredProblem, ...]


def placed(problem: Problem, details: EntityDetails | None) -> StoredProblem:
    """A problem that was met elsewhere, at the place of the entity that it comes from."""
    place = ("", 0) if details is None else (details.path, details.line)
    source = ("", "", "", "") if details is None else _source(details)
    return StoredProblem(problem.code, problem.message, *place, 0, problem.hint, problem.ref, *source, -1)


def _source(details: EntityDetails) -> tuple[str, str, str, str]:
    return details.location_id, details.repository, details.git_ref, details.url


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """What became of one document: entity, template, empty, conflict, bad, or retained from an older version."""

    index: int
    line: int
    outcome: str
    ref: str
    problem: StoredProblem | None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One file that a location reached, `ref` being the git ref."""

    location: str
    repository: str
    ref: str
    path: str
    blob: str
    documents: tuple[DocumentReport, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Entities by kind, problems, and documents that are templates."""

    kinds: Mapping[str, int]
    problems: int
    templates: int
