"""The HTTP API: the one table of routes, and the doors in their order."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from syncd.api import health
from syncd.api.announcer import Announcer
from syncd.api.backstage import by_query, entities, listing, locations, refresh
from syncd.api.backstage import facets as backstage_facets
from syncd.api.backstage import parameters as backstage
from syncd.api.context import Context
from syncd.api.dialects import BACKSTAGE_MOUNT
from syncd.api.doors.compression import Compression
from syncd.api.doors.dispatch import dispatch
from syncd.api.doors.entrance import Entrance
from syncd.api.doors.form import FormDoor
from syncd.api.doors.gate import Gate
from syncd.api.doors.host import HostDoor
from syncd.api.doors.origin import OriginDoor
from syncd.api.own import changes, problems, status, tokens
from syncd.api.own import entities as own_entities
from syncd.api.own import locations as own_locations
from syncd.api.own import parameters as own
from syncd.api.pool import Pool
from syncd.api.ports import Service
from syncd.api.pulse import Pulse
from syncd.api.router import Route, Router

CATALOG = BACKSTAGE_MOUNT
OWN = "/api/own"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/healthz", health.healthz, "public"),
    Route("GET", "/readyz", health.readyz, "public"),
    Route("GET", f"{CATALOG}/entities", listing.listing, "read", backstage.ENTITIES),
    Route("GET", f"{CATALOG}/entities/by-query", by_query.by_query, "read", backstage.BY_QUERY),
    Route("GET", f"{CATALOG}/entities/by-uid/{{uid}}", entities.by_uid, "read"),
    Route("DELETE", f"{CATALOG}/entities/by-uid/{{uid}}", entities.delete_by_uid, "entities:write"),
    Route("GET", f"{CATALOG}/entities/by-name/{{kind}}/{{namespace}}/{{name}}", entities.by_name, "read"),
    Route("POST", f"{CATALOG}/entities/by-refs", entities.by_refs, "read", backstage.BY_REFS, entities.ByRefsBody),
    Route("GET", f"{CATALOG}/entity-facets", backstage_facets.facets, "read", backstage.FACETS),
    Route("GET", f"{CATALOG}/locations", locations.list_locations, "read"),
    Route(
        "POST",
        f"{CATALOG}/locations",
        locations.add_location,
        "locations:write",
        backstage.ADD_LOCATION,
        locations.LocationBody,
    ),
    Route("GET", f"{CATALOG}/locations/{{id}}", locations.get_location, "read"),
    Route("DELETE", f"{CATALOG}/locations/{{id}}", locations.remove_location, "locations:write"),
    Route("GET", f"{CATALOG}/locations/by-entity/{{kind}}/{{namespace}}/{{name}}", locations.get_by_entity, "read"),
    Route("POST", f"{CATALOG}/refresh", refresh.refresh, "entities:write", body=refresh.RefreshBody),
    Route("GET", f"{OWN}/status", status.status, "read"),
    Route("GET", f"{OWN}/limits", status.limits, "read"),
    Route("GET", f"{OWN}/entities", own_entities.entities, "read", own.ENTITIES),
    Route("GET", f"{OWN}/entities/{{ref}}", own_entities.entity, "read"),
    Route("GET", f"{OWN}/facets", own_entities.facets, "read", own.FACETS),
    Route("GET", f"{OWN}/problems", problems.problems, "read", own.PROBLEMS),
    Route("GET", f"{OWN}/sources", problems.sources, "read", own.SOURCES),
    Route("GET", f"{OWN}/locations", own_locations.list_locations, "read"),
    Route("POST", f"{OWN}/locations", own_locations.add_location, "locations:write", body=own_locations.NewLocation),
    Route("GET", f"{OWN}/locations/{{id}}", own_locations.get_location, "read"),
    Route("DELETE", f"{OWN}/locations/{{id}}", own_locations.remove_location, "locations:write"),
    Route("POST", f"{OWN}/locations/{{id}}/refresh", own_locations.refresh_location, "locations:write", own.REFRESH),
    Route("POST", f"{OWN}/refresh", own_locations.refresh_all, "locations:write", own.REFRESH),
    Route("GET", f"{OWN}/changes", changes.changes, "read", own.CHANGES),
    Route("GET", f"{OWN}/events", changes.events, "read"),
    Route("GET", f"{OWN}/tokens", tokens.list_tokens, "admin"),
    Route("POST", f"{OWN}/tokens", tokens.create_token, "admin", body=tokens.NewToken),
    Route("DELETE", f"{OWN}/tokens/{{id}}", tokens.revoke_token, "admin"),
)

READERS = 8
WAITERS = 32
QUEUE = 512


class App:
    """The API as an ASGI application. `start` and `stop` belong into the event loop that serves it."""

    def __init__(self, service: Service) -> None:
        self._context = Context(
            service=service,
            readers=Pool("api", READERS, QUEUE),
            waiters=Pool("api-wait", WAITERS, 0),
            announcer=Announcer(service),
            pulse=Pulse(),
            stopping=asyncio.Event(),
        )
        self._app = _doors(self._context)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def start(self) -> None:
        """Begin to listen for changes, and to watch the loop."""
        self._context.pulse.start()
        self._context.announcer.start()

    def stop(self) -> None:
        """Say so in readiness, and end the event streams; other requests go on to their end (R87)."""
        self._context.stopping.set()
        self._context.announcer.call_in_loop()
        self._context.announcer.stop()

    def close(self) -> None:
        """Take no more work."""
        self._context.pulse.stop()
        self._context.readers.close()
        self._context.waiters.close()


def create_app(service: Service) -> App:
    """The API of a daemon."""
    return App(service)


def _doors(context: Context) -> ASGIApp:
    """From the outside in: compression, request id and failures, Host, Origin, forms, caller and scope, the handler."""
    settings = context.settings.daemon
    gate = Gate(dispatch, context, Router(ROUTES))
    inner = HostDoor(OriginDoor(FormDoor(gate), settings), settings)
    return Compression(Entrance(inner, context))
