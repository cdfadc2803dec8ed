"""What no single file shows: relations that lead nowhere, entities that nobody says any more, refs that several say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Check = Literal["dangling", "orphans", "duplicates"]
CHECKS: tuple[Check, ...] = get_args(Check)
"""The checks, in the order in which findings are listed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found, with the document that is to be changed; `line` and `column` count from 1.

    `type` and `target` belong to a relation that dangles; `near` is another entity with the name of its target, ""
    without one. `message` and `hint` are those of the problem where a duplicate was met.
    """

    check: Check
    ref: str
    type: str
    target: str
    near: str
    message: str
    hint: str
    path: str
    line: int
    column: int
    location: str
    repository: str
    git_ref: str
    url: str


@dataclass(frozen=True, slots=True)
class FindingPage:
    """Some of the findings, and how many there are of each check that was asked for."""

    items: tuple[Finding, ...]
    counts: Mapping[Check, int]
