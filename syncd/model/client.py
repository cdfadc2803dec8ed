"""A client as it is kept: never its secret."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """A program that exchanges its secret for access tokens; `hash` is the SHA-256 of salt and secret in hex."""

    id: str
    name: str
    salt: str
    hash: str
    scopes: tuple[str, ...]
    created: datetime
    rotated: datetime | None = None
    last_used: datetime | None = None
    disabled: datetime | None = None
