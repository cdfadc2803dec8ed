"""Which field names which entity: the relation table (spec 1.6), read in both directions."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from syncd.model.json import FieldPath, Json, JsonObject
from syncd.model.ref import EntityRef, RefError, parse_ref
from syncd.model.relation import Relation
from syncd.process.schema import Violation, described, field_text


@dataclass(frozen=True, slots=True)
class RelationField:
    """One field of `spec`: the kind of its targets where they do not say it (None: they must), and both arrows."""

    name: str
    kind: str | None
    forward: str
    reverse: str


_OWNER = RelationField("owner", "Group", "ownedBy", "ownerOf")
_SYSTEM = RelationField("system", "System", "partOf", "hasPart")
_DEPENDS = (
    RelationField("dependsOn", None, "dependsOn", "dependencyOf"),
    RelationField("dependencyOf", None, "dependencyOf", "dependsOn"),
)

REVERSED = "Of"
"""What the reverse of a relation that a Blueprint declares has behind its name."""

RELATION_FIELDS: Mapping[str, tuple[RelationField, ...]] = {
    "Component": (
        _OWNER,
        RelationField("subcomponentOf", "Component", "partOf", "hasPart"),
        _SYSTEM,
        RelationField("providesApis", "API", "providesApi", "apiProvidedBy"),
        RelationField("consumesApis", "API", "consumesApi", "apiConsumedBy"),
        *_DEPENDS,
    ),
    "API": (_OWNER, _SYSTEM),
    "Resource": (_OWNER, _SYSTEM, *_DEPENDS),
    "System": (_OWNER, RelationField("domain", "Domain", "partOf", "hasPart")),
    "Domain": (_OWNER, RelationField("subdomainOf", "Domain", "partOf", "hasPart")),
    "Template": (_OWNER,),
    "User": (RelationField("memberOf", "Group", "memberOf", "hasMember"),),
    "Group": (
        RelationField("parent", "Group", "childOf", "parentOf"),
        RelationField("children", "Group", "parentOf", "childOf"),
        RelationField("members", "User", "hasMember", "memberOf"),
    ),
}
"""By kind. A kind that is not here has no relations of its own."""


def relations_of(entity: JsonObject, ref: EntityRef, found: list[Violation]) -> tuple[Relation, ...]:
    """Both arrows of every ref in `spec`, distinct and sorted; what is no ref is added to `found`.

    A target without a namespace is in the namespace of the entity itself (C8, C78).
    """
    arrows: set[tuple[str, str, str]] = set()
    source = str(ref)
    for arrow in _declared(entity):
        arrows.add((source, arrow[0], arrow[1]))
        arrows.add((arrow[1], f"{arrow[0]}{REVERSED}", source))
    for field, path, text in _written(entity, found):
        try:
            target = str(parse_ref(text, kind=field.kind, namespace=ref.namespace))
        except RefError as error:
            found.append(_no_ref(field, path, text, error))
            continue
        arrows.add((source, field.forward, target))
        arrows.add((target, field.reverse, source))
    return tuple(Relation(*arrow) for arrow in sorted(arrows))


def sorted_lists(kind: str, spec: JsonObject) -> JsonObject:
    """`spec` with its relation lists sorted by UTF-16 code unit (C77); the same object where nothing moves."""
    changed: JsonObject = {}
    for field in RELATION_FIELDS.get(kind, ()):
        items = spec.get(field.name)
        if isinstance(items, list) and len(items) > 1:
            texts = [item for item in items if isinstance(item, str)]
            ordered: list[Json] = [*sorted(texts, key=_code_units)]
            if len(texts) == len(items) and ordered != items:
                changed[field.name] = ordered
    return {**spec, **changed} if changed else spec


def _written(entity: JsonObject, found: list[Violation]) -> Iterator[tuple[RelationField, FieldPath, str]]:
    spec, kind = entity.get("spec"), entity.get("kind")
    if not isinstance(spec, dict) or not isinstance(kind, str):
        return
    for field in RELATION_FIELDS.get(kind, ()):
        value = spec.get(field.name)
        if value is None:
            continue
        if isinstance(value, str):
            yield field, ("spec", field.name), value
            continue
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            path: FieldPath = ("spec", field.name, index) if isinstance(value, list) else ("spec", field.name)
            if isinstance(item, str):
                yield field, path, item
            else:
                message = f"{field_text(path)} must be the ref of an entity, not {described(item)}"
                found.append(Violation(path, "entity.ref", message, "write it as text: kind:namespace/name"))


def _declared(entity: JsonObject) -> Iterator[tuple[str, str]]:
    """Relations by name, as entities of a kind that a Blueprint declares hold them; an identifier is no ref yet."""
    spec, kind = entity.get("spec"), entity.get("kind")
    written = spec.get("relations") if isinstance(spec, dict) and kind not in RELATION_FIELDS else None
    for name, value in written.items() if isinstance(written, dict) else ():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str):
                with suppress(RefError):
                    yield name, str(parse_ref(item))


def _no_ref(field: RelationField, path: FieldPath, text: str, error: RefError) -> Violation:
    hint = f"write component:{text} or resource:{text}" if field.kind is None and text and ":" not in text else ""
    return Violation(path, "entity.ref", f"{field_text(path)}: {error}", hint)


def _code_units(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def fields_saying(entity: JsonObject, ref: EntityRef, source: str, type_: str, target: str) -> list[FieldPath]:
    """The fields of an entity that say a relation, be it the entity's own or another's; the reverse of `relations_of`.

    `entity` is the one that is read, `ref` its ref; `source`, `type_` and `target` are the relation as it is shown.
    """
    own, found = str(ref), list[FieldPath]()
    for field, path, text in _written(entity, []):
        with suppress(RefError):
            other = str(parse_ref(text, kind=field.kind, namespace=ref.namespace))
            if (source, type_, target) in ((own, field.forward, other), (other, field.reverse, own)):
                found.append(path)
    spec = entity.get("spec")
    written = spec.get("relations") if isinstance(spec, dict) and not found else None
    for name in written if isinstance(written, dict) else ():
        if type_ in (name, f"{name}{REVERSED}"):
            found.append(("spec", "relations", name))
    return found
