"""Registering locations: what may be registered, by whom, and how the configured ones come and go."""

import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Literal, Unpack
from urllib.parse import unquote, urlsplit

import orjson

from syncd.config import LocationSettings, Settings
from syncd.errors import CatalogError, ConfigError, ConflictError, InputError, NotAllowedError, NotFoundError
from syncd.git import SAVED, Mirrors
from syncd.model.host import Hosts
from syncd.model.json import Json, JsonObject
from syncd.model.location import Adjustment, Location
from syncd.model.pattern import Pattern, PatternError
from syncd.model.reading import DocumentReading, FileReading, Reading
from syncd.model.source import NOWHERE, Source
from syncd.process.entity import location_entity
from syncd.process.targets import location_targets
from syncd.secrecy import without_secrets
from syncd.stitch.publication import Publication
from syncd.stitch.publisher import Publisher
from syncd.stitch.write import Entry
from syncd.store.state import State

REGISTERED = Source(NOWHERE, "")
"""The source of generated Location entities: no file, but the registration itself."""


def _nothing(_: object) -> None:
    """Nobody listens yet."""


def _unguarded(_: str) -> AbstractContextManager[None]:
    """Nobody reads yet."""
    return nullcontext()


class LocationExistsError(ConflictError):
    """The location is registered already; `existing` is it."""

    def __init__(self, existing: Location) -> None:
        super().__init__(
            f"location {existing.location_ref} already exists",
            hint=f"it is location {existing.id}; refresh it instead",
        )
        self.existing = existing


