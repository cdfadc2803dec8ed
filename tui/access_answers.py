"""What the daemon answers of those who may ask or tell it something: clients, tokens, webhooks, integrations."""

from typing import Any, NotRequired, TypedDict


class IntegrationItem(TypedDict):
    """Where records come from; `path` is where they are sent to, `secret` is in the answer that made it alone."""

    id: str
    way: str
    schema: str
    state: str
    retention_days: int
    correlation: dict[str, str] | None
    fields: list[str]
    mapping: dict[str, str]
    signature: dict[str, str] | None
    created: str
    path: str
    secret: NotRequired[str | None]


class WebhookSecretItem(TypedDict):
    """A secret of a webhook, by its id; times are RFC 3339."""

    id: str
    created: str
    expires: str | None
    last_delivery: str | None


class WebhookItem(TypedDict):
    """By what a git host tells of pushes; `secret` is in the answer that made it alone."""

    id: str
    provider: str
    path: str
    url: str | None
    created: str
    secrets: list[WebhookSecretItem]
    secret: NotRequired[str]


class LimitItem(TypedDict):
    """One limit of the daemon."""

    name: str
    value: Any
    unit: str
    description: str


class ClientItem(TypedDict):
    """A client; its secret is in `client_secret` of the answer that made it, and nowhere else."""

    client_id: str
    name: str
    scopes: list[str]
    created: str
    rotated: str | None
    last_used: str | None
    disabled: str | None
    client_secret: NotRequired[str]


class TokenItem(TypedDict):
    """A token; the secret itself is in `token` of the answer that created it, and nowhere else."""

    id: str
    name: str
    scopes: list[str]
    created: NotRequired[str]
    expires: str | None
    last_used: NotRequired[str | None]
    read: NotRequired[str | None]
    token: NotRequired[str]
