"""What waits for the publisher, which of it is done together, and which rows of the log it makes."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeAlias

from syncd.errors import CatalogError
from syncd.model.json import Json
from syncd.model.reading import Reading
from syncd.stitch.write import Entry, Shared, Still, Write
from syncd.store.state import ChangedEntity, LoggedChange

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


def shares(entries: Sequence[tuple[list[Job], Entry]], entities: Sequence[ChangedEntity]) -> list[list[ChangedEntity]]:
    """Which of the changed entities belong to which row: those that it names, and all others to the last."""
    named = [{one.ref for one in entry.properties} for _, entry in entries]
    found = [[entity for entity in entities if entity.ref in refs] for refs in named]
    if found:
        told = set().union(*named)
        found[-1] += [entity for entity in entities if entity.ref not in told]
    return found


def sync_entry(readings: Sequence[Reading]) -> Entry:
    """The row of the log that a sync makes."""
    commits: dict[str, Json] = {
        f"{branch.repository} {branch.short}": commit
        for reading in readings
        for branch, commit in reading.commits.items()
    }
    names = [reading.location.id for reading in readings]
    return Entry("git", "sync", names[0] if len(names) == 1 else "", {"locations": list(names), "commits": commits})