class Registry:
    """All registered locations. Changes go through the publisher; they are durable and visible when a call returns."""

    def __init__(self, state: State, publisher: Publisher, mirrors: Mirrors, hosts: Hosts, settings: Settings) -> None:
        self._state = state
        self._publisher = publisher
        self._mirrors = mirrors
        self._hosts = hosts
        self._settings = settings
        self._locations = {location.id: location for location in state.locations()}
        self.on_added: Callable[[Location], None] = _nothing
        self.on_removed: Callable[[str], None] = _nothing
        self.on_changed: Callable[[Location], None] = _nothing
        self.on_adjusted: Callable[[Location], None] = _nothing
        self.still: Callable[[str], AbstractContextManager[None]] = _unguarded
        """Nothing of a location is read inside."""

    def all(self) -> list[Location]:
        """In registration order."""
        return sorted(self._locations.values(), key=lambda location: (location.order, location.id))

    def get(self, location_id: str) -> Location:
        """One location; NotFoundError for an unknown id."""
        location = self._locations.get(location_id)
        if location is None:
            raise NotFoundError(f"location {location_id} not found", hint="catalog location list shows the ids")
        return location

    def has(self, location: Location) -> bool:
        """Whether the same is registered."""
        return self._same(location) is not None

    def same(self, location: Location) -> Location | None:
        """The same location where it is registered."""
        return self._same(location)

    def add(
        self,
        type_: Literal["url", "git"],
        target: str,
        *,
        ref: str = "",
        paths: Sequence[str] = (),
        priority: int = 0,
        actor: str,
        owner: bool,
        **adjustment: Unpack[Adjustment],
    ) -> Location:
        """Register; raises InputError, NotAllowedError, or LocationExistsError."""
        self._check_writable()
        location = Location(str(uuid.uuid4()), type_, target, ref, tuple(paths), priority, **adjustment)
        self.check(location, owner=owner)
        registered: list[Location] = []

        def write(publication: Publication) -> Entry:
            existing = self._same(location)
            if existing is not None:
                raise LocationExistsError(existing)
            registered[:] = self._put([self._named(location)], publication)
            self._locations[location.id] = registered[0]  # before the next write, which may want to add the same
            return Entry(actor, "location.added", location.id, _told(location, Location("", type_, target)))

        try:
            self._publisher.submit(write).result()
        except BaseException:
            self._locations.pop(location.id, None)
            raise
        self.on_added(registered[0])
        return registered[0]

    def change(self, location_id: str, target: str, *, actor: str, owner: bool) -> Location:
        """Let a location of type `url` lead elsewhere; it keeps its id and its entity (C239), and takes no edits: where
        they may be pushed was said of what it led to before.

        Raises what `add` and `remove` raise.
        """
        self._check_writable()
        before = self._removable(location_id)
        named_after = before.named_after or before.location_ref
        changed = replace(before, type="url", target=target, ref="", paths=(), named_after=named_after, write="none")
        self.check(changed, owner=owner)

        def write(publication: Publication) -> Entry:
            self.get(location_id)  # it may have been removed meanwhile
            existing = self._same(changed)
            if existing is not None and existing.id != location_id:
                raise LocationExistsError(existing)
            entry = replace(self._update(changed, publication, actor), detail=_told(changed, before))
            publication.absorb([registration(changed, self._hosts, again=True)])
            self._locations[location_id] = changed
            return entry

        with self.still(location_id):
            try:
                self._publisher.submit(write).result()
            except BaseException:
                if location_id in self._locations:
                    self._locations[location_id] = before
                raise
            self.on_changed(changed)
        return changed

    def adjust(self, location_id: str, *, actor: str, **adjustment: Unpack[Adjustment]) -> Location:
        """Deal with a location otherwise from now on. Safe to repeat.

        What is configured may be paused; NotAllowedError for anything else, which the configuration says.
        """
        self._check_writable()
        if adjustment.keys() - {"paused"}:
            self._removable(location_id)
        states: list[Location] = []

        def write(_: Publication) -> Entry | None:
            before = self.get(location_id)
            after = replace(before, **adjustment)
            states[:] = [before, after]
            if after == before:
                return None
            self._state.put_location(after)  # the index knows nothing of it
            self._locations[location_id] = after  # before the next write, which may adjust it too
            what = "changed" if before.paused == after.paused else "paused" if after.paused else "resumed"
            return Entry(actor, f"location.{what}", location_id, _told(after, before))

        try:
            self._publisher.submit(write).result()
        except BaseException:
            if states and location_id in self._locations:
                self._locations[location_id] = states[0]
            raise
        self.on_adjusted(states[1])
        return states[1]

    def remove(self, location_id: str, *, actor: str) -> None:
        """Unregister with everything that came only from it (C112). NotAllowedError for a configured location."""
        self._check_writable()
        self._remove(self._removable(location_id), actor)

    def reload(self) -> None:
        """Take over what the log holds and a caller was told had failed: the disk was full between log and index."""
        before = dict(self._locations)

        def write(_: Publication) -> None:  # the publisher's turn: nobody else changes locations meanwhile
            self._locations = {location.id: location for location in self._state.locations()}

        self._publisher.submit(write).result()
        for location_id in before.keys() - self._locations.keys():
            self.on_removed(location_id)
        for location_id in self._locations.keys() - before.keys():
            self.on_added(self._locations[location_id])

    def align(self) -> None:
        """Make the configured locations those that the configuration names."""
        wanted = {_same_key(location): location for location in map(_configured, self._settings.locations)}
        for location in wanted.values():
            try:
                self.check(location, owner=True)
            except CatalogError as error:
                message = f"[[locations]] target = {without_secrets(location.target)!r}: {error}"
                raise ConfigError(message, hint=error.hint) from error
        registered = {_same_key(location): location for location in self.all()}
        for key, location in registered.items():
            if location.configured and key not in wanted:
                self._remove(location, "config")
            elif key in wanted:
                self._adapt(location, wanted[key])
        self._register([location for key, location in wanted.items() if key not in registered])

    def _adapt(self, location: Location, wanted: Location) -> None:
        changed = replace(
            location,
            priority=wanted.priority,
            write=wanted.write,
            poll_interval=wanted.poll_interval,
            configured=True,
        )
        if changed != location:
            self._publisher.submit(lambda publication: self._update(changed, publication, "config")).result()
            self._locations[changed.id] = changed

    def _register(self, locations: Sequence[Location]) -> None:
        """Register what the configuration names: all in one row of the log, in its order."""
        if not locations:
            return
        placed: list[Location] = []

        def write(publication: Publication) -> Entry:
            placed[:] = self._put(locations, publication)
            names: list[Json] = [location.location_ref for location in placed]
            return Entry("config", "location.added", placed[0].id if len(placed) == 1 else "", {"locations": names})

        self._publisher.submit(write).result()
        self._locations |= {location.id: location for location in placed}

    def _put(self, locations: Sequence[Location], publication: Publication) -> list[Location]:
        first = self._state.next_order()
        placed = [replace(location, order=first + place) for place, location in enumerate(locations)]
        for location in placed:
            self._state.put_location(location)
        publication.put_locations(placed)
        publication.absorb([registration(location, self._hosts) for location in placed])
        return placed

    def _update(self, location: Location, publication: Publication, actor: str) -> Entry:
        self._state.put_location(location)
        publication.update_location(location)
        return Entry(actor, "location.changed", location.id, {"location": location.location_ref})

    def _remove(self, location: Location, actor: str) -> None:
        def write(publication: Publication) -> Entry:
            self.get(location.id)  # two may have asked
            self._state.drop_location(location.id)
            publication.drop_location(location.id)
            self._locations = {id_: other for id_, other in self._locations.items() if id_ != location.id}
            return Entry(actor, "location.removed", location.id, {"location": location.location_ref})

        try:
            self._publisher.submit(write).result()
        except NotFoundError:
            raise
        except BaseException:
            self._locations = {**self._locations, location.id: location}
            raise
        self.on_removed(location.id)

    def _same(self, location: Location) -> Location | None:
        key = _same_key(location)
        return next((other for other in list(self._locations.values()) if _same_key(other) == key), None)

    def _named(self, location: Location) -> Location:
        """The location, its entity named otherwise where a changed location holds the name."""
        if any(other.entity_name == location.entity_name for other in list(self._locations.values())):
            return replace(location, named_after=f"{location.location_ref} {location.id}")
        return location

    # What may be registered

    def _check_writable(self) -> None:
        if self._settings.catalog.readonly:
            raise NotAllowedError("locations are read-only here", hint="[catalog] readonly = true forbids it")

    def _removable(self, location_id: str) -> Location:
        location = self.get(location_id)
        if location.configured:
            raise NotAllowedError(
                f"location {location_id} is configured and cannot be changed or removed by a call",
                hint=f"change it in [[locations]] of {self._settings.file or 'the configuration'}",
            )
        return location

    def check(self, location: Location, *, owner: bool) -> None:
        """Raise InputError or NotAllowedError for what this caller may not register."""
        if location.type == "url":
            targets = location_targets(location, self._hosts)
            if not isinstance(targets, list):
                raise InputError(targets.message, hint=targets.hint)
            repository = targets[0].repository
            mapped = self._hosts.resolve(location.target).type != "file"
        else:
            repository, mapped = location.target, False
            for path in location.paths:
                _check_pattern(path)
            if location.ref.startswith("-"):
                raise InputError(f"{location.ref} is no branch, tag or commit", hint="leave it out for the default")
        if location.ref == SAVED and not owner:
            raise NotAllowedError(
                "what is saved in a work tree is shown to nobody before it is committed",
                hint="leave out --saved, or register it from the daemon's own machine",
            )
        repository = self._mirrors.open(repository).url  # judges scheme and form of the URL, and spells it in one way
        if not owner and not mapped:
            self._check_reach(repository)

    def _check_reach(self, repository: str) -> None:
        """A client may name folders below `local_roots`, and hosts that the configuration lists (R10, R30)."""
        if repository.startswith("file:"):
            self._check_root(repository)
            return
        host = urlsplit(repository).netloc.rpartition("@")[2]
        listed = {place for one in self._hosts for place in (one.host.lower(), urlsplit(one.clone).netloc.lower())}
        if host not in listed and not any(_fits(host, pattern) for pattern in self._settings.git.hosts_allowed):
            raise InputError(
                f"the host {host} is not listed", hint=f"add a [[hosts]] entry for {host}, or [git] hosts_allowed"
            )
        if not self._mirrors.permits(repository):
            raise NotAllowedError(
                f"{host} is no public address",
                hint="where it may be reached, add its network to [git] addresses_allowed",
            )

    def _check_root(self, repository: str) -> None:
        path = Path(unquote(urlsplit(repository).path)).resolve()
        if not any(path.is_relative_to(root.resolve()) for root in self._settings.git.local_roots):
            raise NotAllowedError(
                f"{repository} is not below a folder that clients may register",
                hint="add the folder to [git] local_roots, or register it from the daemon's own machine",
            )


