"""The condition that a token may carry, as it is written and kept (spec 3.2): which entities its bearer may read."""

import json
import logging

from query.ast import Node, Nothing
from query.dialects.line import parse_line
from query.dialects.permission import parse_condition
from query.errors import QueryError
from syncd.api.body import load_json
from syncd.errors import InputError

LOG = logging.getLogger("catalog.api")
NOTHING = "false"
"""The condition that no entity meets."""
LONGEST = 20_000


def condition_text(given: object) -> str | None:
    """A condition as it is kept with a token; None where the token reads everything. Raises `InputError`.

    It is a query line, a permission condition (an object, or its JSON text), or `false` for no entity at all.
    """
    if given is None:
        return None
    text = given.strip() if isinstance(given, str) else json.dumps(given)
    if len(text) > LONGEST:
        raise InputError(f"read: the condition is longer than {LONGEST} characters")
    try:
        _parse(text)
    except QueryError as error:
        raise InputError(f"read: {error.message}", hint=error.hint) from None
    except InputError as error:
        raise InputError(f"read: {error}".replace("the body", "the condition"), hint=error.hint) from None
    return text


def condition_node(text: str) -> Node:
    """The tree of a condition that was kept; what cannot be read any more admits nothing."""
    try:
        return _parse(text)
    except (QueryError, InputError) as error:
        LOG.warning("a token's read condition cannot be read, it opens nothing: %s", error)
        return Nothing()


def _parse(text: str) -> Node:
    if text == NOTHING:
        return Nothing()
    if text.startswith("{"):
        return parse_condition(load_json(text.encode()))
    if not text or text == "true":
        raise QueryError("the condition is empty", hint="leave it out for a token that reads everything")
    line = parse_line(text)
    if line.order:
        raise QueryError("a condition has no order", hint="leave sort: away")
    return line.where
