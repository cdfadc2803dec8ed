"""The `[limits]` table: every bound that a hostile or broken source, or a client, can run into (R59, R80)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from syncd.config.values import Count, Duration, Size

KIB, MIB, GIB = 1024, 1024**2, 1024**3


class LimitSettings(BaseModel):
    """Limits, each under the name that its error message gives."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    fetch_timeout: Duration = timedelta(seconds=120)
    """How long one fetch of a known repository may take."""
    first_fetch_timeout: Duration = timedelta(seconds=600)
    """How long the first fetch of a repository may take."""
    connect_timeout: Duration = timedelta(seconds=10)
    """How long connecting to a git host may take."""
    stall_timeout: Duration = timedelta(seconds=20)
    """How long a git transfer may crawl below `stall_rate` before it is ended."""
    stall_rate: Size = 1000
    """Bytes a second under which a git transfer counts as stalled."""
    git_processes: Count = 8
    """Git operations that run at the same time."""
    git_processes_per_host: Count = 4
    """Git operations that run at the same time against one host."""
    mirror_size: Size = 512 * MIB
    """Size of the mirror of one repository."""
    free_space: Size = GIB
    """Free disk space below which nothing is fetched and no change is accepted."""
    free_space_percent: Count = 5
    """Free disk space in percent below which nothing is fetched and no change is accepted."""
    tree_entries: Count = 1_000_000
    """Entries of one commit's tree that are looked at."""
    tree_depth: Count = 64
    """Depth of directories in a tree."""
    path_size: Size = 4096
    """Length of a path in a tree."""
    matched_files: Count = 100_000
    """Files of one location that may match its patterns."""
    file_size: Size = 4 * MIB
    """Size of one catalog file."""
    documents_per_file: Count = 5000
    """YAML documents in one file."""
    yaml_depth: Count = 64
    """Nesting of one document."""
    yaml_events: Count = 50_000
    """Parser events of one document."""
    yaml_aliases: Count = 200
    """Aliases in one document."""
    yaml_nodes: Count = 100_000
    """Values of one document when each alias counts as a copy."""
    scalar_size: Size = 256 * KIB
    """Size of one text in a document."""
    key_size: Size = KIB
    """Size of one key in a document."""
    location_depth: Count = 5
    """How many Location entities may lead from a registered location to a file."""
    location_targets: Count = 2000
    """Targets of one Location entity."""
    location_descendants: Count = 250_000
    """Files and entities that one registered location may lead to through Location entities."""
    entities_per_location: Count = 250_000
    """Entities of one registered location."""
    glob_length: Count = 512
    """Characters of one path pattern."""
    glob_wildcards: Count = 16
    """Wildcards of one path pattern."""
    property_size: Size = 64 * KIB
    """Size of the value of one custom property, as JSON."""
    properties_per_entity: Count = 1000
    """Custom properties of one entity."""
    bulk_entities: Annotated[Count, Field(le=1000)] = 20
    """Entities that one bulk call of Port's may write; at most 1000."""
    body_size: Size = MIB
    """Size of a request's body."""
    webhook_body_size: Size = 5 * MIB
    """Size of the body of a webhook's delivery."""
    webhook_tolerance: Duration = timedelta(minutes=5)
    """How far the signed time of a delivery may be from ours."""
    webhook_deliveries: Count = 10_000
    """Deliveries of webhooks that are remembered, so that none of them rings twice."""
    webhook_memory: Duration = timedelta(hours=24)
    """How long a delivery of a webhook is remembered."""
    header_size: Size = 16 * KIB
    """Size of a request's line and headers."""
    header_count: Count = 64
    """Headers of a request."""
    header_timeout: Duration = timedelta(seconds=10)
    """How long a client may take to send a request's line and headers."""
    body_timeout: Duration = timedelta(seconds=30)
    """How long a client may take to send a request's body."""
    connections: Count = 256
    """TCP connections that are open at the same time."""
    connections_per_client: Count = 32
    """TCP connections that one client address has open at the same time; loopback addresses have no such limit."""
    requests_per_connection: Count = 10_000
    """Requests on one connection; after the last one it is closed."""
    requests_per_second: Count = 2000
    """Requests a second with one token over TCP, in the long run."""
    request_burst: Count = 5000
    """Requests with one token over TCP that may come at once."""
    activity_records: Count = 1000
    """Activity records of one request."""
    activity_record_size: Size = 64 * KIB
    """Size of one activity record."""
    activity_kept: Count = 1_000_000
    """Activity records of one integration; beyond it the oldest go."""
    integrations: Count = 500
    """Integrations that activity records come from."""
    sql_time: Duration = timedelta(seconds=10)
    """How long a question in SQL may take; a second later its process is killed."""
    sql_rows: Count = 100_000
    """Rows of one answer to a question in SQL."""
    sql_bytes: Size = 64 * MIB
    """Size of one answer to a question in SQL."""
    sql_columns: Count = 500
    """Columns of one answer to a question in SQL."""
    sql_memory: Size = 512 * MIB
    """Memory that one question in SQL may take."""
    sql_workers: Count = 2
    """Questions in SQL that run at the same time."""
    sql_queue: Count = 16
    """Questions in SQL that wait for their turn."""
    sql_idle: Duration = timedelta(seconds=60)
    """How long a process for questions in SQL is kept when nobody asks."""
    backoff_first: Duration = timedelta(seconds=1)
    """Longest wait before the first retry of a failed fetch; it doubles with each failure."""
    backoff_longest: Duration = timedelta(minutes=15)
    """Longest wait before any retry of a failed fetch."""
    mirror_kept: Duration = timedelta(hours=24)
    """How long the mirror of a repository is kept that no location reads any more."""
    edits_kept: Duration = timedelta(days=90)
    """How long an edit can be looked up and taken back after it came to its end."""
    changes_kept: Duration = timedelta(days=730)
    """How long the log of changes tells who did what."""
    stop_time: Duration = timedelta(seconds=20)
    """How long an orderly stop may take."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit as the API reports it: `unit` is seconds, bytes or count."""

    name: str
    value: float
    unit: str
    description: str


def reported_limits(settings: LimitSettings) -> list[Limit]:
    """All limits in force, in the order of the documentation."""
    return [
        _limit(name, getattr(settings, name), field.metadata, field.description or "")
        for name, field in LimitSettings.model_fields.items()
    ]


def _limit(name: str, value: timedelta | int, metadata: list[object], description: str) -> Limit:
    if isinstance(value, timedelta):
        return Limit(name, value.total_seconds(), "seconds", description)
    is_size = any(getattr(item, "func", None) is not None for item in metadata)
    return Limit(name, value, "bytes" if is_size else "count", description)
