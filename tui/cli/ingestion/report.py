"""What came of a file: counts, and each row that was not taken, with its line and the reason."""

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.cli.exit_codes import ExitCode
from tui.cli.listing import Listing, Row
from tui.safe_text import safe_text

if TYPE_CHECKING:
    from tui.cli.output import Choices
    from tui.cli.session import Session

COUNTED = ("added", "updated", "same", "removed", "absent")
"""What may become of a value or an entity."""

COLUMNS = ("line", "ref", "result", "reason")
UNKNOWN = "there is no such entity"
PROGRESS_SECONDS = 0.2


class NotTaken(NamedTuple):
    """A row that was passed over (`unknown`) or refused (`rejected`)."""

    line: int
    ref: str
    result: str
    reason: str


class Report:
    """Counts while the work goes on."""

    def __init__(self, file: str, *, dry_run: bool = False) -> None:
        self.file = file
        self.dry_run = dry_run
        self.rows = 0
        self.counts = dict.fromkeys(COUNTED, 0)
        self.not_taken: list[NotTaken] = []

    def read(self) -> None:
        """A row was read."""
        self.rows += 1

    def count(self, effect: str) -> None:
        """This became of a value or an entity."""
        self.counts[effect] += 1

    def unknown(self, line: int, ref: str) -> None:
        """A row was passed over: there is no such entity."""
        self.not_taken.append(NotTaken(line, ref, "unknown", UNKNOWN))

    def reject(self, line: int, ref: str, reason: str) -> None:
        """A row was refused."""
        self.not_taken.append(NotTaken(line, ref, "rejected", reason))

    def number(self, result: str) -> int:
        """How many rows were passed over or refused."""
        return sum(one.result == result for one in self.not_taken)

    def exit_code(self, *, allow_unknown: bool = False) -> ExitCode:
        """0, 7 where only a part was taken, 4 where nothing was."""
        wrong = self.number("rejected") + (0 if allow_unknown else self.number("unknown"))
        if not wrong:
            return ExitCode.DONE
        return ExitCode.PARTLY if any(self.counts.values()) else ExitCode.FAILED

    @property
    def by_line(self) -> list[NotTaken]:
        """The rows that were not taken, as they stand in the file."""
        return sorted(self.not_taken, key=lambda one: one.line)

    @property
    def summary(self) -> str:
        """The counts in one line."""
        parts = [f"{count:,} {name}" for name, count in self.counts.items() if count or name in COUNTED[:3]]
        parts += [f"{self.number(name):,} {name}" for name in ("unknown", "rejected")]
        rows = f"{self.rows:,} {'row' if self.rows == 1 else 'rows'}"
        return f"{rows}: {', '.join(parts)}{' (dry run: nothing was changed)' if self.dry_run else ''}"

    @property
    def whole(self) -> dict[str, Any]:
        """Everything, for programs."""
        counts = self.counts | {name: self.number(name) for name in ("unknown", "rejected")}
        listed = [one._asdict() for one in self.by_line]
        return {"file": self.file, "dry_run": self.dry_run, "rows": self.rows, **counts, "not_taken": listed}


def write_report(session: "Session", choices: "Choices", report: Report, *, allow_unknown: bool = False) -> None:
    """Rows that were not taken on stdout, the counts on stderr; ends with the report's code where that is not 0.

    json, jsonl and yaml give the whole report instead.
    """
    if choices.chosen or choices.columns:

        def rows() -> Iterator[Row]:
            for one in report.by_line:
                yield Row(str(one.line), (str(one.line), one.ref, one.result, one.reason))

        choices.write_found(Listing(COLUMNS, rows, lambda: iter([report.whole]), single=choices.whole))
    else:
        choices.write_lines(_lines(report))
    session.note(report.summary)
    code = report.exit_code(allow_unknown=allow_unknown)
    if code is not ExitCode.DONE:
        raise SystemExit(code)


def _lines(report: Report) -> Iterator[str]:
    for one in report.by_line:
        about = f"{one.ref}: " if one.ref else ""
        yield safe_text(f"{report.file}:{one.line}: {about}{one.reason}")


class Progress:
    """A line on stderr that says how far the work is; only on a terminal."""

    def __init__(self, session: "Session") -> None:
        self._shows = sys.stderr.isatty() and not session.quiet
        self._begun = self._told = time.monotonic()

    def at(self, rows: int) -> None:
        """So many rows are done."""
        now = time.monotonic()
        if self._shows and now - self._told >= PROGRESS_SECONDS:
            self._told = now
            rate = rows / max(now - self._begun, 0.001)
            print(f"\r{rows:,} rows, {rate:,.0f} a second ", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Take the line away."""
        if self._shows:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
