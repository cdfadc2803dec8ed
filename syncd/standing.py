"""How the daemon stands, and how each location does, in figures."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

from syncd.blueprints.computing import Computing
from syncd.disk import Disk, DiskSpace
from syncd.errors import UnavailableError
from syncd.readiness import Readiness, StateName
from syncd.store.catalog import Catalog
from syncd.watch.mailbox import Mailbox
from syncd.watched import LastChange, Phase, RepositoryState

VERSION = version("git-catalog")


@dataclass(frozen=True, slots=True)
class Status:
    """The daemon in figures."""

    idle: bool
    entities: int
    locations: int
    problems: int
    index_seq: int
    log_seq: int
    """The last change that is written down; the index is in step where `index_seq` is the same."""
    generation: int
    state: StateName
    version: str
    kinds: Mapping[str, int]
    templates: int
    uptime_seconds: float
    git: str
    listen: str
    socket: str
    busy: tuple[str, ...]
    waiting: int
    """Repositories that were rung and wait for their turn."""
    silent: tuple[str, ...]
    """Hosts that do not answer and are left alone for a while (R81)."""
    polled: tuple[str, ...]
    """Local repositories that the system cannot watch: a push is seen at the next poll (R82)."""
    disk: DiskSpace


@dataclass(frozen=True, slots=True)
class LocationState:
    """How the synchronisation of a location fares (R95); times are RFC 3339 texts."""

    phase: Phase = ""
    """What is being done to the first of its repositories that is looked at now."""
    percent: int | None = None
    """How far the fetching of that repository is, 0 to 99; None where nothing is fetched, or nobody can tell."""
    last_attempt: str | None = None
    last_success: str | None = None
    commit: str | None = None
    next_attempt: str | None = None
    error_code: str = ""
    error: str = ""
    hint: str = ""
    failures: int = 0
    stale_since: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    """What the last look at its slowest repository took."""
    changed: LastChange | None = None
    """The last change that it led to since the daemon began."""

    @classmethod
    def together(
        cls,
        repositories: Sequence[RepositoryState],
        commit: str | None,
        counts: Mapping[str, int],
        changed: LastChange | None = None,
    ) -> "LocationState":
        """The states of all repositories that a location reaches, as one."""
        failing = next((one for one in repositories if one.error is not None), None)
        error = failing.error if failing else None
        looked = next((one for one in repositories if one.phase), None)
        return cls(
            phase=looked.phase if looked else "",
            percent=looked.percent if looked else None,
            last_attempt=_latest(one.last_attempt for one in repositories),
            last_success=_latest(one.last_success for one in repositories),
            commit=commit,
            next_attempt=_earliest(one.next_attempt for one in repositories),
            error_code=error.code if error else "",
            error=error.message if error else "",
            hint=(error.hint or "it is tried again by itself at the time of next_attempt") if error else "",
            failures=max((one.failures for one in repositories), default=0),
            stale_since=_earliest(one.stale_since for one in repositories),
            counts=counts,
            seconds=max((one.seconds for one in repositories), default=0.0),
            changed=changed,
        )


class Standing:
    """Gathers the figures of the moment; every call may block and may come from any thread."""

    def __init__(
        self,
        readiness: Readiness,
        catalog: Catalog,
        mailbox: Mailbox,
        computing: Computing,
        disk: Disk,
        git_version: str,
    ) -> None:
        self.silent: Callable[[], Iterable[str]] = tuple
        """Which hosts are left alone now."""
        self.polled: Callable[[], Iterable[str]] = tuple
        """Which local repositories cannot be watched."""
        self.listen = ""
        self.socket = ""
        self._readiness = readiness
        self._catalog = catalog
        self._mailbox = mailbox
        self._computing = computing
        self._disk = disk
        self._git = git_version
        self._started = time.monotonic()

    def status(self) -> Status:
        """The daemon in figures; zeros while its data is not open."""
        readiness, engine = self._readiness, self._readiness.engine
        try:
            counts = self._catalog.counts()
        except UnavailableError:
            counts = None
        kinds = counts.kinds if counts else {}
        return Status(
            idle=engine is not None and self._mailbox.idle and not engine.publisher.busy,
            entities=sum(kinds.values()),
            locations=len(engine.registry.all() if engine else readiness.copies),
            problems=(counts.problems if counts else 0) + self._computing.failing,
            index_seq=engine.publisher.index_seq if engine else 0,
            log_seq=engine.publisher.log_seq if engine else 0,
            generation=self._catalog.generation,
            state=readiness.state,
            version=VERSION,
            kinds=kinds,
            templates=counts.templates if counts else 0,
            uptime_seconds=round(time.monotonic() - self._started, 3),
            git=self._git,
            listen=self.listen,
            socket=self.socket,
            busy=tuple(self._mailbox.running),
            waiting=self._mailbox.waiting,
            silent=tuple(self.silent()),
            polled=tuple(self.polled()),
            disk=self._disk.space(),
        )

    def location(self, location_id: str) -> LocationState:
        """How a location fares, its repositories taken together (R95)."""
        return self._location(location_id, self._catalog.outcomes(location_id))

    def locations(self) -> Callable[[str], LocationState]:
        """As `location`, for who wants many: what the index says of all of them is asked once."""
        counts = self._catalog.all_outcomes()
        return lambda location_id: self._location(location_id, counts.get(location_id, {}))

    def looks(self) -> dict[str, LocationState]:
        """How it goes with the repositories of each location, by its id; nothing while the data is not open."""
        engine = self._readiness.engine
        if engine is None:
            return {}
        state = engine.reconciler.repository_state
        return {one.id: LocationState.together(state(one.id), None, {}) for one in engine.registry.all()}

    def _location(self, location_id: str, counts: Mapping[str, int]) -> LocationState:
        if self._readiness.only_reads:
            return LocationState(error_code="readonly", error=self._readiness.why, counts=counts)
        reconciler = self._readiness.wait().reconciler
        commits = reconciler.commits(location_id)
        return LocationState.together(
            reconciler.repository_state(location_id),
            next(iter(commits.values()), None),
            counts,
            reconciler.last_change(location_id),
        )


def _latest(times: Iterable[str | None]) -> str | None:
    return max((time for time in times if time), default=None)


def _earliest(times: Iterable[str | None]) -> str | None:
    return min((time for time in times if time), default=None)
