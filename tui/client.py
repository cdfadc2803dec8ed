"""The daemon as the terminal meets it: the only module of `tui` that knows the API's URLs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from tui.transport import (
    Address,
    ApiProblem,
    BadAddress,
    DaemonUnreachable,
    Event,
    Transport,
    find_address,
    socket_path,
    state_directory,
)

if TYPE_CHECKING:
    from tui.answers import (
        Activity,
        Changes,
        ClientItem,
        Completion,
        EntityAnswer,
        EntityDocuments,
        EntityRows,
        Explanation,
        FacetAnswer,
        GraphAnswer,
        GroupCount,
        IntegrationItem,
        JsonObject,
        LayoutAnswer,
        LimitItem,
        LocationItem,
        Problems,
        SourceFile,
        SqlAnswer,
        Status,
        TokenItem,
        WebhookItem,
    )
    from tui.edit_answers import DocumentText, EditItem, OutlineAnswer
    from tui.history_answers import DiffAnswer, HistoryAnswer, WhyAnswer
    from tui.property_answers import EntityProperties, PropertyChange, PropertyEffect, PropertyRecord

__all__ = [
    "Address",
    "ApiProblem",
    "BadAddress",
    "Client",
    "DaemonUnreachable",
    "Event",
    "find_address",
    "socket_path",
    "state_directory",
]

TIMEOUT = 30.0
"""Seconds that a request may take where the caller names none."""

SQL_SECONDS = 90.0
"""What a question in SQL may take longer: it may have to wait for its turn."""

CHANGES_SECONDS = 90.0
"""What a call with hundreds of changes may take longer."""

DIFF_SECONDS = 90.0
"""What a comparison may take longer: it reads files at two commits."""

_OWN = "/api/own"


class Client:
    """The own HTTP API as methods; answers are the JSON the daemon sent.

    Safe to share between threads, which do not wait for each other (`tui.transport`).

    Every method raises `DaemonUnreachable` when nothing answers in `timeout` seconds, `ApiProblem` when the daemon
    says no.
    """

    def __init__(self, address: Address, *, timeout: float = TIMEOUT, me: str = "") -> None:
        """`me` is the ref of a user, whom `@me` means in query lines; without it the daemon may know."""
        self.address = address
        self.me = me
        self.timeout = timeout
        self._transport = Transport(address)

    def close(self) -> None:
        """Close the idle connections. The client can still be used afterwards."""
        self._transport.close()

    # -- what it knows

    def status(self) -> Status:
        """The daemon's state in figures."""
        return cast("Status", self._get("/status"))

    def entity_rows(
        self, query: str, columns: Sequence[str], *, sort: str = "", limit: int | None = None, offset: int = 0
    ) -> EntityRows:
        """Entities that match the query line, as cells of `columns` (names such as owner, or dotted paths)."""
        parameters = {"columns": ",".join(columns), "sort": sort, "limit": limit, "offset": offset or None}
        return cast("EntityRows", self._get("/entities", self._line(query) | parameters))

    def entity_documents(
        self, query: str, *, sort: str = "", limit: int | None = None, offset: int = 0
    ) -> EntityDocuments:
        """Entities that match the query line, whole."""
        parameters = {"sort": sort, "limit": limit, "offset": offset or None}
        return cast("EntityDocuments", self._get("/entities", self._line(query) | parameters))

    def groups(self, query: str) -> list[GroupCount]:
        """How many entities each group has that the line's `group:` makes, the largest first."""
        return cast("list[GroupCount]", self._get("/entities", self._line(query) | {"limit": 0})["groups"])

    def explain(self, query: str) -> Explanation:
        """The query line in other languages, with its columns and its group."""
        return cast("Explanation", self._get("/explain", self._line(query)))

    def entity(self, ref: str) -> EntityAnswer:
        """One entity by its full ref, with its source and its problems."""
        return cast("EntityAnswer", self._get(f"/entities/{_segment(ref)}"))

    def layout(self, ref: str) -> LayoutAnswer:
        """What the layout of an entity says of it; `ApiProblem` 404 also from a daemon that knows no layouts."""
        return cast("LayoutAnswer", self._get(f"/entities/{_segment(ref)}/layout"))

    def graph(
        self, ref: str, *, direction: str = "out", depth: int | None = None, types: Sequence[str] = (), limit: int
    ) -> GraphAnswer:
        """The relations around an entity; `direction` is out, in, both or impact."""
        parameters = {"direction": direction, "depth": depth, "types": ",".join(types) or None, "limit": limit}
        return cast("GraphAnswer", self._get(f"/entities/{_segment(ref)}/graph", parameters))

    def facets(self, query: str, facets: Sequence[str], *, limit: int | None = None) -> FacetAnswer:
        """Values of each facet among the entities that match, most frequent first, `limit` of each."""
        parameters = {"facet": list(facets), "limit": limit}
        return cast("FacetAnswer", self._get("/facets", self._line(query) | parameters))

    def complete(self, query: str, at: int, *, limit: int | None = None) -> Completion:
        """What may stand in the place of the word at an offset of a query line."""
        return cast("Completion", self._get("/complete", {"q": query, "at": at, "limit": limit}))

    def sql(self, sql: str, parameters: Sequence[str] = (), limit: int | None = None) -> SqlAnswer:
        """The answer to a question in SQL, as far as the daemon's limits allow, or up to `limit` rows."""
        return cast("SqlAnswer", self._call("POST", "/sql", body=_question(sql, parameters, limit), wait=SQL_SECONDS))

    def sql_parquet(
        self, sql: str, parameters: Sequence[str] = (), limit: int | None = None
    ) -> AbstractContextManager[Iterator[bytes]]:
        """The same as a Parquet file, piece by piece."""
        body = _question(sql, parameters, limit) | {"format": "parquet"}
        return self._transport.pieces("POST", f"{_OWN}/sql", body=body, timeout=self.timeout + SQL_SECONDS)

    def entities_parquet(
        self, query: str, columns: Sequence[str], *, sort: str = "", limit: int | None = None
    ) -> AbstractContextManager[Iterator[bytes]]:
        """Entities that match the query line as a Parquet file with the cells of `entity_rows`, piece by piece."""
        parameters = {"q": query, "columns": ",".join(columns), "sort": sort, "limit": limit}
        return self._transport.pieces("GET", f"{_OWN}/export", parameters, timeout=self.timeout + SQL_SECONDS)

    def problems(self, *, location: str = "", code: str = "", limit: int | None = None, offset: int = 0) -> Problems:
        """What is wrong in the sources."""
        parameters = {"location": location, "code": code, "limit": limit, "offset": offset or None}
        return cast("Problems", self._get("/problems", parameters))

    def sources(self, location: str = "") -> list[SourceFile]:
        """The files that were read, and what became of each of their documents."""
        return cast("list[SourceFile]", self._get("/sources", {"location": location})["items"])

    def changes(self, since: int, limit: int | None = None) -> Changes:
        """The log of changes after a sequence number."""
        return cast("Changes", self._get("/changes", {"since": since, "limit": limit}))

    def limits(self) -> list[LimitItem]:
        """The daemon's limits."""
        return cast("list[LimitItem]", self._get("/limits")["items"])

    # -- activity

    def activity(
        self, *, entity: str = "", limit: int | None = None, offset: int = 0, **filters: str | None
    ) -> Activity:
        """Activity records, newest first, of one entity or of all; `filters` are integration, schema, type, since and
        unlinked."""
        path = f"/entities/{_segment(entity)}/activity" if entity else "/activity"
        return cast("Activity", self._get(path, {**filters, "limit": limit, "offset": offset or None}))

    def integrations(self) -> list[IntegrationItem]:
        """Where activity records come from."""
        return cast("list[IntegrationItem]", self._get("/integrations")["items"])

    def create_integration(self, body: JsonObject) -> IntegrationItem:
        """A new integration; the only answer that holds its secret."""
        return cast("IntegrationItem", self._call("POST", "/integrations", body=body))

    def change_integration(self, integration_id: str, body: JsonObject) -> IntegrationItem:
        """Change some of its terms."""
        return cast("IntegrationItem", self._call("PATCH", f"/integrations/{_segment(integration_id)}", body=body))

    def delete_integration(self, integration_id: str) -> None:
        """Delete an integration with all its records."""
        self._call("DELETE", f"/integrations/{_segment(integration_id)}")

    # -- webhooks

    def webhooks(self) -> list[WebhookItem]:
        """By what git hosts tell of pushes."""
        return cast("list[WebhookItem]", self._get("/webhooks")["items"])

    def create_webhook(self, webhook_id: str, provider: str, secret: str | None) -> WebhookItem:
        """A new webhook with its secret."""
        body = {"id": webhook_id, "provider": provider, "secret": secret}
        return cast("WebhookItem", self._call("POST", "/webhooks", body=body))

    def rotate_webhook(self, webhook_id: str, secret: str | None, keep_hours: float) -> WebhookItem:
        """Another secret for a webhook."""
        body = {"secret": secret, "keep_hours": keep_hours}
        return cast("WebhookItem", self._call("POST", f"/webhooks/{_segment(webhook_id)}/secrets", body=body))

    def revoke_webhook_secret(self, webhook_id: str, secret_id: str) -> WebhookItem:
        """End one secret of a webhook."""
        path = f"/webhooks/{_segment(webhook_id)}/secrets/{_segment(secret_id)}"
        return cast("WebhookItem", self._call("DELETE", path))

    def delete_webhook(self, webhook_id: str) -> None:
        """Delete a webhook with its secrets."""
        self._call("DELETE", f"/webhooks/{_segment(webhook_id)}")

    def ring(self, repository: str) -> list[str]:
        """Have a look at a repository by any of its URLs; those that rang."""
        return cast("list[str]", self._call("POST", "/ring", body={"repository": repository})["rung"])

    # -- locations

    def locations(self) -> list[LocationItem]:
        """All registered locations, in the order of their registration."""
        return cast("list[LocationItem]", self._get("/locations")["items"])

    def location(self, location_id: str) -> LocationItem:
        """One location."""
        return cast("LocationItem", self._get(f"/locations/{_segment(location_id)}"))

    def add_location(
        self, location_type: str, target: str, *, ref: str = "", paths: Sequence[str] = (), priority: int = 0
    ) -> LocationItem:
        """Register a location; `ApiProblem` 409 with `members["existing"]` where it is registered already."""
        body = {"type": location_type, "target": target, "ref": ref, "path": list(paths), "priority": priority}
        sent = {key: value for key, value in body.items() if value or key == "target"}
        return cast("LocationItem", self._call("POST", "/locations", body=sent))

    def remove_location(self, location_id: str) -> None:
        """Unregister a location; its entities go with it."""
        self._call("DELETE", f"/locations/{_segment(location_id)}")

    def refresh(self, location_id: str | None = None, *, wait: float = 0) -> bool:
        """Look at one location, or at all, now; true when that was done and visible within `wait` seconds."""
        path = "/refresh" if location_id is None else f"/locations/{_segment(location_id)}/refresh"
        answer = self._call("POST", path, {"wait": wait or None}, wait=wait)
        return bool(answer["done"])

    # -- custom properties

    def properties(self, ref: str) -> EntityProperties:
        """The custom properties of one entity, with git's values and those in force."""
        return cast("EntityProperties", self._get(f"/entities/{_segment(ref)}/properties"))

    def all_properties(self, path: str = "", *, unattached: bool = False) -> list[PropertyRecord]:
        """Every record, or those at one path; `unattached`: only those whose entity is not there."""
        parameters = {"path": path, "unattached": "true" if unattached else None}
        return cast("list[PropertyRecord]", self._get("/properties", parameters)["items"])

    def history(self, ref: str, path: str = "", *, limit: int | None = None, offset: int = 0) -> HistoryAnswer:
        """What commits and changes did to an entity, or to a field of it, the newest first."""
        parameters = {"path": path, "limit": limit, "offset": offset or None}
        return cast("HistoryAnswer", self._get(f"/entities/{_segment(ref)}/history", parameters))

    def why(self, ref: str, field: str) -> WhyAnswer:
        """Where the value at a field comes from."""
        return cast("WhyAnswer", self._get(f"/entities/{_segment(ref)}/why", {"field": field}))

    def diff(self, old: str, new: str = "", *, location: str = "", repository: str = "", limit: int) -> DiffAnswer:
        """What differs between two commits of a repository, or, where none is named, between two times."""
        parameters = {"from": old, "to": new, "location": location, "repository": repository, "limit": limit}
        return cast("DiffAnswer", self._call("GET", "/diff", parameters, wait=DIFF_SECONDS))

    def change_properties(
        self,
        changes: Sequence[PropertyChange],
        *,
        source: str,
        dry_run: bool = False,
        pass_over_unknown: bool = False,
        store_unattached: bool = False,
    ) -> list[PropertyEffect]:
        """Make all of these changes or none of them; what became of each, in order.

        Those of entities that do not exist are refused, unless they are passed over, or stored for when they come.
        """
        body: JsonObject = {"changes": list(changes), "source": source}
        flags = {"dry_run": dry_run, "pass_over_unknown": pass_over_unknown, "store_unattached": store_unattached}
        body |= {name: True for name, is_set in flags.items() if is_set}
        return cast("list[PropertyEffect]", self._call("POST", "/properties", body=body, wait=CHANGES_SECONDS)["items"])

    # -- edits of descriptor files

    def document(self, ref: str) -> DocumentText:
        """The lines of an entity's document, comments and all."""
        return cast("DocumentText", self._get(f"/entities/{_segment(ref)}/document"))

    def outline(self, body: JsonObject) -> OutlineAnswer:
        """What an entity of a kind must say."""
        return cast("OutlineAnswer", self._call("POST", "/outlines", body=body))

    def propose_edit(self, body: JsonObject) -> EditItem:
        """What an edit would do, with the problems that the catalog would have with it; nothing is pushed."""
        return cast("EditItem", self._call("POST", "/edits", body=body, wait=CHANGES_SECONDS))

    def confirm_edit(self, edit_id: str) -> EditItem:
        """Carry a proposal out; it is visible when this returns, unless its state says otherwise."""
        return cast("EditItem", self._call("POST", f"/edits/{_segment(edit_id)}/confirm", wait=CHANGES_SECONDS))

    def edits(self, limit: int) -> list[EditItem]:
        """The last edits, the newest first."""
        return cast("list[EditItem]", self._get("/edits", {"limit": limit})["items"])

    def edit(self, edit_id: str) -> EditItem:
        """One edit."""
        return cast("EditItem", self._get(f"/edits/{_segment(edit_id)}"))

    # -- blueprints, by Port's API

    def blueprint(self, identifier: str) -> JsonObject:
        """The definition of a blueprint."""
        return cast("JsonObject", self._port("GET", f"/blueprints/{_segment(identifier)}")["blueprint"])

    def blueprint_entities(self, identifier: str) -> list[JsonObject]:
        """All entities of a blueprint, without what is calculated."""
        path = f"/blueprints/{_segment(identifier)}/entities"
        answer = self._port("GET", path, {"exclude_calculated_properties": "true"})
        return cast("list[JsonObject]", answer["entities"])

    def put_entities(self, identifier: str, entities: Sequence[JsonObject], **flags: bool) -> JsonObject:
        """Write up to twenty entities of a blueprint: what became of each is under `entities` and `errors`."""
        set_flags = {name: "true" for name, is_set in flags.items() if is_set}
        path = f"/blueprints/{_segment(identifier)}/entities/bulk"
        return cast("JsonObject", self._port("POST", path, set_flags, {"entities": list(entities)}))

    # -- access

    def tokens(self) -> list[TokenItem]:
        """The tokens, without their secrets."""
        return cast("list[TokenItem]", self._get("/tokens")["items"])

    def create_token(
        self, name: str, scopes: Sequence[str], expires_in_days: int | None = None, read: str | None = None
    ) -> TokenItem:
        """A new token; the only answer that holds its secret."""
        body: JsonObject = {"name": name, "scopes": list(scopes)}
        if expires_in_days is not None:
            body["expires_in_days"] = expires_in_days
        if read is not None:
            body["read"] = read
        return cast("TokenItem", self._call("POST", "/tokens", body=body))

    def revoke_token(self, token_id: str) -> None:
        """Make a token worthless at once."""
        self._call("DELETE", f"/tokens/{_segment(token_id)}")

    def clients(self) -> list[ClientItem]:
        """The clients, without their secrets."""
        return cast("list[ClientItem]", self._get("/clients")["items"])

    def create_client(self, name: str, scopes: Sequence[str] = ()) -> ClientItem:
        """A new client with its secret."""
        return cast("ClientItem", self._call("POST", "/clients", body={"name": name, "scopes": list(scopes)}))

    def rotate_client(self, client_id: str) -> ClientItem:
        """Another secret for a client."""
        return cast("ClientItem", self._call("POST", f"/clients/{_segment(client_id)}/rotate"))

    def disable_client(self, client_id: str) -> None:
        """End a client."""
        self._call("POST", f"/clients/{_segment(client_id)}/disable")

    # -- events

    def events(self, last_event_id: str = "") -> AbstractContextManager[Iterator[Event]]:
        """Open the event stream; with an id, beginning after that event. One connection of its own.

        The iterator ends when the daemon closes the stream and raises `DaemonUnreachable` when the connection is
        lost or silent for 45 s. `tui.event_stream.follow` reconnects.
        """
        return self._transport.events(f"{_OWN}/events", last_event_id)

    def _port(
        self, method: str, path: str, parameters: Mapping[str, Any] | None = None, body: JsonObject | None = None
    ) -> Any:
        wait = CHANGES_SECONDS if body else 0
        return self._transport.call(method, f"/v1{path}", parameters, body=body, timeout=self.timeout + wait)

    def _line(self, query: str) -> dict[str, Any]:
        return {"q": query, "me": self.me or None}

    def _get(self, path: str, parameters: Mapping[str, Any] | None = None) -> JsonObject:
        return cast("JsonObject", self._call("GET", path, parameters))

    def _call(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        body: JsonObject | None = None,
        wait: float = 0,
    ) -> Any:
        return self._transport.call(method, _OWN + path, parameters, body=body, timeout=self.timeout + wait)


def _question(sql: str, parameters: Sequence[str], limit: int | None) -> JsonObject:
    return {"sql": sql, "params": list(parameters)} | ({} if limit is None else {"limit": limit})


def _segment(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")
