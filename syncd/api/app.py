"""The HTTP API: the one table of routes, and the doors in their order."""

import asyncio
from functools import partial

from starlette.types import ASGIApp, Receive, Scope, Send

from syncd.api import health, metrics
from syncd.api.announcer import Announcer
from syncd.api.backstage.routes import ROUTES as BACKSTAGE
from syncd.api.context import Context
from syncd.api.doors.compression import Compression
from syncd.api.doors.dispatch import dispatch
from syncd.api.doors.entrance import Entrance
from syncd.api.doors.form import FormDoor
from syncd.api.doors.gate import Gate
from syncd.api.doors.host import HostDoor
from syncd.api.doors.origin import OriginDoor
from syncd.api.harness.routes import ROUTES as HARNESS
from syncd.api.openapi import openapi
from syncd.api.own import (
    activity,
    changes,
    clients,
    edits,
    explain,
    export,
    findings,
    integrations,
    layout,
    problems,
    schemas,
    sql,
    status,
    tokens,
    webhooks,
)
from syncd.api.own import entities as own_entities
from syncd.api.own import facets as own_facets
from syncd.api.own import graph as own_graph
from syncd.api.own import history as own_history
from syncd.api.own import locations as own_locations
from syncd.api.own import parameters as own
from syncd.api.own import properties as own_properties
from syncd.api.pool import Pool
from syncd.api.port.routes import ROUTES as PORT
from syncd.api.ports.service import Service
from syncd.api.pulse import Pulse
from syncd.api.router import Route, Router

