"""Refs that a remote lost: kept for a grace period, then gone (R19)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from syncd.model.problem import Problem
from syncd.model.timestamp import timestamp
from syncd.store.state import State
from syncd.walk.walk import REF_GONE

GRACE = timedelta(hours=24)


class MissingRefs:
    """Remembers since when which refs are missing, over restarts too."""

    def __init__(self, state: State, clock: Callable[[], datetime]) -> None:
        """`clock` tells the time of day, by which the grace is measured."""
        self._state = state
        self._clock = clock

    def troubles(self, repository: str, revisions: Sequence[str], missing: Iterable[str]) -> dict[str, Problem]:
        """What is wrong with each revision that the remote has not, of those that were asked for."""
        troubles: dict[str, Problem] = {}
        absent, at = set(missing), timestamp(self._clock())
        for revision in revisions:
            since = self._state.missing_since(repository, revision)
            if revision in absent or since is not None:
                self._state.mark_missing(repository, revision, revision in absent, at)
            if revision in absent:
                troubles[revision] = self._trouble(repository, revision, since or at)
        return troubles

    def _trouble(self, repository: str, revision: str, since: str) -> Problem:
        gone = self._clock() - datetime.fromisoformat(since) >= GRACE
        return Problem(
            REF_GONE if gone else "git.ref_missing",
            f"{repository} has no branch or tag {revision}" if revision else f"{repository} has no default branch",
            hint="push it again, or change the location" + ("" if gone else "; its entities stay for 24 hours"),
            name="NotFoundError",
        )
