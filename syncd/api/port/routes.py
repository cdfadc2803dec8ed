"""The routes of Port's API; the description of the API and its document follow this table."""

from syncd.api.openapi import openapi
from syncd.api.port import auth
from syncd.api.router import Route

MOUNT = "/v1"

ROUTES: tuple[Route, ...] = (
    Route("GET", f"{MOUNT}/openapi.json", openapi, "read"),
    Route(
        "POST",
        f"{MOUNT}/auth/access_token",
        auth.access_token,
        "public",
        body=auth.Credentials,
        answer=auth.AccessTokenAnswer,
    ),
)
