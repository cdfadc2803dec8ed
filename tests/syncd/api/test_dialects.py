"""Which path speaks which dialect, and what is taken off a path first (H2, H5)."""

import pytest

from syncd.api.app import ROUTES
from syncd.api.dialects import dialect_of, plain_path
from syncd.api.router import Route


@pytest.mark.parametrize(
    ("path", "plain", "dialect"),
    [
        ("/api/catalog", "/api/catalog", "backstage"),
        ("/api/catalog/entities", "/api/catalog/entities", "backstage"),
        ("/api/catalogue", "/api/catalogue", "own"),
        ("/healthz", "/healthz", "own"),
        ("", "", "own"),
        ("/v1/catalog/custom-properties", "/v1/catalog/custom-properties", "harness"),
        ("/v1/layouts/a%2Fb", "/v1/layouts/a%2Fb", "harness"),
        ("/integration/api/v1/accounts/a", "/integration/api/v1/accounts/a", "harness"),
        ("/v1/catalogs", "/v1/catalogs", "port"),
        ("/v1", "/v1", "port"),
        ("/v1/auth/access_token", "/v1/auth/access_token", "port"),
        ("/v1/entities/search", "/v1/entities/search", "port"),
        ("/v1/nothing", "/v1/nothing", "port"),
        ("/v12", "/v12", "own"),
        ("/gateway/v1/catalog/x/", "/v1/catalog/x/", "harness"),
        ("/gateway/integration/api", "/integration/api", "harness"),
        ("/gateway/v1/blueprints", "/v1/blueprints", "port"),
        ("/gateway/v1", "/v1", "port"),
        ("/gateway/api/catalog/entities", "/gateway/api/catalog/entities", "harness"),
        ("/gateway/gateway/v1/catalog", "/gateway/gateway/v1/catalog", "harness"),
        ("/gateway", "/gateway", "harness"),
        ("/v1/orgs/o/projects/p/catalog/x", "/v1/catalog/x", "harness"),
        ("/gateway/v1/orgs/o/projects/p/catalog/x/", "/v1/catalog/x/", "harness"),
        ("/v1/orgs/o/catalog/x", "/v1/catalog/x", "harness"),
        ("/v1/orgs/o%2Fx/projects/%C3%BC/layouts", "/v1/layouts", "harness"),
        ("/v1/orgs/o/projects/p/blueprints", "/v1/orgs/o/projects/p/blueprints", "harness"),
        ("/v1/orgs/o/projects/p", "/v1/orgs/o/projects/p", "harness"),
        ("/v1/orgs//catalog/x", "/v1/orgs//catalog/x", "harness"),
        ("/v1/orgs/o", "/v1/orgs/o", "harness"),
    ],
)  # fmt: skip
def test_a_path_has_one_dialect(path: str, plain: str, dialect: str) -> None:
    assert (plain_path(path), dialect_of(plain_path(path)).name) == (plain, dialect)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_no_route_is_hidden_by_what_is_taken_off(route: Route) -> None:
    assert plain_path(route.path) == route.path
