"""Rows as changes of custom properties."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tui.cli.arrange import unknown_name
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.ingestion.columns import Columns, RowFault
from tui.cli.ingestion.record import Record, Records
from tui.cli.ingestion.source import name_of
from tui.cli.ingestion.work import Row
from tui.cli.property_changes import property_unit
from tui.client import ApiProblem

if TYPE_CHECKING:
    from tui.client import Client

_NO_PATH = ("property.path", "property.closed")
"""Codes of paths that no row could set."""


class PropertyRows:
    """Makes units of rows; what a column means is found out once."""

    def __init__(self, client: "Client", records: Records, columns: Columns) -> None:
        """Raises `Failure` where the header of a table makes no sense."""
        self._client = client
        self._records = records
        self._columns = columns
        self._paths: dict[tuple[str, ...], dict[str, str]] = {}
        if records.is_table:
            self._check_names()
            try:
                self._paths_of(records.columns)
            except RowFault as fault:
                raise Failure(
                    str(fault), where=f"{name_of(records.file)}:1", next_step=fault.hint, code=ExitCode.USAGE
                ) from fault

    def rows(self) -> Iterator[Row]:
        """Every row; the daemon is asked about the paths of the first one. Raises `Failure`."""
        first = True
        for record in self._records.rows:
            row = self._row(record)
            if first and row.unit is not None:
                self._check_paths(row.unit.ref, self._paths_of(tuple(record.fields)))
                first = False
            yield row

    def _row(self, record: Record) -> Row:
        if record.fault:
            return Row(record, None, record.fault)
        try:
            paths = self._paths_of(tuple(record.fields))
            changes = self._columns.changes(record, paths, is_table=self._records.is_table)
            ref = self._columns.full_ref(record.fields[self._columns.naming(record.fields)])
        except RowFault as fault:
            return Row(record, None, str(fault))
        return Row(record, property_unit(ref, changes, record))

    def _paths_of(self, names: tuple[str, ...]) -> dict[str, str]:
        if names not in self._paths:
            self._paths[names] = self._columns.paths(names)
        return self._paths[names]

    def _check_names(self) -> None:
        text = self._columns.text or frozenset()
        named = {"--ref": [self._columns.ref] if self._columns.ref else [], "--map": self._columns.mapping}
        for option, names in (named | {"--only": self._columns.only, "--text-columns": text}).items():
            for name in sorted(set(names) - set(self._records.columns)):
                failure = unknown_name("column", name, [one for one in self._records.columns if one])
                raise Failure(f"{option}: {failure.what}", where=failure.where, next_step=failure.next_step,
                              code=ExitCode.USAGE)  # fmt: skip

    def _check_paths(self, ref: str, paths: Mapping[str, str]) -> None:
        """A path that no row could set would refuse them all, one by one."""
        for column, path in paths.items():
            try:
                self._client.change_properties(
                    [{"ref": ref, "path": path, "op": "replace", "value": 0}],
                    source="ingest",
                    dry_run=True,
                    pass_over_unknown=True,
                )
            except ApiProblem as problem:
                if problem.code in _NO_PATH:
                    raise Failure(
                        problem.message,
                        where=f"{name_of(self._records.file)}, column {column}",
                        next_step=problem.hint or "choose other columns with --only, or map it with --map",
                        code=ExitCode.USAGE,
                    ) from problem
                if problem.status in (401, 403) or problem.status >= 500:
                    raise
