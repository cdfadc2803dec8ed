"""The SQL console's texts: cells, widths of columns, the list of tables, the place of a mistake."""

import shlex
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rich.cells import cell_len

from tui.model.lines import Piece, TextLine, Tone, fitted
from tui.model.source import RefusedError
from tui.model.sql_source import SqlResult, SqlView
from tui.model.symbols import Symbols
from tui.safe_text import safe_text

LONGEST_CELL = 200
"""Characters of a cell that are looked at: longer ones are cut before anything is measured."""

WIDEST = 48
"""Cells that a column has at most; the rest of a text is in the copy and the export."""

SAMPLE = 200
"""Rows by which the columns' widths are chosen: so many at the beginning, at the end, and between."""

NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT", "BIGINT")


def cell(value: Any, symbols: Symbols) -> str:
    """A value as a cell: one line, harmless, NULL told from an empty text."""
    if value is None:
        return symbols.dash
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return safe_text(value, limit=LONGEST_CELL)
    if isinstance(value, int | float):
        return str(value)
    import json

    return safe_text(json.dumps(value, ensure_ascii=False), limit=LONGEST_CELL)


def widths(result: SqlResult, symbols: Symbols) -> tuple[int, ...]:
    """Cells of each column: its title and the values of some rows."""
    found = [max(3, min(WIDEST, cell_len(safe_text(name, limit=WIDEST)))) for name in result.columns]
    step = max(1, len(result.rows) // SAMPLE)
    for row in (*result.rows[:SAMPLE], *result.rows[::step], *result.rows[-SAMPLE:]):
        for number, value in enumerate(row[: len(found)]):
            found[number] = min(WIDEST, max(found[number], cell_len(cell(value, symbols))))
    return tuple(found)


def is_number(kind: str) -> bool:
    """Whether a type of DuckDB is a number's: such columns stand on the right."""
    return kind.upper().startswith(NUMBERS) or kind.upper() in ("UTINYINT", "UBIGINT", "UINTEGER", "TINYINT")


def as_row(row: Sequence[Any]) -> str:
    """A row with tabs, as spreadsheets take it."""
    from tui.cli.listing import as_text

    return "\t".join(safe_text(as_text(value) or "", limit=10_000) for value in row)


def command(question: str) -> str:
    """The command that asks the same."""
    return shlex.join(["catalog", "sql", question.strip()])


def table_lines(
    views: Sequence[SqlView], opened: Collection[str], counts: Mapping[str, int], width: int
) -> list[tuple[TextLine, str]]:
    """The tables with their rows, and the columns of those that are opened; each line with the name it stands for."""
    lines: list[tuple[TextLine, str]] = []
    for view in views:
        sign, rows = "-" if view.name in opened else "+", f"{counts[view.name]:,}" if view.name in counts else ""
        name = fitted(safe_text(view.name), max(8, width - 3 - len(rows)), "…")
        lines.append(((Piece(f"{sign} ", Tone.ACCENT), Piece(name), Piece(f" {rows}", Tone.QUIET)), view.name))
        for name, kind in view.columns if view.name in opened else ():
            kind = kind if len(kind) <= 12 else kind[:11] + "…"
            lines.append(((Piece(f"    {safe_text(name)} "), Piece(safe_text(kind.lower()), Tone.QUIET)), name))
    return lines


def refs_in(result: SqlResult) -> tuple[str, ...]:
    """The entities that an answer names: its column `ref`, else the first whose name ends with `_ref`; each once."""
    names = [name.lower() for name in result.columns]
    column = "ref" if "ref" in names else next((name for name in names if name.endswith("_ref")), None)
    found = () if column is None else (row[names.index(column)] for row in result.rows)
    return tuple(dict.fromkeys(ref for ref in found if isinstance(ref, str) and ref))


def place_of(question: str, position: int) -> tuple[int, int]:
    """Line and column, from 0, of an offset in characters."""
    before = question[: max(0, position)]
    return before.count("\n"), len(before.rpartition("\n")[2])


def refusal(error: Exception | None, symbols: Symbols) -> str:
    """Why there is no answer, and what to do about it."""
    hint = error.hint if isinstance(error, RefusedError) else ""
    return f"{error} {symbols.dash} {hint}" if hint else str(error)


def told(result: SqlResult, age: float, symbols: Symbols) -> str:
    """How much there is, and how many seconds old: `37 rows · 4 ms · data 12s old`."""
    from tui.model.times import seconds_ago

    count = len(result.rows)
    rows = f"{count:,} row{'s' if count != 1 else ''}"
    if result.cut_by:
        rows = f"the first {rows}"
    return f"{rows} {symbols.dot} {result.elapsed * 1000:.0f} ms {symbols.dot} data {seconds_ago(age)} old"
