"""An integration: where activity records come from, how they are read, and how they are linked to entities."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Way: TypeAlias = Literal["API", "WEBHOOK"]
IntegrationState: TypeAlias = Literal["enabled", "suspended"]
Algorithm: TypeAlias = Literal["sha256", "sha384", "sha512"]

DEFAULT_RETENTION_DAYS = 90
METRIC = "metric"
"""The schema of integrations that take metrics."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """A record belongs to the entities whose value at `catalog_path` is exactly its own at `ingested_path`."""

    ingested_path: str
    catalog_path: str


@dataclass(frozen=True, slots=True)
class Signing:
    """How deliveries of a webhook are signed: an HMAC over the raw body, in hex, in a header.

    `sealed` is the secret as the vault gives it out: it can be kept, and says nothing without the key.
    """

    header: str
    algorithm: Algorithm
    sealed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Integration:
    """One source of records of one schema.

    `fields` are what its custom records may hold beside the common fields; `mapping` leads from fields to dotted
    paths of a delivered body. `created` is RFC 3339.
    """

    id: str
    way: Way
    schema: str
    created: str
    state: IntegrationState = "enabled"
    retention_days: int = DEFAULT_RETENTION_DAYS
    correlation: Correlation | None = None
    fields: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    signing: Signing | None = None
