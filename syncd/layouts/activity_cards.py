"""Cards of what other systems reported of the entity: activity records, and metrics (Harness spec 9, 12, 15.8)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from syncd.activity.schemas import SCHEMAS
from syncd.layouts.card import Card, Item
from syncd.layouts.subject import Subject
from syncd.layouts.writer import Writer
from syncd.model.activity import RecordQuery, StoredRecord
from syncd.model.integration import METRIC
from syncd.model.json import Json, JsonObject, text_at

RECORDS: Final = frozenset({"title", "type", "integration"})
METRICS: Final = frozenset({"title", "type"})
MAX_RECORDS = 20
"""Records that one card lists, the newest."""
MAX_ROWS = 500
"""Rows of metrics that one card looks at, the newest."""
MAX_POINTS = 40
"""Values of one metric in its curve."""

_TOLD = ("status", "environment", "severity", "urgency", "priority", "branch", "toolName", "type")
"""Fields of a record that say most of it in a word."""


def records(subject: Subject, props: JsonObject, writer: Writer) -> Card:
    """The newest records. `type` is a schema, or a type that records say of themselves; `integration` their source."""
    wanted, integration = writer.text(props.get("type")), writer.text(props.get("integration"))
    is_schema = wanted in SCHEMAS
    query = RecordQuery(integration, wanted if is_schema else "", "" if is_schema else wanted, besides=METRIC)
    found, more = subject.reader.activity(subject.ref, query, MAX_RECORDS)
    title = writer.text(props.get("title")) or "Activity"
    if not found:
        return Card(title, "quiet", f"There are no records{f' of {wanted}' if wanted else ''} of it.")
    text = f"The newest {MAX_RECORDS}; there are more." if more else ""
    return Card(title, text=text, items=tuple(map(_record, found)))


def metrics(subject: Subject, props: JsonObject, writer: Writer) -> Card:
    """The latest value of each metric, with those before it; `type` is the integration that sends it."""
    query = RecordQuery(writer.text(props.get("type")), METRIC)
    found, _ = subject.reader.activity(subject.ref, query, MAX_ROWS)
    title = writer.text(props.get("title")) or "Metrics"
    if not found:
        return Card(title, "quiet", "There are no metrics of it.")
    rows: dict[str, list[StoredRecord]] = defaultdict(list)
    for record in found:
        tags = record.fields.get("tags")
        rows[f"{record.integration} {_tags(tags)}".rstrip()].append(record)
    return Card(title, items=tuple(_metric(label, rows[label]) for label in sorted(rows)))


def _record(record: StoredRecord) -> Item:
    value = text_at(record.fields, "name") or record.identifier or record.schema
    url = text_at(record.fields, "url")
    told = dict.fromkeys(text for name in _TOLD if (text := text_at(record.fields, name)))
    note = ", ".join((*told, record.integration))
    return Item(value, _time(record.timestamp), "link" if url else "string", url, note=note)


def _metric(label: str, newest_first: list[StoredRecord]) -> Item:
    series = tuple(reversed([*_numbers(newest_first)][:MAX_POINTS]))
    value = f"{series[-1]:g}" if series else "—"
    return Item(value, label, note=_time(newest_first[0].timestamp), series=series)


def _numbers(found: list[StoredRecord]) -> Iterator[float]:
    for record in found:
        value = record.fields.get("value")
        if isinstance(value, int | float):
            yield float(value)


def _tags(tags: Json) -> str:
    if isinstance(tags, dict):
        return " ".join(f"{name}={value}" for name, value in sorted(tags.items()))
    return " ".join(map(str, tags)) if isinstance(tags, list) else ""


def _time(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M}"
