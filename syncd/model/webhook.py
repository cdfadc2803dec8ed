"""A webhook: by which a git host tells that somebody pushed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

Provider: TypeAlias = Literal["github", "gitlab", "gitlab-token", "gitea", "forgejo", "bitbucket", "bitbucket-server"]


@dataclass(frozen=True, slots=True)
class WebhookSecret:
    """A secret that host and daemon share; `sealed` is what the vault gave for it."""

    id: str
    sealed: str = field(repr=False)
    created: datetime
    expires: datetime | None = None

    def is_valid(self, at: datetime) -> bool:
        """Whether deliveries may be signed with it at this time."""
        return self.expires is None or at < self.expires


@dataclass(frozen=True, slots=True)
class Webhook:
    """One receiver. The newest of its secrets, two at most, stands first (R64)."""

    id: str
    provider: Provider
    created: datetime
    secrets: tuple[WebhookSecret, ...]