OWN = "/api/own"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/healthz", health.healthz, "public", unready=True),
    Route("GET", "/readyz", health.readyz, "public", unready=True),
    Route("GET", "/metrics", metrics.metrics, "read", media="text/plain"),
    Route("GET", "/openapi.json", openapi, "read"),
    *BACKSTAGE,
    *HARNESS,
    *PORT,
    Route("GET", f"{OWN}/openapi.json", openapi, "read"),
    Route("GET", f"{OWN}/status", status.status, "read"),
    Route("GET", f"{OWN}/limits", status.limits, "read"),
    Route("GET", f"{OWN}/entities", own_entities.entities, "read", own.ENTITIES),
    Route("GET", f"{OWN}/export", export.export, "read", own.EXPORT, media=sql.CONTENT_TYPES["parquet"]),
    Route("GET", f"{OWN}/entities/{{ref}}", own_entities.entity, "read"),
    Route(
        "DELETE",
        f"{OWN}/entities/{{ref}}",
        own_entities.forget_orphan,
        "entities:write",
        status=204,
        answer=None,
    ),
    Route("GET", f"{OWN}/entities/{{ref}}/activity", activity.entity_activity, "read", activity.ENTITY_ACTIVITY),
    Route("GET", f"{OWN}/entities/{{ref}}/graph", own_graph.graph, "read", own_graph.GRAPH),
    Route("GET", f"{OWN}/entities/{{ref}}/properties", own_properties.properties, "read"),
    Route("GET", f"{OWN}/entities/{{ref}}/document", edits.document, "read"),
    Route("GET", f"{OWN}/entities/{{ref}}/history", own_history.history, "read", own_history.HISTORY),
    Route("GET", f"{OWN}/entities/{{ref}}/why", own_history.why, "read", own_history.WHY),
    Route("GET", f"{OWN}/properties", own_properties.all_properties, "read", own_properties.LISTING),
    Route(
        "POST",
        f"{OWN}/properties",
        own_properties.change_properties,
        "properties:write",
        body=own_properties.PropertyChanges,
    ),
    Route("GET", f"{OWN}/entities/{{ref}}/layout", layout.layout, "read"),
    Route("GET", f"{OWN}/activity", activity.activity, "read", activity.ACTIVITY),
    Route("GET", f"{OWN}/integrations", integrations.list_integrations, "admin"),
    Route(
        "POST",
        f"{OWN}/integrations",
        integrations.create_integration,
        "admin",
        body=integrations.NewIntegration,
        status=201,
    ),
    Route("GET", f"{OWN}/integrations/{{id}}", integrations.get_integration, "admin"),
    Route(
        "PATCH",
        f"{OWN}/integrations/{{id}}",
        integrations.change_integration,
        "admin",
        body=integrations.IntegrationChange,
    ),
    Route("DELETE", f"{OWN}/integrations/{{id}}", integrations.delete_integration, "admin", status=204, answer=None),
    Route("GET", f"{OWN}/schemas", schemas.list_schemas, "read"),
    Route("GET", f"{OWN}/schemas/{{kind}}", schemas.schema, "read"),
    Route("GET", f"{OWN}/explain", explain.explain, "read", own.EXPLAIN),
    Route("GET", f"{OWN}/facets", own_facets.facets, "read", own_facets.FACETS),
    Route("GET", f"{OWN}/complete", own_facets.complete, "read", own_facets.COMPLETE),
    Route("GET", f"{OWN}/problems", problems.problems, "read", own.PROBLEMS),
    Route("GET", f"{OWN}/findings", findings.findings, "read", findings.FINDINGS),
    Route("GET", f"{OWN}/sources", problems.sources, "read", own.SOURCES),
    Route("GET", f"{OWN}/locations", own_locations.list_locations, "read"),
    Route(
        "POST",
        f"{OWN}/locations",
        own_locations.add_location,
        "locations:write",
        body=own_locations.NewLocation,
        status=201,
    ),
    Route("GET", f"{OWN}/locations/{{id}}", own_locations.get_location, "read"),
    Route(
        "PATCH",
        f"{OWN}/locations/{{id}}",
        own_locations.change_location,
        "locations:write",
        body=own_locations.LocationChange,
    ),
    Route(
        "DELETE", f"{OWN}/locations/{{id}}", own_locations.remove_location, "locations:write", status=204, answer=None
    ),
    Route("GET", f"{OWN}/locations/{{id}}/departure", own_locations.departure, "read"),
    Route("POST", f"{OWN}/locations/{{id}}/refresh", own_locations.refresh_location, "locations:write", own.REFRESH),
    Route("POST", f"{OWN}/refresh", own_locations.refresh_all, "locations:write", own.REFRESH),
    Route("GET", f"{OWN}/trials/{{name}}", own_locations.trial_progress, "locations:write"),
    Route("POST", f"{OWN}/ring", webhooks.ring, "locations:write", body=webhooks.Ring, status=202),
    Route("POST", f"{webhooks.PATH}/{{id}}", webhooks.deliver, "proven", status=202),
    Route("GET", f"{OWN}/webhooks", webhooks.list_webhooks, "admin"),
    Route("POST", f"{OWN}/webhooks", webhooks.create_webhook, "admin", body=webhooks.NewWebhook, status=201),
    Route("DELETE", f"{OWN}/webhooks/{{id}}", webhooks.delete_webhook, "admin", status=204, answer=None),
    Route(
        "POST",
        f"{OWN}/webhooks/{{id}}/secrets",
        webhooks.rotate_webhook,
        "admin",
        body=webhooks.NewSecret,
        body_optional=True,
        status=201,
    ),
    Route("DELETE", f"{OWN}/webhooks/{{id}}/secrets/{{secret}}", webhooks.revoke_secret, "admin"),
    Route("POST", f"{OWN}/outlines", edits.draw_outline, "read", body=edits.NewOutline),
    Route("GET", f"{OWN}/edits", edits.list_edits, "edits:write", edits.LISTING),
    Route("POST", f"{OWN}/edits", edits.create_edit, "edits:write", body=edits.NewEdit, status=201),
    Route("GET", f"{OWN}/edits/{{id}}", edits.get_edit, "edits:write"),
    Route("POST", f"{OWN}/edits/{{id}}/confirm", edits.confirm_edit, "edits:write"),
    Route("POST", f"{OWN}/sql", sql.ask, "sql", body=sql.SqlBody),
    Route("GET", f"{OWN}/diff", own_history.diff, "read", own_history.DIFF),
    Route("GET", f"{OWN}/changes", changes.changes, "read", own.CHANGES),
    Route("GET", f"{OWN}/events", changes.events, "read", media="text/event-stream"),
    Route("GET", f"{OWN}/tokens", tokens.list_tokens, "admin"),
    Route("POST", f"{OWN}/tokens", tokens.create_token, "admin", body=tokens.NewToken, status=201),
    Route("DELETE", f"{OWN}/tokens/{{id}}", tokens.revoke_token, "admin", status=204, answer=None),
    Route("GET", f"{OWN}/clients", clients.list_clients, "admin"),
    Route("POST", f"{OWN}/clients", clients.create_client, "admin", body=clients.NewClient, status=201),
    Route("POST", f"{OWN}/clients/{{id}}/rotate", clients.rotate_client, "admin"),
    Route("POST", f"{OWN}/clients/{{id}}/disable", clients.disable_client, "admin"),
)

READERS = 8
WAITERS = 32
QUEUE = 512


class App:
    """The API as an ASGI application. `start` and `stop` belong into the event loop that serves it."""

    def __init__(self, service: Service, routes: tuple[Route, ...] = ROUTES) -> None:
        self._context = Context(
            service=service,
            readers=Pool("api", READERS, QUEUE),
            waiters=Pool("api-wait", WAITERS, 0),
            asking=Pool("api-sql", service.settings.limits.sql_workers + service.settings.limits.sql_queue + 1, QUEUE),
            announcer=Announcer(service),
            pulse=Pulse(),
            stopping=asyncio.Event(),
            routes=routes,
        )
        pools = {"api": self._context.readers, "api_wait": self._context.waiters, "api_sql": self._context.asking}
        service.meters.waiting |= {name: partial(_depth, pool) for name, pool in pools.items()}
        service.meters.counted["refused"] = lambda: {name: pool.refused for name, pool in pools.items()}
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
        self._context.asking.close()


def create_app(service: Service) -> App:
    """The API of a daemon."""
    return App(service)


def _depth(pool: Pool) -> int:
    return pool.depth


def _doors(context: Context) -> ASGIApp:
    """From the outside in: compression, request id and failures, Host, Origin, forms, caller and scope, the handler."""
    settings = context.settings.daemon
    gate = Gate(dispatch, context, Router(context.routes))
    inner = HostDoor(OriginDoor(FormDoor(gate), settings), settings)
    return Compression(Entrance(inner, context))
