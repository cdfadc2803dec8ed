"""Shapes of the own HTTP API's answers about history: names and types, no behaviour."""

from typing import Any, TypedDict


class HistoryItem(TypedDict):
    """What one commit, or one change of the log, did to one field of an entity; an empty path is the entity itself.

    `seq` and `request_id` belong to the log, `commit`, `subject`, `email` and `file` to git.
    """

    seq: int | None
    at: str
    actor: str
    what: str
    path: str
    effect: str
    old: Any
    new: Any
    request_id: str | None
    commit: str | None
    subject: str | None
    email: str | None
    file: str | None


class GitPart(TypedDict):
    """How far git's part of a history goes; `first_path` is the name of the file where that ends."""

    repository: str
    branch: str
    path: str
    first_path: str
    commits: int
    complete: bool
    cut: bool
    reason: str


class HistoryAnswer(TypedDict):
    """`GET entities/{ref}/history`; `more` says that there are older items."""

    items: list[HistoryItem]
    more: bool
    git: GitPart


class Moment(TypedDict):
    """One end of a comparison; the last three are null for a time."""

    at: str
    commit: str | None
    author: str | None
    subject: str | None


class FieldDifference(TypedDict):
    """One field of one entity."""

    path: str
    effect: str
    old: Any
    new: Any


class DiffItem(TypedDict):
    """What became of one entity; `reason` says why not all is told where it is not `complete`."""

    ref: str
    effect: str
    path: str | None
    line: int | None
    changes: list[FieldDifference]
    complete: bool
    reason: str | None


DiffAnswer = TypedDict(
    "DiffAnswer",
    {
        "from": Moment,
        "to": Moment,
        "items": list[DiffItem],
        "counts": dict[str, int],
        "more": bool,
        "notes": list[str],
    },
)
"""`GET diff`; the counts are those of all, `more` says that some items were left out."""


class OriginItem(TypedDict):
    """One of those who say a value, what is in force first; what does not apply is null.

    `said` is git, overlay, api, location or catalog; the times are those of the commit or of the change.
    """

    said: str
    ref: str
    field: str
    value: Any
    in_force: bool
    reason: str | None
    by: str | None
    email: str | None
    at: str | None
    repository: str | None
    branch: str | None
    path: str | None
    line: int | None
    end_line: int | None
    changed_line: int | None
    url: str | None
    commit: str | None
    subject: str | None
    cut: bool
    door: str | None
    mode: str | None
    seq: int | None


class WhyAnswer(TypedDict):
    """`GET entities/{ref}/why`; `more` says that some origins were left out."""

    ref: str
    field: str
    value: Any
    origins: list[OriginItem]
    more: bool
