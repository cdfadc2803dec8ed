"""Who says a value: from what is in force down to what it hides, each with line and commit, or with person and time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

import orjson

from syncd.errors import CatalogError, NotFoundError
from syncd.git import Commit
from syncd.history.field import find_field
from syncd.history.file import FilePlace, Files, FileVersion
from syncd.history.file import place_of as place_of_file
from syncd.history.origin import Origin, Why
from syncd.model.api_document import ApiDocument
from syncd.model.custom_property import CustomProperty
from syncd.model.document import Document
from syncd.model.json import FieldPath, Json, JsonObject, found_at, value_at
from syncd.model.location import API_LOCATION
from syncd.model.ref import parse_ref
from syncd.model.timestamp import timestamp
from syncd.overlay.merge import in_order, merged
from syncd.overlay.path import parse_path
from syncd.process.place import Added, Included, Owned, Written, place_of
from syncd.process.relations import fields_saying
from syncd.process.schema import field_text
from syncd.stitch.effective import effective
from syncd.stitch.entity import ORPHAN_ANNOTATION
from syncd.store.catalog import Catalog
from syncd.store.documents import StoredDocuments
from syncd.store.overlay import StoredOverlay
from syncd.store.reports import EntityDetails
from syncd.store.state import State
from syncd.store.story import Stories

MOST_ORIGINS = 20
"""Of a field that more say, such as the relations of a hub, the rest is left out, and said to be."""

_UID = ("metadata", "uid")
_DERIVED = {
    _UID: "derived from the ref, so that it outlives everything",
    ("metadata", "etag"): "derived from all that is said of the entity, unless its file says one",
    ("metadata", "annotations", ORPHAN_ANNOTATION): "no file says the entity any more; it is kept (orphan_strategy)",
}


class Whys:
    """Answers where values come from. Thread-safe."""

    def __init__(self, catalog: Catalog, state: State, files: Files) -> None:
        self._catalog = catalog
        self._state = state
        self._overlay = StoredOverlay(state)
        self._documents = StoredDocuments(state)
        self._stories = Stories(state)
        self._files = files

    def why(self, ref: str, text: str) -> Why:
        """Where the value at a field comes from; see `find_field` for what names a field.

        Raises `NotFoundError` for an unknown entity, `FieldNotFoundError` for an unknown field, `TransientError` where
        the mirror cannot be read.
        """
        entity = self._entity(ref)
        if entity is None:
            raise NotFoundError(f"entity {ref} not found", hint="catalog list shows the refs")
        shown: JsonObject = {**entity, "relations": {**_by_type(entity)}}
        path = find_field(shown, ref, text)
        found = list(islice(self._origins(ref, entity, path), MOST_ORIGINS + 1))
        some = sorted(found[:MOST_ORIGINS], key=lambda one: not one.in_force)
        return Why(ref, field_text(path), value_at(shown, path), tuple(some), more=len(found) > MOST_ORIGINS)

    def lines(self, fields: Sequence[tuple[str, FieldPath]]) -> Iterator[int | None]:
        """The line at which each field of an entity stands in the entity's own file; None where it cannot be told."""
        opened: dict[FilePlace, tuple[FileVersion, Sequence[Document]] | None] = {}
        for ref, path in fields:
            try:
                yield self._line(ref, path, opened)
            except CatalogError:  # its mirror, or this version of the file, cannot be read now
                yield None

    def _line(
        self, ref: str, path: FieldPath, opened: dict[FilePlace, tuple[FileVersion, Sequence[Document]] | None]
    ) -> int | None:
        details, said = self._catalog.details(ref), self._catalog.said(ref)
        if details is None or said is None or not details.repository or details.retained:
            return None
        place = place_of_file(details)
        if place not in opened:
            version = self._files.at(place, details.commit, details.blob)
            opened[place] = None if version is None else (version, version.documents())
        if (found := opened[place]) is None:
            return None
        version, documents = found
        document = next((one for one in documents if one.index == details.index), None)
        if document is None or document.data is None:
            return None
        written = place_of(document.data, path, value_at(said, path), version.context(document))
        return version.line(documents, document, written.path) if isinstance(written, Written) else None

    def _entity(self, ref: str) -> JsonObject | None:
        document = self._catalog.by_ref(ref)
        entity: JsonObject | None = None if document is None else orjson.loads(document)
        return entity

    def _origins(self, ref: str, entity: JsonObject, path: FieldPath) -> Iterator[Origin]:
        if path[0] == "relations":
            for type_, targets in _by_type(entity).items():
                for number, target in enumerate(targets):
                    if ("relations", type_, number)[: len(path)] == path:
                        yield from self._related(ref, type_, str(target))
            return
        value = value_at(entity, path)
        if path[0] == "status":
            yield Origin("catalog", ref, field_text(path), value, reason="what is wrong now; see catalog errors")
            return
        details = self._catalog.details(ref)
        said = self._catalog.said(ref)
        if details is None or said is None:  # it went just now
            raise NotFoundError(f"entity {ref} not found")
        yield from self._layers(ref, entity, said, details, path)

    def _related(self, ref: str, type_: str, target: str) -> Iterator[Origin]:
        """The fields, here or at the other end, that say a relation."""
        for speaker in self._catalog.speakers(ref, type_, target):
            entity = self._entity(speaker)
            for path in fields_saying(entity or {}, parse_ref(speaker), ref, type_, target):
                for origin in self._origins(speaker, entity or {}, path):
                    if origin.in_force:
                        yield replace(origin, reason=origin.reason or f"{type_} {target}")

    # What is said of one entity, from above

    def _layers(
        self, ref: str, entity: JsonObject, said: JsonObject, details: EntityDetails, path: FieldPath
    ) -> Iterator[Origin]:
        properties = self._overlay.of([ref]).get(ref, [])
        is_file = details.location_id != API_LOCATION.id
        beneath = self._documents.of([ref]).get(ref) if is_file else None
        aside = {one.path for one, _ in effective(said, properties, beneath).set_aside}
        in_force = [one for one in in_order(properties) if one.path not in aside]
        lowest = effective(said, [], beneath).entity
        hidden = False
        for number, one in reversed([*enumerate(in_force)]):
            part = _part(one, path, partial(merged, lowest, in_force[:number]))
            if part is not None:
                yield self._said_beside(one, path, part[0], in_force=not hidden)
                hidden = hidden or not part[1]
        if beneath is not None:
            there, value = found_at(beneath.entity, path)
            lies_over = value_at(lowest, path)
            if there and path[0] != "kind" and (value == lies_over or isinstance(value, dict)):
                yield self._said_by_api(beneath, path, value, in_force=not hidden)
                hidden = hidden or not isinstance(value, dict)
        yield from self._beneath(ref, entity, said, details, path, in_force=not hidden)

    def _beneath(
        self,
        ref: str,
        entity: JsonObject,
        said: JsonObject,
        details: EntityDetails,
        path: FieldPath,
        *,
        in_force: bool,
    ) -> Iterator[Origin]:
        """What the document says that speaks for the entity; of what it does not say, why it is there all the same."""
        there, value = found_at(said, path)
        if not there or path == _UID:
            reason = _DERIVED.get(tuple(map(str, path)))
            if reason and in_force:
                yield Origin("catalog", ref, field_text(path), value_at(entity, path), reason=reason)
            return
        if details.location_id == API_LOCATION.id:
            document = self._documents.of([ref]).get(ref)
            if document is not None:
                yield self._said_by_api(document, path, value, in_force=in_force)
        elif not details.repository:
            yield self._registered(ref, details, path, value)
        else:
            for origin in self._written(details, path, value):
                yield replace(origin, in_force=in_force)

    def _said_beside(self, one: CustomProperty, path: FieldPath, value: Json, *, in_force: bool) -> Origin:
        deeper = parse_path(one.path)
        rows = self._overlay.history(one.ref, one.path, 1)
        return Origin(
            "overlay",
            one.ref,
            field_text(deeper if len(deeper) > len(path) else path),
            value,
            in_force,
            "" if len(deeper) >= len(path) else f"part of {one.path}",
            by=one.set_by,
            at=one.set_at,
            door=one.source,
            mode=one.base,
            seq=rows[0].seq if rows else 0,
        )

    def _said_by_api(self, document: ApiDocument, path: FieldPath, value: Json, *, in_force: bool) -> Origin:
        origin = Origin("api", document.ref, field_text(path), value, in_force, door=document.source)
        for row in self._overlay.history(document.ref, "", 1_000):
            if found_at(row.change.old, path) != found_at(row.change.new, path):
                return replace(origin, by=row.actor, at=row.at, seq=row.seq)
        return replace(origin, by=document.created_by, at=document.created_at)

    def _registered(self, ref: str, details: EntityDetails, path: FieldPath, value: Json) -> Origin:
        origin = Origin(
            "location", ref, field_text(path), value, reason=f"the registration of location {details.location_id}"
        )
        seq, at, actor = self._stories.last_word(details.location_id, "location.") or (0, "", "")
        return replace(origin, by=actor, at=at, seq=seq)

    # What a file says

    def _written(self, details: EntityDetails, path: FieldPath, value: Json) -> Iterator[Origin]:
        place = place_of_file(details)
        branch = place.source.branch
        origin = Origin(
            "git",
            details.ref,
            field_text(path),
            value,
            repository=branch.repository,
            branch=branch.short,
            path=details.path,
            url=details.url,
        )
        commit = self._commit(details)
        version = self._files.at(place, commit, details.blob) if commit else None
        document = version.document(details.index) if version is not None else None
        if version is None or document is None or document.data is None:
            yield replace(origin, line=details.line, reason="the file of this version cannot be read any more")
            return
        found = place_of(document.data, path, value, version.context(document))
        match found:
            case Added(reason):
                yield Origin("catalog", details.ref, field_text(path), value, reason=reason)
            case Owned(file, line):
                reason = f"it names who owns {details.path}, which names no owner"
                yield self._blamed(replace(origin, path=file, url="", reason=reason), version, (line, line))
            case Included():
                yield self._included(origin, version, found)
                reason = f"it names {found.file}" if found.word.startswith("$") else f"it reads {found.file}"
                yield self._at(replace(origin, reason=reason), version, document, found.path)
            case Written():
                yield self._at(origin, version, document, found.path)

    def _at(self, origin: Origin, version: FileVersion, document: Document, path: FieldPath) -> Origin:
        span = version.span(document, path)
        return replace(origin, line=document.line) if span is None else self._blamed(origin, version, span)

    def _included(self, origin: Origin, version: FileVersion, found: Included) -> Origin:
        """The other file: the line within it where that can be told, else the last commit that changed it."""
        reason = f"read by {found.word} of {origin.path}"
        there = replace(origin, path=found.file, url="", reason=reason)
        mirror, commit = version.mirror, version.found.commit
        blob = mirror.file_blob(commit, found.file)
        is_parsed = found.word in ("$json", "$yaml") and found.inside
        span = version.span_in(blob, found.inside) if blob and is_parsed else None
        if span is not None:
            return self._blamed(there, version, span)
        log = mirror.file_log(commit, found.file, 1)
        return _with_commit(there, log.steps[0].commit, cut=log.cut) if log.steps else there

    def _blamed(self, origin: Origin, version: FileVersion, span: tuple[int, int]) -> Origin:
        at = replace(origin, line=span[0], end_line=span[1])
        lines = version.mirror.blame(version.found.commit, origin.path, span)
        if not lines:
            return at
        newest = max(lines, key=lambda one: one.commit.when)
        return replace(_with_commit(at, newest.commit, cut=newest.cut), changed_line=newest.line)

    def _commit(self, details: EntityDetails) -> str:
        """The commit in which the document is in force: the newest that was read, or that of the last good version."""
        if details.retained:
            for kept in self._state.last_good(details.location_id):
                same = (kept.repository, kept.git_ref, kept.path, kept.entity_ref)
                if same == (details.repository, details.git_ref, details.path, details.ref):
                    return kept.commit
        return details.commit


