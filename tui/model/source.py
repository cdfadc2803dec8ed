"""What the screens need of the daemon, as plain values: the only words that model and screens share with the wire."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tui.layout_answers import LayoutAnswer
from tui.model.edit_source import EditSource
from tui.model.entity_source import EntitySource
from tui.model.finding_source import FindingSource
from tui.model.location_source import LocationSource
from tui.model.sql_source import SqlSource

PAGE_ROWS = 200
"""Rows asked for at once: two hundred fill any terminal and cost the daemon little more than twenty."""


class SourceError(Exception):
    """The daemon did not give what was asked for; the message is for a person."""


class RefusedError(SourceError):
    """The daemon answered "no": a wrong query, a missing entity. Asking again changes nothing.

    `position` counts characters from 0 into the query line, where the daemon knows it. `members` is the whole answer.
    """

    def __init__(
        self,
        message: str,
        *,
        position: int | None = None,
        hint: str = "",
        code: str = "",
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.position = position
        self.hint = hint
        self.code = code
        self.members = members or {}


class LostError(SourceError):
    """The daemon did not answer. What is on the screen stays; asking again later may help."""


def why_not(error: Exception | None) -> str:
    """Why there is no answer and, where the daemon said "no", what to do about it."""
    hint = error.hint if isinstance(error, RefusedError) else ""
    return f"{error}; {hint}" if hint else str(error)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the entity's ref and one text for each column (None where the entity has no value)."""

    ref: str
    cells: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class EntityPage:
    """Rows `offset` to `offset + len(rows)` of an answer that has `total` rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    offset: int
    total: int
    generation: int


@dataclass(frozen=True, slots=True)
class ProblemItem:
    """One problem as the daemon tells it; `line` and `column` count from 1, 0 is "the file"."""

    code: str
    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    hint: str = ""
    ref: str = ""
    location: str = ""
    repository: str = ""
    git_ref: str = ""
    url: str = ""

    @property
    def where(self) -> str:
        """`path:line` as far as known."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """The first problems and how many there are."""

    items: tuple[ProblemItem, ...]
    total: int


@dataclass(frozen=True, slots=True)
class EntityDetails:
    """One entity whole, and where it comes from."""

    ref: str
    entity: Mapping[str, Any]
    repository: str = ""
    git_ref: str = ""
    path: str = ""
    line: int = 0
    commit: str = ""
    url: str = ""
    updated: str = ""
    location: str = ""
    problems: tuple[ProblemItem, ...] = ()
    blob: str = ""
    overlay: Mapping[str, str] = field(default_factory=dict)
    """Paths of what was said beside git, each with who said it."""


@dataclass(frozen=True, slots=True)
class LocationItem:
    """A registered source and how its last synchronisation went; times are ISO 8601 texts, empty when never."""

    id: str
    type: str
    target: str
    ref: str = ""
    paths: tuple[str, ...] = ()
    last_attempt: str = ""
    last_success: str = ""
    next_attempt: str = ""
    commit: str = ""
    error_code: str = ""
    error: str = ""
    hint: str = ""
    failures: int = 0
    stale_since: str = ""
    configured: bool = False
    paused: bool = False
    write: str = "none"
    poll_interval: float | None = None
    """Seconds; None is the interval of the configuration."""
    seconds: float = 0.0
    changed: tuple[int, int, int] | None = None
    """How many entities its last sync that changed something added, changed and removed."""
    counts: Mapping[str, int] = field(default_factory=dict)
    phase: str = ""
    """What the daemon does with it now: fetching, reading, storing; empty where nothing."""
    percent: int | None = None
    """How far the fetching is, 0 to 99; None where nobody can tell."""


@dataclass(frozen=True, slots=True)
class Status:
    """The daemon in one look; `started` is when it did, where that is known."""

    state: str
    idle: bool
    entities: int
    locations: int
    problems: int
    index_seq: int
    version: str = ""
    busy: tuple[str, ...] = ()
    waiting: int = 0
    """Repositories that are to be read and wait for their turn."""
    started: datetime | None = None
    poll_interval: float = 0.0
    """Seconds between two looks at a source where its location says nothing; 0 where nobody knows."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something changed in the catalog: refs that came, that differ now, that went."""

    seq: int
    at: str = ""
    actor: str = ""
    what: str = ""
    target: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def refs(self) -> tuple[str, ...]:
        """All refs concerned."""
        return (*self.added, *self.updated, *self.removed)


class Source(EntitySource, EditSource, LocationSource, FindingSource, SqlSource, Protocol):
    """The daemon as the screens see it. Every call blocks, may be made from any thread, and raises SourceError only."""

    def entities(self, query: str, columns: Sequence[str], sort: str, offset: int, limit: int) -> EntityPage:
        """A page of the answer to a query line; `sort` is like `-updated,name`, empty for the line's own order."""

    def entity(self, ref: str) -> EntityDetails:
        """One entity; RefusedError when there is none."""

    def layout(self, ref: str) -> LayoutAnswer:
        """What the layout of an entity says of it; RefusedError from a daemon that knows no layouts."""

    def status(self) -> Status:
        """How the daemon is."""

    def problems(self, limit: int) -> ProblemPage:
        """The first `limit` problems of the whole catalog."""

    def locations(self) -> tuple[LocationItem, ...]:
        """All registered sources."""

    def log(self, before: int, limit: int) -> tuple[Change, ...]:
        """The last `limit` changes numbered below `before` (0: of all), the newest first."""

    def events(self, after: int) -> Iterator[Change]:
        """Changes numbered above `after`, as they happen; ends, or raises LostError, when the line is cut."""
