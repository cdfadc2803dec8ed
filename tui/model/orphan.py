"""Orphans: entities that no source has any more."""

from collections.abc import Mapping
from typing import Any


def is_orphan(entity: Mapping[str, Any]) -> bool:
    """Whether no source has the entity any more: the catalog says so in an annotation."""
    annotations = (entity.get("metadata") or {}).get("annotations") or {}
    return annotations.get("backstage.io/orphan") == "true"
