"""What the API asks about custom properties, and of what was done to them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from syncd.model.custom_property import CustomProperty
from syncd.store.story import Asked, Deed, Trace


class Overlay(Protocol):
    """The custom properties as they are recorded."""

    def of(self, refs: Sequence[str]) -> Mapping[str, Sequence[CustomProperty]]: ...
    def at_path(self, path: str) -> Sequence[CustomProperty]: ...
    def all(self) -> Sequence[CustomProperty]: ...


class Stories(Protocol):
    """The log of changes, entity by entity."""

    def deeds(self, asked: Asked, limit: int) -> Sequence[Deed]:
        """What was done, the newest first."""

    def traces(self, seqs: Sequence[int]) -> Mapping[int, Sequence[Trace]]:
        """What rows of the log did to which path of which entity, by their numbers."""
