"""Two times compared: which entities the log of changes names between them, with their fields where these can be told.

The log knows of every entity that it changed, and the values of what was said by API. What files said, the mirror
tells: at the commits that were in force at either time, as the log's syncs name them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from syncd.errors import CatalogError, InputError
from syncd.history.comparison import Comparison, EntityDifference, Moment
from syncd.history.difference import FieldChange, differences
from syncd.history.file import FilePlace, Files, place_of
from syncd.model.change import WHOLE
from syncd.model.json import JsonObject
from syncd.model.location import API_LOCATION
from syncd.model.timestamp import timestamp
from syncd.store.catalog import Catalog
from syncd.store.state import State
from syncd.store.story import Span, Stories

MOST_TOLD = 200
"""Entities whose fields are told; of more than these the log says no more than that they differ."""


@dataclass(slots=True)
class _Commits:
    """The commits of branches at two times, as far as the log tells; each branch is looked up once."""

    stories: Stories
    since: str
    until: str
    known: dict[str, tuple[str, str]]

    def of(self, branch: str) -> tuple[str, str]:
        """Both commits of a branch, "" where the log does not tell."""
        if branch not in self.known:
            told = self.stories.commit_at
            self.known[branch] = (told(branch, self.since), told(branch, self.until))
        return self.known[branch]


class LogComparer:
    """Compares times. Thread-safe."""

    def __init__(self, catalog: Catalog, state: State, files: Files) -> None:
        self._catalog = catalog
        self._stories = Stories(state)
        self._files = files

    def compare(self, old: datetime, new: datetime, *, limit: int) -> Comparison:
        """Which entities differ between two times, and in what. Raises `InputError` where the second is earlier."""
        if new < old:
            raise InputError("the second time is earlier than the first", hint="name the earlier one first")
        since, until = timestamp(old), timestamp(new)
        spans, counts = self._stories.spans(since, until, limit)
        commits = _Commits(self._stories, since, until, {})
        items = [self._item(span, since, until, commits, told=n < MOST_TOLD) for n, span in enumerate(spans)]
        return Comparison(Moment(since), Moment(until), tuple(items), counts, more=sum(counts.values()) > limit)

    def _item(self, span: Span, since: str, until: str, commits: _Commits, *, told: bool) -> EntityDifference:
        effect = span.effect
        details = self._catalog.details(span.ref)
        path, line = (details.path, details.line) if details is not None else ("", 0)
        if effect != "updated":
            return EntityDifference(span.ref, effect, path, line)
        if not told:
            reason = f"fields are told of the first {MOST_TOLD} entities"
            return EntityDifference(span.ref, effect, path, line, complete=False, reason=reason)
        changes = self._said(span.ref, since, until)
        reason = ""
        if details is not None and details.repository and details.location_id != API_LOCATION.id:
            of_file = self._of_file(span.ref, place_of(details), commits)
            if isinstance(of_file, str):
                reason = of_file
            else:
                changes = [*of_file, *changes]
        if not changes and not reason:
            reason = "its relations or its problems: what others say of it"
        return EntityDifference(span.ref, effect, path, line, tuple(changes), complete=not reason, reason=reason)

    def _said(self, ref: str, since: str, until: str) -> list[FieldChange]:
        """What was said of it by API, each path from its first value to its last."""
        found: dict[str, FieldChange] = {}
        for path, effect, old, new in self._stories.said_between(ref, since, until):
            first = found.get(path)
            if first is None:
                found[path] = FieldChange(path, effect, old, new)
            elif effect == "removed":
                found[path] = FieldChange(path, "removed", first.old, None)
            else:
                found[path] = FieldChange(path, "added" if first.effect == "added" else "updated", first.old, new)
        return [one for path in sorted(found) for one in _settled(found[path])]

    def _of_file(self, ref: str, place: FilePlace, commits: _Commits) -> list[FieldChange] | str:
        """What its file said at both times; a sentence where that cannot be told."""
        branch = place.source.branch
        before, after = commits.of(f"{branch.repository} {branch.short}")
        if not before or not after:
            return f"the log does not name the commit of {branch.short} at that time"
        if before == after:
            return []
        try:
            old, new = self._at(ref, place, before), self._at(ref, place, after)
        except CatalogError as error:
            return str(error)
        if old is None or new is None:
            return f"{place.source.path} did not hold it at both times"
        return differences(old, new)

    def _at(self, ref: str, place: FilePlace, commit: str) -> JsonObject | None:
        version = self._files.at(place, commit)
        return None if version is None else version.read().entities.get(ref)


def _settled(change: FieldChange) -> Sequence[FieldChange]:
    """Nothing where a value is back to what it was; a whole entity field by field."""
    if change.path == WHOLE and isinstance(change.old, dict) and isinstance(change.new, dict):
        return differences(change.old, change.new)
    came_and_went = change.effect == "removed" and change.old is None
    return [] if came_and_went or (change.effect == "updated" and change.old == change.new) else [change]
