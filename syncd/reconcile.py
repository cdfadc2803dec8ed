"""Reconciling: bring the catalog in line with one repository. Safe to repeat, also after a crash half way."""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

from syncd.clock import utc_now
from syncd.errors import CatalogError, DiskFullError
from syncd.git import Mirrors, is_silence
from syncd.logs import told
from syncd.missing_refs import MissingRefs
from syncd.model.location import Location
from syncd.model.problem import Problem
from syncd.model.timestamp import timestamp
from syncd.pace import Pace
from syncd.process.targets import location_targets
from syncd.stitch.publisher import Publisher
from syncd.store.state import LoggedChange, State, now
from syncd.sync_log import tell_look, tell_published
from syncd.walk.known import Known
from syncd.walk.shortcut import changed_files_only
from syncd.walk.walk import REF_GONE, Surroundings, Walk, Walker
from syncd.watch.mailbox import Mailbox
from syncd.watch.places import HOST_SILENT, Places, host_of
from syncd.watched import LastChange, Phase, RepositoryState, Watched

LOG = logging.getLogger("syncd.reconcile")


class _Countdown:
    """Calls `done` when as many things have ended as there were."""

    def __init__(self, count: int, done: Callable[[], None]) -> None:
        self._left = count
        self._done = done
        self._lock = threading.Lock()
        if not count:
            done()

    def one(self) -> None:
        """One more has ended."""
        with self._lock:
            self._left -= 1
            ended = not self._left
        if ended:
            self._done()


