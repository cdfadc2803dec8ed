"""Routes on the raw path: identifiers may hold `%2F`, so a path is cut at its slashes before anything is decoded."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import unquote

from pydantic import BaseModel
from starlette.responses import Response

from syncd.api.failures import NoSuchPathError
from syncd.api.parameters import Parameter
from syncd.api.request import Request
from syncd.api.scopes import Proven, Public, Scope, Signed
from syncd.errors import InputError

Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that can be asked. `path` has `{name}` for a segment that is decoded and given to the handler."""

    method: str
    path: str
    handler: Handler
    scope: Scope | Public | Signed | Proven
    query: tuple[Parameter, ...] = ()
    body: type[BaseModel] | None = None
    body_optional: bool = False
    """Whether no body at all means `{}`."""
    status: int = 200
    """The status of success."""
    answer: Any = Any
    """The type of what a success holds, as far as it is described; None where it has no body."""
    media: str = "application/json"
    """The media type of a success."""
    unready: bool = False
    """Whether 503 holds the same as a success (probes)."""

    @property
    def known(self) -> dict[str, Parameter]:
        """The query parameters by name."""
        return {parameter.name: parameter for parameter in self.query}


@dataclass(slots=True)
class _Node:
    literals: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    routes: dict[str, tuple[Route, dict[str, Parameter]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """The route of a request, its query parameters by name, and the path's segments that it names."""

    route: Route
    known: dict[str, Parameter]
    parameters: dict[str, str]


class Router:
    """Finds the route of a request; a literal segment wins over a named one."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def find(self, method: str, raw_path: str) -> Match:
        """The route for a method and a path, with or without a slash at its end; HEAD is answered as GET.

        Raises NoSuchPathError, and InputError for a segment that is not percent-encoded UTF-8.
        """
        segments = raw_path.removesuffix("/").split("/")[1:]
        nodes = list(_descend(self._root, segments, 0))
        wanted = "GET" if method == "HEAD" else method
        found = next((node.routes[wanted] for node in nodes if wanted in node.routes), None)
        if found is None:
            raise NoSuchPathError(raw_path, tuple(sorted({name for node in nodes for name in node.routes})))
        route, known = found
        return Match(route, known, _named(route, segments))

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.path.split("/")[1:]:
            if segment.startswith("{"):
                node.parameter = node = node.parameter or _Node()
            else:
                node = node.literals.setdefault(segment, _Node())
        if route.method in node.routes:
            raise ValueError(f"two routes for {route.method} {route.path}")
        node.routes[route.method] = (route, route.known)


def _descend(node: _Node, segments: list[str], index: int) -> Iterator[_Node]:
    """The ends that a path leads to, those by literal segments first: `bulk` may also be what an entity is called."""
    if index == len(segments):
        if node.routes:
            yield node
        return
    literal = node.literals.get(segments[index])
    if literal is not None:
        yield from _descend(literal, segments, index + 1)
    if node.parameter is not None and segments[index]:
        yield from _descend(node.parameter, segments, index + 1)


def _named(route: Route, segments: list[str]) -> dict[str, str]:
    names = route.path.split("/")[1:]
    return {
        name[1:-1]: _decoded(segment) for name, segment in zip(names, segments, strict=True) if name.startswith("{")
    }


def _decoded(segment: str) -> str:
    try:
        text = unquote(segment, errors="strict")
    except UnicodeDecodeError as error:
        raise InputError("the path is not percent-encoded UTF-8") from error
    if "\x00" in text:
        raise InputError("the path holds a NUL character")
    return text
