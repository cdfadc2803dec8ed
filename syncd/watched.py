"""What the daemon remembers of each source between two looks: how it went, and what was read."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from syncd.errors import CatalogError
from syncd.model.location import Location
from syncd.model.problem import Problem
from syncd.model.reading import ParentProblem
from syncd.store.state import LoggedChange, now
from syncd.walk.known import Known

Phase = Literal["", "fetching", "reading", "storing"]
"""What a look at a repository does now; "" where nobody looks."""


@dataclass(slots=True)
class RepositoryState:
    """How the looks at one repository went; times are wall time, for display only."""

    phase: Phase = ""
    percent: int | None = None
    """How far the fetching is, 0 to 99; None where nothing is fetched, or nobody can tell."""
    last_attempt: str | None = None
    last_success: str | None = None
    next_attempt: str | None = None
    error: Problem | None = None
    failures: int = 0
    stale_since: str | None = None
    seconds: float = 0.0
    """What the last look took, in seconds, without what was then read and published."""
    troubles: dict[str, Problem] = field(default_factory=dict)
    """By revision: why it could not be brought up to date."""
    held: frozenset[str] | None = None
    """The revisions that the mirror was last told to hold, and nothing else."""

    def failed(self, error: CatalogError, revisions: Iterable[str]) -> None:
        """Nothing came of a look that was to bring these revisions."""
        self.error = Problem(error.code, str(error), hint=error.hint, name="ServiceUnavailableError")
        self.failures += 1
        self.stale_since = self.stale_since or now()
        self.troubles = dict.fromkeys(revisions, self.error)

    def fetched(self, troubles: dict[str, Problem]) -> None:
        """All revisions were brought but these."""
        self.failures, self.last_success = 0, now()
        self.troubles = troubles
        self.error = next(iter(troubles.values()), None)
        self.stale_since = (self.stale_since or now()) if troubles else None


@dataclass(frozen=True, slots=True)
class LastChange:
    """How much a walk changed, and under which number of the log."""

    seq: int
    at: str
    added: int
    updated: int
    removed: int


@dataclass(slots=True)
class Watched:
    """A location with the memory of its last walk; one walk at a time, from reading to visible."""

    location: Location
    known: Known
    asked: dict[str, set[str]] = field(default_factory=dict)
    """Canonical URLs of the repositories that it reads, and the revisions of each."""
    problems: tuple[ParentProblem, ...] | None = None
    """Those published last; None before that."""
    turn: threading.Lock = field(default_factory=threading.Lock)
    changed: LastChange | None = None
    """The last change that a walk of this process led to."""
    forced: int = 0
    """How often a full look was asked for."""

    def remember(self, change: LoggedChange | None) -> None:
        """A walk is visible; None where it changed nothing."""
        if change is not None:
            counts = (len(change.added), len(change.updated), len(change.removed))
            self.changed = LastChange(change.seq, change.at, *counts)

    def forget(self) -> None:
        """Have the next look read everything again."""
        self.known.forget()
        self.problems = None
