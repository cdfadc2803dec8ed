"""What differs between two moments, entity by entity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from syncd.git import Commit
from syncd.history.difference import FieldChange, differences
from syncd.model.json import JsonObject


@dataclass(frozen=True, slots=True)
class Version:
    """An entity as a file says it."""

    entity: JsonObject
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class EntityDifference:
    """What became of one entity; `path` and `line` are where it is said, of one that is gone where it was.

    `changes` are the fields that differ. Not `complete` is what cannot all be told: then `reason` says why.
    """

    ref: str
    effect: Literal["added", "updated", "removed"]
    path: str = ""
    line: int = 0
    changes: tuple[FieldChange, ...] = ()
    complete: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One end: a commit of a repository, or a time."""

    at: str
    commit: Commit | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Differences by ref, at most as many as were asked for; the counts are those of all, `more` says that some were
    left out. `notes` say what could not be compared."""

    old: Moment
    new: Moment
    items: tuple[EntityDifference, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    more: bool = False
    notes: tuple[str, ...] = ()


def compared(old: Mapping[str, Version], new: Mapping[str, Version]) -> list[EntityDifference]:
    """What differs between two sets of entities, by ref."""
    return list(_compared(old, new))


def _compared(old: Mapping[str, Version], new: Mapping[str, Version]) -> Iterable[EntityDifference]:
    for ref in sorted(old.keys() | new.keys()):
        before, after = old.get(ref), new.get(ref)
        if before is None and after is not None:
            yield EntityDifference(ref, "added", after.path, after.line)
        elif after is None and before is not None:
            yield EntityDifference(ref, "removed", before.path, before.line)
        elif before is not None and after is not None:
            changes = differences(before.entity, after.entity)
            if changes:
                yield EntityDifference(ref, "updated", after.path, after.line, tuple(changes))
