"""The page of an entity as lines: its tabs, their rows of cards, and what is wrong with the layout."""

from collections.abc import Iterator

from tui.cards.drawing import FRAME, Pen
from tui.cards.grid import GAP, rows_of
from tui.cards.span import Line, Span
from tui.cards.wrapping import wrapped
from tui.layout_answers import LayoutAnswer, TabAnswer
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text

ABOUT = "EntityAboutCard"
"""The card that says what an overview in a terminal begins with anyway."""
BUILT_IN = "built-in"
"""What the layout is called where nobody wrote one."""
NARROWEST = 20
"""Columns below which nothing is made narrower."""


def overview_of(answer: LayoutAnswer) -> TabAnswer | None:
    """The tab that is the overview: the one of that name, else the one at the root, else the first."""
    tabs = answer["tabs"]
    named = (tab for tab in tabs if "overview" in (tab["name"].casefold(), tab["title"].casefold()))
    root = (tab for tab in tabs if tab["path"] == "/")
    return next(named, None) or next(root, None) or next(iter(tabs), None)


def tab_lines(tab: TabAnswer, width: int, symbols: Symbols) -> list[Line]:
    """The cards of a tab in rows, `width` columns wide."""
    width = max(width, NARROWEST)
    pen = Pen(symbols)
    lines: list[Line] = []
    for row in rows_of(tab["cards"], width):
        bodies = [pen.body(card, cells - FRAME) for card, cells in row]
        height = max(map(len, bodies))
        boxes = [pen.boxed(card, body, cells, height) for (card, cells), body in zip(row, bodies, strict=True)]
        for parts in zip(*boxes, strict=True):
            joined: list[Span] = []
            for part in parts:
                joined += [Span(" " * GAP)] if joined else []
                joined += part
            lines.append(tuple(joined))
    return lines


def warning_lines(answer: LayoutAnswer, width: int, symbols: Symbols) -> Iterator[Line]:
    """What the layout holds and nobody knows, and layouts that were not chosen."""
    for warning in answer["warnings"]:
        first, *rest = wrapped(safe_text(warning), max(width, NARROWEST) - 2)
        yield (Span(f"{symbols[Mark.WARNING]} ", "warning"), Span(first, "warning"))
        yield from ((Span("  "), Span(part, "warning")) for part in rest)


def overview_lines(answer: LayoutAnswer, width: int, symbols: Symbols) -> list[Line]:
    """The cards of the overview of a layout that somebody wrote, without those that say what is shown anyway: the
    built-in layout and the card about the entity."""
    tab = overview_of(answer)
    if answer["layout"] == BUILT_IN or tab is None:
        return []
    cards = [card for card in tab["cards"] if card["component"] != ABOUT]
    drawn = tab_lines({**tab, "cards": cards}, width, symbols) if cards else []
    return [*drawn, *warning_lines(answer, width, symbols)]


def page_lines(answer: LayoutAnswer, width: int, symbols: Symbols) -> Iterator[Line]:
    """All tabs, each under its title, then the warnings."""
    yield (Span(safe_text(answer["ref"]), "heading", ("bold",)), Span(f"  {safe_text(answer['layout'])}", "quiet"))
    for tab in answer["tabs"]:
        yield ()
        yield (Span(safe_text(tab["title"]), "accent", ("bold",)),)
        yield from tab_lines(tab, width, symbols)
    if answer["warnings"]:
        yield ()
        yield from warning_lines(answer, width, symbols)
