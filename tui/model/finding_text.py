"""Looking for words in lines of text: case says nothing, unless the person writes a capital."""

from collections.abc import Sequence

from tui.model.lines import TextLine, plain


def matches(lines: Sequence[TextLine], wanted: str) -> list[int]:
    """The numbers of the lines that hold the words."""
    if not wanted:
        return []
    exact = wanted != wanted.lower()
    return [
        number
        for number, line in enumerate(lines)
        if wanted in (text := plain(line)) or (not exact and wanted in text.lower())
    ]


def next_match(found: Sequence[int], at: int, step: int) -> int | None:
    """The match after a line, or before it, round the ends; None where there is none."""
    if not found:
        return None
    if step > 0:
        return next((number for number in found if number > at), found[0])
    return next((number for number in reversed(found) if number < at), found[-1])
