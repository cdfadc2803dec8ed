"""An API token as it is kept: never the secret itself (R55)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A token as it is stored; `hash` is the SHA-256 of its secret part in hex.

    `read` says which entities it may read: a query line, a permission condition as JSON text, `false` for none, and
    None for all. `client` is the id of the client that the token was made for, None where a person asked for it.
    """

    id: str
    name: str
    hash: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime | None = None
    last_used: datetime | None = None
    revoked: datetime | None = None
    read: str | None = None
    client: str | None = None

    def active(self, at: datetime) -> bool:
        """Whether the token opens anything at a time."""
        return self.revoked is None and (self.expires is None or at < self.expires)
