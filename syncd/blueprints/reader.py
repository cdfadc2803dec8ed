"""Entities as Port knows them: found by blueprint and identifier, and put into words."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import orjson

from query.ast import Everything, Node, all_of, equals
from query.question import Position, Question
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.book import Book, Catalog, is_made_by_api, place
from syncd.blueprints.builtin import BUILT_IN
from syncd.blueprints.document import identifier_in, values_of
from syncd.blueprints.identifier import entity_identifier, entity_ref, target_ref
from syncd.blueprints.links import links
from syncd.blueprints.reply import Peer, Projection, Stamps, port_document, with_titles
from syncd.blueprints.values import Values
from syncd.model.api_document import ApiDocument
from syncd.model.json import JsonObject, text_at
from syncd.model.ref import ref_of

AT_ONCE: Final = 2_000
"""Entities that are put into words together: bounds how much is asked in one statement."""


class Computing(Protocol):
    """Who works out mirrored, calculated and aggregated properties."""

    def of(
        self, reader: "Reader", entities: Sequence[JsonObject], *, identified: bool = False
    ) -> Mapping[str, JsonObject]:
        """Those of published entities, by ref; with `identified` a mirrored title is `{identifier, title}`."""
        ...


class Documents(Protocol):
    """The entities made by API."""

    def of(self, refs: Sequence[str]) -> Mapping[str, ApiDocument]: ...


class Ends(Protocol):
    """The first and the newest change of an entity."""

    @property
    def first_at(self) -> str: ...
    @property
    def first_by(self) -> str: ...
    @property
    def last_at(self) -> str: ...
    @property
    def last_by(self) -> str: ...


class Stories(Protocol):
    """The log of changes, entity by entity."""

    def ends(self, refs: Sequence[str]) -> Mapping[str, Ends]: ...


@dataclass(frozen=True, slots=True)
class Held:
    """An entity that is there. `entity` is what is published of it; `document` what the API said of it, if anything."""

    ref: str
    blueprint: Blueprint
    entity: JsonObject
    document: ApiDocument | None

    @property
    def identifier(self) -> str:
        """As its author spelled it."""
        return identifier_in(self.entity)

    @property
    def is_of_git(self) -> bool:
        """Whether a file says it."""
        return self.document is None or not is_made_by_api(self.entity)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a reply holds of an entity (Port 5)."""

    projection: Projection
    computed: bool = True
    titles: bool = False
    """Relations as `{identifier, title}`."""
    identified: bool = False
    """Mirrored titles as `{identifier, title}`."""

    def computes(self, blueprint: Blueprint) -> bool:
        """Whether a reply holds anything that is computed for the blueprint's entities."""
        return self.computed and any(self.projection.keeps("properties", name) for name in blueprint.computed)


WHOLE: Final = Shape(Projection())


