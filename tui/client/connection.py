"""One daemon, and how its own API is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from tui.transport import Address, Listener, Transport

if TYPE_CHECKING:
    from tui.answers import JsonObject

TIMEOUT = 30.0
"""Seconds that a request may take where the caller names none."""

CHANGES_SECONDS = 90.0
"""What a call with hundreds of changes may take longer."""

OWN = "/api/own"


class Connection:
    """What all parts of the client ask through."""

    def __init__(self, address: Address, *, timeout: float = TIMEOUT, me: str = "") -> None:
        """`me` is the ref of a user, whom `@me` means in query lines; without it the daemon may know."""
        self.address = address
        self.me = me
        self.timeout = timeout
        self._transport = Transport(address)

    def tell(self, listener: Listener) -> None:
        """Tell of each request from now on."""
        self._transport.listener = listener

    def close(self) -> None:
        """Close the idle connections. The client can still be used afterwards."""
        self._transport.close()

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
        return self._transport.call(method, OWN + path, parameters, body=body, timeout=self.timeout + wait)


def segment(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")