class Reconciler:
    """Knows which locations read which repositories; `look` is one round for one of these. Thread-safe."""

    def __init__(
        self,
        mirrors: Mirrors,
        publisher: Publisher,
        state: State,
        mailbox: Mailbox,
        around: Surroundings,
        pace: Pace,
        places: Places,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._mirrors = mirrors
        self._publisher = publisher
        self._state = state
        self._mailbox = mailbox
        self._around = replace(around, trouble=self._trouble)
        self._pace = pace
        self._places = places
        self.clock = clock
        """The time of day: what the grace of missing refs is measured by."""
        self._missing = MissingRefs(state, lambda: self.clock())
        self._watched: dict[str, Watched] = {}
        self._readers: dict[str, set[str]] = defaultdict(set)
        """Locations by the repositories that they read."""
        self._identities: dict[str, str] = {}
        self._repositories: dict[str, RepositoryState] = {}
        self._lock = threading.RLock()
        self.retries = 0
        """Looks at repositories whose look before had failed."""
        self.on_repository: Callable[[str], object] = str
        """Called with each clone URL that begins to matter, and after each look at it."""
        self.on_forgotten: Callable[[str], object] = str
        """Called with each canonical URL that matters no more."""
        self.stopping = False
        """Set before the mirrors are closed: looks then end without a word."""
        self.on_looked: Callable[[str, float], object] = lambda _code, _seconds: None
        """Called after each look at a repository with `ok` or the code of the error, and the seconds that it took."""

    # Which locations there are

    def add(self, location: Location, known: Known, *, is_current: bool = False, spread: float = 0.0) -> None:
        """Begin to care for a location; its repositories ring, those of other hosts within `spread` seconds.

        `is_current` tells that what is known was read by this process, without a problem of the location's own: then
        only what a fetch brings is read.
        """
        targets = location_targets(location, self._around.hosts)
        roots = targets if isinstance(targets, list) else []
        watched = Watched(location, known, problems=() if is_current else None)
        with self._lock:
            self._watched[location.id] = watched
            self._ask(watched, {*((t.repository, t.revision) for t in roots), *known.asked()})
        if watched.asked:
            remote = [name for name in watched.asked if spread and host_of(name)]
            self._mailbox.ring(watched.asked.keys() - remote)
            self._mailbox.ring_within(remote, spread)
        else:  # nothing can be fetched: its targets are wrong, and that is what is to be published
            self._walk(watched, "", lambda: None)

    def remove(self, location_id: str) -> None:
        """Stop to care for a location, and for repositories that nobody else reads."""
        with self._lock:
            watched = self._watched.pop(location_id, None)
            for repository in watched.asked if watched else ():
                self._leave(repository, location_id)

    def change(self, location: Location) -> None:
        """A location leads elsewhere: what it held goes with its next walk. Call while it is `still`."""
        targets = location_targets(location, self._around.hosts)
        with self._lock:
            watched = self._watched.get(location.id)
            if watched is None:
                return
            watched.location = location
            watched.forget()
            self._ask(watched, [(t.repository, t.revision) for t in targets] if isinstance(targets, list) else [])
        self._mailbox.ring(watched.asked)

    def adjust(self, location: Location) -> None:
        """Deal with a location otherwise: leave it alone from its next look on or look at it again, at its interval."""
        with self._lock:
            watched = self._watched.get(location.id)
            if watched is None:
                return
            before = watched.location
            watched.location = replace(before, paused=location.paused, poll_interval=location.poll_interval)
            if before.paused and not location.paused:
                self._mailbox.ring(watched.asked)
            elif before.poll_interval != location.poll_interval and not location.paused:
                for repository in watched.asked:
                    state = self._repositories[repository]
                    if state.last_attempt and not state.failures:  # else there is an earlier time for it
                        self._ring_in(self._pace_of(repository).after(None, 0, 0.0), repository, state)

    def repositories(self, location_ids: Iterable[str] | None = None) -> set[str]:
        """Canonical URLs of what these locations (None: all) read."""
        with self._lock:
            chosen = self._watched if location_ids is None else location_ids
            return {url for id_ in chosen if id_ in self._watched for url in self._watched[id_].asked}

    @contextmanager
    def still(self, location_id: str) -> Iterator[None]:
        """No walk of the location is under way inside: none can publish what it read before a change made here."""
        with self._lock:
            watched = self._watched.get(location_id)
        with watched.turn if watched else nullcontext():
            yield

    def force(self, location_ids: Iterable[str]) -> None:
        """Have the next look at these locations read everything again."""
        with self._lock:
            for watched in (self._watched[id_] for id_ in location_ids if id_ in self._watched):
                watched.forced += 1
                watched.forget()

    def renew(self, known: Mapping[str, Known]) -> None:
        """Take over what another index remembers, location by location, each between two walks."""
        with self._lock:
            all_watched = list(self._watched.values())
        for watched in all_watched:
            with watched.turn:
                watched.known = known.get(watched.location.id, Known.nothing())
                watched.problems = None

    def repository_state(self, location_id: str) -> list[RepositoryState]:
        """How it goes with each repository of a location."""
        names = self.repositories([location_id])
        with self._lock:
            states = {name: replace(self._repositories[name]) for name in names if name in self._repositories}
        for name, state in states.items():
            state.percent = self._mirrors.open(name).percent if state.phase == "fetching" else None
        return [states[name] for name in sorted(states)]

    def last_change(self, location_id: str) -> LastChange | None:
        """What the last walk of this process that changed something changed."""
        with self._lock:
            watched = self._watched.get(location_id)
            return watched.changed if watched else None

    def commits(self, location_id: str) -> dict[str, str]:
        """The commit that was published of each branch, by `repository branch`."""
        with self._lock:
            watched = self._watched.get(location_id)
            commits = watched.known.commits if watched else {}
            return {f"{branch.repository} {branch.short}": commit for branch, commit in commits.items()}

    # One look

    def look(self, repository: str, done: Callable[[], None]) -> None:
        """Fetch a repository and publish what changed for every location that reads it; `done` when it is visible."""
        with self._lock:
            readers = [self._watched[id_] for id_ in self._readers.get(repository, ()) if id_ in self._watched]
            readers = [watched for watched in readers if not watched.location.paused]
            asked = [frozenset(watched.asked[repository]) for watched in readers]
            state = self._repositories.get(repository)
        revisions = frozenset(revision for wanted in asked for revision in wanted)
        if not revisions or state is None:
            done()
            return
        looked = state

        def end() -> None:
            looked.phase = ""
            done()

        state.phase, state.last_attempt = "fetching", now()
        self.retries += state.failures > 0
        troubles, before = dict(state.troubles), replace(state)
        began = time.monotonic()
        failure = self._fetch(repository, sorted(revisions), state)
        if self.stopping:
            end()
            return
        seconds = time.monotonic() - began
        state.seconds = seconds
        self.on_looked(state.error.code if state.error else "ok", seconds)
        tell_look(repository, sorted(watched.location.id for watched in readers), before, state, seconds)
        is_news = troubles != state.troubles
        self._appoint(repository, state, failure)
        if failure is None:
            self.on_repository(repository)
            self._hold(repository, revisions, state)
        moved = [
            watched
            for watched, wanted in zip(readers, asked, strict=True)
            if is_news or self._moved(watched, repository, wanted)
        ]
        state.phase = "reading"
        countdown = _Countdown(len(moved), end)
        for watched in moved:
            self._walk(watched, repository, countdown.one)

    def _fetch(self, repository: str, revisions: Sequence[str], state: RepositoryState) -> CatalogError | None:
        try:
            self._places.check(repository)
            fetched = self._mirrors.open(repository).fetch(revisions)
        except CatalogError as error:
            if self.stopping:  # our own end is no failure of the source
                return error
            if error.code not in (HOST_SILENT, "git.disk_full"):
                self._places.failed(repository, silent=is_silence(error))
            state.failed(error, revisions)
            return error
        self._places.succeeded(repository)
        state.fetched(self._missing.troubles(repository, revisions, fetched.missing))
        for revision, (old, new) in fetched.rewritten.items():
            LOG.warning(
                "%s: history of %s was rewritten, %s to %s", repository, revision or "HEAD", old, new,
                extra=told("sync.rewritten"),
            )  # fmt: skip
        return None

    def _hold(self, repository: str, revisions: frozenset[str], state: RepositoryState) -> None:
        """Have the mirror forget the refs that nobody asks for any more, and those that are gone for good (R4, R19)."""
        gone = {revision for revision, trouble in state.troubles.items() if trouble.code == REF_GONE}
        if state.troubles.keys() != gone or revisions - gone == state.held:
            return
        try:
            self._mirrors.open(repository).retain(revisions - gone)
            state.held = revisions - gone
        except CatalogError as error:  # it can wait for the next look
            LOG.warning("%s: %s", repository, error)

    def _moved(self, watched: Watched, repository: str, revisions: frozenset[str]) -> bool:
        """Whether a branch of the repository is elsewhere than where this location was last published."""
        if not watched.known.walked or watched.problems is None:
            return True
        heads = self._mirrors.open(repository).heads(revisions)
        published = {b.ref: c for b, c in watched.known.commits.items() if b.repository == repository}
        return {head.ref: head.commit for head in heads.values()} != published

    def _walk(self, watched: Watched, repository: str, done: Callable[[], object]) -> None:
        """Walk a location and hand over what is found; `done` when that is visible, or has failed.

        The location's turn is held until then, so that its next walk starts from what is published.
        """
        watched.turn.acquire()
        forced, began = watched.forced, time.monotonic()

        def end(finished: "Future[LoggedChange | None] | None" = None) -> None:
            try:
                error = finished.exception() if finished else None
                if finished is not None and error is None:
                    watched.known.apply(walk.reading, clean=walk.clean)
                    watched.problems = walk.reading.problems
                    watched.remember(finished.result())
                    tell_published(watched, finished.result(), time.monotonic() - began)
                elif error is not None:
                    LOG.error("%s could not be published: %s", watched.location.location_ref, error)
                    if isinstance(error, DiskFullError):  # what it found is found again when there may be room
                        for name in watched.asked:
                            self._mailbox.ring_at(name, self._pace_of(name).without_room)
                if watched.forced != forced:  # somebody asked for a full look while this one was under way
                    watched.forget()
            finally:
                watched.turn.release()
                done()

        try:
            walk = self._found(watched)
            if walk.asked:
                self._follow(watched, walk.asked, repository)  # before anyone hears that this walk is done
            if self.stopping:
                end()
                return
            reading = walk.reading
            same = not reading.files and not reading.removed and reading.problems == watched.problems
            if same and reading.commits == watched.known.commits:
                published = None
            else:
                self._enter(repository, "storing")
                published = self._publisher.publish(reading)
        except Exception:  # a location that fails is its own affair (R84)
            LOG.exception("%s could not be read", watched.location.location_ref)
            end()
            return
        if published is None:
            end()
        else:
            published.add_done_callback(end)

    def _enter(self, repository: str, phase: Phase) -> None:
        with self._lock:
            state = self._repositories.get(repository)
        if state is not None and state.phase:
            state.phase = phase

    def _follow(self, watched: Watched, asked: Iterable[tuple[str, str]], repository: str) -> None:
        """Have looked at what a walk asks for and the walk before it did not: repositories, and refs of known ones."""
        with self._lock:
            if self._watched.get(watched.location.id) is not watched:
                return  # removed meanwhile
            before = watched.asked
            self._ask(watched, asked)
            new = [name for name, revisions in watched.asked.items() if revisions - before.get(name, set())]
        self._mailbox.ring(new, led_by=repository)

    def _found(self, watched: Watched) -> Walk:
        if watched.problems is not None:
            shortcut = changed_files_only(watched.location, watched.known, self._around)
            if shortcut is not None:
                return shortcut
        last_good = self._state.last_good(watched.location.id)
        return Walker(watched.location, watched.known, last_good, self._around).run()

    # When to look again

    def _appoint(self, repository: str, state: RepositoryState, failure: CatalogError | None) -> None:
        rest = self._places.rest(repository) if failure is not None else 0.0
        delay = self._pace_of(repository).after(failure, state.failures, rest)
        self._ring_in(delay, repository, state)

    def _ring_in(self, delay: float, repository: str, state: RepositoryState) -> None:
        with self._lock:
            if repository not in self._repositories:
                return  # the last location that read it was removed meanwhile
            self._mailbox.ring_at(repository, delay)
        state.next_attempt = timestamp(self.clock() + timedelta(seconds=delay))

    def _pace_of(self, repository: str) -> Pace:
        """How often a repository is looked at: the shortest interval of the locations that look at it counts."""
        with self._lock:
            readers = [self._watched[id_].location for id_ in self._readers.get(repository, ()) if id_ in self._watched]
        intervals = [one.poll_interval or self._pace.poll for one in readers if not one.paused]
        return replace(self._pace, poll=min(intervals, default=self._pace.poll))

    def _ask(self, watched: Watched, asked: Iterable[tuple[str, str]]) -> None:
        """Note which repositories a location reads. URLs that are not allowed are left out."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for url, revision in asked:
            identity = self._identity(url)
            if identity:
                wanted[identity].add(revision)
                if identity not in self._repositories:
                    self._repositories[identity] = RepositoryState()
                    self.on_repository(url)
        for repository in watched.asked.keys() - wanted.keys():
            self._leave(repository, watched.location.id)
        for repository in wanted:
            self._readers[repository].add(watched.location.id)
        watched.asked = dict(wanted)

    def _leave(self, repository: str, location_id: str) -> None:
        """A location reads this repository no more; when nobody does, it is forgotten."""
        self._readers[repository].discard(location_id)
        if not self._readers[repository]:
            self._readers.pop(repository)
            self._repositories.pop(repository, None)
            self._places.forget(repository)
            self._mailbox.forget(repository)
            self.on_forgotten(repository)

    def _identity(self, url: str) -> str:
        """Canonical form of a clone URL; "" for one that may not be reached at all."""
        if url not in self._identities:
            try:
                self._identities[url] = self._mirrors.open(url).url
            except CatalogError:
                self._identities[url] = ""
        return self._identities[url]

    def _trouble(self, repository: str, revision: str) -> Problem | None:
        with self._lock:
            state = self._repositories.get(repository)
            return state.troubles.get(revision) if state else None
