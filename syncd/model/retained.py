"""Versions that stay in force although the file no longer says them."""

from dataclasses import dataclass
from typing import Literal

Retention = Literal["", "broken", "orphan"]
"""Why a document is in force: "" it is in the file now, "broken" the file cannot be read, "orphan" it was dropped."""


@dataclass(frozen=True, slots=True)
class LastGood:
    """The commit and blob in which an entity was last good; the mirror keeps that commit by a ref of ours."""

    repository: str
    git_ref: str
    path: str
    entity_ref: str
    why: Literal["broken", "orphan"]
    commit: str
    blob: str
    url: str
    """The URL by which the file was reached, "" for a git location."""
