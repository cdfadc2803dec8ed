"""Search queries in place of identifiers (P25): `{combinator, rules: [{property, operator, value}]}`."""

from typing import Final

from query.errors import QueryError
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.reader import Reader
from syncd.blueprints.searching import Search
from syncd.blueprints.values import is_query
from syncd.errors import InputError, NotFoundError
from syncd.model.json import Json, JsonObject
from syncd.model.text import shown

FOUND_AT_MOST: Final = 100
"""Entities that a search in place of a relation may find."""


class Lookup:
    """Finds what queries in place of identifiers mean."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._search = Search(reader)

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
        try:
            tree = self._search.where(query, blueprint)
        except QueryError as error:
            raise InputError(f"{where}.{error.message}", hint=error.hint) from None
        refs = self._reader.refs(blueprint, tree, limit)
        return [held.identifier for held in self._reader.held(refs) if held is not None]
