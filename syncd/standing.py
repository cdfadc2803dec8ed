"""How the daemon stands, and how each location does, in figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from syncd.disk import DiskSpace
from syncd.watched import LastChange, Phase, RepositoryState

StateName = Literal["ready", "starting", "degraded", "readonly"]


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
        return cls(
            phase=next((one.phase for one in repositories if one.phase), ""),
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


def _latest(times: Iterable[str | None]) -> str | None:
    return max((time for time in times if time), default=None)


def _earliest(times: Iterable[str | None]) -> str | None:
    return min((time for time in times if time), default=None)