class Reader:
    """Reads entities of blueprints. Thread-safe."""

    def __init__(
        self,
        catalog: Catalog,
        book: Book,
        documents: Documents,
        stories: Stories,
        computing: Computing,
    ) -> None:
        self.book = book
        self._catalog = catalog
        self._documents = documents
        self._stories = stories
        self._computing = computing

    @property
    def generation(self) -> int:
        """Grows with every published change."""
        return self._catalog.generation

    # Finding

    def find(self, blueprint: Blueprint, identifier: str) -> Held | None:
        """The entity of a blueprint with an identifier; letters may be in any case, as in every ref."""
        return self.held([str(entity_ref(blueprint.identifier, identifier, BUILT_IN))])[0]

    def held(self, refs: Sequence[str]) -> list[Held | None]:
        """The entity of each ref; None for what is not there or has no blueprint."""
        documents = self._documents.of(refs)  # before the entities: a write checks whether these are still the same
        found: list[Held | None] = []
        for ref, content in zip(refs, self._catalog.by_refs(refs, Everything()), strict=True):
            blueprint = self.book.of_ref(ref) if content is not None else None
            if content is None or blueprint is None:
                found.append(None)
            else:
                found.append(Held(ref, blueprint, orjson.loads(content), documents.get(ref)))
        return found

    def present(self, refs: Sequence[str], where: Node | None = None) -> set[str]:
        """Those of the refs that there are entities of; those only that `where` means."""
        documents = self._catalog.by_refs(refs, where or Everything()) if refs else ()
        return {ref for ref, document in zip(refs, documents, strict=True) if document is not None}

    def count(self, blueprint: Blueprint) -> int:
        """How many entities the blueprint has."""
        return self.total(_of(blueprint))

    def total(self, where: Node) -> int:
        """How many entities a tree means."""
        return self._catalog.ask(Question(where, limit=1, tie="ref", want_total=True)).total or 0

    def refs(self, blueprint: Blueprint, where: Node | None = None, limit: int | None = None) -> list[str]:
        """The refs of its entities, sorted; those only that `where` means, at most `limit` of them."""
        wanted = _of(blueprint) if where is None else all_of([_of(blueprint), where])
        page = self._catalog.ask(Question(wanted, limit=limit, tie="ref"))
        return [_ref_in(orjson.loads(document)) for document in page.documents]

    def page(
        self, where: Node, limit: int | None = None, position: Position | None = None
    ) -> tuple[list[tuple[Blueprint, JsonObject]], bool]:
        """Published entities that a tree means, by ref, each with its blueprint; and whether there are more."""
        page = self._catalog.ask(Question(where, limit=limit, position=position, tie="ref"))
        found = [orjson.loads(document) for document in page.documents]
        known = [(self.book.of_ref(_ref_in(entity)), entity) for entity in found]
        return [(blueprint, entity) for blueprint, entity in known if blueprint is not None], page.more

    def ref_in(self, entity: JsonObject) -> str:
        """The ref of a published entity."""
        return _ref_in(entity)

    def entities(self, refs: Sequence[str]) -> dict[str, JsonObject]:
        """What is published of those of the refs that are there."""
        documents = self._catalog.by_refs(refs, Everything())
        return {ref: orjson.loads(one) for ref, one in zip(refs, documents, strict=True) if one is not None}

    def document(self, ref: str) -> ApiDocument | None:
        """What the API said of an entity or a blueprint."""
        return self._documents.of([ref]).get(ref)

    def said(self, ref: str) -> JsonObject | None:
        """What the document that speaks for an entity says, custom properties left out."""
        return self._catalog.said(ref)

    def file(self, ref: str) -> str:
        """The file that says an entity, in words."""
        return place(self._catalog, ref)

    # What it is called, and what it holds

    def values(self, held: Held) -> Values:
        """What an entity holds."""
        return self.values_in([(held.blueprint, held.entity)])[0]

    def values_in(self, entities: Sequence[tuple[Blueprint, JsonObject]]) -> list[Values]:
        """What entities hold, the targets of their relations called as they call themselves."""
        names = {ref: peer.identifier for ref, peer in self._peers(entities).items()}

        def called(ref: str) -> str:
            return names.get(ref) or entity_identifier(ref)

        return [values_of(blueprint, entity, called) for blueprint, entity in entities]

    def _peers(self, entities: Iterable[tuple[Blueprint, JsonObject]]) -> dict[str, Peer]:
        """What the targets of all their relations are called."""
        wanted = sorted({ref for one, entity in entities for link in links(one, entity) for ref in link.refs})
        found: dict[str, Peer] = {}
        for start in range(0, len(wanted), AT_ONCE):
            refs = wanted[start : start + AT_ONCE]
            for ref, document in zip(refs, self._catalog.by_refs(refs, Everything()), strict=True):
                if document is not None:
                    entity = orjson.loads(document)
                    identifier = identifier_in(entity)
                    found[ref] = Peer(identifier, text_at(entity, "metadata", "title") or identifier)
        return found

    # Replies

    def listed(self, blueprint: Blueprint, shape: Shape) -> Iterator[JsonObject]:
        """All its entities as replies write them, by ref."""
        page = self._catalog.ask(Question(_of(blueprint), tie="ref"))
        for start in range(0, len(page.documents), AT_ONCE):
            entities = [orjson.loads(document) for document in page.documents[start : start + AT_ONCE]]
            yield from self.replies([(blueprint, entity) for entity in entities], shape)

    def reply(self, held: Held, shape: Shape = WHOLE) -> JsonObject:
        """An entity as replies write it."""
        return self.replies([(held.blueprint, held.entity)], shape)[0]

    def replies(self, entities: Sequence[tuple[Blueprint, JsonObject]], shape: Shape) -> list[JsonObject]:
        """Published entities as replies write them."""
        peers = self._peers(entities)
        stamps = self.stamps([entity for _, entity in entities])
        computing = [entity for blueprint, entity in entities if shape.computes(blueprint)]
        computed = self._computing.of(self, computing, identified=shape.identified) if computing else {}
        found: list[JsonObject] = []
        for blueprint, entity in entities:

            def called(ref: str) -> str:
                peer = peers.get(ref)
                return peer.identifier if peer is not None else entity_identifier(ref)

            values = values_of(blueprint, entity, called)
            ref = _ref_in(entity)
            document = port_document(blueprint, values, stamps[ref], computed=computed.get(ref, {}), scorecards={})
            if shape.titles:
                document = with_titles(document, _titles(blueprint, peers))
            found.append(shape.projection.apply(document))
        return found

    def stamps(self, entities: Sequence[JsonObject]) -> dict[str, Stamps]:
        """When and by whom each was made and changed, by ref: of entities made by API as their document says, of those
        of git as the log does."""
        refs = [_ref_in(entity) for entity in entities]
        documents, ends = self._documents.of(refs), self._stories.ends(refs)
        return {
            ref: _stamps(documents.get(ref) if is_made_by_api(entity) else None, ends.get(ref))
            for ref, entity in zip(refs, entities, strict=True)
        }


def values_tag(values: Values) -> str:
    """The ETag of what is written of an entity (P31): what others say of it does not change it."""
    parts = (values.identifier, values.title, values.icon, values.team, values.properties, dict(values.relations))
    content = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _titles(blueprint: Blueprint, peers: Mapping[str, Peer]) -> Callable[[str, str], Peer]:
    def peer(relation: str, identifier: str) -> Peer:
        ref = str(target_ref(blueprint.relations[relation].target, identifier, BUILT_IN))
        return peers.get(ref) or Peer(identifier, identifier)

    return peer


def _stamps(document: ApiDocument | None, ends: Ends | None) -> Stamps:
    if document is not None:
        return Stamps(document.created_at, document.created_by, document.updated_at, document.updated_by)
    if ends is not None:
        return Stamps(ends.first_at, ends.first_by, ends.last_at, ends.last_by)
    return Stamps("", "", "", "")


def _of(blueprint: Blueprint) -> Node:
    return equals("kind", [blueprint.identifier])


def _ref_in(entity: JsonObject) -> str:
    return str(ref_of(entity))
