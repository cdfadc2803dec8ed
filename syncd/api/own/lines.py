"""The query line of a request: read with what is known of the one who asks."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from query.dialects.line import Asker, Line, parse_line
from query.dialects.line.terms import ME
from query.errors import QueryError
from query.order import RELEVANCE, Order
from query.terms import asked_words
from syncd.api.request import Request
from syncd.errors import InputError
from syncd.model.ref import RefError, parse_ref

DEFAULT_ORDER: Final = (Order("metadata.name"), Order("kind"))
RANKED: Final = (Order(RELEVANCE, "desc"), *DEFAULT_ORDER)
"""The orders of a list that names none; the second where words are asked for."""

_MEMBERSHIP = "memberof"


async def read_line(request: Request) -> Line:
    """The line `q`. `@me` is the parameter `me`, or over the Unix socket the `[client] user` of the configuration."""
    text = request.query.text("q") or ""
    user = _user(request)
    if not user or ME not in text.lower():
        return parse_line(text)
    groups = await request.context.readers.run(_groups, request, user)
    return parse_line(text, Asker((user, *groups)))


def order_of(line: Line, sort: str) -> tuple[Order, ...]:
    """The parameter `sort` wins over the line's own `sort:`; without either, words go by relevance, all else by name.
    Groups come one after the other."""
    order = _read_sort(sort) if sort.strip() else line.order or (RANKED if asked_words(line.where) else DEFAULT_ORDER)
    if line.group is None or any(one.key == line.group.key for one in order):
        return order
    return (Order(line.group.key, typed=True), *order)


def _read_sort(sort: str) -> tuple[Order, ...]:
    if any(character.isspace() for character in sort):
        raise QueryError("sort holds a space", hint="write fields with commas, such as sort=-updated,name")
    try:
        line = parse_line(f"sort:{sort}")
    except QueryError as error:
        raise QueryError(f"sort: {error.message}", hint=error.hint) from None
    return line.order


def _user(request: Request) -> str:
    """The ref of the one who asks; empty where nobody says it."""
    named = request.query.text("me")
    if named is None:
        return request.context.settings.client.user if request.peer_uid is not None else ""
    try:
        return str(parse_ref(named, kind="user"))
    except RefError as error:
        raise InputError(f"query parameter me: {error}", hint="name a user, such as me=user:default/mira") from None


def _groups(request: Request, user: str) -> list[str]:
    """The groups that a user is a member of; none where the catalog does not know the user."""
    document = request.context.catalog.by_ref(user)
    relations: list[Mapping[str, Any]] = [] if document is None else orjson.loads(document).get("relations", [])
    return [one["targetRef"].lower() for one in relations if one["type"].lower() == _MEMBERSHIP]
