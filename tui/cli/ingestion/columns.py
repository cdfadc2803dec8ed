"""What the columns of a file mean: which one names the entity, which property paths the others are."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.ingestion.cell import NOTHING, REMOVE, cell_value
from tui.cli.ingestion.record import MARKS, Record
from tui.cli.reference import parse_reference

if TYPE_CHECKING:
    from tui.property_answers import Operation, PropertyChange

NAMING = ("entity_ref", "ref", "entity", "name")
"""Columns that name the entity unless `--ref` says another one; the first that is there."""

_PATH = re.compile(r"(metadata|spec)\s*[.\[]", re.IGNORECASE)


class RowFault(ValueError):  # noqa: N818 - the row is at fault
    """A row that means nothing: the reason, and what to do."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.hint = hint


class Columns(NamedTuple):
    """The meaning of columns, as the options say it."""

    ref: str | None
    kind: str
    mapping: Mapping[str, str]
    only: frozenset[str]
    text: frozenset[str] | None
    """Columns whose cells are text as they stand; None: all."""
    op: "Operation"

    def naming(self, columns: Iterable[str]) -> str:
        """The column that names the entity. Raises `RowFault`."""
        known = set(columns)
        found = [name for name in ([self.ref] if self.ref else NAMING) if name in known]
        if not found:
            raise RowFault(f"no column names the entity: {self.ref or ', '.join(NAMING)}", "name it with --ref COLUMN")
        return found[0]

    def paths(self, columns: Sequence[str]) -> dict[str, str]:
        """The property path of each column that has one. Raises `RowFault` for a column that is none."""
        naming = self.naming(columns)
        found: dict[str, str] = {}
        for name in columns:
            if name == naming or name in MARKS or (self.only and name not in self.only):
                continue
            path = self.mapping.get(name, name)
            if not path:
                continue
            if not _PATH.match(path):
                raise RowFault(
                    f"the column {name!r} is no property path",
                    f"say where it goes, --map {name!r}=metadata.…, or choose columns with --only",
                )
            found[name] = path
        return found

    def changes(self, record: Record, paths: Mapping[str, str], *, is_table: bool) -> "list[PropertyChange]":
        """What a row wants done; empty where it says nothing. Raises `RowFault`."""
        ref = self.full_ref(record.fields.get(self.naming(record.fields)))
        changes: list[PropertyChange] = []
        for column, path in paths.items():
            if column not in record.fields:
                continue
            as_text = self.text is None or column in self.text
            value = cell_value(record.fields[column], is_table=is_table, as_text=as_text)
            if value is REMOVE:
                changes.append({"ref": ref, "path": path, "op": "remove"})
            elif value is not NOTHING:
                changes.append({"ref": ref, "path": path, "op": self.op, "value": value})
        return changes

    def full_ref(self, value: Any) -> str:
        """The ref that a cell means. Raises `RowFault`."""
        text = value.strip() if isinstance(value, str) else ""
        if not text:
            raise RowFault("the row names no entity")
        try:
            kind, namespace, name = parse_reference(text)
        except Failure as failure:
            raise RowFault(failure.what) from failure
        return f"{kind or self.kind}:{namespace or 'default'}/{name}".lower()


def read_mapping(said: Sequence[str]) -> dict[str, str]:
    """`COLUMN=PATH`, or a YAML file of such pairs; a column without a path is left out. Raises `Failure`."""
    found: dict[str, str] = {}
    for one in said:
        column, sign, path = one.partition("=")
        found |= {column.strip(): path.strip()} if sign else _mapping_file(one)
    return found


def _mapping_file(file: str) -> dict[str, str]:
    from tui.cli.ingestion.source import content_of
    from tui.model.yaml_values import Values, YamlFault, documents, members

    values, found = Values(), dict[str, str]()
    try:
        for document in documents(content_of(file)):
            for column, placed in members(document):
                path = values.value(placed)
                found[column] = "" if path is None else str(path)
    except YamlFault as fault:
        raise Failure(
            str(fault),
            where=f"{file}:{fault.line}",
            next_step="write one line for each column: coverage: metadata.codeCoverageScore",
            code=ExitCode.USAGE,
        ) from fault
    return found
