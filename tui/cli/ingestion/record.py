"""Rows of a file before anybody knows what they mean: CSV, TSV, JSON lines, JSON, YAML."""

import csv
import json
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any, NamedTuple

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.ingestion.source import STDIN, bytes_of, decoded, name_of

FORMATS = ("csv", "tsv", "jsonl", "json", "yaml")
BY_ENDING = {
    "csv": "csv",
    "tsv": "tsv",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "json": "json",
    "yaml": "yaml",
    "yml": "yaml",
}
TABLES = ("csv", "tsv")
DELIMITERS = "\t;,"
"""Of two that a header has equally often, the first."""
MARKS = ("reject_line", "reject_reason")
"""Columns that `--rejects` adds; they mean nothing when the file comes back."""

LONGEST_CELL = 1 << 20


class Record(NamedTuple):
    """A row: the line it begins in, its fields by column, and why it cannot be read, where it cannot."""

    line: int
    fields: dict[str, Any]
    fault: str = ""
    raw: Any = None
    """The row as it stands there: the cells of a table, or what is no object."""


class Records(NamedTuple):
    """A file: `columns` are known beforehand of a table only."""

    file: str
    """As it was named, for opening."""
    form: str
    columns: tuple[str, ...]
    delimiter: str
    rows: Iterator[Record]

    @property
    def is_table(self) -> bool:
        """Whether cells are texts."""
        return self.form in TABLES


def read_records(file: str, chosen: str | None) -> Records:
    """Read a file in the format that its ending names, unless one is chosen. Raises `Failure`."""
    form = chosen or _form_of(file)
    text = decoded(bytes_of(file), file)
    if form in TABLES:
        return _table(file, form, text)
    rows = {"jsonl": _json_lines, "json": _json, "yaml": _yaml}[form](file, text)
    return Records(file, form, (), "", rows)


def _form_of(file: str) -> str:
    if file == STDIN:
        return "csv"
    form = BY_ENDING.get(file.rpartition(".")[2].lower())
    if form is None:
        raise Failure(
            f"the name of {file} does not say the format",
            where=f"known: {', '.join(FORMATS)}",
            next_step="name the format with --format",
            code=ExitCode.USAGE,
        )
    return form


# Tables


def _table(file: str, form: str, text: str) -> Records:
    csv.field_size_limit(LONGEST_CELL)
    first = next((line for line in text.split("\n") if line.strip()), "")
    delimiter = "\t" if form == "tsv" else _delimiter(first)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = next((tuple(cell.strip() for cell in cells) for cells in reader if any(map(str.strip, cells))), ())
    except csv.Error as error:
        raise _unreadable(file, reader.line_num, str(error)) from error
    _check_header(file, header)
    return Records(file, form, header, delimiter, _rows(reader, header))


def _delimiter(header: str) -> str:
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _check_header(file: str, header: Sequence[str]) -> None:
    named = [name for name in header if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if not named or twice:
        raise Failure(
            f"the column {twice[0]!r} is there twice" if twice else "there is no line of column names",
            where=f"{name_of(file)}:1",
            next_step="the first line names each column once",
            code=ExitCode.USAGE,
        )


def _rows(reader: Any, header: Sequence[str]) -> Iterator[Record]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(line, {}, f"{error}; nothing behind this line was read")
            return
        if not any(map(str.strip, cells)):
            continue
        fields = {name: cell for name, cell in zip(header, cells, strict=False) if name}
        surplus = any(map(str.strip, cells[len(header) :]))
        fault = f"{len(cells)} cells, but {len(header)} columns" if surplus else ""
        yield Record(line, fields, fault, cells)


def table_line(cells: Sequence[Any], delimiter: str) -> str:
    """A line of a table, with its end, which is read back as these cells."""
    line = StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return line.getvalue()


# JSON and YAML


def _json_lines(_file: str, text: str) -> Iterator[Record]:
    decoder = _decoder()
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _record(number, decoder.decode(line))
            except (ValueError, RecursionError) as error:
                yield Record(number, {}, f"no JSON: {error}", line)


def _json(file: str, text: str) -> Iterator[Record]:
    """The objects of a list, or the one object. The whole file is judged before the first row is given."""
    decoder = _decoder()
    try:
        whole = decoder.decode(text)
    except json.JSONDecodeError as error:
        raise _unreadable(file, error.lineno, f"no JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(file, 1, f"no JSON: {error}") from error
    return iter(_with_lines(decoder, text) if isinstance(whole, list) else [_record(1, whole)])


def _with_lines(decoder: json.JSONDecoder, text: str) -> Iterator[Record]:
    at = _past(text, text.index("[") + 1)
    line, counted = 1, 0
    while text[at] != "]":
        line, counted = line + text.count("\n", counted, at), at
        value, at = decoder.raw_decode(text, at)
        yield _record(line, value)
        at = _past(text, at)


def _past(text: str, at: int) -> int:
    """The next place that is neither blank nor a comma."""
    while text[at] in " \t\r\n,":
        at += 1
    return at


def _yaml(file: str, text: str) -> Iterator[Record]:
    """The mappings of lists, or of documents. The whole file is judged before the first row is given."""
    from tui.model.yaml_values import Values, YamlFault, documents, items

    values = Values()
    found: list[Record] = []
    try:
        for document in documents(text):
            listed = items(document)
            found += [_record(one.line, values.value(one)) for one in ([document] if listed is None else listed)]
    except YamlFault as fault:
        raise _unreadable(file, fault.line, str(fault)) from fault
    return iter(found)


def _record(line: int, value: Any) -> Record:
    if isinstance(value, dict):
        return Record(line, value)
    return Record(line, {}, "a row is an object of columns and values", value)


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(parse_constant=_no_json)


def _no_json(text: str) -> Any:
    raise ValueError(f"{text} is no value")


def _unreadable(file: str, line: int, reason: str) -> Failure:
    return Failure(
        reason, where=f"{name_of(file)}:{line}", next_step="correct the file; nothing was stored", code=ExitCode.USAGE
    )
