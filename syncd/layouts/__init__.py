"""Layouts: which one an entity has, and what it says of it, as plain values that any client can draw (spec 9, 15.6)."""

from syncd.layouts.card import Card, Item, Link, Page, Tab
from syncd.layouts.choice import BUILT_IN, Chosen, choose
from syncd.layouts.resolution import remarks, resolve
from syncd.layouts.subject import Reader, Subject

__all__ = [
    "BUILT_IN",
    "Card",
    "Chosen",
    "Item",
    "Link",
    "Page",
    "Reader",
    "Subject",
    "Tab",
    "choose",
    "remarks",
    "resolve",
]
