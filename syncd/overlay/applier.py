"""The one `apply`: it decides every change, records it and carries it out, whatever door it came by (DESIGN, fourth
sentence). All changes of a call are one transaction: all of them or none (H20)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import orjson

from syncd.errors import ConflictError, EntityNotFoundError, InputError, UnfitError
from syncd.model.api_document import ApiDocument
from syncd.model.change import MUST_NOT_EXIST, WHOLE, Applied, Change, Effect, PropertyChange
from syncd.model.custom_property import Base, CustomProperty
from syncd.model.json import Json, JsonObject
from syncd.model.location import API_LOCATION
from syncd.model.problem import Problem
from syncd.overlay.closed import ClosedPathError, check_path
from syncd.overlay.merge import combined
from syncd.overlay.path import parse_path
from syncd.process.judgement import judge, ref_text
from syncd.stitch.effective import Effective, effective
from syncd.stitch.fit import declared_kind
from syncd.stitch.publication import Publication
from syncd.stitch.publisher import Publisher
from syncd.stitch.write import Entry, Shared
from syncd.store.documents import StoredDocuments
from syncd.store.heard import Spoken
from syncd.store.overlay import StoredOverlay
from syncd.store.state import State

EVERYTHING_OPEN = ("spec",)
WRITTEN = ("added", "updated", "removed")
"""Effects that are a row of history (H79)."""


class NoEntityError(EntityNotFoundError):
    """There is no such entity; custom properties never make one."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"entity {ref} not found", hint="catalog list shows the refs; nothing was stored")
        self.ref = ref


class ChangedMeanwhileError(ConflictError):
    """The entity is no longer what the caller believes it to be."""

    code = "changed"


