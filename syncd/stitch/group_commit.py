"""Group commit: jobs that wait together become rows of the log in one transaction."""

from collections.abc import Sequence

from syncd.errors import CatalogError, UnavailableError
from syncd.model.json import Json
from syncd.model.reading import Reading
from syncd.stitch.job import Job
from syncd.stitch.publication import Publication
from syncd.stitch.write import Entry, Shared, Still
from syncd.store.state import ChangedEntity, LoggedChange, State
from syncd.store.state_file import StateDamagedError


def group_commit(jobs: Sequence[Job], publication: Publication, state: State, at: str) -> list[LoggedChange]:
    """Apply the works to the publication, and commit to the log what that changes: readings, or else writes.

    The log is locked for others while a person's write runs, or for the rows alone: a large sync takes seconds.
    """
    readings = [job.work for job in jobs if isinstance(job.work, Reading) and state.has_location(job.work.location.id)]
    if readings:
        publication.absorb(readings)
    entities = publication.finish() if readings else []
    with state.transaction():
        for reading in readings:
            state.replace_last_good(reading.location.id, reading.last_good)
        entries = [] if readings else _entries(jobs, publication)
        if not readings:
            entities = publication.finish()
        if not entries and entities:
            entries = [(list(jobs), _sync_entry(readings))]
        changes = []
        for (concerned, entry), own in zip(entries, _shares(entries, entities), strict=True):
            change = state.log(entry.actor, entry.what, entry.target, entry.detail, own, at, entry.properties)
            for job in concerned:
                job.change = change
            changes.append(change)
        return changes


def _entries(jobs: Sequence[Job], publication: Publication) -> list[tuple[list[Job], Entry]]:
    """Have each write do what it wants done: the rows of the log that this makes, each with its job."""
    entries: list[tuple[list[Job], Entry]] = []
    publication.said(list({ref: None for job in jobs if isinstance(job.work, Shared) for ref in job.work.refs}))
    for job in jobs:
        job.change = job.refusal = None
        write = job.work.do if isinstance(job.work, Shared) else job.work
        assert not isinstance(write, Reading | Still)
        try:
            entry = write(publication)
        except CatalogError as refusal:
            if len(jobs) == 1 or isinstance(refusal, UnavailableError | StateDamagedError):
                raise
            job.refusal = refusal
        else:
            if entry is not None:
                entries.append(([job], entry))
    return entries


def _shares(entries: Sequence[tuple[list[Job], Entry]], entities: Sequence[ChangedEntity]) -> list[list[ChangedEntity]]:
    """Which of the changed entities belong to which row: those that it names, and all others to the last."""
    named = [{one.ref for one in entry.properties} for _, entry in entries]
    found = [[entity for entity in entities if entity.ref in refs] for refs in named]
    if found:
        told = set().union(*named)
        found[-1] += [entity for entity in entities if entity.ref not in told]
    return found


def _sync_entry(readings: Sequence[Reading]) -> Entry:
    """The row of the log that a sync makes."""
    commits: dict[str, Json] = {
        f"{branch.repository} {branch.short}": commit
        for reading in readings
        for branch, commit in reading.commits.items()
    }
    names = [reading.location.id for reading in readings]
    return Entry("git", "sync", names[0] if len(names) == 1 else "", {"locations": list(names), "commits": commits})
