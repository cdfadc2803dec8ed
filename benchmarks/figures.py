"""A measured figure beside its target, and the one table that `make bench` prints."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `target` is the most it may be and `least` the least, None where nothing was promised."""

    name: str
    value: float
    unit: str
    target: float | None = None
    note: str = ""
    least: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the target is met; a figure without one always holds."""
        return (self.target is None or self.value <= self.target) and (self.least is None or self.value >= self.least)


def median(values: Sequence[float]) -> float:
    """The middle one of the samples."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest sample that `share` (0 to 1) of all samples do not exceed: nearest rank, nothing interpolated."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def table(figures: Sequence[Figure]) -> str:
    """The figures in aligned columns: what, here, the most or least it may be, whether it holds, how measured."""
    rows = [("figure", "here", "target", "", "how")]
    rows += [(f.name, _amount(f.value, f.unit), _target(f), _verdict(f), f.note) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: tuple[str, str, str, str, str], widths: Sequence[int]) -> str:
    name, here, target, verdict, note = row
    cells = (name.ljust(widths[0]), here.rjust(widths[1]), target.rjust(widths[2]), verdict.ljust(widths[3]), note)
    return "  ".join(cells).rstrip()


def _verdict(figure: Figure) -> str:
    if figure.target is None and figure.least is None:
        return ""
    return "ok" if figure.holds else "MISSED"


def _target(figure: Figure) -> str:
    if figure.least is not None:
        return f"≥ {_amount(figure.least, figure.unit)}"
    return "" if figure.target is None else f"≤ {_amount(figure.target, figure.unit)}"


def _amount(value: float, unit: str) -> str:
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()
