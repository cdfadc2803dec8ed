"""The story of one entity in one order of time: commits that changed its document, and what people said by API."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from syncd.git import FileLog, FileStep
from syncd.history.difference import FieldChange, differences, narrowed
from syncd.history.file import NOTHING, FilePlace, Files, Read, place_at, place_of
from syncd.model.change import WHOLE
from syncd.model.json import JsonObject
from syncd.model.location import API_LOCATION
from syncd.model.timestamp import timestamp
from syncd.overlay.path import PropertyPath, parse_path
from syncd.store.catalog import Catalog
from syncd.store.overlay import HistoryRow, StoredOverlay
from syncd.store.state import State

MOST_COMMITS = 500
"""Commits of a file that are looked at for one story."""

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of file versions that are parsed for one story."""

MOST_ROWS = 10_000
"""Rows of the log that are looked at."""


@dataclass(frozen=True, slots=True)
class Event:
    """What one commit or one change of the log did to one field of the entity.

    `at` is when it was committed, or logged. Of commits `commit`, `subject`, `email` and `file` are told, of the log
    `seq` and `request_id`; `what` is "commit" or the log's word.
    """

    at: str
    actor: str
    what: str
    change: FieldChange
    seq: int | None = None
    request_id: str | None = None
    commit: str | None = None
    subject: str | None = None
    email: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """How far git's part goes: the file now, how many of its commits were looked at, and whether these are all.

    `first_path` is the name under which it begins, or the last one that was followed; `cut` says that the mirror's
    history ends there. `reason` says why there is nothing of git.
    """

    repository: str = ""
    branch: str = ""
    path: str = ""
    first_path: str = ""
    commits: int = 0
    complete: bool = True
    cut: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events, the newest first; `more` says that there are others behind them."""

    events: tuple[Event, ...]
    more: bool
    git: Told


class Timelines:
    """Tells stories. Thread-safe."""

    def __init__(self, catalog: Catalog, state: State, files: Files) -> None:
        self._catalog = catalog
        self._state = state
        self._overlay = StoredOverlay(state)
        self._files = files

    def of(self, ref: str, path: str = "", *, limit: int, offset: int = 0) -> Timeline:
        """What happened to an entity, or to one field of it and what is below; raises `PathError` for no path.

        An entity that is gone has no file that could be asked: of it the log alone is told.
        """
        wanted = parse_path(path) if path else ()
        commits = self._commits(ref)
        of_git = commits.events() if isinstance(commits, _Commits) else iter(())
        events = heapq.merge(self._logged(ref), of_git, key=lambda event: event.at, reverse=True)
        narrow = (one for event in events for one in _narrowed(event, wanted))
        found = list(islice(narrow, offset, offset + limit + 1))
        told = commits.told() if isinstance(commits, _Commits) else commits
        return Timeline(tuple(found[:limit]), len(found) > limit, told)

    def _logged(self, ref: str) -> Iterator[Event]:
        for row in self._overlay.history(ref, limit=MOST_ROWS):
            for change in _changes(row):
                detail = row.detail if isinstance(row.detail, dict) else {}
                request_id = detail.get("request_id")
                yield Event(
                    row.at,
                    row.actor,
                    row.what,
                    change,
                    seq=row.seq,
                    request_id=request_id if isinstance(request_id, str) else None,
                )

    def _commits(self, ref: str) -> "_Commits | Told":
        details = self._catalog.details(ref)
        if details is None:
            return Told(reason="the entity is not there: no file is known that could hold it")
        if not details.repository or details.location_id == API_LOCATION.id:
            return Told(reason="no file holds the entity")
        if not details.commit:
            return Told(reason="its branch was not read again yet: see catalog location list")
        place = place_of(details)
        log = self._files.mirror(details.repository).file_log(details.commit, details.path, MOST_COMMITS)
        return _Commits(self._files, place, ref, log)


class _Commits:
    """The commits of one file as events of one entity; each version is read once."""

    def __init__(self, files: Files, place: FilePlace, ref: str, log: FileLog) -> None:
        self._files = files
        self._place = place
        self._ref = ref
        self._log = log
        self._read: dict[tuple[str, str], Read] = {}
        self._left = MOST_BYTES

    def told(self) -> Told:
        """How far this goes, once the events were taken."""
        steps, source = self._log.steps, self._place.source
        return Told(
            source.branch.repository,
            source.branch.short,
            source.path,
            steps[-1].path if steps else source.path,
            len(steps),
            self._log.complete and self._left >= 0,
            self._log.cut,
        )

    def events(self) -> Iterator[Event]:
        """The newest first. The times of commits that claim to be older than their parents are levelled."""
        latest = ""
        for number, step in enumerate(self._log.steps):
            at = timestamp(step.commit.when)
            latest = min(at, latest) if latest else at
            for change in self._changes(number, step):
                yield Event(
                    latest,
                    step.commit.author,
                    "commit",
                    change,
                    commit=step.commit.id,
                    subject=step.commit.subject,
                    email=step.commit.email,
                    file=step.path,
                )
            if self._left < 0:
                return

    def _changes(self, number: int, step: FileStep) -> Sequence[FieldChange]:
        after = self._version(step.path, step.new, step.commit.id)
        problem = after.problem_of(self._ref)
        if problem is not None:
            return [FieldChange(WHOLE, "unreadable", None, problem)]
        return differences(self._before(number), after.entities.get(self._ref))

    def _before(self, number: int) -> JsonObject | None:
        """The entity before a step: as its parent has it, or the last good version where that cannot be read."""
        for step in self._log.steps[number:]:
            before = self._version(step.before, step.old, step.parent)
            if before.problem_of(self._ref) is None:
                return before.entities.get(self._ref)
        return None

    def _version(self, path: str, blob: str | None, commit: str) -> Read:
        if blob is None or not commit:
            return NOTHING
        known = self._read.get((path, blob))
        if known is not None:
            return known
        version = self._files.at(place_at(self._place, path), commit, blob)
        read = version.read() if version is not None else NOTHING
        self._left -= read.size
        if read.stands_alone:
            self._read[path, blob] = read
        return read


def _narrowed(event: Event, path: PropertyPath) -> list[Event]:
    if not path:
        return [event]
    return [replace(event, change=change) for change in narrowed([event.change], path)]


def _changes(row: HistoryRow) -> Sequence[FieldChange]:
    """A row of the log; one about a whole entity that was there before and after, field by field."""
    change = row.change
    if change.path == WHOLE and isinstance(change.old, dict) and isinstance(change.new, dict):
        return differences(change.old, change.new)
    effect = change.effect
    assert effect in ("added", "updated", "removed")
    return [FieldChange(change.path, effect, change.old, change.new)]
