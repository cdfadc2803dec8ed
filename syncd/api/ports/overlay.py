"""What the API asks about custom properties, and of what was done to them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from syncd.model.change import PropertyChange
from syncd.model.custom_property import CustomProperty
from syncd.model.json import Json
from syncd.store.story import Asked, Deed


class HistoryRow(Protocol):
    """What a change did to one path of an entity, with who, when and by which change of the log."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def detail(self) -> Json: ...
    @property
    def change(self) -> PropertyChange: ...


class Overlay(Protocol):
    """The custom properties as they are recorded."""

    def of(self, refs: Sequence[str]) -> Mapping[str, Sequence[CustomProperty]]: ...
    def at_path(self, path: str) -> Sequence[CustomProperty]: ...
    def all(self) -> Sequence[CustomProperty]: ...
    def history(self, ref: str, path: str | None = None, limit: int = 100) -> Sequence[HistoryRow]: ...


class Stories(Protocol):
    """The log of changes, entity by entity."""

    def deeds(self, asked: Asked, limit: int) -> Sequence[Deed]:
        """What was done, the newest first."""
