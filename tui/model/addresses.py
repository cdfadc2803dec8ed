"""The addresses that an entity's page leads to, and whether there is a browser to open them in."""

import os
import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tui.cards.page import BUILT_IN, overview_of
from tui.layout_answers import LayoutAnswer
from tui.model.source import EntityDetails
from tui.safe_text import dangerous

SCHEMES = ("https://", "http://", "mailto:")
LONGEST = 2000


class Address(NamedTuple):
    """A link: what it is called, and a URL that is fit to be opened."""

    label: str
    url: str


def addresses_of(details: EntityDetails | None, layout: LayoutAnswer | None) -> list[Address]:
    """Links on the cards of the overview, those of `metadata.links`, then the page of its file; each URL once."""
    found: dict[str, str] = {}
    source = [("source", details.url)] if details else []
    for label, url in [*_of_cards(layout), *_of_entity(details), *source]:
        if address := fit(url):
            found.setdefault(address, label)
    return [Address(label, url) for url, label in found.items()]


def fit(url: str | None) -> str:
    """The address with everything unusual percent-encoded; "" where nobody should be led to it (R73)."""
    if not url or len(url) > LONGEST or not url.lower().startswith(SCHEMES) or dangerous().search(url):
        return ""
    from urllib.parse import quote

    return quote(url, safe=":/?#[]@!$&'()*+,;=-._~%")


def can_open(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a browser can open beside the terminal: not over SSH, where one would open in it."""
    return sys.platform == "darwin" or any(environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))


def _of_cards(layout: LayoutAnswer | None) -> Iterator[tuple[str, str | None]]:
    tab = overview_of(layout) if layout is not None and layout["layout"] != BUILT_IN else None
    for card in tab["cards"] if tab else ():
        for link in card["header"]:
            yield link["label"], link["url"]
        for item in card["items"]:
            yield item["value"], item["url"]


def _of_entity(details: EntityDetails | None) -> Iterator[tuple[str, str | None]]:
    metadata = details.entity.get("metadata") if details else None
    links = metadata.get("links") if isinstance(metadata, Mapping) else None
    for link in links if isinstance(links, list) else ():
        if isinstance(link, Mapping) and isinstance(url := link.get("url"), str):
            yield str(link.get("title") or url), url
