"""Shapes of the own HTTP API's answers about custom properties: names and types, no behaviour."""

from typing import Any, Literal, NotRequired, TypedDict

Mode = Literal["replace", "append", "union"]
"""What becomes of git's value: it is replaced, or added to; `union` adds what is not there."""

Operation = Literal["replace", "append", "union", "remove"]


class PropertyChange(TypedDict):
    """One custom property to set or to remove."""

    ref: str
    path: str
    op: Operation
    value: NotRequired[Any]


class PropertyEffect(TypedDict):
    """What became of a change: added, updated, removed, same, absent (nothing to remove), unknown (no such entity)."""

    ref: str
    path: str
    effect: str
    old: Any
    new: Any


class EntityProperty(TypedDict):
    """One custom property of an entity: what git says, what was set, what is in force."""

    path: str
    value: Any
    mode: Mode
    source: str
    set_by: str
    set_at: str
    git: Any
    effective: Any


class EntityProperties(TypedDict):
    """`GET entities/{ref}/properties`; `attached` says whether there is such an entity."""

    ref: str
    attached: bool
    properties: list[EntityProperty]


class PropertyRecord(TypedDict):
    """One record of `GET properties`."""

    ref: str
    path: str
    value: Any
    mode: Mode
    source: str
    set_by: str
    set_at: str
    attached: bool
