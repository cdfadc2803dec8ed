"""Bodies of Harness's calls. The shape of a body tells what is meant, not the path that it comes by (spec 2.4, H27)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from query.ast import Node, all_of, equals
from syncd.errors import InputError
from syncd.model.change import Change, Operation
from syncd.model.json import Json
from syncd.model.ref import RefError, parse_ref
from syncd.overlay.closed import check_path
from syncd.overlay.path import parse_path, path_text
from syncd.process.kinds import KINDS

Mode = Literal["replace", "append", "union"]

_ALIASES = {"workflow": "template"}


class SelectionFilter(BaseModel):
    """Which entities a call is about: all of a kind, narrowed down."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    kind: str = Field(min_length=1)
    type: str | None = None
    owners: list[str] = []
    tags: list[str] = []
    lifecycle: list[str] = []
    scopes: list[str] = []


class Override(BaseModel):
    """An entity with a value of its own, in the older body."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    entity_ref: str
    override_value: Any


class PropertyItem(BaseModel):
    """One of several properties: `property` in a body about one entity, `field` with a filter in the older one."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    property: str | None = None
    field: str | None = None
    filter: SelectionFilter | None = None
    value: Any = None
    value_overrides: list[Override] = []
    mode: Mode = "replace"
    skip_entity_refs: list[str] = []


class EntityItem(BaseModel):
    """One of several entities, perhaps with a value of its own."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    entity_ref: str
    value: Any = None


class PropertiesBody(BaseModel):
    """Any of the bodies that set or delete custom properties."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    entity_ref: str | None = None
    entity_refs: list[EntityItem | str] | None = None
    property: str | None = None
    properties: list[PropertyItem | str] | None = None
    value: Any = None
    mode: Mode = "replace"
    filter: SelectionFilter | None = None
    skip_entity_refs: list[str] = []


