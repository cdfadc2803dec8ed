"""Answers about locations that are not registered yet, and about those that are to go."""

from typing import Any, TypedDict


class DifferenceItem(TypedDict):
    """A field whose value would be another; None is "not there"."""

    path: str
    before: Any
    after: Any


class PreviewedItem(TypedDict):
    """What would become of one document."""

    effect: str
    ref: str
    repository: str
    git_ref: str
    path: str
    line: int
    message: str
    hint: str
    differences: list[DifferenceItem]


class MissingItem(TypedDict):
    """An entity that is named and would not be there."""

    ref: str
    count: int


class PreviewAnswer(TypedDict):
    """What a location would bring; `existing` is the id of the same one where it is registered already."""

    existing: str | None
    location: dict[str, Any]
    files: int
    counts: dict[str, int]
    documents: list[PreviewedItem]
    missing: list[MissingItem]


class TrialAnswer(TypedDict):
    """What a preview under way does: fetching, reading; how far the fetch is, 0 to 99, None where nobody can tell."""

    phase: str
    percent: int | None


class PointerItem(TypedDict):
    """A relation whose target would be gone."""

    source: str
    type: str
    target: str


class DepartureAnswer(TypedDict):
    """What would leave with a location, and what would then point at nothing."""

    leaving: list[str]
    leaving_total: int
    staying: list[str]
    pointers: list[PointerItem]
    pointers_total: int
