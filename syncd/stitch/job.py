"""What waits for the publisher, and which of it is done together."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeAlias

from syncd.errors import CatalogError
from syncd.model.reading import Reading
from syncd.stitch.write import Shared, Still, Write
from syncd.store.state import LoggedChange

GROUPED_DOCUMENTS = 5_000
"""Readings that wait are published together up to this many documents."""

GROUPED_WRITES = 200
"""Writes that may share a transaction are committed together up to this many."""

Work: TypeAlias = Reading | Write | Shared | Still


@dataclass(slots=True)
class Job:
    """One thing to do, and who waits for it."""

    work: Work
    done: "Future[LoggedChange | None]"
    change: LoggedChange | None = None
    """The row of the log that it made."""
    refusal: CatalogError | None = None
    """Why it changed nothing, where others of its group did."""


def room_beside(first: Job) -> int:
    """How much more may join a group that begins so."""
    if isinstance(first.work, Reading):
        return GROUPED_DOCUMENTS - size_of(first)
    return GROUPED_WRITES - 1 if isinstance(first.work, Shared) else 0


def size_of(job: Job) -> int:
    """What it counts in a group."""
    return sum(len(file.documents) for file in job.work.files) if isinstance(job.work, Reading) else 1
