"""Tokens and clients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from tui.client.connection import Connection, segment

if TYPE_CHECKING:
    from tui.access_answers import ClientItem, TokenItem
    from tui.answers import JsonObject


class Access(Connection):
    """Tokens and clients."""

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
        self._call("DELETE", f"/tokens/{segment(token_id)}")

    def clients(self) -> list[ClientItem]:
        """The clients, without their secrets."""
        return cast("list[ClientItem]", self._get("/clients")["items"])

    def create_client(self, name: str, scopes: Sequence[str] = ()) -> ClientItem:
        """A new client with its secret."""
        return cast("ClientItem", self._call("POST", "/clients", body={"name": name, "scopes": list(scopes)}))

    def rotate_client(self, client_id: str) -> ClientItem:
        """Another secret for a client."""
        return cast("ClientItem", self._call("POST", f"/clients/{segment(client_id)}/rotate"))

    def disable_client(self, client_id: str) -> None:
        """End a client."""
        self._call("POST", f"/clients/{segment(client_id)}/disable")
