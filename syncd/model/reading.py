"""What one look at a location found: the value that a walk hands to the publisher."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from syncd.model.document import Outcome
from syncd.model.json import JsonObject
from syncd.model.location import Location
from syncd.model.problem import Problem
from syncd.model.relation import Relation
from syncd.model.retained import LastGood, Retention
from syncd.model.source import NOWHERE, Branch, Source


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """One document with its outcome; `entity`, as JSON, and `relations` are there when it is "entity".

    `blob` is the file version that it was read from: the current one, or the last good one for what is retained.
    """

    index: int
    line: int
    outcome: Outcome
    blob: str
    ref: str = ""
    entity: bytes | None = None
    relations: tuple[Relation, ...] = ()
    problems: tuple[Problem, ...] = ()
    retained: Retention = ""


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file as it is now, all documents; `parent` is the Location entity that asked for it first.

    `known` is what the next walk wants to remember of it, as JSON.
    """

    source: Source
    blob: str
    url: str
    parent: str
    documents: tuple[DocumentReading, ...]
    known: JsonObject


@dataclass(frozen=True, slots=True)
class ParentProblem:
    """A problem of a Location entity itself: a target that is missing, refused or beyond a limit."""

    parent: str
    problem: Problem
    branch: Branch = NOWHERE
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The difference between what the index holds of a location and what its sources say at `commits`.

    `files` are new or changed, `removed` are gone; what is in neither stays. `problems` and `last_good` are complete.
    `replaced` are the sources of which the index holds an older version that has to go, those removed among them.
    """

    location: Location
    commits: Mapping[Branch, str] = field(default_factory=dict)
    files: tuple[FileReading, ...] = ()
    removed: tuple[Source, ...] = ()
    replaced: tuple[Source, ...] = ()
    problems: tuple[ParentProblem, ...] = ()
    last_good: tuple[LastGood, ...] = ()