def _with_commit(origin: Origin, commit: Commit, *, cut: bool) -> Origin:
    return replace(
        origin,
        by=commit.author,
        email=commit.email,
        at=timestamp(commit.when),
        commit=commit.id,
        subject=commit.subject,
        cut=cut,
    )


def _by_type(entity: JsonObject) -> dict[str, list[Json]]:
    """The relations of an entity as lists of targets."""
    found: dict[str, list[Json]] = {}
    listed: Any = entity.get("relations")
    for one in listed or ():
        found.setdefault(one["type"], []).append(one["targetRef"])
    return found


def _part(one: CustomProperty, path: FieldPath, base: Callable[[], JsonObject]) -> tuple[Json, bool] | None:
    """What a custom property says at a path, and whether what is beneath shows too; None where it says nothing there.

    `base` gives the entity without it and without all that is merged after it.
    """
    own = parse_path(one.path)
    if len(own) > len(path):
        return (one.value, True) if own[: len(path)] == path else None
    if path[: len(own)] != own:
        return None
    inner = path[len(own) :]
    under = None if one.base == "replace" else value_at(base(), own)
    adds = isinstance(under, dict | list)
    if not inner:
        return one.value, adds
    if adds and isinstance(under, list):
        step = inner[0]
        return None if isinstance(step, int) and step < len(under) else (_item(one, under, inner), False)
    there, value = found_at(one.value, inner)
    return (value, False) if there else None


def _item(one: CustomProperty, under: Sequence[Json], inner: FieldPath) -> Json:
    added = one.value if isinstance(one.value, list) else [one.value]
    fresh = [item for item in added if one.base == "append" or item not in under]
    step = inner[0]
    number = step - len(under) if isinstance(step, int) else 0
    return value_at(fresh[number], inner[1:]) if number < len(fresh) else None
