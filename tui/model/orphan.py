"""Orphans: entities that no source has any more."""

from collections.abc import Mapping
from typing import Any


def is_orphan(entity: Mapping[str, Any]) -> bool:
    """Whether no source has the entity any more: the catalog says so in an annotation."""
    metadata = entity.get("metadata")
    annotations: Any = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    return isinstance(annotations, Mapping) and annotations.get("backstage.io/orphan") == "true"
