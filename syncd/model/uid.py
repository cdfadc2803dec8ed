"""The uid of an entity."""

import uuid
from typing import Final

_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "git-catalog:entity-ref")


def uid_of(ref: str) -> str:
    """The uid of a canonical ref: a UUIDv5, so that a rebuild gives the same (C115)."""
    return str(uuid.uuid5(_NAMESPACE, ref))
