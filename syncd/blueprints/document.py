"""What an entity holds as an entity of the catalog, and back (Port 17.1)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from query.text import fold
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.builtin import BUILT_IN, BuiltIn, Path, RelationPath
from syncd.blueprints.identifier import entity_identifier, entity_ref, target_ref
from syncd.blueprints.values import Related, Values
from syncd.model.json import Json, JsonObject, text_at, value_at
from syncd.model.ref import DEFAULT_NAMESPACE, RefError, parse_ref

API_VERSION: Final = "git-catalog/v1"
ICON_ANNOTATION: Final = "icon"
FURTHER_OWNERS: Final[Path] = ("metadata", "owners")
"""Where the teams after the first are, since `spec.owner` is one."""


# From Port to the catalog


def entity_of(blueprint: Blueprint, values: Values) -> JsonObject:
    """The entity that holds the values, complete, ready to be processed."""
    ref = entity_ref(blueprint.identifier, values.identifier, BUILT_IN)
    builtin = BUILT_IN.get(blueprint.identifier)
    name = ref.name if builtin else values.identifier
    metadata: JsonObject = {"namespace": ref.namespace, "name": name}
    metadata |= {key: text for key, text in (("title", values.title), ("icon", values.icon)) if text is not None}
    if builtin is not None:
        return _built_in_entity(builtin, metadata, values)
    relations: JsonObject = {name: _refs(blueprint, name, related) for name, related in values.relations.items()}
    spec: JsonObject = {"team": [*values.team], "properties": values.properties, "relations": relations}
    return {"apiVersion": API_VERSION, "kind": blueprint.identifier, "metadata": metadata, "spec": spec}


def overlay_of(blueprint: Blueprint, values: Values, given: Iterable[str]) -> dict[Path, Json]:
    """The fields of an entity that given parts of a body are (`title`, `team`, `properties.x`, `relations.y`), and
    their values; None where they are cleared. For an entity of git these are its overlay records (Port 17.2)."""
    entity = entity_of(blueprint, values)
    return {path: value_at(entity, path) for name in given for path in field_paths(blueprint, name)}


def field_paths(blueprint: Blueprint, name: str) -> tuple[Path, ...]:
    """The fields that a part of Port's JSON is: `title`, `icon`, `team`, `properties.x` or `relations.y`.

    Other parts are none.
    """
    builtin = BUILT_IN.get(blueprint.identifier)
    part, _, identifier = name.partition(".")
    if name in ("title", "icon"):
        return (("metadata", name),)
    if name == "team":
        return (("spec", "team"),) if builtin is None else (builtin.owner, FURTHER_OWNERS) if builtin.owner else ()
    if part == "properties" and identifier:
        return (("spec", "properties", identifier) if builtin is None else builtin.property_path(identifier),)
    if part == "relations" and identifier in blueprint.relations:
        return (("spec", "relations", identifier) if builtin is None else builtin.relations[identifier].path,)
    return ()


def _built_in_entity(builtin: BuiltIn, metadata: JsonObject, values: Values) -> JsonObject:
    entity: JsonObject = {
        "apiVersion": builtin.api_version,
        "kind": builtin.kind,
        "metadata": metadata,
        "spec": {},
    }
    for name, value in values.properties.items():
        _put(entity, builtin.property_path(name), value)
    for name, relation in builtin.relations.items():
        value = _refs(builtin.blueprint, name, values.relations.get(name))
        if value or relation.always:
            _put(entity, relation.path, value)
    if builtin.owner is not None and values.team:
        if builtin.blueprint.owner not in values.properties:
            _put(entity, builtin.owner, values.team[0])
        if len(values.team) > 1:
            _put(entity, FURTHER_OWNERS, [*values.team[1:]])
    return entity


def _refs(blueprint: Blueprint, name: str, related: Related) -> Json:
    target = blueprint.relations[name].target
    if related is None:
        return None
    if isinstance(related, str):
        return str(target_ref(target, related, BUILT_IN))
    return [str(target_ref(target, one, BUILT_IN)) for one in related]


def _put(entity: JsonObject, path: Path, value: Json) -> None:
    at = entity
    for key in path[:-1]:
        inner = at.setdefault(key, {})
        assert isinstance(inner, dict)
        at = inner
    at[path[-1]] = value


# From the catalog to Port


def values_of(blueprint: Blueprint, entity: JsonObject, identifier_of: Callable[[str], str] | None = None) -> Values:
    """What an entity of the blueprint holds.

    `identifier_of` gives the identifier of a relation's target by its ref, as its entity writes it; without it, or
    where there is no such entity, it is read from the ref, in lower case.
    """
    builtin = BUILT_IN.get(blueprint.identifier)
    metadata = _mapping(entity, "metadata")
    called = identifier_of or entity_identifier
    icon = text_at(metadata, "icon") or text_at(metadata, "annotations", ICON_ANNOTATION)
    title = text_at(metadata, "title")
    identifier = identifier_in(entity)
    if builtin is not None:
        return Values(
            identifier,
            title,
            icon,
            _built_in_team(builtin, entity),
            _built_in_properties(builtin, entity),
            {
                name: _built_in_related(relation, blueprint.relations[name].many, entity, called)
                for name, relation in builtin.relations.items()
            },
        )
    spec = _mapping(entity, "spec")
    stored = _mapping(spec, "relations")
    return Values(
        identifier,
        title,
        icon,
        _texts(spec.get("team")),
        {name: value for name, value in _mapping(spec, "properties").items() if value is not None},
        {
            name: _related(_texts(stored.get(name)), definition.target, definition.many, called)
            for name, definition in blueprint.relations.items()
        },
    )


def identifier_in(entity: Mapping[str, Json]) -> str:
    """Port's identifier of an entity: its name, with its namespace before it where that is not `default`."""
    name, namespace = text_at(entity, "metadata", "name") or "", text_at(entity, "metadata", "namespace")
    return name if namespace in (None, "", DEFAULT_NAMESPACE) else f"{namespace}/{name}"


