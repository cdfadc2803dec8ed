"""One card in a box of some width."""

from collections.abc import Iterator
from itertools import zip_longest

from tui.cards.span import Line, Span, width_of
from tui.cards.wrapping import wrapped
from tui.cli.cell_width import cell_width, cut
from tui.layout_answers import CardAnswer, ItemAnswer
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text

FRAME = 4
"""Columns that a box takes of a card's width."""

_TONES = {"warning": "warning", "error": "error", "quiet": "quiet"}
_MARKS = {"warning": Mark.WARNING, "error": Mark.ERROR}
_TO_ASCII = str.maketrans({"├": "|", "└": "`", "─": "-", "│": "|"})


class Pen:
    """How cards are drawn: with which symbols. The address of each link is written out, for no text from outside leads
    anywhere by itself (R73)."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols

    def body(self, card: CardAnswer, width: int) -> list[Line]:
        """What stands in the box, in lines of at most `width` columns."""
        width = max(1, width)
        text, items = [*self._text(card, width)], [*self._items(card["items"], width)]
        between: list[Line] = [()] if text and items else []
        return [*self._header(card, width), *text, *between, *items, *self._graph(card, width)]

    def boxed(self, card: CardAnswer, body: list[Line], width: int, height: int) -> list[Line]:
        """A body in its box: `width` columns, and `height` lines inside."""
        side, low_corner, low_end = self.symbols.box[3:]
        inner = max(1, width - FRAME)
        lines: list[Line] = [self._top(card, inner)]
        for content in [*body, *[()] * (height - len(body))]:
            padding = " " * (inner - width_of(content))
            lines.append((Span(f"{side} ", "quiet"), *content, Span(f"{padding} {side}", "quiet")))
        lines.append((Span(low_corner + self.symbols.box[1] * (inner + 2) + low_end, "quiet"),))
        return lines

    def _top(self, card: CardAnswer, inner: int) -> Line:
        """The upper side of a box, with the title in it."""
        corner, rule, end = self.symbols.box[:3]
        mark = _MARKS.get(card["tone"])
        sign = f"{self.symbols[mark]} " if mark else ""
        title = self._cut(sign + safe_text(card["title"]), inner - 1)
        shown = f" {title} " if title else ""
        return (
            Span(corner, "quiet"),
            Span(shown, _TONES.get(card["tone"], "heading"), ("bold",)),
            Span(rule * (inner + 2 - cell_width(shown)) + end, "quiet"),
        )

    def _cut(self, text: str, width: int) -> str:
        """At most `width` columns of a text; what was cut is marked."""
        return text if cell_width(text) <= width else cut(text, width)[:-1] + self.symbols.ellipsis

    def _header(self, card: CardAnswer, width: int) -> Iterator[Line]:
        for link in card["header"]:
            yield from self._link(link["label"], link["url"], (), width)

    def _text(self, card: CardAnswer, width: int) -> Iterator[Line]:
        tone = _TONES.get(card["tone"], "text")
        for paragraph in safe_text(card["text"], multiline=True).split("\n") if card["text"] else ():
            if paragraph[:1] in (" ", "\t"):  # what is indented is meant to stand as it is
                yield (Span(self._cut(paragraph.expandtabs(4), width), tone),)
            else:
                yield from ((Span(part, tone),) for part in wrapped(paragraph, width))

    def _items(self, items: list[ItemAnswer], width: int) -> Iterator[Line]:
        labels = [cell_width(safe_text(item["label"])) for item in items]
        column = min(max(labels, default=0), width * 3 // 5)
        indent = column + 2 if column else 0
        for item in items:
            label = wrapped(safe_text(item["label"]), column) if column else []
            value = list(self._value(item, max(1, width - indent)))
            for left, right in zip_longest(label, value, fillvalue=None):
                start = left or ""
                padding = " " * (indent - cell_width(start))
                yield (Span(start + padding, "quiet"), *(right or ()))

    def _value(self, item: ItemAnswer, width: int) -> Iterator[Line]:
        styles = tuple(item["style"])
        if item["type"] == "link":
            lines = list(self._link(item["value"], item["url"], styles, width))
        else:
            text = safe_text(item["value"], multiline=True)
            lines = [(Span(part, "text", styles),) for part in wrapped(text, width)]
        if series := item.get("series"):
            lines.append((Span(curve(series[-width:], self.symbols.bars), "accent"),))
        note = safe_text(item["note"])
        if note and len(lines) == 1 and width_of(lines[0]) + 2 + cell_width(note) <= width:
            yield (*lines[0], Span(f"  {note}", "quiet"))
            return
        yield from lines
        if note:
            yield from ((Span(part, "quiet"),) for part in wrapped(note, width))

    def _link(self, text: str, url: str | None, styles: tuple[str, ...], width: int) -> Iterator[Line]:
        """A text that leads somewhere, and its address."""
        shown = safe_text(text)
        tone = "accent" if url else "text"
        yield from ((Span(part, tone, styles),) for part in wrapped(shown, width))
        if url and url != text:
            yield from ((Span(part, "quiet"),) for part in wrapped(safe_text(url), width))

    def _graph(self, card: CardAnswer, width: int) -> Iterator[Line]:
        graph = card["graph"]
        if graph is None:
            return
        from tui.cli.tree_lines import tree_lines

        ascii_only = self.symbols.box[0] == "+"
        for line in tree_lines(graph):
            yield (Span(self._cut(line.translate(_TO_ASCII) if ascii_only else line, width)),)
        if graph["left_off"]["edges"]:
            yield (Span(self._cut(f"+{graph['left_off']['edges']} relations more", width), "quiet"),)


def curve(series: list[float], bars: str) -> str:
    """Numbers as bars of different heights, the lowest number at the foot; equal ones in the middle."""
    halves = [value / 2 for value in series]  # so that no difference is too large for a number
    low, high = min(halves), max(halves)
    top = len(bars) - 1
    if low == high:
        return bars[top // 2] * len(series)
    return "".join(bars[round((half - low) / (high - low) * top)] for half in halves)
