"""One YAML document on its way from a blob to an entity; each stage has a type of its own."""

from dataclasses import dataclass
from typing import Literal

from syncd.model.json import JsonObject
from syncd.model.location import Target
from syncd.model.problem import Problem
from syncd.model.relation import Relation

Outcome = Literal["entity", "template", "empty", "bad"]


@dataclass(frozen=True, slots=True)
class Document:
    """What the parser made of one document of a file: a mapping, or the reason why there is none.

    `index` counts from 0 in the file's order, `line` from 1. `outcome` is "entity" when `data` is to be processed.
    `place` says where in the file it stands: the number of its YAML document, and of its item where that is a list.
    """

    index: int
    line: int
    outcome: Outcome
    data: JsonObject | None = None
    problem: Problem | None = None
    place: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class ProcessedEntity:
    """A validated entity, completed by processors; relations, status and identity come with stitching.

    `dependencies` are paths of the same commit whose content went into the entity (placeholders).
    """

    ref: str
    entity: JsonObject
    relations: tuple[Relation, ...] = ()
    targets: tuple[Target, ...] = ()
    dependencies: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Problems that do not refuse the entity (a target that cannot be resolved)."""
