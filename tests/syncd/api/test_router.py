"""Routes on the raw path, and the one table of them."""

import pytest
from starlette.responses import Response

from syncd.api.app import ROUTES
from syncd.api.failures import NoSuchPathError
from syncd.api.request import Request
from syncd.api.router import Route, Router
from syncd.api.scopes import SCOPES
from syncd.errors import InputError


async def answer(_: Request) -> Response:
    return Response()


ROUTER = Router(
    Route(method, path, answer, "read")
    for method, path in [
        ("GET", "/a"),
        ("POST", "/a"),
        ("GET", "/a/fixed"),
        ("GET", "/a/{id}"),
        ("GET", "/a/{id}/b"),
        ("GET", "/n/{kind}/{name}"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "route", "parameters"),
    [
        ("GET", "/a", "/a", {}),
        ("GET", "/a/", "/a", {}),
        ("HEAD", "/a", "/a", {}),
        ("GET", "/a/fixed", "/a/fixed", {}),
        ("GET", "/a/fixed/b", "/a/{id}/b", {"id": "fixed"}),
        ("GET", "/a/x%2Fy", "/a/{id}", {"id": "x/y"}),
        ("GET", "/a/component:default%2Fx/b/", "/a/{id}/b", {"id": "component:default/x"}),
        ("GET", "/a/%C3%BC", "/a/{id}", {"id": "ü"}),
        ("GET", "/a/x+y", "/a/{id}", {"id": "x+y"}),
        ("GET", "/n/k/%252F", "/n/{kind}/{name}", {"kind": "k", "name": "%2F"}),
    ],
)
def test_a_path_finds_its_route(method: str, path: str, route: str, parameters: dict[str, str]) -> None:
    match = ROUTER.find(method, path)
    assert (match.route.path, match.parameters) == (route, parameters)


@pytest.mark.parametrize("path", ["/", "", "/b", "/a//", "/a//b", "//a", "/a/x/c", "/a/x/b/c", "/n/k", "/A", "/%61"])
def test_other_paths_are_not_found(path: str) -> None:
    with pytest.raises(NoSuchPathError) as failure:
        ROUTER.find("GET", path)
    assert failure.value.allowed == ()


def test_another_method_says_which_there_are() -> None:
    with pytest.raises(NoSuchPathError) as failure:
        ROUTER.find("DELETE", "/a")
    assert failure.value.allowed == ("GET", "POST")


@pytest.mark.parametrize("path", ["/a/%ff", "/a/x%00y"])
def test_segments_are_text(path: str) -> None:
    with pytest.raises(InputError):
        ROUTER.find("GET", path)


def test_two_routes_cannot_share_a_path() -> None:
    with pytest.raises(ValueError, match="two routes"):
        Router([Route("GET", "/a", answer, "read"), Route("GET", "/a", answer, "admin")])


ASKED_BY_POST = (
    "/search", "/by-refs", "/by-query", "/entity-facets", "/analyze-location", "apply-conditions", "/aggregate",
    "/aggregate-over-time", "/properties-history", "/outlines",
)  # fmt: skip
"""Paths of questions: what they ask for is too long for a URL."""


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_r056_every_route_declares_its_scope(route: Route) -> None:
    assert route.scope in (*SCOPES, "public", "signed", "proven")
    assert (route.scope == "signed") == ("/accounts/{account}/webhooks/" in route.path)
    assert (route.scope == "proven") == ("/own/hooks/" in route.path)
    assert (route.scope == "public") == (route.path in ("/healthz", "/readyz", "/v1/auth/access_token"))
    if route.method != "GET" and route.scope != "public" and not route.path.endswith(ASKED_BY_POST):
        assert route.scope != "read", "what changes something needs more than reading"
    if "/tokens" in route.path or "/own/integrations" in route.path or "/clients" in route.path:
        assert route.scope == "admin"
    if route.path.startswith("/api/own/webhooks"):
        assert route.scope == "admin"
