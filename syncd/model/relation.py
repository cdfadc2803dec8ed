"""A typed arrow between two entities."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """`source` and `target` are canonical refs; either may name an entity that does not exist (C74)."""

    source: str
    type: str
    target: str