def _fits(host: str, pattern: str) -> bool:
    """`*.example.test` is for all that ends so, on the usual port, and not for `example.test` itself."""
    return host == pattern or (pattern.startswith("*.") and host.endswith(pattern[1:]))


def registration(location: Location, hosts: Hosts, *, again: bool = False) -> Reading:
    """The reading of a registration itself: the generated Location entity (C79); `again` where one is there already."""
    processed = location_entity(location, hosts)
    document = DocumentReading(0, 1, "entity", "", processed.ref, orjson.dumps(processed.entity))
    files = (FileReading(REGISTERED, "", "", "", (document,), {}),)
    return Reading(location, files=files, replaced=(REGISTERED,) if again else ())


def _configured(settings: LocationSettings) -> Location:
    return Location(
        str(uuid.uuid4()),
        settings.type,
        settings.target,
        SAVED if settings.saved else settings.ref or "",
        tuple(settings.path),
        settings.priority,
        configured=True,
        write=settings.write,
        poll_interval=settings.poll_interval.total_seconds() if settings.poll_interval else None,
    )


def _told(location: Location, before: Location) -> JsonObject:
    """What the log tells of a location: its ref, and how it is dealt with where that is new."""
    said: JsonObject = {"location": location.location_ref}
    if location.write != before.write:
        said["write"] = location.write
    if location.poll_interval != before.poll_interval:
        said["poll_interval"] = location.poll_interval
    return said


def _check_pattern(path: str) -> None:
    try:
        Pattern.parse(path)
    except PatternError as error:
        raise InputError(
            f"path {path}: {error}", hint="use paths from the repository's root, with *, ** and ?"
        ) from None


def _same_key(location: Location) -> tuple[str, str, str, tuple[str, ...]]:
    return location.type, location.target, location.ref, location.paths
