"""The way of a file's rows through the requests into the report."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.cli.ingestion.pipeline import IN_FLIGHT, Outcome, Send, Unit, carried_out
from tui.cli.ingestion.record import Record
from tui.cli.ingestion.rejects import Rejects
from tui.cli.ingestion.report import UNKNOWN, Progress, Report


class Row(NamedTuple):
    """A row and what it wants done; None where it cannot say so, for the `fault`."""

    record: Record
    unit: Unit | None
    fault: str = ""


def work_through(
    rows: Iterable[Row], send: Send, report: Report, rejects: Rejects, progress: Progress, *, most: int, stop: bool
) -> None:
    """Send what the rows want done, `most` changes a request, and tell what becomes of each.

    `stop`: the first row that is refused is the last one. Raises what ends the work otherwise; the report then holds
    what was done until there.
    """
    work = _Work(report, rejects, stop=stop)
    in_flight = 1 if stop else IN_FLIGHT
    for outcome in carried_out(work.units(rows), send, most=most, in_flight=in_flight, stop=stop):
        work.done(outcome)
        progress.at(report.rows)


class _Work:
    def __init__(self, report: Report, rejects: Rejects, *, stop: bool) -> None:
        self._report = report
        self._rejects = rejects
        self._stop = stop

    def units(self, rows: Iterable[Row]) -> Iterator[Unit]:
        """The units of the rows that have one; the others are told at once."""
        for record, unit, fault in rows:
            if unit is not None and unit.weight:
                yield unit
                continue
            self._report.read()
            if unit is not None:  # it says nothing
                continue
            self._report.reject(record.line, "", fault)
            self._rejects.write(record, fault)
            if self._stop:
                return

    def done(self, outcome: Outcome) -> None:
        """Tell what became of a unit."""
        record, ref = outcome.unit.record, outcome.unit.ref
        assert record is not None
        self._report.read()
        if outcome.reason:
            self._report.reject(record.line, ref, outcome.reason)
            self._rejects.write(record, outcome.reason)
        elif "unknown" in outcome.effects:
            self._report.unknown(record.line, ref)
            self._rejects.write(record, UNKNOWN)
        else:
            for effect in outcome.effects:
                self._report.count(effect)
