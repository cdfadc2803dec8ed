"""Locations that fail: what is wrong with them is no entity's, so no row of the table can show it."""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from tui.model.lines import fitted_end
from tui.model.reports import short_repository
from tui.model.source import ProblemItem
from tui.model.symbols import Symbols
from tui.safe_text import safe_text

SHORTEST = 10
"""Cells that are left to the name of a location, however narrow the line is."""

Failing = Mapping[tuple[str, str, str], ProblemItem]
"""The first problem of each location, by location, code and file: another line of the file is the same failure."""


def failing_locations(problems: Sequence[ProblemItem]) -> Failing:
    """Locations with a problem that is no entity's: they, or a file of theirs, cannot be read."""
    first: dict[str, ProblemItem] = {}
    for problem in problems:
        if problem.location and not problem.ref:
            first.setdefault(problem.location, problem)
    return {(one.location, one.code, one.path): one for one in first.values()}


def failing_line(failing: Failing, key: str, width: int, symbols: Symbols) -> str:
    """`1 location failing: acme/risk (parse.syntax, line 14); press f4`: the name gives way first, then the line.

    Raises StopIteration where none fails.
    """
    count, one = len(failing), next(iter(failing.values()))
    begin = f"{count:,} location{'s' if count > 1 else ''} failing: "
    more = f" and {count - 1:,} more" if count > 1 else ""
    rest = f"{more}{f'; press {key}' if key else ''}"
    end = f" ({one.code}, line {one.line}){rest}" if one.line else f" ({one.code}){rest}"
    if len(begin) + SHORTEST + len(end) > width:
        end = f" ({one.code}){rest}"
    name = safe_text(short_repository(one.repository) or one.path or one.location)
    room = max(SHORTEST, width - len(begin) - len(end))
    return begin + (fitted_end(name, room, symbols.ellipsis) if cell_len(name) > room else name) + end