class OwnedByGitError(ConflictError):
    """A file says this entity: only the file can make it go."""

    code = "owned_by_git"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What custom properties may amount to: bytes of one value as JSON, records of one entity."""

    value_bytes: int
    per_entity: int


@dataclass(slots=True)
class _Plan:
    """What is to be written; decided as a whole before anything is."""

    records: dict[tuple[str, str], CustomProperty | None] = field(default_factory=dict)
    documents: dict[str, ApiDocument | None] = field(default_factory=dict)
    told: dict[str, Effective] = field(default_factory=dict)
    """What is said of the entities whose properties change, with these."""
    applied: list[Applied] = field(default_factory=list)


class Applier:
    """Applies changes through the publisher; durable and visible when a call returns (R34)."""

    def __init__(self, publisher: Publisher, state: State, bounds: Bounds) -> None:
        self._publisher = publisher
        self._overlay = StoredOverlay(state)
        self._documents = StoredDocuments(state)
        self._bounds = bounds

    def apply(
        self,
        changes: Sequence[Change],
        *,
        source: str,
        request_id: str = "",
        dry_run: bool = False,
        pass_over_unknown: bool = False,
        store_unattached: bool = False,
    ) -> list[Applied]:
        """Do all of these, or none of them where one is refused; what became of each, in order.

        `source` names the door for provenance. A dry run refuses what the real one would, and writes nothing (H50).
        `store_unattached` also keeps properties of entities that do not exist, for when they come (H53, H55).
        Raises `InputError`, `UnfitError`, `NoEntityError`, `ConflictError`, and what the publisher raises.
        """
        done: list[Applied] = []

        def write(publication: Publication) -> Entry | None:
            decision = _Decision(publication, changes, source, self._overlay, self._documents, self._bounds)
            plan = decision.plan(pass_over_unknown=pass_over_unknown, store_unattached=store_unattached)
            done[:] = plan.applied
            return None if dry_run else self._carry_out(plan, publication, request_id)

        refs = tuple(dict.fromkeys(change.ref for change in changes))
        self._publisher.submit(Shared(write, refs)).result()
        return done

    def _carry_out(self, plan: _Plan, publication: Publication, request_id: str) -> Entry | None:
        self._overlay.put(record for record in plan.records.values() if record is not None)
        self._overlay.drop(place for place, record in plan.records.items() if record is None)
        publication.touch(plan.records, plan.told)
        put = [document for document in plan.documents.values() if document is not None]
        gone = [ref for ref, document in plan.documents.items() if document is None]
        self._documents.put(put)
        self._documents.drop(gone)
        if put:
            publication.put_documents(put)
        if gone:
            publication.drop_documents(gone)
        return _entry(plan, request_id)


def _entry(plan: _Plan, request_id: str) -> Entry | None:
    rows = {
        (one.change.ref, one.change.path): PropertyChange(one.change.ref, one.change.path, one.effect, one.old, one.new)
        for one in _netted(plan.applied)
        if one.effect in WRITTEN
    }
    if not rows:
        return None
    actor = plan.applied[0].change.actor
    refs = sorted({ref for ref, _ in rows})
    about = "entity" if plan.documents else "property"
    removed = all(row.effect == "removed" for row in rows.values())
    detail: JsonObject = {"entities": len(refs), "changes": len(rows)}
    if request_id:
        detail["request_id"] = request_id
    what = f"{about}.removed" if removed else f"{about}.set"
    return Entry(actor, what, refs[0] if len(refs) == 1 else "", detail, tuple(rows.values()))


def _netted(applied: Sequence[Applied]) -> list[Applied]:
    """One row a path: two changes of one path in one call are from the first's old value to the last's new one."""
    found: dict[tuple[str, str], Applied] = {}
    for one in applied:
        place = (one.change.ref, one.change.path)
        first = found.get(place)
        if first is None or first.effect not in WRITTEN:
            found[place] = one
        elif one.effect in WRITTEN:
            effect: Effect = "added" if first.effect == "added" and one.effect != "removed" else one.effect
            found[place] = replace(one, old=first.old, effect=effect)
    return list(found.values())


class _Decision:
    """Decides the changes of one call on the state that they meet, each on the result of those before."""

    def __init__(
        self,
        publication: Publication,
        changes: Sequence[Change],
        source: str,
        overlay: StoredOverlay,
        documents: StoredDocuments,
        bounds: Bounds,
    ) -> None:
        refs = list(dict.fromkeys(change.ref for change in changes))
        self._changes = changes
        self._source = source
        self._bounds = bounds
        self._at = publication.at
        self._said: Mapping[str, Spoken] = publication.said(refs)
        self._records = {ref: {one.path: one for one in records} for ref, records in overlay.of(refs).items()}
        self._documents: dict[str, ApiDocument] = documents.of(refs)
        self._moved = dict(self._documents)
        """The documents as they were before this call."""
        self._plan = _Plan()

    def plan(self, *, pass_over_unknown: bool = False, store_unattached: bool = False) -> _Plan:
        """What is to be done; raises where a change is refused."""
        for change in self._changes:
            if change.target == "overlay" and not store_unattached and not self._has_place(change):
                if not pass_over_unknown:
                    raise NoEntityError(change.ref)
                self._plan.applied.append(Applied(change, "unknown"))
                continue
            effect = self._document(change) if change.target == "document" else self._property(change)
            self._plan.applied.append(effect)
        for ref in dict.fromkeys(ref for ref, _ in self._plan.records):
            self._check_fit(ref)
        return self._plan

    # Custom properties

    def _property(self, change: Change) -> Applied:
        self._check_etag(change)
        path = parse_path(change.path)
        held = self._records.get(change.ref, {}).get(change.path)
        if change.op == "remove":
            if held is None:
                return Applied(change, "absent")
            self._put(change, None)
            return Applied(change, "removed", held.value)
        check_path(path, EVERYTHING_OPEN)
        if path[0].lower() == "spec" and change.ref.startswith("location:"):
            raise ClosedPathError(f"{change.path}: what a Location leads to is read from git alone")
        if path[0].lower() == "spec" and declared_kind(change.ref):
            raise ClosedPathError(f"{change.path}: a Blueprint is changed as a whole")
        self._check_value(change)
        record = self._record(change, held, change.op)
        self._put(change, record)
        if held is None:
            return Applied(change, "added", None, record.value)
        same = (held.value, held.base) == (record.value, record.base)
        return Applied(change, "same" if same else "updated", held.value, record.value)

    def _has_place(self, change: Change) -> bool:
        """Whether there is such an entity, or at least the record that is to be removed (H55)."""
        if change.ref in self._said or self._plan.documents.get(change.ref) is not None:
            return True
        return change.op == "remove" and change.path in self._records.get(change.ref, {})

    def _record(self, change: Change, held: CustomProperty | None, op: Base) -> CustomProperty:
        if held is None or op == "replace":
            value, base = change.value, op
        else:
            value, base = combined(held.value, change.value, op), held.base
        return CustomProperty(change.ref, change.path, value, base, self._source, change.actor, self._at)

    def _put(self, change: Change, record: CustomProperty | None) -> None:
        held = self._records.setdefault(change.ref, {})
        self._plan.records[change.ref, change.path] = record
        if record is None:
            held.pop(change.path, None)
        else:
            held[change.path] = record
        if len(held) > self._bounds.per_entity:
            raise InputError(
                f"{change.ref} would have more than {self._bounds.per_entity} custom properties",
                hint="the limit is properties_per_entity in the configuration",
            )

    def _check_value(self, change: Change) -> None:
        if change.value is None:
            raise InputError(f"{change.path}: null is no value", hint="DELETE removes a custom property")
        size = len(orjson.dumps(change.value))
        if size > self._bounds.value_bytes:
            raise InputError(
                f"{change.path}: the value has {size} bytes, more than {self._bounds.value_bytes}",
                hint="the limit is property_size in the configuration",
            )

    def _check_etag(self, change: Change) -> None:
        said = self._said.get(change.ref)
        if change.if_match is not None and (said is None or said.etag != change.if_match):
            raise ChangedMeanwhileError(f"{change.ref} has changed meanwhile", hint="read it again, then try again")

    def _check_fit(self, ref: str) -> None:
        """No property that is set now may break what the entity has to look like (H46)."""
        said = self._said.get(ref)
        if said is None:
            return
        is_file = said.location_id != API_LOCATION.id and not declared_kind(ref)
        beneath = self._documents.get(ref) if is_file else None
        told = effective(said.entity, list(self._records.get(ref, {}).values()), beneath)
        for record, why in told.set_aside:
            if self._plan.records.get((ref, record.path)) is not None:
                raise UnfitError([Problem("property.unfit", f"{record.path}: {why}", ref=ref)])
        self._plan.told[ref] = told

    # Documents

    def _document(self, change: Change) -> Applied:
        if change.path != WHOLE:
            raise InputError("a document made by API is changed as a whole")
        held = self._documents.get(change.ref)
        if change.op == "remove":
            return self._removed(change, held)
        self._check_document(change, held)
        entity = change.value
        assert isinstance(entity, dict)
        etag = document_etag(entity)
        if held is not None and held.etag == etag:
            return Applied(change, "same", held.entity, entity)
        before = held or self._moved.get(change.moved_from)
        created = (before.created_at, before.created_by) if before is not None else (self._at, change.actor)
        document = ApiDocument(change.ref, entity, etag, self._source, *created, self._at, change.actor)
        self._keep(document)
        if held is None:
            return Applied(change, "added", None, entity)
        return Applied(change, "updated", held.entity, entity)

    def _removed(self, change: Change, held: ApiDocument | None) -> Applied:
        if held is None:
            if change.ref in self._said:
                raise OwnedByGitError(f"{change.ref} is owned by git", hint="remove it from its file")
            return Applied(change, "absent")
        self._check_held(change, held)
        self._documents.pop(change.ref, None)
        self._plan.documents[change.ref] = None
        return Applied(change, "removed", held.entity)

    def _keep(self, document: ApiDocument) -> None:
        self._documents[document.ref] = document
        self._plan.documents[document.ref] = document

    def _check_document(self, change: Change, held: ApiDocument | None) -> None:
        entity = change.value
        if not isinstance(entity, dict) or ref_text(entity) != change.ref:
            raise InputError(f"the entity is not the one that {change.ref} names")
        self._check_held(change, held)
        violations, _ = judge(entity)
        if violations:
            raise UnfitError([Problem(one.code, one.message, hint=one.hint, ref=change.ref) for one in violations])

    def _check_held(self, change: Change, held: ApiDocument | None) -> None:
        if change.if_match is None:
            return
        exists = held is not None or change.ref in self._said
        if change.if_match == MUST_NOT_EXIST:
            if exists:
                raise ConflictError(f"{change.ref} exists already", code="exists")
        elif held is None or held.etag != change.if_match:
            raise ChangedMeanwhileError(f"{change.ref} has changed meanwhile", hint="read it again, then try again")


def document_etag(entity: Json) -> str:
    """The etag of a document made by API: it changes with its content."""
    return hashlib.sha256(orjson.dumps(entity, option=orjson.OPT_SORT_KEYS)).hexdigest()[:40]
