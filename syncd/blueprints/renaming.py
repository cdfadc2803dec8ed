"""A property, mirror or relation of a blueprint by another name, in every definition that speaks of it (P50)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from syncd.blueprints.blueprint import Blueprint
from syncd.model.json import Json, JsonObject

Part = Literal["property", "mirror", "relation"]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Renaming:
    """What is to be called otherwise: `old` of a blueprint becomes `new`. `find` knows all blueprints."""

    blueprint: str
    part: Part
    old: str
    new: str
    find: Callable[[str], Blueprint | None]

    def apply(self, blueprint: Blueprint) -> JsonObject:
        """The definition of a blueprint, the renamed one or another, after that; the same object where it is none of
        its business."""
        before = blueprint.definition
        after = dict(before)
        if blueprint.identifier == self.blueprint:
            self._own(after)
        self._paths(blueprint, after)
        self._aggregations(blueprint, after)
        return after if after != before else before

    def _own(self, definition: JsonObject) -> None:
        if self.part == "property":
            schema = _mapping(definition.get("schema"))
            required = schema.get("required")
            definition["schema"] = {
                **schema,
                "properties": self._keys(schema.get("properties")),
                **({"required": [self._name(name) for name in required]} if isinstance(required, list) else {}),
            }
        else:
            group = "mirrorProperties" if self.part == "mirror" else "relations"
            definition[group] = self._keys(definition.get(group))
        calculations = _mapping(definition.get("calculationProperties"))
        if calculations:
            definition["calculationProperties"] = {
                name: {**one, "calculation": self._program(one.get("calculation"))} if isinstance(one, dict) else one
                for name, one in calculations.items()
            }

    def _paths(self, blueprint: Blueprint, definition: JsonObject) -> None:
        """Paths of relations from this blueprint on: those of mirrors, and of an inherited owner."""
        mirrors = _mapping(definition.get("mirrorProperties"))
        if mirrors:
            definition["mirrorProperties"] = {
                name: {**one, "path": self._path(blueprint, one.get("path"), ends=True)}
                if isinstance(one, dict)
                else one
                for name, one in mirrors.items()
            }
        ownership = definition.get("ownership")
        if isinstance(ownership, dict) and "path" in ownership:
            definition["ownership"] = {**ownership, "path": self._path(blueprint, ownership["path"], ends=False)}

    def _aggregations(self, blueprint: Blueprint, definition: JsonObject) -> None:
        aggregations = _mapping(definition.get("aggregationProperties"))
        if aggregations:
            definition["aggregationProperties"] = {
                name: self._aggregation(blueprint, one) if isinstance(one, dict) else one
                for name, one in aggregations.items()
            }

    def _aggregation(self, blueprint: Blueprint, aggregation: JsonObject) -> JsonObject:
        after = dict(aggregation)
        if aggregation.get("target") == self.blueprint and self.part != "relation":
            spec = _mapping(aggregation.get("calculationSpec"))
            after["calculationSpec"] = {
                key: self._name(value) if key in ("property", "measureTimeBy") else value for key, value in spec.items()
            }
            if "query" in aggregation:
                after["query"] = self._query(aggregation["query"])
        filters = aggregation.get("pathFilter")
        if isinstance(filters, list):
            after["pathFilter"] = [self._filter(blueprint, one) if isinstance(one, dict) else one for one in filters]
        return after

    def _filter(self, blueprint: Blueprint, path_filter: JsonObject) -> JsonObject:
        begins = path_filter.get("fromBlueprint")
        start = self.find(begins) if isinstance(begins, str) else blueprint
        path = path_filter.get("path")
        if start is None or path is None:
            return path_filter
        if isinstance(path, list):
            joined = ".".join(step for step in path if isinstance(step, str))
            renamed = self._path(start, joined, ends=False)
            return {**path_filter, "path": [*renamed.split(".")] if isinstance(renamed, str) else path}
        return {**path_filter, "path": self._path(start, path, ends=False)}

    def _query(self, query: Json) -> Json:
        if not isinstance(query, dict):
            return query
        if isinstance(query.get("rules"), list):
            rules = query["rules"]
            return {**query, "rules": [self._query(one) for one in rules] if isinstance(rules, list) else rules}
        return {**query, "property": self._name(query["property"])} if "property" in query else query

    def _path(self, start: Blueprint, path: Json, *, ends: bool) -> Json:
        """A path of relations, with a property at its end where it `ends` with one."""
        if not isinstance(path, str):
            return path
        steps = path.split(".")
        at: Blueprint | None = start
        for index, step in enumerate(steps):
            if at is None:
                break
            is_end = ends and index == len(steps) - 1
            if at.identifier == self.blueprint and step == self.old and is_end == (self.part != "relation"):
                steps[index] = self.new
            relation = at.relations.get(step)
            at = self.find(relation.target) if relation is not None and not is_end else None
        return ".".join(steps)

    def _program(self, program: Json) -> Json:
        """A jq program that names the property or relation: `.properties.x`, `.properties["x"]`, `.properties."x"`."""
        if not isinstance(program, str):
            return program
        group = "relations" if self.part == "relation" else "properties"
        old = re.escape(self.old)
        place = re.compile(rf'(\.{group})(?:\s*\.\s*{old}(?![A-Za-z0-9_])|\s*\.?\s*\[\s*"{old}"\s*\]|\s*\.\s*"{old}")')
        name = f".{self.new}" if _PLAIN.fullmatch(self.new) else '["' + self.new.replace("\\", "\\\\") + '"]'
        return place.sub(lambda found: found[1] + name, program)

    def _keys(self, value: Json) -> JsonObject:
        return {self.new if key == self.old else key: item for key, item in _mapping(value).items()}

    def _name(self, value: Json) -> Json:
        return self.new if value == self.old else value


def _mapping(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}
