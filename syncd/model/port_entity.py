"""An entity as Port's `port.yml` writes it, told from every other document by its shape, whatever its file's name."""

from typing import TypeGuard

from syncd.model.json import Json, JsonObject

_OTHERS = ("apiVersion", "kind")


def is_port_entity(value: Json) -> TypeGuard[JsonObject]:
    """Whether the value names a blueprint or an identifier, and no kind as all other documents do."""
    if not isinstance(value, dict) or any(name in value for name in _OTHERS):
        return False
    return "blueprint" in value or "identifier" in value
