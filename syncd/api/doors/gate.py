"""Who asks, may they, and not too often: authentication, scope and rate, in one place (R54-R56, R59)."""

import asyncio
import os
from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send

from syncd.api.context import Context
from syncd.api.doors.entrance import request_of
from syncd.api.failures import RequestRefusedError
from syncd.api.rate import Allowance, RateLimit
from syncd.api.readability import require_readable
from syncd.api.request import Request
from syncd.api.router import Match, Router
from syncd.api.scopes import KEY_SCOPE, SCOPES, Principal, require
from syncd.errors import AuthenticationError, CatalogError

MATCH = "catalog.match"
"""Where the last door finds the route in the ASGI scope."""

_ALL_SCOPES = frozenset(SCOPES)


class Gate:
    """401 without valid credentials, 429 beyond the rate, 404 for an unknown path, 403 without the route's scope.

    Paths are told apart only for those who may ask at all.
    """

    def __init__(self, app: ASGIApp, context: Context, router: Router) -> None:
        self._app = app
        self._context = context
        self._router = router
        self._rate = RateLimit(context.limits)
        self._owner = os.geteuid()
        self._notes: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = request_of(scope)
        found = self._find(request)
        request.route = None if isinstance(found, CatalogError) else found.route
        if isinstance(found, CatalogError):
            self._principal(request)
        elif found.route.scope == "signed":
            request.principal = self._bearer(request)
        elif found.route.scope not in ("public", "proven"):
            request.principal = self._principal(request)
        request.dialect.admit(request)
        if isinstance(found, CatalogError):
            raise found
        if request.principal is not None:
            self._admit(request, request.principal, found)
        request.parameters = found.parameters
        scope[MATCH] = found
        await self._app(scope, receive, send)

    def _admit(self, request: Request, principal: Principal, found: Match) -> None:
        scope = found.route.scope
        if scope == "signed":
            require(principal, KEY_SCOPE)
        elif scope != "public" and scope != "proven":
            require(principal, scope)
        if principal.read is not None:
            require_readable(found.route.method, found.route.path)
            request.context = request.context.as_seen_with(principal.read)

    def _bearer(self, request: Request) -> Principal | None:
        """Who shows a token; None where nobody does, over the socket and in open mode too, or where it is not ours."""
        if not (request.header(b"authorization") or request.header(b"x-api-key")):
            return None
        try:
            return self._principal(request)
        except AuthenticationError:
            return None

    def _find(self, request: Request) -> Match | CatalogError:
        try:
            return self._router.find(request.method, request.path)
        except CatalogError as failure:
            return failure

    def _principal(self, request: Request) -> Principal:
        if request.peer_uid == self._owner:
            return Principal(f"socket:{self._owner}", _ALL_SCOPES, owner=True)
        if self._context.settings.auth.mode == "open":
            return Principal("open", _ALL_SCOPES)
        principal = self._context.service.tokens.check(_credentials(request))
        if principal.token_id is not None:
            if request.peer_uid is None:
                request.allowance = self._rate.take(principal.token_id)
                _require_granted(request.allowance)
            self._note_use(principal.token_id)
        return principal

    def _note_use(self, token_id: str) -> None:
        if self._context.service.tokens.used(token_id):
            note = asyncio.create_task(self._touch(token_id))
            self._notes.add(note)
            note.add_done_callback(self._notes.discard)

    async def _touch(self, token_id: str) -> None:
        with suppress(CatalogError):  # it is noted with a later request
            await self._context.readers.run(self._context.service.tokens.touch, token_id)


def _require_granted(allowance: Allowance) -> None:
    if allowance.wait:
        raise RequestRefusedError(
            429,
            "too many requests with this token (limit requests_per_second)",
            code="limit",
            hint="wait a second",
            headers={"retry-after": str(allowance.wait)},
        )


def _credentials(request: Request) -> str:
    scheme, _, credentials = (request.header(b"authorization") or "").partition(" ")
    if scheme.lower() == "bearer" and credentials.strip():
        return credentials.strip()
    if key := request.header(b"x-api-key"):
        return key.strip()
    raise AuthenticationError(
        "credentials are missing",
        hint="send a token as Authorization: Bearer gcat_…; the daemon's owner makes one with catalog token create",
    )
