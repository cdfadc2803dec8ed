"""The rows that were not taken, in the input's own format, so that they can be corrected and sent again."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.ingestion.record import MARKS, Record, Records, table_line

LINE, REASON = MARKS
ROW = "row"
"""Where a row stands that has no columns."""


class Rejects:
    """Writes rows as they come; without a file it writes nothing. Line and reason stand before the row's columns."""

    def __init__(self, file: TextIO | None, records: Records) -> None:
        self._file = file
        self._records = records
        self._count = 0

    def begin(self) -> None:
        """Write what stands before the first row."""
        if self._file is not None and self._records.is_table:
            self._row(self._file, [LINE, REASON], self._records.columns)

    def write(self, record: Record, reason: str) -> None:
        """Write one row."""
        if self._file is None:
            return
        if self._records.is_table:
            self._row(self._file, [record.line, reason], record.raw or ())
        else:
            own = {name: value for name, value in record.fields.items() if name not in MARKS}
            own |= {} if record.raw is None else {ROW: record.raw}
            self._file.write(self._piece({LINE: record.line, REASON: reason} | own))
        self._count += 1

    def end(self) -> None:
        """Write what stands behind the last row."""
        if self._file is not None and self._records.form == "json":
            self._file.write("\n]\n" if self._count else "[]\n")

    def _row(self, file: TextIO, marks: list[Any], cells: Sequence[str]) -> None:
        columns = self._records.columns
        marked = {at for at, name in enumerate(columns) if name in MARKS}
        own = [cell for at, cell in enumerate(cells) if at not in marked]
        file.write(table_line([*marks, *own], self._records.delimiter))

    def _piece(self, row: dict[str, Any]) -> str:
        text = json.dumps(row, ensure_ascii=False)
        if self._records.form == "jsonl":
            return text + "\n"
        if self._records.form == "json":
            return (",\n" if self._count else "[\n") + text
        from tui.cli.yaml_text import yaml_text

        return yaml_text([row])


@contextmanager
def rejects_file(path: str | None, records: Records) -> Iterator[Rejects]:
    """Open the file for the rows that are not taken; one of that name is replaced.

    Raises `Failure` where it would be the input itself.
    """
    if path is None:
        yield Rejects(None, records)
        return
    if Path(path).exists() and Path(records.file).exists() and Path(path).samefile(records.file):
        raise Failure(
            "--rejects names the file that is read", where=path, next_step="name another one", code=ExitCode.USAGE
        )
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        rejects = Rejects(file, records)
        rejects.begin()
        yield rejects
        rejects.end()
