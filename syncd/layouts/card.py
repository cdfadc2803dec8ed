"""A page of cards with every text evaluated: nothing in it has to be looked up any more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from syncd.model.json import JsonObject

Style = Literal["bold", "italic", "underline"]
Tone = Literal["plain", "warning", "error", "quiet"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the head of a card; `url` is null where it has no value. The icon is a name of Material's."""

    label: str
    url: str | None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a card. Of a link, `value` is the text to show and `url` where it leads.

    `note` says what is to be known of it: why there is no value, what an entity is. `series` are numbers to be drawn as
    a curve, the oldest first, of which `value` is the last.
    """

    value: str
    label: str = ""
    type: Literal["string", "link"] = "string"
    url: str | None = None
    style: tuple[Style, ...] = ()
    note: str = ""
    series: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A card. `grid` holds how many of twelve columns it takes, by size of screen; `graph` is as of `GET …/graph`."""

    title: str = ""
    tone: Tone = "plain"
    text: str = ""
    header: tuple[Link, ...] = ()
    items: tuple[Item, ...] = ()
    graph: JsonObject | None = None
    component: str = ""
    grid: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab with its cards, in order."""

    name: str
    title: str
    path: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    """A path that had no value, and the ingested one whose value was taken (H66)."""

    asked: str
    used: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a layout says of an entity. `unresolved` are the paths without a value (H67)."""

    tabs: tuple[Tab, ...]
    warnings: tuple[str, ...]
    unresolved: tuple[str, ...]
    replaced: tuple[Replaced, ...]
