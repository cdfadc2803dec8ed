"""Whether a definition of a blueprint may be kept (Port 3); what is wrong, all of it, each with its path."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from query.suggestion import did_you_mean
from query.text import fold
from syncd.blueprints.identifier import BLUEPRINT, PROPERTY
from syncd.blueprints.property_rule import TYPES, PropertyRule
from syncd.model.json import FieldPath, Json, JsonObject, text_at
from syncd.process.link import is_absolute_url
from syncd.process.schema import (
    Boolean,
    Choice,
    Either,
    Entries,
    Fields,
    Items,
    Rule,
    Text,
    Violation,
    field_text,
)

MAX_TITLE: Final = 100
MAX_DESCRIPTION: Final = 200
META: Final = (
    *("$identifier", "$title", "$team", "$icon", "$blueprint"),
    *("$createdAt", "$createdBy", "$updatedAt", "$updatedBy"),
)
"""What every entity has beside its properties."""
STAMPS: Final = ("createdAt", "createdBy", "updatedAt", "updatedBy")
"""What a reply adds to a definition; it may come back with it and says nothing."""
FUNCTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "entities": ("count", "average"),
    "property": ("sum", "min", "max", "median", "average"),
}
"""What may be aggregated, by `calculationBy`."""
AVERAGE_OF: Final = ("hour", "day", "week", "month", "total")


def _short(longest: int) -> Text:
    return Text(empty=True, test=lambda text: len(text) <= longest, wanted=f"at most {longest} characters long")


def _of(thing: str, required: Mapping[str, Rule], optional: Mapping[str, Rule]) -> Fields:
    return Fields(required, optional, closed=True, of=thing)


_ANY: Final = Text(empty=True)
_LABELS: Final[Mapping[str, Rule]] = {"title": _ANY, "description": _ANY, "icon": _ANY}
_IDS: Final = Items(Text(PROPERTY))
_RULES: Final = Fields({"rules": Items(Fields())}, {"combinator": Choice(("and", "or"))})
_RELATION: Final = _of(
    "a relation",
    {"target": Text(BLUEPRINT, example="service")},
    {**_LABELS, "required": Boolean(), "many": Boolean()},
)
_MIRROR: Final = _of("a mirror property", {"path": Text(example="system.$title")}, _LABELS)
_CALCULATION: Final = _of(
    "a calculation property",
    {"calculation": Text(example=".properties.cost * 12"), "type": Choice(TYPES)},
    {
        **_LABELS,
        "format": Text(),
        "spec": Text(),
        "items": Fields(),
        "colorized": Boolean(),
        "colors": Fields(),
        "persistent": Boolean(),
    },
)
_SPEC: Final = _of(
    "a calculationSpec",
    {"func": Text(example="count"), "calculationBy": Choice(tuple(FUNCTIONS))},
    {"property": Text(), "averageOf": Choice(AVERAGE_OF), "measureTimeBy": Text()},
)
_PATH: Final = _of("a pathFilter", {"path": Either(Text(), Items(Text()))}, {"fromBlueprint": Text(BLUEPRINT)})
_AGGREGATION: Final = _of(
    "an aggregation property",
    {"target": Text(BLUEPRINT, example="service"), "calculationSpec": _SPEC},
    {**_LABELS, "type": Choice(("number",)), "query": _RULES, "pathFilter": Items(_PATH)},
)
_OWNERSHIP: Final = _of("an ownership", {"type": Choice(("Direct", "Inherited"))}, {"path": Text(), "title": _ANY})
_CHANGELOG: Final = _of(
    "a changelogDestination",
    {"type": Choice(("WEBHOOK", "KAFKA"))},
    {"url": Text(test=is_absolute_url, wanted="an absolute URL"), "agent": Boolean()},
)
_SCHEMA: Final = _of("a schema", {}, {"properties": Entries(PROPERTY, PropertyRule()), "required": _IDS})
_DEFINITION: Final = _of(
    "a blueprint",
    {"identifier": Text(BLUEPRINT, example="service")},
    {
        "title": _short(MAX_TITLE),
        "description": _short(MAX_DESCRIPTION),
        "icon": _ANY,
        "schema": _SCHEMA,
        "relations": Entries(PROPERTY, _RELATION),
        "mirrorProperties": Entries(PROPERTY, _MIRROR),
        "calculationProperties": Entries(PROPERTY, _CALCULATION),
        "aggregationProperties": Entries(PROPERTY, _AGGREGATION),
        "ownership": _OWNERSHIP,
        "changelogDestination": Either(_CHANGELOG, Fields(optional={"type": Text()})),
        **dict.fromkeys(STAMPS, _ANY),
    },
)
_COMPUTED: Final = ("mirrorProperties", "calculationProperties", "aggregationProperties")

ProgramFault: TypeAlias = Callable[[str], str | None]
"""Why a text is no jq program; None where it is one."""


def any_program(_: str) -> str | None:
    """No fault is found in any jq program."""
    return None


def check_definition(
    definition: Json, known: Callable[[str], bool], jq_fault: ProgramFault = any_program
) -> list[Violation]:
    """Everything that is wrong with a definition, in the order of its fields; paths begin at the definition.

    `known` says whether there is a blueprint of that identifier; the definition's own counts as known.
    """
    found: list[Violation] = []
    _DEFINITION.check(definition, (), found)
    if isinstance(definition, dict):
        checks = _Definition(definition, known, jq_fault)
        broken = {violation.path[:2] for violation in found}
        found.extend(violation for violation in checks.violations() if violation.path[:2] not in broken)
    return found


class _Definition:
    """What no field says of itself: how the parts of a definition go together."""

    def __init__(self, definition: JsonObject, known: Callable[[str], bool], jq_fault: ProgramFault) -> None:
        self._definition = definition
        self._known = known
        self._jq_fault = jq_fault
        self._properties = _part(_part(definition, "schema"), "properties")
        self._relations = _part(definition, "relations")

    def violations(self) -> Iterator[Violation]:
        yield from self._names()
        yield from self._required()
        yield from self._targets()
        yield from self._mirrors()
        yield from self._calculations()
        yield from self._aggregations()
        yield from self._ownership()

    def _names(self) -> Iterator[Violation]:
        """One name means one property, whatever its case: both would be searched by the same key."""
        places: list[tuple[FieldPath, str]] = [(("schema", "properties", name), name) for name in self._properties]
        places += [((group, name), name) for group in _COMPUTED for name in _part(self._definition, group)]
        yield from _repeated(places, "property")
        yield from _repeated([(("relations", name), name) for name in self._relations], "relation")

    def _required(self) -> Iterator[Violation]:
        required = _part(self._definition, "schema").get("required")
        for index, name in enumerate(required if isinstance(required, list) else ()):
            if isinstance(name, str) and name not in self._properties:
                path = ("schema", "required", index)
                yield _unknown(path, f"names no property: {name}", name, self._properties)

    def _targets(self) -> Iterator[Violation]:
        for name, relation in self._relations.items():
            if not isinstance(relation, dict):
                continue
            if relation.get("many") is True and relation.get("required") is True:
                path = ("relations", name, "required")
                message = f"{field_text(path)}: a relation cannot be many and required at once"
                yield Violation(path, "entity.format", message, "set one of them to false")
            yield from self._target(("relations", name, "target"), relation.get("target"))
        for name, aggregation in _part(self._definition, "aggregationProperties").items():
            if isinstance(aggregation, dict):
                yield from self._target(("aggregationProperties", name, "target"), aggregation.get("target"))

    def _target(self, path: FieldPath, target: Json) -> Iterator[Violation]:
        if not isinstance(target, str) or target == self._definition.get("identifier") or self._known(target):
            return
        message = f"{field_text(path)}: there is no blueprint {target}"
        yield Violation(path, "entity.ref", message, "create that blueprint first, or name one that is there")

    def _mirrors(self) -> Iterator[Violation]:
        for name, mirror in _part(self._definition, "mirrorProperties").items():
            path = ("mirrorProperties", name, "path")
            text = text_at(mirror, "path") if isinstance(mirror, dict) else None
            if not text:
                continue
            first, *rest = text.split(".")
            if not rest or not all(rest) or not first:
                message = f"{field_text(path)} must be relations and a property at the end, joined by dots"
                yield Violation(path, "entity.format", message, "write it like system.domain.$title")
            elif first not in self._relations:
                yield _unknown(path, f"begins with no relation of this blueprint: {first}", first, self._relations)
            elif rest[-1].startswith("$") and rest[-1] not in META:
                yield _unknown(path, f"ends with no meta-property: {rest[-1]}", rest[-1], META)

    def _calculations(self) -> Iterator[Violation]:
        for name, calculation in _part(self._definition, "calculationProperties").items():
            program = text_at(calculation, "calculation") if isinstance(calculation, dict) else None
            fault = self._jq_fault(program) if program else None
            if fault is not None:
                path = ("calculationProperties", name, "calculation")
                yield Violation(path, "entity.format", f"{field_text(path)}: {fault}", "write a jq program")

    def _aggregations(self) -> Iterator[Violation]:
        for name, aggregation in _part(self._definition, "aggregationProperties").items():
            if not isinstance(aggregation, dict):
                continue
            spec = aggregation.get("calculationSpec")
            if isinstance(spec, dict):
                yield from _calculation_spec(spec, ("aggregationProperties", name, "calculationSpec"))
            paths = aggregation.get("pathFilter")
            if isinstance(paths, list) and len(paths) > 1:
                path = ("aggregationProperties", name, "pathFilter")
                yield Violation(path, "entity.format", f"{field_text(path)} may hold one path only", "keep one of them")

    def _ownership(self) -> Iterator[Violation]:
        ownership = _part(self._definition, "ownership")
        path, text = ("ownership", "path"), text_at(ownership, "path")
        if ownership.get("type") == "Inherited" and not text:
            message = "ownership.path is missing: an inherited owner is at the end of relations"
            yield Violation(path, "entity.missing", message, "write it like system.domain")
        elif text and text.split(".")[0] not in self._relations:
            first = text.split(".")[0]
            yield _unknown(path, f"begins with no relation of this blueprint: {first}", first, self._relations)


def _calculation_spec(spec: JsonObject, path: FieldPath) -> Iterator[Violation]:
    by, function = text_at(spec, "calculationBy"), text_at(spec, "func")
    if by is None or by not in FUNCTIONS or function is None:
        return
    if function not in FUNCTIONS[by]:
        place = (*path, "func")
        message = f"{field_text(place)} {function} does not aggregate by {by}"
        yield Violation(place, "entity.format", message, f"write one of {', '.join(FUNCTIONS[by])}")
        return
    needed = ["property"] if by == "property" else ["averageOf", "measureTimeBy"] if function == "average" else []
    for name in needed:
        if name not in spec:
            place = (*path, name)
            yield Violation(place, "entity.missing", f"{field_text(place)} is missing", f"{function} by {by} needs it")


def _repeated(places: list[tuple[FieldPath, str]], thing: str) -> Iterator[Violation]:
    seen: dict[str, str] = {}
    for path, name in places:
        folded = fold(name)
        if folded in seen:
            message = f"{field_text(path)}: there is a {thing} {seen[folded]} already"
            yield Violation(path, "entity.format", message, "rename one of them; case does not tell them apart")
        seen.setdefault(folded, name)


def _unknown(path: FieldPath, what: str, name: str, known: Mapping[str, Json] | tuple[str, ...]) -> Violation:
    hint = did_you_mean(name, known, f"there are {', '.join(known)}" if known else "there are none")
    return Violation(path, "entity.ref", f"{field_text(path)} {what}", hint)


def _part(value: JsonObject, key: str) -> JsonObject:
    found = value.get(key)
    return found if isinstance(found, dict) else {}
