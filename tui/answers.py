"""Shapes of the own HTTP API's answers, as the terminal reads them: names and types, no behaviour."""

from typing import Any, NotRequired, TypedDict

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
    silent: list[str]
    polled: list[str]
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
    """An entity of a graph, or a ref of none (`missing`); `hidden` relations lead from it to what is not shown."""

    ref: str
    kind: str
    title: str | None
    depth: int
    missing: bool
    hidden: int


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


class HeaderLink(TypedDict):
    """A link in the head of a card; without a value of its address, `url` is null."""

    label: str
    url: str | None
    icon: str


class ItemAnswer(TypedDict):
    """A line of a card; `style` holds bold, italic, underline, `note` why there is no value, or what an entity is.

    `series` are numbers to draw as a curve, the oldest first; an older daemon sends none.
    """

    label: str
    value: str
    type: str
    url: str | None
    style: list[str]
    note: str
    series: NotRequired[list[float]]


class CardAnswer(TypedDict):
    """A card; `tone` is plain, warning, error or quiet, `grid` says how many of twelve columns it takes."""

    component: str
    title: str
    tone: str
    text: str
    header: list[HeaderLink]
    items: list[ItemAnswer]
    graph: GraphAnswer | None
    grid: dict[str, int]


class TabAnswer(TypedDict):
    """A tab of a page."""

    name: str
    title: str
    path: str
    cards: list[CardAnswer]


class LayoutAnswer(TypedDict):
    """`GET entities/{ref}/layout`; `layout` is the ref of a Layout, or "built-in"."""

    ref: str
    layout: str
    tabs: list[TabAnswer]
    warnings: list[str]
    unresolved: list[str]
    replaced: list[dict[str, str]]
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
    counts: dict[str, int]
    seconds: NotRequired[float]
    changed: NotRequired[Any]


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


class IntegrationItem(TypedDict):
    """Where records come from; `path` is where they are sent to, `secret` is in the answer that made it alone."""

    id: str
    way: str
    schema: str
    state: str
    retention_days: int
    correlation: dict[str, str] | None
    fields: list[str]
    mapping: dict[str, str]
    signature: dict[str, str] | None
    created: str
    path: str
    secret: NotRequired[str | None]


class WebhookSecretItem(TypedDict):
    """A secret of a webhook, by its id; times are RFC 3339."""

    id: str
    created: str
    expires: str | None
    last_delivery: str | None


class WebhookItem(TypedDict):
    """By what a git host tells of pushes; `secret` is in the answer that made it alone."""

    id: str
    provider: str
    path: str
    url: str | None
    created: str
    secrets: list[WebhookSecretItem]
    secret: NotRequired[str]


class LimitItem(TypedDict):
    """One limit of the daemon."""

    name: str
    value: Any
    unit: str
    description: str


class ClientItem(TypedDict):
    """A client; its secret is in `client_secret` of the answer that made it, and nowhere else."""

    client_id: str
    name: str
    scopes: list[str]
    created: str
    rotated: str | None
    last_used: str | None
    disabled: str | None
    client_secret: NotRequired[str]


class TokenItem(TypedDict):
    """A token; the secret itself is in `token` of the answer that created it, and nowhere else."""

    id: str
    name: str
    scopes: list[str]
    created: NotRequired[str]
    expires: str | None
    last_used: NotRequired[str | None]
    read: NotRequired[str | None]
    token: NotRequired[str]


class SchemaItem(TypedDict):
    """One of `GET schemas`; `declared` is true for the kinds of Blueprints."""

    kind: str
    declared: bool
