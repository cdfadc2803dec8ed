"""What other systems reported of an entity, as lines."""

from datetime import UTC, datetime

from tui.answers import Activity, ActivityItem
from tui.model.lines import Piece, TextLine, Tone, fitted
from tui.model.symbols import Symbols
from tui.model.times import seconds_ago
from tui.model.value_text import value_text
from tui.safe_text import safe_text

SHOWN_FIELDS = 6
"""Fields of a record on its line."""


def activity_lines(answer: Activity, symbols: Symbols, now: datetime) -> list[TextLine]:
    """One record a line, the newest first."""
    lines = [_record(item, symbols, now) for item in answer["items"]]
    if not lines:
        return [(Piece("no other system reported anything", Tone.QUIET),)]
    if answer["more"]:
        lines += [(), (Piece("older records are not shown; catalog activity has them", Tone.QUIET),)]
    return lines


def _record(item: ActivityItem, symbols: Symbols, now: datetime) -> TextLine:
    age = seconds_ago(now.timestamp() - item["timestamp"] / 1000)
    when = datetime.fromtimestamp(item["timestamp"] / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    named = [(name, value) for name, value in item["fields"].items() if value not in (None, "", [], {})]
    told = f" {symbols.dot} ".join(
        f"{safe_text(name)} {value_text(value, limit=40)}" for name, value in named[:SHOWN_FIELDS]
    )
    return (
        Piece(f"{when}  ", Tone.TEXT),
        Piece(f"{age + ' ago':<9} ", Tone.QUIET),
        Piece(fitted(safe_text(item["type"] or item["schema"]), 16, symbols.ellipsis) + "  ", Tone.ACCENT),
        Piece(fitted(safe_text(item["integration"]), 14, symbols.ellipsis) + "  ", Tone.QUIET),
        Piece(told),
    )
