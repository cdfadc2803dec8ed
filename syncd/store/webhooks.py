"""Webhooks, and the deliveries that they brought, in `state.sqlite`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from syncd.model.webhook import Provider, Webhook, WebhookSecret
from syncd.store.state import State

_PROVIDERS: dict[str, Provider] = {name: name for name in get_args(Provider)}


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery that rang: of which webhook, as the host names it, signed with which secret, when."""

    webhook: str
    id: str
    secret: str
    at: datetime


class StoredWebhooks:
    """Webhooks by their id; each call is durable when it returns (R34)."""

    def __init__(self, state: State) -> None:
        self._state = state

    def all(self) -> list[Webhook]:
        """Every webhook, by id."""
        rows = self._state.read("SELECT id, provider, created, secrets FROM webhooks ORDER BY id")
        return [_webhook(*map(str, row)) for row in rows]

    def put(self, webhook: Webhook) -> None:
        """Insert, or replace as a whole."""
        secrets = [(one.id, one.sealed, _text(one.created), _text(one.expires)) for one in webhook.secrets]
        self._state.write(
            "INSERT OR REPLACE INTO webhooks (id, provider, created, secrets) VALUES (?, ?, ?, ?)",
            (webhook.id, webhook.provider, _text(webhook.created), json.dumps(secrets)),
        )

    def drop(self, webhook_id: str) -> None:
        """Forget one, with its deliveries."""
        with self._state.transaction():
            self._state.write("DELETE FROM webhooks WHERE id = ?", (webhook_id,))
            self._state.write("DELETE FROM deliveries WHERE webhook = ?", (webhook_id,))

    def deliveries(self) -> list[Delivered]:
        """Those that are remembered, the oldest first."""
        rows = self._state.read("SELECT webhook, id, secret, at FROM deliveries ORDER BY at, id")
        return [
            Delivered(str(webhook), str(id_), str(secret), datetime.fromisoformat(str(at)))
            for webhook, id_, secret, at in rows
        ]

    def remember(self, delivered: Sequence[Delivered], since: datetime) -> None:
        """Add deliveries, and forget those before a time."""
        with self._state.transaction():
            self._state.write_many(
                "INSERT OR REPLACE INTO deliveries (webhook, id, secret, at) VALUES (?, ?, ?, ?)",
                [(one.webhook, one.id, one.secret, _text(one.at)) for one in delivered],
            )
            self._state.write("DELETE FROM deliveries WHERE at < ?", (_text(since),))


def _webhook(webhook_id: str, provider: str, created: str, secrets: str) -> Webhook:
    return Webhook(
        webhook_id,
        _PROVIDERS[provider],
        datetime.fromisoformat(created),
        tuple(
            WebhookSecret(id_, sealed, datetime.fromisoformat(made), datetime.fromisoformat(ends) if ends else None)
            for id_, sealed, made, ends in json.loads(secrets)
        ),
    )


def _text(at: datetime | None) -> str | None:
    return at.isoformat(timespec="microseconds") if at is not None else None
