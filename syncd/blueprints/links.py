"""The fields of an entity that lead to others: what they name, and the same with some of the names exchanged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.builtin import BUILT_IN, Path
from syncd.blueprints.document import field_paths
from syncd.model.json import Json, JsonObject, text_at, value_at
from syncd.model.ref import DEFAULT_NAMESPACE, RefError, parse_ref


@dataclass(frozen=True, slots=True)
class Link:
    """A relation of an entity: the field that says it, and the texts there with the canonical ref that each means."""

    relation: str
    path: Path
    targets: tuple[tuple[str, str], ...]
    many: bool

    @property
    def refs(self) -> tuple[str, ...]:
        """What it leads to."""
        return tuple(ref for _, ref in self.targets)

    def exchanged(self, moved: Mapping[str, str | None]) -> Json:
        """The value of the field once each target that `moved` names is another, or (None) is gone."""
        texts: list[Json] = []
        for text, ref in self.targets:
            new = moved.get(ref, text)
            if new is not None and new not in texts:
                texts.append(new)
        return texts if self.many else texts[0] if texts else None


def links(blueprint: Blueprint, entity: JsonObject) -> Iterator[Link]:
    """The relations that an entity holds."""
    builtin = BUILT_IN.get(blueprint.identifier)
    namespace = text_at(entity, "metadata", "namespace") or DEFAULT_NAMESPACE
    for name, definition in blueprint.relations.items():
        (path,) = field_paths(blueprint, f"relations.{name}")
        value = value_at(entity, path)
        kind = builtin.relations[name].kind if builtin is not None else None
        targets = tuple(_targets(value, kind, namespace))
        if targets:
            yield Link(name, path, targets, definition.many)


def with_value(entity: JsonObject, path: Path, value: Json) -> JsonObject:
    """A copy with another value at a path; None takes the field out."""
    key, *rest = path
    if rest:
        inner = entity.get(key)
        return {**entity, key: with_value(inner if isinstance(inner, dict) else {}, tuple(rest), value)}
    if value is None:
        return {name: old for name, old in entity.items() if name != key}
    return {**entity, key: value}


def _targets(value: Json, kind: str | None, namespace: str) -> Iterator[tuple[str, str]]:
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str):
            try:
                yield text, str(parse_ref(text, kind=kind, namespace=namespace))
            except RefError:
                continue
