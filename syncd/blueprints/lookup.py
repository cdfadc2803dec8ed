"""Search queries in place of identifiers (P25): rules over properties, joined by a combinator."""

from typing import Final

from query.ast import And, Exists, Node, Not, all_of, any_of, equals, has_text
from query.text import scalar_text
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.document import field_paths
from syncd.blueprints.reader import Reader
from syncd.blueprints.values import is_query
from syncd.errors import InputError, NotFoundError
from syncd.model.json import Json, JsonObject
from syncd.model.text import shown

OPERATORS: Final = ("=", "in", "contains", "containsAny")
MAX_RULES: Final = 100
FOUND_AT_MOST: Final = 100
"""Entities that a search in place of a relation may find."""
_NAME, _TITLE = "metadata.name", "metadata.title"


class Lookup:
    """Finds what queries in place of identifiers mean."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def resolved(self, blueprint: Blueprint, body: JsonObject) -> JsonObject:
        """The body with identifiers in the place of searches (P25)."""
        identifier, relations = body.get("identifier"), body.get("relations")
        if isinstance(identifier, dict) and is_query(identifier):
            body = {**body, "identifier": self._the_one(blueprint, identifier)}
        if isinstance(relations, dict) and any(map(is_query, relations.values())):
            found = {name: self._searched(blueprint, name, value) for name, value in relations.items()}
            body = {**body, "relations": found}
        return body

    def _the_one(self, blueprint: Blueprint, query: JsonObject) -> str:
        found = self._found(blueprint, query, "identifier", 2)
        if not found:
            raise NotFoundError(f"the search finds no entity of {blueprint.identifier}: nothing was written")
        if len(found) > 1:
            raise InputError(
                f"identifier: the search finds more than one entity of {blueprint.identifier}: "
                f"{shown(found[0])}, {shown(found[1])}",
                hint="search for something that only one of them has",
            )
        return found[0]

    def _searched(self, blueprint: Blueprint, name: str, value: Json) -> Json:
        relation = blueprint.relations.get(name)
        if relation is None or not isinstance(value, dict) or not is_query(value):
            return value
        where = f"relations.{name}"
        found = self._found(self._reader.book.get(relation.target), value, where, FOUND_AT_MOST + 1)
        if relation.many and len(found) <= FOUND_AT_MOST:
            return [*found]
        if len(found) > 1:
            most = FOUND_AT_MOST if relation.many else 1
            raise InputError(f"{where}: the search finds more than {most} of {relation.target}", hint="narrow it down")
        if not found:
            raise InputError(f"{where}: the search finds no entity of {relation.target}")
        return found[0]

    def _found(self, blueprint: Blueprint, query: JsonObject, where: str, limit: int) -> list[str]:
        refs = self._reader.refs(blueprint, condition(blueprint, query, where), limit)
        return [held.identifier for held in self._reader.held(refs) if held is not None]


def condition(blueprint: Blueprint, query: JsonObject, where: str) -> Node:
    """What a query means for the entities of a blueprint; `InputError` names the rule below `where` that is wrong."""
    rules, combinator = query.get("rules"), query.get("combinator", "and")
    if combinator not in ("and", "or"):
        raise InputError(f"{where}.combinator must be and or or")
    if not isinstance(rules, list) or not 0 < len(rules) <= MAX_RULES:
        raise InputError(f"{where}.rules must be a list of 1 to {MAX_RULES} rules")
    parts = [_rule(blueprint, rule, f"{where}.rules[{index}]") for index, rule in enumerate(rules)]
    return all_of(parts) if combinator == "and" else any_of(parts)


def _rule(blueprint: Blueprint, rule: Json, where: str) -> Node:
    if not isinstance(rule, dict):
        raise InputError(f"{where} must be an object with property, operator and value")
    if "rules" in rule:
        return condition(blueprint, rule, where)
    operator, value = rule.get("operator"), rule.get("value")
    if operator not in OPERATORS:
        raise InputError(f"{where}.operator must be one of {', '.join(OPERATORS)}")
    if operator in ("in", "containsAny"):
        if not isinstance(value, list) or not value:
            raise InputError(f"{where}.value must be a list for {operator}")
        texts = [_text(item, f"{where}.value") for item in value]
    else:
        texts = [_text(value, f"{where}.value")]
    name = rule.get("property")
    if not isinstance(name, str):
        raise InputError(f"{where}.property is missing")
    if name == "$title" and operator != "contains":
        unnamed = And((Not(Exists(_TITLE)), equals(_NAME, texts)))
        return any_of([equals(_TITLE, texts), unnamed])
    is_list = name == "$team" or (name in blueprint.properties and blueprint.properties[name].type == "array")
    keys = _keys(blueprint, name, where)
    if operator == "contains" and not is_list:
        return any_of(has_text(key, texts[0]) for key in keys)
    return any_of(equals(key, texts) for key in keys)


def _keys(blueprint: Blueprint, name: str, where: str) -> list[str]:
    """The fields that a property is."""
    if name == "$identifier":
        return [_NAME]
    if name in ("$title", "$icon", "$team"):
        return [".".join(path) for path in field_paths(blueprint, name[1:])]
    if name in blueprint.properties:
        return [".".join(path) for path in field_paths(blueprint, f"properties.{name}")]
    raise InputError(
        f"{where}.property: {shown(name)} is not a property of {blueprint.identifier}",
        hint=f"there are $identifier, $title, $team, {', '.join(blueprint.properties)}",
    )


def _text(value: Json, where: str) -> str:
    text = scalar_text(value) if isinstance(value, bool | int | float | str) else None
    if text is None:
        raise InputError(f"{where} must be a text, a number or a boolean")
    return text