@dataclass(frozen=True, slots=True)
class Selection:
    """One property of all entities that a filter selects: a value for each, some with their own."""

    path: str
    where: Node
    skip: frozenset[str]
    op: Operation
    value: Json = None
    overrides: tuple[tuple[str, Json], ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Changes of entities that the body names; `many` says that those that are not there are passed over (H26)."""

    changes: tuple[Change, ...]
    many: bool


@dataclass(frozen=True, slots=True)
class Selected:
    """Changes of entities that filters select; `listed` for the older body, whose answer is a list (H33)."""

    selections: tuple[Selection, ...]
    listed: bool


class BodyReader:
    """Reads what a body asks for; `open_prefixes` are paths below `spec` that may be set, `declared` tells kinds that
    blueprints declare. Raises `InputError`."""

    def __init__(
        self, actor: str, open_prefixes: tuple[str, ...], declared: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._actor = actor
        self._open = open_prefixes
        self._declared = declared

    def read(self, body: PropertiesBody, *, remove: bool = False) -> Named | Selected:
        """What is to be set, or with `remove` deleted."""
        older = [item for item in body.properties or () if isinstance(item, PropertyItem) and item.filter is not None]
        if older:
            if len(older) != len(body.properties or ()):
                raise InputError("properties: either each item has a filter, or none has")
            return Selected(tuple(self._older(item, remove) for item in older), listed=True)
        if body.filter is not None:
            return Selected((self._selection(body, body.filter, remove),), listed=False)
        if body.entity_refs is not None:
            return self._many(body, remove)
        if body.entity_ref is None:
            raise InputError(
                "entity_ref is missing", hint="name one entity by entity_ref, several by entity_refs, or give a filter"
            )
        return self._one(body, body.entity_ref, remove)

    def _one(self, body: PropertiesBody, text: str, remove: bool) -> Named:
        ref = entity_ref(text, "entity_ref")
        if (body.property is None) == (body.properties is None):
            raise InputError("give either property or properties, not both and not neither")
        if body.property is not None:
            return Named((self._change(ref, body.property, body, "value", remove),), many=False)
        items = body.properties or []
        if not items:
            raise InputError("properties is empty")
        return Named(tuple(self._item(ref, item, n, remove) for n, item in enumerate(items)), many=False)

    def _item(self, ref: str, item: PropertyItem | str, number: int, remove: bool) -> Change:
        where = f"properties[{number}]"
        if isinstance(item, str):
            if not remove:
                raise InputError(f"{where} must be an object with property and value")
            return self._removal(ref, item)
        if item.property is None:
            raise InputError(f"{where}.property is missing")
        return self._change(ref, item.property, item, f"{where}.value", remove)

    def _many(self, body: PropertiesBody, remove: bool) -> Named:
        if body.entity_ref is not None:
            raise InputError("give either entity_ref or entity_refs, not both")
        if body.property is None:
            raise InputError("property is missing")
        if not body.entity_refs:
            raise InputError("entity_refs is empty")
        changes: list[Change] = []
        for number, item in enumerate(body.entity_refs):
            where = f"entity_refs[{number}]"
            text = item if isinstance(item, str) else item.entity_ref
            ref = entity_ref(text, where)
            if remove:
                changes.append(self._removal(ref, body.property))
                continue
            own = isinstance(item, EntityItem) and "value" in item.model_fields_set
            value = item.value if own and isinstance(item, EntityItem) else body.value
            if not own and "value" not in body.model_fields_set:
                raise InputError(f"{where} has no value, and there is none for all", hint="give value to one of them")
            changes.append(self._setting(ref, body.property, value, body.mode, f"{where}.value"))
        return Named(tuple(changes), many=True)

    def _selection(self, body: PropertiesBody, chosen: SelectionFilter, remove: bool) -> Selection:
        if body.property is None:
            raise InputError("property is missing")
        path = self._path(body.property)
        skip = frozenset(entity_ref(text, "skip_entity_refs") for text in body.skip_entity_refs)
        if remove:
            return Selection(path, self._selected(chosen), skip, "remove")
        return Selection(path, self._selected(chosen), skip, body.mode, _value(body, "value"))

    def _older(self, item: PropertyItem, remove: bool) -> Selection:
        if item.field is None or item.filter is None:
            raise InputError("properties: an item needs field and filter")
        path = self._path(item.field)
        skip = frozenset(entity_ref(text, "skip_entity_refs") for text in item.skip_entity_refs)
        if remove:
            return Selection(path, self._selected(item.filter), skip, "remove")
        overrides = tuple(
            (entity_ref(one.entity_ref, "value_overrides"), one.override_value) for one in item.value_overrides
        )
        return Selection(path, self._selected(item.filter), skip, item.mode, _value(item, "value"), overrides)

    def _selected(self, chosen: SelectionFilter) -> Node:
        return selected(chosen, self._declared)

    def _change(self, ref: str, path: str, body: PropertiesBody | PropertyItem, where: str, remove: bool) -> Change:
        if remove:
            return self._removal(ref, path)
        return self._setting(ref, path, _value(body, where), body.mode, where)

    def _setting(self, ref: str, path: str, value: Json, mode: Mode, where: str) -> Change:
        if value is None:
            raise InputError(f"{where} is null, which is no value", hint="DELETE removes a custom property")
        return Change(ref, self._path(path), mode, value, actor=self._actor)

    def _removal(self, ref: str, path: str) -> Change:
        return Change(ref, path_text(parse_path(path)), "remove", actor=self._actor)

    def _path(self, text: str) -> str:
        path = parse_path(text)
        check_path(path, self._open)
        return path_text(path)


def entity_ref(text: str, where: str) -> str:
    """The canonical ref that a text names; without a kind it is a component. InputError names the field (H14-H16)."""
    try:
        ref = parse_ref(text.strip(), kind="component")
    except RefError as error:
        raise InputError(f"{where}: {error}") from None
    if "/" in ref.name or ":" in ref.name or ":" in ref.namespace:
        raise InputError(f"{where}: entity ref {text[:200]!r} has too many parts; the form is [kind:][namespace/]name")
    kind, _, rest = str(ref).partition(":")
    return f"{_ALIASES.get(kind, kind)}:{rest}"


def selected(chosen: SelectionFilter, declared: Callable[[str], bool]) -> Node:
    """The tree of a filter: owners, lifecycle and scopes mean any of, tags all of (H29)."""
    kind = _ALIASES.get(chosen.kind.lower(), chosen.kind.lower())
    if kind not in {name.lower() for name in KINDS} and not declared(kind):
        hint = f"kinds are {', '.join(KINDS)}, and those that blueprints declare"
        raise InputError(f"filter.kind: {chosen.kind[:100]} is no kind", hint=hint)
    parts: list[Node] = [equals("kind", [kind])]
    if chosen.type is not None:
        parts.append(equals("spec.type", [chosen.type]))
    if chosen.owners:
        parts.append(equals("relations.ownedBy", [_owner(text) for text in chosen.owners]))
    if chosen.lifecycle:
        parts.append(equals("spec.lifecycle", chosen.lifecycle))
    if chosen.scopes:
        parts.append(equals("metadata.namespace", chosen.scopes))
    parts.extend(equals("metadata.tags", [tag]) for tag in chosen.tags)
    return all_of(parts)


def _owner(text: str) -> str:
    try:
        return str(parse_ref(text, kind="group"))
    except RefError as error:
        raise InputError(f"filter.owners: {error}") from None


def _value(body: PropertiesBody | PropertyItem, where: str) -> Json:
    if "value" not in body.model_fields_set:
        raise InputError(f"{where} is missing")
    value: Json = body.value
    if value is None:
        raise InputError(f"{where} is null, which is no value", hint="DELETE removes a custom property")
    return value
