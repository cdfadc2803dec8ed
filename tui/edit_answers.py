"""Shapes of the own HTTP API's answers about edits: names and types, no behaviour."""

from typing import Any, Literal, NotRequired, TypedDict

EditTarget = Literal["branch", "commit"]


class DocumentChange(TypedDict):
    """A change of one field of a descriptor file."""

    ref: str
    path: str
    op: Literal["replace", "append", "union", "remove"]
    value: NotRequired[Any]


class EditedFile(TypedDict):
    """What an edit makes of one file: blob ids, and the difference as a unified diff."""

    path: str
    before: str
    after: str
    diff: str


class EditProblem(TypedDict):
    """What the catalog would say of an edited file."""

    code: str
    message: str
    path: str
    line: int
    column: int
    hint: str
    ref: str


class EditItem(TypedDict):
    """One edit; `problems` is there in the answer to a proposal. `base` is the commit that its files are made from; an
    older daemon does not tell it."""

    id: str
    at: str
    updated: str
    actor: str
    state: Literal["proposed", "pending", "pushed", "confirmed", "failed"]
    reason: str | None
    location: str
    repository: str
    target: EditTarget
    branch: str
    base: NotRequired[str | None]
    commit: str | None
    message: str
    undoes: str | None
    entities: list[str]
    changes: list[dict[str, Any]]
    files: list[EditedFile]
    problems: NotRequired[list[EditProblem]]


class DocumentText(TypedDict):
    """`GET entities/{ref}/document`: the lines of an entity's document, and whether edits of it may be pushed."""

    ref: str
    path: str
    blob: str
    text: str
    write: Literal["none", "branch", "commit"]
    location: str
    configured: bool


class OutlineFlaw(TypedDict):
    """What the catalog would say of an entity that nobody has written yet."""

    path: str
    message: str
    hint: str


class OutlineAnswer(TypedDict):
    """`POST outlines`: an entity with all that its kind asks for; `open` are the fields that only hold an example."""

    entity: dict[str, Any]
    open: list[str]
    problems: list[OutlineFlaw]
