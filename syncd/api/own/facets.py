"""Values of fields with their counts: facets beside a list, and words for a line that somebody is typing."""

from collections import Counter
from collections.abc import Iterable
from heapq import nsmallest

from starlette.responses import Response

from query.ast import And, Node, starts_with
from query.dialects.line import FIELDS, Grouping, Line
from query.dialects.line.completion import Place, place_of, written
from query.dialects.line.fields import Field, resolve
from query.dialects.line.tokens import Piece
from query.errors import QueryError
from query.facets import counted_apart
from query.order import Order
from query.question import Question
from query.text import fold
from syncd.api.answers import json_answer
from syncd.api.own.lines import read_line
from syncd.api.own.parameters import LIMIT, LINE, ME
from syncd.api.parameters import Parameter
from syncd.api.request import Request
from syncd.errors import InputError
from syncd.model.json import JsonObject

FACETS = (LINE, ME, Parameter("facet", "list"), LIMIT)
COMPLETE = (LINE, Parameter("at", "integer"), LIMIT)

DEFAULT_VALUES = 100
MAX_VALUES = 10_000
DEFAULT_WORDS = 20
MAX_WORDS = 200

Counted = tuple[str, int]


async def facets(request: Request) -> Response:
    """Values of each facet, the most frequent first. The conditions of the line on the facet's own field do not count
    for it; all others do."""
    names = list(dict.fromkeys(request.query.texts("facet")))
    if not names:
        raise InputError("query parameter facet is missing", hint="name at least one, such as facet=kind")
    fields = {name: _field(name) for name in names}
    where = (await read_line(request)).where
    limit = _limit(request, DEFAULT_VALUES, MAX_VALUES)
    return json_answer(await request.context.readers.run(_facets, request, where, fields, limit))


def facet_line(line: Line, name: str) -> Line:
    """The line that counts the values of a facet, as `facets` counts them, each spelling by itself."""
    key = _field(name).key
    [where] = counted_apart(line.where, {name: _meant(key)})
    return Line(where, group=Grouping(name, key))


def _facets(request: Request, where: Node, fields: dict[str, Field], limit: int) -> JsonObject:
    counts: dict[str, list[Counted]] = {}
    apart = counted_apart(where, {name: _meant(field.key) for name, field in fields.items()})
    for condition, names in apart.items():
        found = request.context.catalog.facets([fields[name].key for name in names], condition)
        counts |= {name: _spelled_once(found[fields[name].key], fields[name]) for name in names}
    return {
        "facets": {
            name: [{"value": value, "count": count} for value, count in _most(counts[name], limit)] for name in fields
        },
        "more": {name: max(len(counts[name]) - limit, 0) for name in fields},
    }


def _field(name: str) -> Field:
    """What a facet names: a dotted path as it is written, or a field of the query line."""
    if "." in name:
        return Field(name, name, "")
    try:
        return resolve(Piece(name, 0, False, name, False))
    except QueryError as error:
        raise InputError(f"facet: {error.message}", hint=error.hint) from None


def _meant(key: str) -> set[str]:
    """The folded keys that are one field."""
    return {fold(key), *_relations(fold(key))}


def _relations(key: str) -> set[str]:
    """What the line asks together with a field: the relation that the field makes."""
    return {field.relation for field in FIELDS.values() if field.key == key and field.relation}


def _spelled_once(counted: Iterable[Counted], field: Field) -> list[Counted]:
    """Spellings of one ref as one, where the field holds refs: `group:default/team-a` counts as `team-a`."""
    if not field.kinds:
        return list(counted)
    counts: Counter[str] = Counter()
    for value, count in counted:
        rest = value.removeprefix(f"{field.kinds[0]}:")
        counts[value if ":" in rest else rest.removeprefix("default/")] += count
    return list(counts.items())


def _most(values: Iterable[Counted], limit: int) -> list[Counted]:
    return nsmallest(limit, values, key=lambda found: (-found[1], found[0]))


def _limit(request: Request, default: int, most: int) -> int:
    limit = request.query.integer("limit")
    return default if limit is None else min(limit, most)


# Completion ---------------------------------------------------------------------------------------------------------


async def complete(request: Request) -> Response:
    """What may stand in the place of the word at an offset of the line."""
    line = request.query.text("q") or ""
    at = request.query.integer("at")
    if at is not None and at > len(line):
        raise InputError(f"query parameter at is beyond the line, which has {len(line)} characters")
    place = place_of(line, len(line) if at is None else at)
    words = _Words(request, place, _limit(request, DEFAULT_WORDS, MAX_WORDS))
    items = await request.context.readers.run(words.items)
    return json_answer({"start": place.start, "end": place.end, "items": items})


class _Words:
    """The words for one place, at most `limit`."""

    def __init__(self, request: Request, place: Place, limit: int) -> None:
        self._catalog = request.context.catalog
        self._place = place
        self._typed = fold(place.typed)
        self._limit = limit

    def items(self) -> list[JsonObject]:
        match self._place.wants:
            case "name":
                found = self._names()
            case "value":
                found = self._values()
            case "ref":
                found = [_item(ref) for ref in self._refs()]
            case "choice":
                found = [_item(name) for name in self._place.choices if name.startswith(self._typed)]
        return found[: self._limit]

    def _names(self) -> list[JsonObject]:
        """Fields, then paths or, where nothing but a word can be meant, names of entities."""
        if self._place.path:
            keys = self._catalog.keys(self._place.path, self._place.where, self._limit)
            return [_item(f"{self._place.named(key)}:", count=count) for key, count in keys]
        found = [_item(one.text, one.about) for one in self._place.names]
        return found + [_item(written(name)) for name in self._named()] if self._typed else found

    def _values(self) -> list[JsonObject]:
        field = self._place.field
        if field is None or field.within or field.time or field.key == "metadata.uid":
            return []
        if field.key == "metadata.name":  # nearly every value is another one: order tells more than counts
            return [_item(written(name)) for name in self._named()]
        where = self._place.where
        if self._typed and not field.kinds:
            where = And((where, starts_with(field.key, self._typed)))
        counted: Iterable[Counted] = self._catalog.facets([field.key], where)[field.key]
        if not {":", "/"} & set(self._typed):
            counted = _spelled_once(counted, field)
        fitting = [(value, count) for value, count in counted if fold(value).startswith(self._typed)]
        return [_item(written(value), count=count) for value, count in _most(fitting, self._limit)]

    def _named(self) -> list[str]:
        where = And((self._place.where, starts_with("metadata.name", self._typed)))
        page = self._catalog.ask(Question(where, (Order("metadata.name"),), self._limit, tie="ref"))
        return list(dict.fromkeys(row.ref.partition("/")[2] for row in page.rows))

    def _refs(self) -> list[str]:
        kind, colon, rest = self._typed.rpartition(":")
        namespace, slash, name = rest.rpartition("/")
        parts: list[Node] = [self._place.where, starts_with("metadata.name", name)]
        parts += [starts_with("kind", kind)] if colon else []
        parts += [starts_with("metadata.namespace", namespace)] if slash else []
        page = self._catalog.ask(Question(And(tuple(parts)), (Order("metadata.name"),), self._limit, tie="ref"))
        return [row.ref for row in page.rows]


def _item(text: str, about: str = "", count: int | None = None) -> JsonObject:
    return {"text": text, "about": about, "count": count}
