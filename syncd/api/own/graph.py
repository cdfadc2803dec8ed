"""The web of relations around one entity."""

from typing import cast

from starlette.responses import Response

from query.arrows import forward_type
from query.ast import MAX_REACH, Everything
from query.graph import DIRECTIONS, Direction, Graph, View, reverse_of
from syncd.api.answers import json_answer
from syncd.api.own.entities import ref_in
from syncd.api.own.parameters import LIMIT
from syncd.api.parameters import Parameter
from syncd.api.ports.catalog import Catalog
from syncd.api.request import Request
from syncd.errors import InputError, NotFoundError
from syncd.model.json import Json, JsonObject

GRAPH = (Parameter("depth", "integer"), Parameter("direction", choices=DIRECTIONS), Parameter("types", "commas"), LIMIT)
DEFAULT_DEPTH = 3
DEFAULT_NODES = 500
MAX_NODES = 2000


async def graph(request: Request) -> Response:
    """Entities and relations around a ref, which need not be that of an entity as long as others point at it."""
    return await request.context.readers.run(_graph, request, ref_in(request), _view(request))


def _view(request: Request) -> View:
    query = request.query
    direction = cast("Direction", query.text("direction") or "out")
    depth = query.integer("depth")
    if depth is None:
        depth = MAX_REACH if direction == "impact" else DEFAULT_DEPTH
    if not 1 <= depth <= MAX_REACH:
        raise InputError(f"query parameter depth is not from 1 to {MAX_REACH}: {depth}")
    types = frozenset(forward_type(name.strip()) for name in query.texts("types"))
    limit = query.integer("limit")
    return View(depth, direction, types, min(DEFAULT_NODES if limit is None else max(limit, 1), MAX_NODES))


def _graph(request: Request, ref: str, view: View) -> Response:
    found = request.context.catalog.graph(ref, view)
    root = found.nodes[0]
    if root.missing and not found.edges and not found.left_edges:
        raise NotFoundError(f"No such entity: {ref} not found")
    catalog = request.context.catalog
    return json_answer(graph_value(found, ref, view, catalog) | {"generation": catalog.generation})


def graph_value(found: Graph, ref: str, view: View, catalog: Catalog) -> JsonObject:
    """A graph as the API tells it; the problems of all its entities are one question."""
    problems = catalog.problem_counts([node.ref for node in found.nodes if not node.missing], Everything())
    nodes: list[Json] = [
        {
            "ref": node.ref,
            "kind": node.kind,
            "title": node.title,
            "type": node.type,
            "owner": node.owner,
            "problems": problems.get(node.ref, 0),
            "depth": node.depth,
            "missing": node.missing,
            "hidden": node.hidden,
        }
        for node in found.nodes
    ]
    edges: list[Json] = [
        {"source": edge.source, "type": edge.type, "reverse": reverse_of(edge.type), "target": edge.target}
        for edge in found.edges
    ]
    return {
        "root": ref,
        "direction": view.direction,
        "depth": view.depth,
        "nodes": nodes,
        "edges": edges,
        "left_off": {"nodes": found.left_nodes, "edges": found.left_edges},
    }
