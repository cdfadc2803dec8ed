"""What somebody wants done to an entity: the one value that every door makes (DESIGN, fourth sentence)."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from syncd.model.json import Json

Operation: TypeAlias = Literal["replace", "append", "union", "remove"]
ChangeTarget: TypeAlias = Literal["overlay", "document", "branch", "commit"]
Effect: TypeAlias = Literal["added", "updated", "removed", "same", "absent", "unknown"]

WHOLE = ""
"""The path of the entity itself."""
MUST_NOT_EXIST = ""
"""As `if_match`: there must be no such entity yet."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one entity.

    `ref` is canonical. `target` says where it is kept: as a custom property of the overlay, at the canonical `path`; in
    the document of an entity made by API, where `path` is `WHOLE` and `value` the whole entity; or in its descriptor
    file, on a branch of its own or by a commit on the branch that is read. `if_match` is the etag that the entity must
    still have, for a file the version that the caller read; None where it does not matter. `moved_from` is the ref that
    the entity of a document had until this call: it keeps the time of its making.
    """

    ref: str
    path: str
    op: Operation
    value: Json = None
    target: ChangeTarget = "overlay"
    actor: str = ""
    if_match: str | None = None
    moved_from: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a change.

    `same` where it said what was there already, `absent` where nothing was to remove, `unknown` where there is no such
    entity and the caller wants these passed over.
    """

    change: Change
    effect: Effect
    old: Json = None
    new: Json = None


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """A row of history: what a change did to one path of one entity; `WHOLE` is the entity itself."""

    ref: str
    path: str
    effect: Effect
    old: Json
    new: Json
