"""Twelve columns on the width of a terminal (spec 15.6): which cards stand beside each other, and how wide each is."""

from collections.abc import Iterator, Mapping, Sequence

from tui.layout_answers import CardAnswer

COLUMNS = 12
NARROW, WIDE = 80, 160
"""Cells: below the first every card takes the whole width, from the second on `lg` rules instead of `md`."""
GAP = 1

_SMALLER_FIRST = ("xs", "sm", "md", "lg")


def columns_of(grid: Mapping[str, int], width: int) -> int:
    """How many of twelve columns a card takes in `width` cells; what is not named falls to the next smaller size."""
    if width < NARROW:
        return COLUMNS
    sizes = _SMALLER_FIRST if width >= WIDE else _SMALLER_FIRST[:-1]
    named = [grid[size] for size in sizes if size in grid]
    return min(max(named[-1], 1), COLUMNS) if named else COLUMNS


def rows_of(cards: Sequence[CardAnswer], width: int) -> Iterator[list[tuple[CardAnswer, int]]]:
    """Rows of cards, each with its cells; a row ends where the next card has no room."""
    row: list[tuple[CardAnswer, int]] = []
    for card in cards:
        columns = columns_of(card["grid"], width)
        if sum(taken for _, taken in row) + columns > COLUMNS:
            yield _measured(row, width)
            row = []
        row.append((card, columns))
    if row:
        yield _measured(row, width)


def _measured(row: Sequence[tuple[CardAnswer, int]], width: int) -> list[tuple[CardAnswer, int]]:
    """Columns as cells, with a gap after each card but the last of a full row."""
    measured: list[tuple[CardAnswer, int]] = []
    taken = 0
    for card, columns in row:
        start, end = ((width + GAP) * at // COLUMNS for at in (taken, taken + columns))
        measured.append((card, end - start - GAP))
        taken += columns
    return measured
