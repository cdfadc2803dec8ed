"""Searching entities by Port's rules: of one blueprint page by page, or of all (Port 6)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from query.ast import Node, all_of, any_of, equals
from query.dialects.rules import Asker, Field, parse_rules
from query.question import Position
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.reader import Reader, Shape
from syncd.blueprints.vocabulary import vocabulary_of
from syncd.errors import InputError
from syncd.model.json import Json, JsonObject
from syncd.process.annotations import MANAGED_BY_ORIGIN

META: Final[Mapping[str, Field]] = {"$datasource": Field(f"metadata.annotations.{MANAGED_BY_ORIGIN}")}
"""Meta-properties that the index has beside the usual ones: who wrote an entity."""

EVERYTHING: Final[JsonObject] = {"combinator": "and", "rules": []}
_MARK: Final = "ref:"


@dataclass(frozen=True, slots=True)
class Found:
    """Entities as replies write them; `next` is where the following ones begin, "" at the end."""

    entities: list[JsonObject]
    blueprints: list[str]
    next: str = ""


class Search:
    """Answers queries; raises `QueryError` with the path of what is wrong in a rule (P44), and `InputError`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def where(self, query: Json, blueprint: Blueprint | None = None, asker: Asker | None = None) -> Node:
        """The tree of a query, and of which entities it asks."""
        blueprints = self._reader.book.all()
        searched = blueprint.identifier if blueprint is not None else None
        kinds = [searched] if searched is not None else [one.identifier for one in blueprints]
        tree = parse_rules(query, vocabulary_of(blueprints, searched, meta=META), asker)
        return all_of([any_of([equals("kind", kinds)]), tree])

    def all(self, query: Json, shape: Shape) -> Found:
        """Every entity that a query means, whatever its blueprint."""
        held, _ = self._reader.page(self.where(query))
        names = list(dict.fromkeys(blueprint.identifier for blueprint, _ in held))
        return Found(self._reader.replies(held, shape), names)

    def page(self, blueprint: Blueprint, query: Json, shape: Shape, limit: int, begin: str = "") -> Found:
        """A page of the entities of one blueprint that a query means; what is written meanwhile is neither repeated
        nor passed over (P43)."""
        position = None if not begin else Position((), _after(begin))
        where = self.where(EVERYTHING if query is None else query, blueprint)
        held, more = self._reader.page(where, limit, position)
        last = self._reader.ref_in(held[-1][1]) if held and more else ""
        return Found(self._reader.replies(held, shape), [blueprint.identifier], _cursor(last) if last else "")


def _cursor(ref: str) -> str:
    return base64.urlsafe_b64encode(f"{_MARK}{ref}".encode()).decode("ascii")


def _after(cursor: str) -> str:
    try:
        text = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True).decode("utf-8")
    except (UnicodeError, binascii.Error):
        text = ""
    if not text.startswith(_MARK):
        raise InputError("from is no cursor of this catalog", hint="send the next of the page before, unchanged")
    return text.removeprefix(_MARK)
