"""Activity records: taken in, listed, removed and forgotten in time (Harness spec 12, 15.8)."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from syncd.activity.integrations import Integrations, require_enabled
from syncd.activity.links import Entities, Linker, correlated
from syncd.activity.schemas import SCHEMAS, RecordError, read_metric, read_record, read_shared
from syncd.activity.times import DAY, milliseconds_now
from syncd.activity.webhook import mapped_record
from syncd.config import LimitSettings
from syncd.errors import (
    AuthenticationError,
    CatalogError,
    ConflictError,
    InputError,
    LimitError,
    NotFoundError,
    UnfitError,
)
from syncd.model.activity import LinkedRecord, Record, Rejection, StoredRecord
from syncd.model.integration import DEFAULT_RETENTION_DAYS, METRIC, Integration
from syncd.model.json import Json
from syncd.model.problem import Problem
from syncd.signature import is_signed
from syncd.stitch.publication import Publication
from syncd.stitch.publisher import Publisher
from syncd.stitch.write import Entry
from syncd.store.activity import StoredActivity, Wanted
from syncd.store.integrations import StoredIntegrations
from syncd.store.state import State
from syncd.vault import Vault

NEWEST_ROWS = 10_000
NEWEST_SIZE = 32 << 20
"""What of the newest records is in a snapshot: rows, and characters of their fields."""

PRUNE_SECONDS = 3600.0
PRUNED_AT_ONCE = 5_000

UNSIGNED = "the signature of the delivery, or a key in its place, is missing or wrong"
HOW_TO_SIGN = "sign the raw body as the integration says, or send a token"
"""The same words for every webhook, also for one that is not there: a stranger cannot tell them apart (H76)."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of the records of one request; `unlinked` of the accepted ones match no entity yet."""

    created: int
    updated: int
    unlinked: int
    rejected: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """So many records, after so many others."""

    limit: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of records, newest first, and whether there are more."""

    items: Sequence[LinkedRecord]
    more: bool


class Activity:
    """All records of a state, and the integrations that they come from. Every call may block; thread-safe."""

    def __init__(self, state: State, vault: Vault, limits: LimitSettings, publisher: Callable[[], Publisher]) -> None:
        """`publisher` gives the one writer, or raises why nothing can be read or written now."""
        self._stored = StoredActivity(state)
        self._sources = StoredIntegrations(state)
        self._limits = limits
        self._publisher = publisher
        self._pruned: float | None = None
        self.integrations = Integrations(self._sources, self._stored, vault, limits, publisher)

    # Taking in

    def receive(
        self, integration_id: str, schema: str, records: Sequence[object], *, actor: str, entities: Entities
    ) -> Received:
        """Take records that were sent by API: those that fit their schema, the others are rejected by index (H74).

        The integration is made where there is none. Raises `UnfitError` where not one record fits.
        """
        if schema not in SCHEMAS:
            raise InputError(f"{schema[:100]!r} is not a schema of records", hint=f"schemas are {', '.join(SCHEMAS)}")
        publisher = self._publisher()
        integration = self.integrations.by_api(integration_id, schema)
        return self._receive(publisher, integration, self._reader(integration), records, actor, entities)

    def receive_metrics(
        self,
        integration_id: str,
        metrics: Sequence[object],
        *,
        entity_ref: object,
        tags: Json,
        actor: str,
        entities: Entities,
    ) -> Received:
        """Add rows `{value, timestamp}` of one entity; nothing that is there is replaced."""
        publisher = self._publisher()
        integration = self.integrations.by_api(integration_id, METRIC)
        try:
            ref = read_shared(entity_ref, tags)
        except RecordError as error:
            raise InputError(str(error)) from None

        def read(value: object) -> Record:
            return read_metric(value, ref, tags)

        return self._receive(publisher, integration, read, metrics, actor, entities)

    def is_signed(self, integration_id: str, signatures: Callable[[str], Sequence[str]], content: bytes) -> bool:
        """Whether a delivery carries a right signature; `signatures` gives the values of a header.

        False where it carries none, AuthenticationError for a wrong one: nothing else makes up for it (H76, R62).
        """
        self._publisher()
        integration = self._sources.get(integration_id)
        signing = integration.signing if integration is not None else None
        given = signatures(signing.header.lower()) if signing is not None else []
        if signing is None or not given:
            return False
        if not is_signed(content, self.integrations.secret(signing), signing.algorithm, given):
            raise AuthenticationError(UNSIGNED, hint=HOW_TO_SIGN)
        return True

    def deliver(self, integration_id: str, body: Json, *, actor: str, entities: Entities) -> Received:
        """Take the one record that a webhook's body holds; the caller has checked the signature or the key."""
        publisher = self._publisher()
        integration = self.integrations.get(integration_id)
        if integration.way != "WEBHOOK":
            raise ConflictError(
                f"integration {integration_id} takes records by API, not by webhook",
                hint="send them to …/integrations/{id}/data/{schema}",
            )
        require_enabled(integration)
        record = mapped_record(integration, body)
        return self._receive(publisher, integration, self._reader(integration), [record], actor, entities)

    def _reader(self, integration: Integration) -> Callable[[object], Record]:
        def read(value: object) -> Record:
            return read_record(integration.schema, integration.fields, value, self._limits.activity_record_size)

        return read

    def _receive(
        self,
        publisher: Publisher,
        integration: Integration,
        read: Callable[[object], Record],
        sent: Sequence[object],
        actor: str,
        entities: Entities,
    ) -> Received:
        records, rejected = self._sorted(read, sent)
        received = milliseconds_now()
        kept: list[StoredRecord] = []
        created = 0

        def write(_: Publication) -> Entry:
            nonlocal created
            current = self._current(integration)
            kept[:] = [_kept(current, record, received) for record in records]
            created = self._stored.put(kept)
            counts = {"created": created, "updated": len(records) - created, "rejected": len(rejected)}
            return Entry(actor, "activity.received", current.id, {"schema": current.schema, **counts})

        publisher.submit(write).result()
        unlinked = sum(not one.refs for one in self._linker(entities).linked(kept))
        return Received(created, len(records) - created, unlinked, tuple(rejected))

    def _sorted(self, read: Callable[[object], Record], sent: Sequence[object]) -> tuple[list[Record], list[Rejection]]:
        if not sent:
            raise InputError("there are no records", hint='send {"records": [{…}]}')
        if len(sent) > self._limits.activity_records:
            raise LimitError(
                f"more than {self._limits.activity_records} records in one request (limit activity_records)",
                hint="send them in several requests",
            )
        records: list[Record] = []
        rejected: list[Rejection] = []
        for index, value in enumerate(sent):
            try:
                records.append(read(value))
            except RecordError as error:
                identifier = value.get("identifier") if isinstance(value, dict) else None
                named = identifier if isinstance(identifier, str) else None
                rejected.append(Rejection(index, named, error.field, str(error)))
        if not records:
            raise UnfitError([Problem("record", f"record {one.index}: {one.reason}") for one in rejected[:100]])
        return records, rejected

    def _current(self, integration: Integration) -> Integration:
        """Within a write: the integration as it is by now, or just made."""
        current = self._sources.get(integration.id)
        if current is None:
            if integration.way == "WEBHOOK":
                raise NotFoundError(f"integration {integration.id} not found")
            self.integrations.insert(integration)
            return integration
        if (current.way, current.schema) != (integration.way, integration.schema):
            raise ConflictError(f"integration {integration.id} was made anew meanwhile", hint="try again")
        require_enabled(current)
        return current

    # Reading

    def entity_records(self, ref: str, wanted: Wanted, part: Part, entities: Entities) -> Listed:
        """The records of one entity, also those that name it while it is not there."""
        self._publisher()
        linker = self._linker(entities)
        return self._listed(linker, replace(wanted, ties=linker.of_entity(ref, entities.by_ref(ref))), part)

    def records(self, wanted: Wanted, part: Part, entities: Entities, *, only: str = "") -> Listed:
        """Records of all entities; `only` the "linked" or the "unlinked" ones (H77)."""
        self._publisher()
        linker = self._linker(entities)
        if only:
            ties = self._stored.ties(wanted)
            alive = linker.alive(ties).ties
            unlinked = only == "unlinked"
            wanted = replace(wanted, ties=ties.without(alive) if unlinked else alive, or_untied=unlinked)
        return self._listed(linker, wanted, part)

    def newest(self, entities: Entities) -> list[LinkedRecord]:
        """The newest records of all, for a snapshot."""
        return self._linker(entities).linked(list(self._stored.newest(NEWEST_ROWS, NEWEST_SIZE)))

    def _listed(self, linker: Linker, wanted: Wanted, part: Part) -> Listed:
        found = self._stored.find(wanted, part.limit + 1, part.offset)
        return Listed(linker.linked(found[: part.limit]), len(found) > part.limit)

    def _linker(self, entities: Entities) -> Linker:
        return Linker(entities, self._sources.all())

    # Removing

    def delete(
        self,
        integration_id: str,
        schema: str,
        *,
        identifiers: Sequence[str] | None = None,
        refs: Iterable[str] | None = None,
        types: Sequence[str] | None = None,
        actor: str,
        entities: Entities,
    ) -> int:
        """Remove records by exactly one selector, or InputError (H75); how many there were."""
        if [identifiers, refs, types].count(None) != 2:
            raise InputError(
                "say which records by exactly one of identifiers, filter.entity_refs, filter.types",
                hint='such as {"identifiers": ["deploy-1"]}',
            )
        publisher = self._publisher()
        integration = self.integrations.get(integration_id)
        if schema not in SCHEMAS or integration.schema != schema:
            raise NotFoundError(f"integration {integration_id} has no records of {schema[:100]}")
        wanted = [Wanted(integration_id, types=types, identifiers=identifiers)]
        if refs is not None:
            linker = self._linker(entities)
            wanted = [Wanted(integration_id, ties=linker.of_entity(ref, entities.by_ref(ref))) for ref in refs]
        gone = 0

        def write(_: Publication) -> Entry | None:
            nonlocal gone
            gone = sum(self._stored.delete(one) for one in wanted)
            return Entry(actor, "activity.deleted", integration_id, {"records": gone}) if gone else None

        publisher.submit(write).result()
        return gone

    def prune(self, publisher: Publisher) -> None:
        """When nothing else is to be done: see to it that records older than their retention go, once an hour."""
        if self._pruned is not None and time.monotonic() - self._pruned < PRUNE_SECONDS:
            return
        retention = {one.id: one.retention_days for one in self._sources.all()}
        sources = self._stored.sources()
        old = {source: self._expired(source, retention.get(source, DEFAULT_RETENTION_DAYS)) for source in sources}
        if not any(old.values()):
            self._pruned = time.monotonic()
            return

        def write(_: Publication) -> Entry:
            for ids in old.values():
                self._stored.drop(ids)
            counts: Mapping[str, Json] = {source: len(ids) for source, ids in old.items() if ids}
            return Entry("retention", "activity.pruned", "", counts)

        with suppress(CatalogError):  # the daemon stops, or the disk is full: another time
            publisher.submit(write)

    def _expired(self, source: str, days: int) -> list[int]:
        before = milliseconds_now() - days * DAY
        return self._stored.expired(source, before, self._limits.activity_kept, PRUNED_AT_ONCE)


def _kept(integration: Integration, record: Record, received: int) -> StoredRecord:
    value = correlated(integration.correlation, record.fields)
    time_ = received if record.timestamp is None else record.timestamp
    return StoredRecord(
        integration.id, integration.schema, record.identifier, record.entity_ref, value, record.type, time_, received,
        record.fields,
    )  # fmt: skip
