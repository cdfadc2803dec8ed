"""Cards whose words stand in the layout: the additional info card, figures, addresses, and honest empty places."""

from collections.abc import Callable, Mapping
from typing import get_args

from syncd.expressions import Rendering
from syncd.layouts.card import Card, Item, Link, Style
from syncd.layouts.subject import Subject
from syncd.layouts.writer import Writer, why_absent
from syncd.model.json import Json, JsonObject
from syncd.model.text import shown

ADDITIONAL_INFO = frozenset({"title", "headerItems", "items"})
MAX_ITEMS = 100
"""Items of one card."""

_ITEM = frozenset({"label", "value", "type", "text", "style"})
_HEADER_ITEM = frozenset({"icon", "label", "url"})
_STYLES: tuple[Style, ...] = get_args(Style)

NOTHING_YET: Mapping[str, tuple[str, str]] = {
    "EntityScoreCard": ("Scorecards", "Scorecards are not shown here yet."),
    "EntityScorecardContent": ("Scorecards", "Scorecards are not shown here yet."),
    "AggregatedTable": ("Aggregated", "Aggregations are not shown here yet."),
}
"""Components that are known and not filled: their title and what they say."""


def additional_info(_subject: Subject, props: JsonObject, writer: Writer) -> Card:
    """Labels and values, as the layout lists them."""
    header = tuple(_link(item, writer) for item in _mappings(props, "headerItems", writer))
    items = tuple(_item(item, writer) for item in _mappings(props, "items", writer))
    text = "" if items else "It lists no items."
    return Card(writer.text(props.get("title")), text=text, header=header, items=items)


def iframe(_subject: Subject, props: JsonObject, writer: Writer) -> Card:
    """A page that a browser would show in place: here, where it is."""
    url = writer.rendering(props.get("url"))
    return Card(writer.text(props.get("title")), items=(_linked("", url, url.text, ()),))


def stats(_subject: Subject, props: JsonObject, writer: Writer) -> Card:
    """One figure."""
    value = writer.rendering(props.get("value"))
    item = Item(value.text, writer.text(props.get("subtitle")), style=("bold",), note=why_absent(value))
    return Card(writer.text(props.get("title")), items=(item,))


def empty(_subject: Subject, props: JsonObject, writer: Writer) -> Card:
    """Words in place of what is not there."""
    text = writer.text(props.get("description"))
    return Card(writer.text(props.get("title")) or "Nothing here", "quiet", text)


def nothing_yet(name: str) -> Callable[[Subject, JsonObject, Writer], Card]:
    """The maker of a component that is not filled yet."""
    title, text = NOTHING_YET[name]

    def make(_subject: Subject, props: JsonObject, writer: Writer) -> Card:
        return Card(writer.text(props.get("title")) or title, "quiet", text)

    return make


def _link(item: JsonObject, writer: Writer) -> Link:
    _check_keys("headerItems", item, _HEADER_ITEM, writer)
    url = writer.rendering(item.get("url"))
    label = writer.text(item.get("label")) or url.text
    return Link(label, url.text if url.whole and url.text else None, writer.text(item.get("icon")))


def _item(item: JsonObject, writer: Writer) -> Item:
    _check_keys("items", item, _ITEM, writer)
    label, value, style = writer.text(item.get("label")), writer.rendering(item.get("value")), _style(item, writer)
    kind = item.get("type")
    if kind == "link":
        return _linked(label, value, writer.text(item.get("text")) or value.text, style)
    if kind not in (None, "string"):
        writer.warn(f"EntityAdditionalInfoCard: the type {shown(str(kind))} is not known; it is shown as string")
    return Item(value.text, label, style=style, note=why_absent(value))


def _linked(label: str, url: Rendering, text: str, style: tuple[Style, ...]) -> Item:
    """A link; a dash where its address has no value."""
    if not url.whole:
        return Item("—", label, "link", None, style, why_absent(url))
    return Item(text, label, "link", url.text or None, style)


def _style(item: JsonObject, writer: Writer) -> tuple[Style, ...]:
    wanted = item.get("style")
    if not isinstance(wanted, dict):
        return ()
    _check_keys("style", wanted, frozenset(_STYLES), writer)
    return tuple(name for name in _STYLES if wanted.get(name) is True)


def _mappings(props: JsonObject, key: str, writer: Writer) -> list[JsonObject]:
    value = props.get(key)
    found = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    if value is not None and (not isinstance(value, list) or len(found) < len(value)):
        writer.warn(f"EntityAdditionalInfoCard: {key} must be a list of mappings; what is none is left out")
    if len(found) > MAX_ITEMS:
        writer.warn(f"EntityAdditionalInfoCard: {key} has {len(found)} entries; the first {MAX_ITEMS} are shown")
    return found[:MAX_ITEMS]


def _check_keys(where: str, item: Mapping[str, Json], known: frozenset[str], writer: Writer) -> None:
    for key in item:
        if key not in known:
            writer.warn(f"EntityAdditionalInfoCard: {where} has a key {shown(key)} that does nothing")
