"""Cells in columns for people: aligned, cut to the terminal's width, with a little colour."""

from collections.abc import Iterator, Sequence

from tui.cli.cell_width import cell_width, cut

GAP = 2
NARROWEST = 6

BOLD, DIM, RED, GREEN, YELLOW = "1", "2", "31", "32", "33"

_STATES = {
    "ok": GREEN,
    "ready": GREEN,
    "running": GREEN,
    "failing": RED,
    "degraded": RED,
    "stopped": RED,
    "waiting": YELLOW,
    "problems": YELLOW,
}
_STATE_COLUMNS = frozenset({"state", "value"})


def styled(text: str, style: str) -> str:
    """`text` in a colour or weight."""
    return f"\x1b[{style}m{text}\x1b[0m" if text else text


def table_lines(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, width: int | None = None, colour: bool = False
) -> Iterator[str]:
    """The header and the rows, one line each; `width` is what a line may take (None: nothing is cut)."""
    widths = [max([cell_width(name), *(cell_width(row[at]) for row in rows)]) for at, name in enumerate(columns)]
    if width is not None:
        widths = _fitted(widths, width)
    header = [name.upper() for name in columns]
    yield _line(header, widths, [BOLD] * len(columns) if colour else [])
    for row in rows:
        yield _line(
            row, widths, [_style(name, cell) for name, cell in zip(columns, row, strict=True)] if colour else []
        )


def _style(column: str, cell: str) -> str:
    if column in _STATE_COLUMNS:
        return _STATES.get(cell, "")
    return BOLD if column == "name" else DIM if column in {"kind", "code"} else ""


def _line(cells: Sequence[str], widths: Sequence[int], styles: Sequence[str]) -> str:
    parts: list[str] = []
    last = len(cells) - 1
    while last >= 0 and not (cells[last] and widths[last]):
        last -= 1
    for at in range(last + 1):
        text = cut(cells[at], widths[at])
        padding = " " * (widths[at] - cell_width(text) + GAP) if at < last else ""
        parts.append((styled(text, styles[at]) if styles and styles[at] else text) + padding)
    return "".join(parts)


def _fitted(natural: list[int], width: int) -> list[int]:
    """Widths that fit: the widest columns give first; columns that find no room at all are left out at the end."""
    widths = [min(one, width) for one in natural]
    room = width - GAP * (len(widths) - 1)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
    left = width
    for at, one in enumerate(widths):
        widths[at] = max(0, min(one, left))
        left -= widths[at] + GAP
    return widths
