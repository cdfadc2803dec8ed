"""Properties that nobody writes: mirrored from other entities, aggregated over them, calculated by jq (P52-P54)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final, TypeAlias

from query.ast import Everything, Node
from query.dialects.rules import Asker, parse_rules
from query.errors import QueryError
from syncd.blueprints.aggregation import Member, aggregate, moment
from syncd.blueprints.blueprint import Aggregation, Blueprint, Calculation, Mirror
from syncd.blueprints.document import identifier_in, relation_refs, values_of
from syncd.blueprints.identifier import entity_identifier
from syncd.blueprints.property_schema import property_schema
from syncd.blueprints.reply import Stamps, port_document
from syncd.blueprints.vocabulary import vocabulary_of
from syncd.blueprints.walk import MAX_RELATED, Entities, TooManyError, Walk
from syncd.errors import UnavailableError
from syncd.jq.runner import JqFault
from syncd.model.json import Json, JsonObject
from syncd.model.problem import Problem

Jq: TypeAlias = Callable[[str, Json], Json | JqFault]
"""The first output of a program for a value (`JqRunner.first`)."""

_STAMPS: Final[Mapping[str, Callable[[Stamps], str]]] = {
    "$createdAt": attrgetter("created_at"),
    "$createdBy": attrgetter("created_by"),
    "$updatedAt": attrgetter("updated_at"),
    "$updatedBy": attrgetter("updated_by"),
}
_UNSTAMPED: Final = Stamps("", "", "", "")
_UNSEEN: Final = ("scorecards", "createdAt", "createdBy", "updatedAt", "updatedBy")

_ABSENT: Final = "what an entity lacks is null to jq: put what stands for it after //, as in (.properties.cost // 0)"

MAX_DEPTH: Final = 16
"""How often one computed property may lead to another."""


@dataclass(frozen=True, slots=True)
class Computed:
    """The computed properties of an entity, each there, null where there is nothing; and what went wrong with which."""

    values: JsonObject
    problems: Mapping[str, Problem] = field(default_factory=dict)


class Computation:
    """Computes for one entity after the other, as the catalog has them at one moment. Not for several threads at once.

    With `title_identifiers` a mirrored `$title` comes with the identifier it belongs to; calculations see the title
    alone all the same.
    """

    def __init__(
        self, catalog: Entities, jq: Jq, asker: Asker | None = None, *, title_identifiers: bool = False
    ) -> None:
        self._catalog, self._jq, self._asker = catalog, jq, asker or Asker()
        self.title_identifiers = title_identifiers
        self._walk = Walk(catalog)
        self._queries: dict[tuple[str, str], Node] = {}
        self._known: dict[tuple[str, str], Json] = {}
        self._stamps: dict[str, Stamps] = {}

    def of(self, ref: str) -> Computed:
        """The computed properties of an entity; none where it, or its blueprint, is not there."""
        entity = self._walk.entity(ref)
        blueprint = self._walk.blueprint(entity) if entity is not None else None
        if entity is None or blueprint is None or not blueprint.computed:
            return Computed({})
        return _One(self, ref, entity, blueprint).computed()

    def prepare(self, entities: Iterable[tuple[str, JsonObject]]) -> None:
        """These were read already: what `of` will be asked for, with their refs."""
        self._walk.know(entities)

    def property(self, ref: str, name: str, depth: int) -> Json:
        """One property or meta-property of an entity, written or computed."""
        entity = self._walk.entity(ref)
        blueprint = self._walk.blueprint(entity) if entity is not None else None
        if entity is None or blueprint is None:
            return None
        if name in blueprint.computed:
            return self._computed(ref, name, entity, blueprint, depth + 1) if depth < MAX_DEPTH else None
        if name in _STAMPS:
            self._read_stamps([ref])
            return _STAMPS[name](self._stamps[ref]) if ref in self._stamps else None
        if not name.startswith("$"):
            return values_of(blueprint, entity).properties.get(name)
        return self.document(entity, blueprint, {}).get(name[1:])

    def _computed(self, ref: str, name: str, entity: JsonObject, blueprint: Blueprint, depth: int) -> Json:
        """A computed property of an entity on the way, each once; one that leads back to itself is null there."""
        if (ref, name) not in self._known:
            self._known[ref, name] = None
            self._known[ref, name] = _One(self, ref, entity, blueprint, depth).value(name)
        return self._known[ref, name]

    def document(self, entity: JsonObject, blueprint: Blueprint, computed: JsonObject) -> JsonObject:
        """The entity as calculations see it: as replies write it, but for stamps and scorecards."""
        self._walk.read(ref for refs in relation_refs(blueprint, entity).values() for ref in refs)
        document = port_document(
            blueprint, values_of(blueprint, entity, self._identifier), _UNSTAMPED, computed=computed, scorecards={}
        )
        return {name: value for name, value in document.items() if name not in _UNSEEN}

    def _read_stamps(self, refs: Iterable[str]) -> None:
        unread = [ref for ref in refs if ref not in self._stamps]
        entities = [entity for ref in unread if (entity := self._walk.entity(ref)) is not None]
        self._stamps.update(self._catalog.stamps(entities) if entities else {})

    def mirrored(self, ref: str, blueprint: Blueprint, mirror: Mirror, depth: int, *, identified: bool = False) -> Json:
        """What a mirror shows: one value, or a list where its path leads to many entities; with `identified` each as
        `{identifier, title}`."""
        ends = self._walk.along(ref, mirror.relations)
        found = [self._titled(end) if identified else self.property(end, mirror.property, depth) for end in ends]
        if not self._leads_to_many(blueprint, mirror):
            return found[0] if found else None
        return [value for value in found if value is not None]

    def _titled(self, ref: str) -> Json:
        identifier = self.property(ref, "$identifier", 0)
        return identifier and {"identifier": identifier, "title": self.property(ref, "$title", 0)}

    def aggregated(self, ref: str, blueprint: Blueprint, aggregation: Aggregation) -> float | None:
        """The number that an aggregation makes. Raises `QueryError`, `TooManyError`."""
        where, spec = self._query(blueprint, aggregation), aggregation.spec
        related = self._walk.related(ref, aggregation.target, aggregation.path)
        meant = set(self._catalog.meant(related, where)) if related else set()
        self._walk.read(meant)
        if spec.get("measureTimeBy") in _STAMPS:
            self._read_stamps(meant)
        members = [self.member(one, spec) for one in related if one in meant]
        function, by = spec.get("func", ""), spec.get("calculationBy", "")
        return aggregate(function, by, members, spec.get("averageOf", "total"), self._asker.now)

    def calculated(self, document: JsonObject, calculation: Calculation) -> Json | JqFault:
        """What a calculation gives; a fault also where that is of another type than it promises."""
        try:
            found = self._jq(calculation.program, document)
        except UnavailableError as error:
            return JqFault(str(error))
        if found is None or isinstance(found, JqFault):
            return found
        promised: JsonObject = {"type": calculation.type}
        if calculation.format:
            promised["format"] = calculation.format
        wrong = next(property_schema(promised).violations(found, (calculation.identifier,)), None)
        return JqFault(wrong.message) if wrong is not None else found

    def _identifier(self, ref: str) -> str:
        entity = self._walk.entity(ref)
        return identifier_in(entity) if entity is not None else entity_identifier(ref)

    def _leads_to_many(self, blueprint: Blueprint, mirror: Mirror) -> bool:
        at: Blueprint | None = blueprint
        for relation in mirror.relations:
            definition = at.relations.get(relation) if at is not None else None
            if definition is None:
                return False
            if definition.many:
                return True
            at = self._walk.blueprints.get(definition.target)
        return False

    def _query(self, blueprint: Blueprint, aggregation: Aggregation) -> Node:
        key = (blueprint.identifier, aggregation.identifier)
        if key not in self._queries:
            vocabulary = vocabulary_of(self._walk.blueprints.values(), aggregation.target)
            query = aggregation.query
            self._queries[key] = Everything() if query is None else parse_rules(query, vocabulary, self._asker)
        return self._queries[key]

    def member(self, ref: str, spec: Mapping[str, str]) -> Member:
        """What an entity brings into an aggregation."""
        number = self.property(ref, spec["property"], 0) if "property" in spec else None
        time = self.property(ref, spec["measureTimeBy"], 0) if "measureTimeBy" in spec else None
        if isinstance(number, bool) or not isinstance(number, int | float):
            number = None
        return Member(number, moment(time))


class _One:
    """The computed properties of one entity: mirrors and aggregations first, since calculations see them."""

    def __init__(
        self, computation: Computation, ref: str, entity: JsonObject, blueprint: Blueprint, depth: int = 0
    ) -> None:
        self._computation, self._ref, self._entity, self._blueprint = computation, ref, entity, blueprint
        self._depth = depth
        self._problems: dict[str, Problem] = {}

    def computed(self) -> Computed:
        first = {name: self._uncalculated(name) for name in (*self._blueprint.mirrors, *self._blueprint.aggregations)}
        document = self._document(first)
        calculated = {name: self._calculated(one, document) for name, one in self._blueprint.calculations.items()}
        if self._computation.title_identifiers:
            titles = [name for name, one in self._blueprint.mirrors.items() if one.property == "$title"]
            first |= {name: self._uncalculated(name, identified=True) for name in titles}
        return Computed(first | calculated, self._problems)

    def value(self, name: str) -> Json:
        if name in self._blueprint.calculations:
            return self.computed().values[name]
        return self._uncalculated(name)

    def _document(self, computed: JsonObject) -> JsonObject:
        return self._computation.document(self._entity, self._blueprint, computed)

    def _uncalculated(self, name: str, *, identified: bool = False) -> Json:
        try:
            if name in self._blueprint.mirrors:
                mirror = self._blueprint.mirrors[name]
                return self._computation.mirrored(
                    self._ref, self._blueprint, mirror, self._depth, identified=identified
                )
            return self._computation.aggregated(self._ref, self._blueprint, self._blueprint.aggregations[name])
        except QueryError as error:
            self._fail(name, f"its query: {error.message}", error.hint)
        except TooManyError:
            self._fail(name, f"more than {MAX_RELATED:,} entities are related", "give it a pathFilter")
        return None

    def _calculated(self, calculation: Calculation, document: JsonObject) -> Json:
        found = self._computation.calculated(document, calculation)
        if isinstance(found, JqFault):
            self._fail(calculation.identifier, found.message, _ABSENT if "null (null)" in found.message else "")
            return None
        return found

    def _fail(self, name: str, message: str, hint: str = "") -> None:
        text = f"{self._blueprint.identifier}.{name}: {message}"
        self._problems[name] = Problem("blueprint.computed", text, hint=hint, ref=self._ref)
