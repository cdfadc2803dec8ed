"""Shapes of the own HTTP API's answers, as the terminal reads them: names and types, no behaviour."""

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

if TYPE_CHECKING:
    from tui.property_answers import EntityProperty

JsonObject = dict[str, Any]


class DiskSpace(TypedDict):
    """The disk of the state directory, in bytes; `full` where less than the floor is free: writes are refused."""

    free: int
    floor: int
    full: bool


class Status(TypedDict):
    """`GET status`: what the daemon is and how it fares."""

    idle: bool
    entities: int
    locations: int
    problems: int
    index_seq: int
    generation: int
    state: str
    version: str
    kinds: dict[str, int]
    templates: int
    uptime_seconds: float
    git: str
    listen: str
    socket: str
    busy: list[str]
    waiting: NotRequired[int]
    silent: list[str]
    polled: list[str]
    poll_interval: NotRequired[float]
    disk: DiskSpace


class EntityRow(TypedDict):
    """One entity as cells, in the order of the page's columns; a cell is text or null."""

    ref: str
    cells: list[str | None]


class EntityRows(TypedDict):
    """`GET entities` with columns."""

    columns: list[str]
    rows: list[EntityRow]
    total: int
    generation: int


class EntityDocuments(TypedDict):
    """`GET entities` without columns: whole entities."""

    items: list[JsonObject]
    total: int
    generation: int


class GroupCount(TypedDict):
    """One group of `group:`; null are the entities without a value."""

    value: str | None
    count: int


class Grouping(TypedDict):
    """What `group:` names."""

    name: str
    key: str


Explanation = TypedDict(
    "Explanation",
    {
        "as": dict[str, str | list[str] | JsonObject | None],
        "unsayable": dict[str, str],
        "order": list[dict[str, str]],
        "columns": list[str],
        "group": Grouping | None,
    },
)
"""`GET explain`: a query line in other languages, and what it says beside its conditions."""


class EntitySource(TypedDict):
    """Where an entity was read."""

    location: str
    repository: str
    ref: str
    path: str
    line: int
    blob: str
    commit: str
    url: str


class ProblemItem(TypedDict):
    """Something wrong in a source; `line` and `column` count from 1, 0 means the file as a whole."""

    code: str
    message: str
    path: str
    line: int
    column: int
    hint: str
    ref: str
    location: NotRequired[str]
    repository: NotRequired[str]
    git_ref: NotRequired[str]
    url: NotRequired[str]


class EntityAnswer(TypedDict):
    """`GET entities/{ref}`."""

    entity: JsonObject
    source: EntitySource | None
    updated: str
    problems: list[ProblemItem]
    properties: NotRequired["list[EntityProperty]"]
    """Custom properties; none for a token that may not read all entities. An older daemon does not tell them here."""


class SqlColumn(TypedDict):
    """One column of an answer; the type is the engine's."""

    name: str
    type: str


class SqlAnswer(TypedDict):
    """`POST sql`; `truncated_by` is the limit that cut the rows."""

    columns: list[SqlColumn]
    rows: list[list[Any]]
    row_count: int
    truncated: bool
    truncated_by: str | None
    index_seq: int
    snapshot_age_seconds: float
    elapsed_ms: float
    error: NotRequired[JsonObject]
    """Why it broke off after these rows; what follows the rows is missing then."""


class GraphNode(TypedDict):
    """An entity of a graph, or a ref of none (`missing`); `hidden` relations lead from it to what is not shown.

    `owner` is a ref. An older daemon tells no `type`, `owner` and `problems`.
    """

    ref: str
    kind: str
    title: str | None
    depth: int
    missing: bool
    hidden: int
    type: NotRequired[str | None]
    owner: NotRequired[str | None]
    problems: NotRequired[int]


class GraphEdge(TypedDict):
    """A relation as its source names it, and as its target does."""

    source: str
    type: str
    reverse: str
    target: str


class LeftOff(TypedDict):
    """What stands next to the shown part of a graph."""

    nodes: int
    edges: int


class GraphAnswer(TypedDict):
    """`GET entities/{ref}/graph`."""

    root: str
    direction: str
    depth: int
    nodes: list[GraphNode]
    edges: list[GraphEdge]
    left_off: LeftOff
    generation: int


class FacetValue(TypedDict):
    """A value of a facet and how many entities have it."""

    value: str
    count: int


class FacetAnswer(TypedDict):
    """`GET facets`: values by facet, and how many values of each are left off."""

    facets: dict[str, list[FacetValue]]
    more: dict[str, int]


class CompletionItem(TypedDict):
    """A text for the line; `count` is how many entities have it, null where nothing is counted."""

    text: str
    about: str
    count: int | None


class Completion(TypedDict):
    """`GET complete`: what may replace the characters from `start` to `end` of the line."""

    start: int
    end: int
    items: list[CompletionItem]


class Problems(TypedDict):
    """`GET problems`."""

    items: list[ProblemItem]
    total: int


class SourceDocument(TypedDict):
    """What became of one document of a file."""

    index: int
    line: int
    outcome: str
    ref: str
    problem: ProblemItem | None


class SourceFile(TypedDict):
    """One file that a location reached."""

    location: str
    repository: str
    ref: str
    path: str
    blob: str
    documents: list[SourceDocument]


class LocationState(TypedDict):
    """How the synchronisation of a location fares; times are ISO 8601 or null, counts are by outcome."""

    last_attempt: str | None
    last_success: str | None
    commit: str | None
    next_attempt: str | None
    error_code: str
    error: str
    hint: str
    failures: int
    stale_since: str | None
    phase: NotRequired[str]
    percent: NotRequired[int | None]
    counts: dict[str, int]
    seconds: NotRequired[float]
    changed: NotRequired[Any]


class LocationAdjustment(TypedDict, total=False):
    """What `PATCH locations/{id}` changes; an interval of None is the configured one."""

    paused: bool
    write: str
    poll_interval: float | None


class LocationItem(TypedDict):
    """A registered source."""

    id: str
    type: str
    target: str
    ref: str
    paths: list[str]
    priority: int
    configured: bool
    paused: bool
    write: str
    poll_interval: NotRequired[float | None]
    entity_ref: str
    location_ref: str
    state: LocationState


class ChangeItem(TypedDict):
    """One entry of the log of changes."""

    seq: int
    at: str
    actor: str
    what: str
    target: str
    detail: Any
    added: list[str]
    updated: list[str]
    removed: list[str]


class Changes(TypedDict):
    """`GET changes`."""

    items: list[ChangeItem]
    index_seq: int


class ActivityItem(TypedDict):
    """An activity record; `entity_refs` are the entities that it is linked to, times are epoch milliseconds."""

    integration: str
    schema: str
    identifier: str | None
    type: str | None
    timestamp: int
    received: int
    entity_ref: str | None
    entity_refs: list[str]
    fields: JsonObject


class Activity(TypedDict):
    """`GET activity`: newest first."""

    items: list[ActivityItem]
    more: bool


class SchemaItem(TypedDict):
    """One of `GET schemas`; `declared` is true for the kinds of Blueprints."""

    kind: str
    declared: bool
