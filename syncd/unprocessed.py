"""What is registered and not (or not yet) visible as its author meant it, with the raw state and the reasons (U14)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from syncd.errors import CatalogError
from syncd.git import Mirrors
from syncd.locations import Registry
from syncd.model.json import Json, JsonObject, text_at
from syncd.model.location import Location
from syncd.model.ref import RefError, parse_ref
from syncd.model.uid import uid_of
from syncd.process.annotations import MANAGED_BY, MANAGED_BY_ORIGIN
from syncd.process.entity import location_entity
from syncd.store.catalog import Catalog
from syncd.store.failures import Failure
from syncd.walk.walk import Surroundings


@dataclass(frozen=True, slots=True)
class Unprocessed:
    """`entity` is as its author wrote it, as far as it can be read; `processed` is what readers get of it, if any."""

    id: str
    ref: str
    location: Location
    entity: JsonObject
    processed: JsonObject | None = None
    errors: tuple[tuple[str, str], ...] = ()

    def is_owned_by(self, owner: str) -> bool:
        """Whether `spec.owner` names this owner, however the two refs are spelled."""
        found = text_at(self.entity, "spec", "owner")
        return found is not None and _owner(found) == _owner(owner)


class Backlog:
    """Asks the index and the mirrors; fetches nothing. Thread-safe."""

    def __init__(self, catalog: Catalog, registry: Registry, mirrors: Mirrors, around: Surroundings) -> None:
        self._catalog = catalog
        self._registry = registry
        self._mirrors = mirrors
        self._around = around

    def failed(self) -> list[Unprocessed]:
        """Documents that became no entity, or lost their ref to another, and Locations that lead nowhere."""
        failures = [one for one in self._catalog.failures() if self._is_registered(one.location_id)]
        written = self._written(failures)
        visible = self._visible({failure.ref for failure in failures if failure.ref})
        return [
            Unprocessed(
                _id(failure),
                failure.ref,
                location := self._registry.get(failure.location_id),
                _raw(failure, location, written.get((failure.repository, failure.blob), [])),
                visible.get(failure.ref),
                tuple(failure.errors),
            )
            for failure in failures
        ]

    def pending(self, read: Iterable[str]) -> list[Unprocessed]:
        """Registered locations that were never read; `read` are the ids of the others."""
        done = set(read)
        return [
            Unprocessed(
                uid_of(location.entity_ref),
                location.entity_ref,
                location,
                location_entity(location, self._around.hosts).entity,
            )
            for location in self._registry.all()
            if location.id not in done
        ]

    def _is_registered(self, location_id: str) -> bool:
        try:
            self._registry.get(location_id)
        except CatalogError:
            return False
        return True

    def _visible(self, refs: set[str]) -> dict[str, JsonObject]:
        return {ref: orjson.loads(found) for ref in sorted(refs) if (found := self._catalog.by_ref(ref)) is not None}

    def _written(self, failures: Sequence[Failure]) -> Mapping[tuple[str, str], list[JsonObject | None]]:
        """The documents of each file, by repository and blob; a mirror that cannot be read adds nothing."""
        blobs: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for failure in failures:
            if failure.blob:
                blobs[failure.repository][failure.blob] = failure.path
        written: dict[tuple[str, str], list[JsonObject | None]] = {}
        for repository, paths in blobs.items():
            try:
                contents = self._mirrors.open(repository).read_blobs(list(paths), self._around.limits.file_bytes)
            except CatalogError:
                continue
            files = [(blob, content) for blob, content in contents.items() if isinstance(content, bytes)]
            read = self._around.parser.read([(paths[blob], content) for blob, content in files])
            for (blob, _), documents in zip(files, read, strict=True):
                written[repository, blob] = [document.data for document in documents]
        return written


def _raw(failure: Failure, location: Location, documents: Sequence[JsonObject | None]) -> JsonObject:
    """The document with the annotations that say where it is from; where it cannot be read, its ref is all of it."""
    data = documents[failure.index] if 0 <= failure.index < len(documents) else None
    entity: JsonObject = dict(data) if data is not None else _skeleton(failure, location)
    written = entity.get("metadata")
    metadata: JsonObject = dict(written) if isinstance(written, dict) else {}
    own = metadata.get("annotations")
    place = failure.url or f"{failure.repository}#{failure.git_ref}:{failure.path}"
    annotations: dict[str, Json] = {
        **(own if isinstance(own, dict) else {}),
        MANAGED_BY: f"{location.type}:{place}" if failure.path else location.location_ref,
        MANAGED_BY_ORIGIN: location.location_ref,
    }
    return {**entity, "metadata": {**metadata, "annotations": annotations}}


def _skeleton(failure: Failure, location: Location) -> JsonObject:
    if failure.ref == location.entity_ref:
        return location_entity(location).entity
    if not failure.ref:
        return {"kind": "", "metadata": {"name": ""}}
    ref = parse_ref(failure.ref)
    return {"kind": ref.kind, "metadata": {"namespace": ref.namespace, "name": ref.name}}


def _id(failure: Failure) -> str:
    """The uid that the entity has or would have; for a document of no ref, one of its place."""
    if failure.ref:
        return uid_of(failure.ref)
    place = "\n".join((failure.repository, failure.git_ref, failure.path, str(failure.index)))
    return uid_of(place)


def _owner(text: str) -> str:
    try:
        return str(parse_ref(text, kind="group"))
    except RefError:
        return text.lower()
