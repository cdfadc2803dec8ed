"""Shapes of `GET findings`, as the terminal reads them."""

from typing import TypedDict

from tui.answers import ProblemItem


class FindingItem(ProblemItem):
    """Something that a check found, at its file and line; `field` (where one says it), `type` and `target` belong to a
    relation that dangles."""

    check: str
    field: str
    type: str
    target: str


class FindingPage(TypedDict):
    """`GET findings`: some of them, and how many there are of each check."""

    items: list[FindingItem]
    counts: dict[str, int]
    total: int