def relation_refs(blueprint: Blueprint, entity: JsonObject) -> dict[str, tuple[str, ...]]:
    """The canonical refs that each relation of the entity holds."""
    builtin = BUILT_IN.get(blueprint.identifier)
    if builtin is not None:
        return {name: _built_in_refs(relation, entity) for name, relation in builtin.relations.items()}
    stored = _mapping(_mapping(entity, "spec"), "relations")
    return {name: tuple(map(fold, _texts(stored.get(name)))) for name in blueprint.relations}


def _built_in_team(builtin: BuiltIn, entity: JsonObject) -> tuple[str, ...]:
    owner = value_at(entity, builtin.owner) if builtin.owner else None
    found = (*_texts(owner), *_texts(value_at(entity, FURTHER_OWNERS)))
    return tuple(name.removeprefix("group:").removeprefix(f"{DEFAULT_NAMESPACE}/") for name in found)


def _built_in_properties(builtin: BuiltIn, entity: JsonObject) -> JsonObject:
    metadata = _mapping(entity, "metadata")
    known = {path[1] for path in builtin.properties.values() if path[0] == "metadata"}
    hidden = {"name", "namespace", "uid", "etag", "title", "icon", FURTHER_OWNERS[1], *known}
    declared = {name: value_at(entity, path) for name, path in builtin.properties.items()}
    others = {name: value for name, value in metadata.items() if name not in hidden}
    return {name: value for name, value in (declared | others).items() if value is not None}


def _built_in_related(relation: RelationPath, many: bool, entity: JsonObject, called: Callable[[str], str]) -> Related:
    return _related(_built_in_refs(relation, entity), relation.kind, many, called)


def _built_in_refs(relation: RelationPath, entity: JsonObject) -> tuple[str, ...]:
    namespace = text_at(entity, "metadata", "namespace") or DEFAULT_NAMESPACE
    found: list[str] = []
    for text in _texts(value_at(entity, relation.path)):
        try:
            found.append(str(parse_ref(text, kind=relation.kind, namespace=namespace)))
        except RefError:
            continue
    return tuple(found)


def _related(refs: Iterable[str], target: str, many: bool, called: Callable[[str], str]) -> Related:
    texts = tuple(_target_text(ref, target, called) for ref in refs)
    return texts if many else texts[0] if texts else None


def _target_text(ref: str, target: str, called: Callable[[str], str]) -> str:
    """The identifier of a target; the whole ref where it is of another kind than the relation says."""
    kind = ref.partition(":")[0]
    return called(ref) if kind == str(entity_ref(target, "x", BUILT_IN)).partition(":")[0] else ref


# Plain values


def _mapping(value: Mapping[str, Json], key: str) -> JsonObject:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _texts(value: Json) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
