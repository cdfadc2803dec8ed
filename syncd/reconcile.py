"""Reconciling: bring the catalog in line with one repository. Safe to repeat, also after a crash half way."""

import logging
import random
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from syncd.errors import CatalogError, StalledError
from syncd.git import Mirrors
from syncd.model.location import Location
from syncd.model.problem import Problem
from syncd.model.reading import ParentProblem
from syncd.process import location_targets
from syncd.stitch.publisher import Publisher
from syncd.store.state import State, now
from syncd.walk.known import Known
from syncd.walk.shortcut import changed_files_only
from syncd.walk.walk import REF_GONE, Surroundings, Walk, Walker
from syncd.watch.mailbox import Mailbox

LOG = logging.getLogger("syncd.reconcile")
MISSING_REF_GRACE = timedelta(hours=24)
POLL_JITTER = 0.1


@dataclass(slots=True)
class RepositoryState:
    """How the looks at one repository went; times are wall time, for display only."""

    last_attempt: str | None = None
    last_success: str | None = None
    next_attempt: str | None = None
    error: Problem | None = None
    failures: int = 0
    stale_since: str | None = None
    troubles: dict[str, Problem] = field(default_factory=dict)
    """By revision: why it could not be brought up to date."""


@dataclass(slots=True)
class _Watched:
    """A location with the memory of its last walk."""

    location: Location
    known: Known
    asked: frozenset[tuple[str, str]]
    problems: tuple[ParentProblem, ...] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often repositories are looked at; seconds."""

    poll: float = 60.0
    backoff_first: float = 1.0
    backoff_longest: float = 900.0


class Reconciler:
    """Knows which locations read which repositories; `look` is one round for one of these. Thread-safe."""

    def __init__(
        self, mirrors: Mirrors, publisher: Publisher, state: State, mailbox: Mailbox, around: Surroundings, pace: Pace
    ) -> None:
        self._mirrors = mirrors
        self._publisher = publisher
        self._state = state
        self._mailbox = mailbox
        self._around = replace(around, trouble=self._trouble)
        self._pace = pace
        self._watched: dict[str, _Watched] = {}
        self._repositories: dict[str, RepositoryState] = {}
        self._lock = threading.Lock()
        self.on_repository: Callable[[str], object] = str
        """Called with each clone URL that begins to matter."""

    # Which locations there are

    def add(self, location: Location, known: Known) -> None:
        """Begin to care for a location; its repositories ring."""
        targets = location_targets(location, self._around.hosts)
        asked = {
            (t.repository, t.revision) for t in (*known.targets(), *(targets if isinstance(targets, list) else ()))
        }
        with self._lock:
            self._watched[location.id] = _Watched(location, known, frozenset(asked))
        rung = self._note(asked)
        if not rung:  # nothing to fetch: its targets are wrong, and that is what is to be published
            self._walk(self._watched[location.id])

    def update(self, location: Location) -> None:
        """Take over new settings of a location."""
        with self._lock:
            self._watched[location.id].location = location

    def remove(self, location_id: str) -> None:
        """Stop to care for a location and for repositories that nobody else reads."""
        with self._lock:
            watched = self._watched.pop(location_id, None)
            needed = {self._identity(url) for other in self._watched.values() for url, _ in other.asked}
            unused = {self._identity(url) for url, _ in watched.asked} - needed if watched else set()
            for repository in unused:
                self._repositories.pop(repository, None)
        for repository in unused - {""}:
            self._mailbox.forget(repository)

    def repositories(self, location_ids: Iterable[str] | None = None) -> set[str]:
        """Canonical URLs of what these locations (None: all) read."""
        with self._lock:
            chosen = self._watched if location_ids is None else location_ids
            asked = {url for id_ in chosen if id_ in self._watched for url, _ in self._watched[id_].asked}
        return {self._identity(url) for url in asked} - {""}

    def force(self, location_ids: Iterable[str]) -> None:
        """Have the next look at these locations read everything again."""
        with self._lock:
            for watched in (self._watched[id_] for id_ in location_ids if id_ in self._watched):
                watched.known.forget()
                watched.problems = None

    def repository_state(self, location_id: str) -> list[RepositoryState]:
        """How it goes with each repository of a location."""
        names = self.repositories([location_id])
        with self._lock:
            return [replace(self._repositories[name]) for name in sorted(names) if name in self._repositories]

    def commits(self, location_id: str) -> dict[str, str]:
        """The commit that was published of each branch, by `repository branch`."""
        with self._lock:
            watched = self._watched.get(location_id)
            commits = watched.known.commits if watched else {}
            return {f"{branch.repository} {branch.short}": commit for branch, commit in commits.items()}

    # One look

    def look(self, repository: str) -> None:
        """Fetch a repository and publish what changed for every location that reads it."""
        with self._lock:
            readers = [w for w in self._watched.values() if any(self._identity(u) == repository for u, _ in w.asked)]
            revisions = {r for w in readers for u, r in w.asked if self._identity(u) == repository}
            state = self._repositories.setdefault(repository, RepositoryState())
        if not revisions:
            return
        state.last_attempt = now()
        troubles = dict(state.troubles)
        failure = self._fetch(repository, sorted(revisions), state)
        is_news = troubles != state.troubles
        for watched in readers:
            if is_news or self._moved(watched, repository):
                self._walk(watched)
        self._appoint(repository, state, failure)

    def _fetch(self, repository: str, revisions: Sequence[str], state: RepositoryState) -> CatalogError | None:
        try:
            fetched = self._mirrors.open(repository).fetch(revisions)
        except CatalogError as error:
            problem = Problem(error.code, str(error), hint=error.hint, name="ServiceUnavailableError")
            state.error, state.failures = problem, state.failures + 1
            state.stale_since = state.stale_since or now()
            state.troubles = dict.fromkeys(revisions, problem)
            LOG.warning("%s: %s", repository, error)
            return error
        state.error, state.failures, state.last_success = None, 0, now()
        state.troubles = self._missing(repository, revisions, fetched.missing)
        state.error = next(iter(state.troubles.values()), None)
        state.stale_since = (state.stale_since or now()) if state.troubles else None
        for revision, (old, new) in fetched.rewritten.items():
            LOG.warning("%s: history of %s was rewritten, %s to %s", repository, revision or "HEAD", old, new)
        return None

    def _missing(self, repository: str, revisions: Sequence[str], missing: Iterable[str]) -> dict[str, Problem]:
        """Refs that the remote has not: kept for a grace period, then gone (R19)."""
        troubles: dict[str, Problem] = {}
        absent = set(missing)
        for revision in revisions:
            since = self._state.missing_since(repository, revision)
            if revision in absent or since is not None:
                self._state.mark_missing(repository, revision, revision in absent)
            if revision not in absent:
                continue
            name = revision or "a default branch"
            since = self._state.missing_since(repository, revision) or now()
            gone = datetime.now(UTC) - datetime.fromisoformat(since) >= MISSING_REF_GRACE
            code = REF_GONE if gone else "git.ref_missing"
            troubles[revision] = Problem(
                code,
                f"{repository} has no {name}",
                hint="its last entities stay for 24 hours; push the branch again, or change the location",
                name="NotFoundError",
            )
        return troubles

    def _moved(self, watched: _Watched, repository: str) -> bool:
        """Whether a branch of the repository is elsewhere than where this location was last published."""
        if not watched.known.walked or watched.problems is None:
            return True
        mirror = self._mirrors.open(repository)
        revisions = [revision for url, revision in watched.asked if self._identity(url) == repository]
        heads = mirror.heads(revisions)
        published = {b.ref: c for b, c in watched.known.commits.items() if b.repository == repository}
        return {head.ref: head.commit for head in heads.values()} != published

    def _walk(self, watched: _Watched) -> None:
        with watched.lock:
            walk = self._found(watched)
            reading = walk.reading
            quiet = not reading.files and not reading.removed and reading.problems == watched.problems
            if not quiet or reading.commits != watched.known.commits:
                self._publisher.publish(reading).result()
                watched.known.apply(reading, clean=walk.clean)
                watched.problems = reading.problems
        new = walk.asked - watched.asked
        if walk.asked:
            watched.asked = walk.asked
        self._note(new)

    def _found(self, watched: _Watched) -> Walk:
        if watched.problems is not None:
            shortcut = changed_files_only(watched.location, watched.known, self._around)
            if shortcut is not None:
                return shortcut
        last_good = self._state.last_good(watched.location.id)
        return Walker(watched.location, watched.known, last_good, self._around).run()

    # When to look again

    def _appoint(self, repository: str, state: RepositoryState, failure: CatalogError | None) -> None:
        if failure is None or isinstance(failure, StalledError):
            delay = self._pace.poll * random.uniform(1 - POLL_JITTER, 1 + POLL_JITTER)  # noqa: S311 - no secret
        else:
            longest = min(self._pace.backoff_longest, self._pace.backoff_first * 2 ** min(state.failures, 20))
            delay = max(self._pace.backoff_first / 2, random.uniform(0, longest))  # noqa: S311 - no secret
        self._mailbox.ring_at(repository, delay)
        at = datetime.now(UTC) + timedelta(seconds=delay)
        state.next_attempt = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _note(self, asked: Iterable[tuple[str, str]]) -> bool:
        """Ring what is asked for; True when there was anything that can be fetched."""
        names = {identity: url for url, _ in asked if (identity := self._identity(url))}
        with self._lock:
            fresh = {name for name in names if name not in self._repositories}
            for name in fresh:
                self._repositories[name] = RepositoryState()
        for name in fresh:
            self.on_repository(names[name])
        self._mailbox.ring(names)
        return bool(names)

    def _identity(self, url: str) -> str:
        """Canonical form of a clone URL; "" for one that may not be reached at all."""
        try:
            return self._mirrors.open(url).url
        except CatalogError:
            return ""

    def _trouble(self, repository: str, revision: str) -> Problem | None:
        with self._lock:
            state = self._repositories.get(repository)
            return state.troubles.get(revision) if state else None
