"""The document of the HTTP API says what the route table says."""

from pathlib import Path

import pytest

from query.dialects.line.fields import COLUMN_NAMES
from syncd.api.app import ROUTES
from syncd.api.router import Route

DOCUMENT = (Path(__file__).parents[3] / "docs" / "http-api.md").read_text()


def _row(route: Route) -> str:
    parameters = " ".join(f"`{one.name}{'*' if one.repeatable else ''}`" for one in route.query)
    return f"| {route.method} | `{route.path}` | {route.scope} | {parameters} |".replace("|  |", "| |")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_is_documented(route: Route) -> None:
    assert _row(route) in DOCUMENT


def test_no_other_route_is_documented() -> None:
    rows = [
        line
        for line in DOCUMENT.splitlines()
        if line.startswith(("| GET ", "| POST ", "| DELETE ", "| PUT ", "| PATCH "))
    ]
    assert len(rows) == len(ROUTES)


def test_every_column_is_documented() -> None:
    columns = DOCUMENT.split("Columns are the short names")[1].split("or any dotted path")[0].lower()
    assert all(f"`{name}`" in columns for name in COLUMN_NAMES)
