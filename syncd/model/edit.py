"""An edit: changes of descriptor files that become one commit (R50)."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from syncd.model.change import Operation
from syncd.model.json import Json, JsonObject

EditState: TypeAlias = Literal["proposed", "pending", "pushed", "confirmed", "failed"]
"""Proposed: nobody has said yes yet. Pending: it is in the journal, and may or may not have been pushed. Pushed: the
remote has it. Confirmed: it is in the branch, and visible where the branch is one that is read. Failed: never."""

EditTarget: TypeAlias = Literal["branch", "commit"]
"""A branch of its own that somebody merges, or a commit on the branch that is read."""

UNFINISHED: tuple[EditState, ...] = ("pending", "pushed")
FINAL: tuple[EditState, ...] = ("confirmed", "failed")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One change of one field of an entity's document; `path` is canonical.

    With `WHOLE` as path it is about the text of the document, comments and all: `value` and `expected` are texts, and
    "" as `expected` stands for a document that is not there yet.

    `expected` is what stood there when the caller read it. A remote that says something else by now is a conflict,
    unless the change only adds to what is there.
    """

    ref: str
    path: str
    op: Operation
    value: Json
    expected: Json = None


@dataclass(frozen=True, slots=True)
class EditedFile:
    """What an edit makes of one file: blob ids before and after, "" where there is none, and the lines for people.

    `undo` leads back, entity by entity: (ref, edits and lines as `syncd.patch.wire` has them), the last edit first.
    """

    path: str
    before: str
    after: str
    diff: str
    undo: tuple[tuple[str, JsonObject], ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """A row of the journal. `ref` is the branch that is read, `branch` the one that is pushed to; both full names.

    `parent` is the commit that its files were last made from, `commit` the one that was made for it, "" before.
    `undoes` is the id of the edit that this one takes back; then it has no changes of its own.
    """

    id: str
    at: str
    actor: str
    location: str
    repository: str
    ref: str
    target: EditTarget
    branch: str
    message: str
    paths: tuple[tuple[str, str], ...]
    """Each entity with the path of its file."""
    changes: tuple[FieldChange, ...]
    files: tuple[EditedFile, ...]
    state: EditState = "proposed"
    reason: str = ""
    parent: str = ""
    commit: str = ""
    undoes: str = ""
    updated: str = ""

    @property
    def refs(self) -> tuple[str, ...]:
        """The entities that it is about."""
        return tuple(ref for ref, _ in self.paths)
