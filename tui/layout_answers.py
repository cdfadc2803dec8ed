"""What the daemon answers of layouts: pages of cards."""

from typing import NotRequired, TypedDict

from tui.answers import GraphAnswer


class HeaderLink(TypedDict):
    """A link in the head of a card; without a value of its address, `url` is null."""

    label: str
    url: str | None
    icon: str


class ItemAnswer(TypedDict):
    """A line of a card; `style` holds bold, italic, underline, `note` why there is no value, or what an entity is.

    `series` are numbers to draw as a curve, the oldest first; an older daemon sends none.
    """

    label: str
    value: str
    type: str
    url: str | None
    style: list[str]
    note: str
    series: NotRequired[list[float]]


class CardAnswer(TypedDict):
    """A card; `tone` is plain, warning, error or quiet, `grid` says how many of twelve columns it takes."""

    component: str
    title: str
    tone: str
    text: str
    header: list[HeaderLink]
    items: list[ItemAnswer]
    graph: GraphAnswer | None
    grid: dict[str, int]


class TabAnswer(TypedDict):
    """A tab of a page."""

    name: str
    title: str
    path: str
    cards: list[CardAnswer]


class LayoutAnswer(TypedDict):
    """`GET entities/{ref}/layout`; `layout` is the ref of a Layout, or "built-in"."""

    ref: str
    layout: str
    tabs: list[TabAnswer]
    warnings: list[str]
    unresolved: list[str]
    replaced: list[dict[str, str]]
    generation: int
