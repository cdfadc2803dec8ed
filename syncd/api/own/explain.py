"""What a query line says, in the words of each dialect."""

from collections.abc import Callable

from starlette.responses import Response

from query.dialects.filter import print_filter
from query.dialects.line import Line, print_line
from query.dialects.predicate import print_predicate
from query.dialects.views import print_sql
from query.errors import QueryError
from syncd.api.answers import json_answer
from syncd.api.own.facets import facet_line
from syncd.api.own.lines import read_line
from syncd.api.request import Request
from syncd.model.json import Json, JsonObject

_SPELLINGS: dict[str, Callable[[Line], object]] = {
    "line": print_line,
    "filter": lambda line: print_filter(line.where),
    "predicate": lambda line: print_predicate(line.where),
    "sql": print_sql,
}


async def explain(request: Request) -> Response:
    """The line as a line, as Backstage's filter and predicate, and as SQL; null, with the reason, where one cannot.

    With `facet` the line is the question that counts its values: conditions on the field itself are left out.
    """
    line = await read_line(request)
    if facet := request.query.text("facet"):
        line = facet_line(line, facet)
    said: JsonObject = {}
    unsayable: JsonObject = {}
    for name, spelled in _SPELLINGS.items():
        try:
            said[name] = _json(spelled(line))
        except QueryError as error:
            said[name], unsayable[name] = None, error.message
    order: list[Json] = [{"key": order.key, "direction": order.direction} for order in line.order]
    group: JsonObject | None = None if line.group is None else {"name": line.group.name, "key": line.group.key}
    return json_answer(
        {"as": said, "unsayable": unsayable, "order": order, "columns": list(line.columns), "group": group}
    )


def _json(value: object) -> Json:
    assert value is None or isinstance(value, str | list | dict)
    return value
