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
        Changes,
        EntityAnswer,
        EntityDocuments,
        EntityRows,
        FacetValue,
        JsonObject,
        LimitItem,
        LocationItem,
        Problems,
        SourceFile,
        Status,
        TokenItem,
    )

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

_OWN = "/api/own"


class Client:
    """The own HTTP API as methods; answers are the JSON the daemon sent.

    Safe to share between threads, which do not wait for each other (`tui.transport`).

    Every method raises `DaemonUnreachable` when nothing answers in `timeout` seconds, `ApiProblem` when the daemon
    says no.
    """

    def __init__(self, address: Address, *, timeout: float = TIMEOUT) -> None:
        self.address = address
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
        parameters = {"q": query, "columns": ",".join(columns), "sort": sort, "limit": limit, "offset": offset or None}
        return cast("EntityRows", self._get("/entities", parameters))

    def entity_documents(
        self, query: str, *, sort: str = "", limit: int | None = None, offset: int = 0
    ) -> EntityDocuments:
        """Entities that match the query line, whole."""
        parameters = {"q": query, "sort": sort, "limit": limit, "offset": offset or None}
        return cast("EntityDocuments", self._get("/entities", parameters))

    def entity(self, ref: str) -> EntityAnswer:
        """One entity by its full ref, with its source and its problems."""
        return cast("EntityAnswer", self._get(f"/entities/{_segment(ref)}"))

    def facets(self, query: str, facets: Sequence[str]) -> dict[str, list[FacetValue]]:
        """Values of each facet among the entities that match, most frequent first."""
        answer = self._get("/facets", {"q": query, "facet": list(facets)})
        return cast("dict[str, list[FacetValue]]", answer["facets"])

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

    # -- access

    def tokens(self) -> list[TokenItem]:
        """The tokens, without their secrets."""
        return cast("list[TokenItem]", self._get("/tokens")["items"])

    def create_token(self, name: str, scopes: Sequence[str], expires_in_days: int | None = None) -> TokenItem:
        """A new token; the only answer that holds its secret."""
        body: JsonObject = {"name": name, "scopes": list(scopes)}
        if expires_in_days is not None:
            body["expires_in_days"] = expires_in_days
        return cast("TokenItem", self._call("POST", "/tokens", body=body))

    def revoke_token(self, token_id: str) -> None:
        """Make a token worthless at once."""
        self._call("DELETE", f"/tokens/{_segment(token_id)}")

    # -- events

    def events(self, last_event_id: str = "") -> AbstractContextManager[Iterator[Event]]:
        """Open the event stream; with an id, beginning after that event. One connection of its own.

        The iterator ends when the daemon closes the stream and raises `DaemonUnreachable` when the connection is
        lost or silent for 45 s. `tui.event_stream.follow` reconnects.
        """
        return self._transport.events(f"{_OWN}/events", last_event_id)

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


def _segment(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")
