"""The blueprints in force: those of Backstage's kinds, those that git declares, those made by API."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import orjson

from query.ast import Node, equals
from query.question import Question
from query.suggestion import did_you_mean
from query.text import fold
from syncd.blueprints.blueprint import Blueprint, blueprint_of
from syncd.blueprints.builtin import BUILT_IN
from syncd.errors import NotFoundError
from syncd.model.json import JsonObject, text_at
from syncd.model.location import API_LOCATION
from syncd.model.ref import DEFAULT_NAMESPACE, EntityRef
from syncd.model.text import shown
from syncd.process.annotations import MANAGED_BY
from syncd.process.kinds import BLUEPRINT

API_MARK: Final = f"{API_LOCATION.id}:"
"""What the origin of an entity made by API begins with."""


class Page(Protocol):
    """An answer to a question."""

    @property
    def documents(self) -> Sequence[bytes]: ...
    @property
    def total(self) -> int | None: ...
    @property
    def more(self) -> bool: ...


class Details(Protocol):
    """Where an entity was read."""

    @property
    def repository(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def line(self) -> int: ...


class Catalog(Protocol):
    """What is asked of the catalog."""

    @property
    def generation(self) -> int: ...
    def ask(self, question: Question) -> Page: ...
    def by_refs(self, refs: Sequence[str], where: Node) -> Sequence[bytes | None]: ...
    def details(self, ref: str) -> Details | None: ...
    def said(self, ref: str) -> JsonObject | None: ...


@dataclass(frozen=True, slots=True)
class _Edition:
    """The blueprints of one generation of the catalog."""

    generation: int
    documents: tuple[bytes, ...]
    blueprints: tuple[Blueprint, ...]
    by_key: dict[str, Blueprint]
    made_by_api: frozenset[str]


class Book:
    """All blueprints, as of the newest change of the catalog. Thread-safe."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        built_in = tuple(one.blueprint for one in BUILT_IN.values())
        self._edition = _Edition(-1, (), built_in, _by_key(built_in), frozenset())

    def all(self) -> tuple[Blueprint, ...]:
        """Those of Backstage's kinds, then the others by ref."""
        return self._current().blueprints

    def find(self, identifier: str) -> Blueprint | None:
        """The blueprint that is spelled so."""
        found = self.like(identifier)
        return found if found is not None and found.identifier == identifier else None

    def like(self, identifier: str) -> Blueprint | None:
        """The blueprint that is spelled so, letters in any case."""
        return self._current().by_key.get(_key(identifier))

    def get(self, identifier: str) -> Blueprint:
        """The blueprint that is spelled so; `NotFoundError` where there is none."""
        found = self.find(identifier)
        if found is None:
            raise NotFoundError(f"there is no blueprint {shown(identifier)}", hint=self._near(identifier))
        return found

    def knows(self, identifier: str) -> bool:
        """Whether there is a blueprint that is spelled so."""
        return self.find(identifier) is not None

    def of_ref(self, ref: str) -> Blueprint | None:
        """The blueprint of an entity, by its canonical ref."""
        return self._current().by_key.get(ref.partition(":")[0])

    def is_made_by_api(self, identifier: str) -> bool:
        """Whether the definition in force was made by API, and so may be changed by it."""
        return blueprint_ref(identifier) in self._current().made_by_api

    def origin(self, identifier: str) -> str:
        """Where a definition is that no API may change: its file, in words."""
        if identifier in BUILT_IN:
            return "one of Backstage's kinds"
        return f"defined in Git at {place(self._catalog, blueprint_ref(identifier))}"

    def _current(self) -> _Edition:
        edition, generation = self._edition, self._catalog.generation
        if edition.generation != generation:
            self._edition = edition = self._read(generation, edition)
        return edition

    def _read(self, generation: int, old: _Edition) -> _Edition:
        page = self._catalog.ask(Question(equals("kind", [BLUEPRINT]), tie="ref"))
        documents = tuple(page.documents)
        if documents == old.documents:
            return _Edition(generation, old.documents, old.blueprints, old.by_key, old.made_by_api)
        entities = [orjson.loads(document) for document in documents]
        blueprints = (
            *(one.blueprint for one in BUILT_IN.values()),
            *(blueprint_of(entity["spec"]) for entity in entities),
        )
        made = frozenset(blueprint_ref(entity["spec"]["identifier"]) for entity in entities if is_made_by_api(entity))
        return _Edition(generation, documents, blueprints, _by_key(blueprints), made)

    def _near(self, identifier: str) -> str:
        known = [one.identifier for one in self.all()]
        same = self.like(identifier)
        if same is not None:
            return f"did you mean {same.identifier}?"
        return did_you_mean(identifier, known, f"there are {', '.join(known[:20])}")


def blueprint_ref(identifier: str) -> str:
    """The ref of the entity that declares a blueprint."""
    return str(EntityRef(BLUEPRINT, DEFAULT_NAMESPACE, identifier))


def is_made_by_api(entity: JsonObject) -> bool:
    """Whether a published entity is one that no file says."""
    return (text_at(entity, "metadata", "annotations", MANAGED_BY) or "").startswith(API_MARK)


def place(catalog: Catalog, ref: str) -> str:
    """The file that says an entity, as `repository path:line`; empty where none does."""
    found = catalog.details(ref)
    return f"{found.repository} {found.path}:{found.line}" if found is not None and found.path else ""


def _by_key(blueprints: Sequence[Blueprint]) -> dict[str, Blueprint]:
    return {_key(one.identifier): one for one in blueprints}


def _key(identifier: str) -> str:
    """The kind of its entities, as refs write it."""
    return fold(str(EntityRef(identifier, DEFAULT_NAMESPACE, "x")).partition(":")[0])
