"""The answer to a query line, written into a file: `catalog export`, and the key that does the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tui.cli.arrange import unknown_name
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.formats import PARQUET, WHOLE, Style, lines_of
from tui.cli.listing import COLUMNS, WIDE, Listing
from tui.cli.paging import find_documents, find_rows
from tui.cli.whole_file import write_whole
from tui.client import Client

BY_ENDING = {
    "csv": "csv",
    "tsv": "tsv",
    "json": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "yaml": "yaml",
    "yml": "yaml",
    "md": "md",
    "txt": "wide",
    "parquet": PARQUET,
}
"""The format that a file's name asks for."""


class Export(NamedTuple):
    """What is written where, as what; `limit` is None for all. Without columns, formats of whole values give those."""

    query: str
    path: Path
    form: str
    columns: tuple[str, ...] = ()
    sort: str = ""
    limit: int | None = None


class Written(NamedTuple):
    """How many entities were written, of how many; None where nobody counted."""

    written: int | None
    total: int | None


def write_entities(client: Client, export: Export) -> Written:
    """Write the file whole or not at all; one of that name is replaced. Raises what the client raises, and OSError."""
    form, limit = export.form, export.limit
    if form == PARQUET:
        columns = export.columns or WIDE
        with client.entities_parquet(export.query, columns, sort=export.sort, limit=limit) as pieces:
            write_whole(export.path, pieces)
        return Written(None, None)
    if form in WHOLE and not export.columns:
        found = find_documents(client, export.query, export.sort, limit)
        items = found.items
    else:
        columns = export.columns or (COLUMNS if form == "table" else WIDE)
        found = find_rows(client, export.query, columns, export.sort, limit)

        def items() -> Iterator[dict[str, str | None]]:
            return (dict(zip(found.columns, row.cells, strict=True)) for row in found.rows())

    listing = Listing(found.columns, found.rows, items)
    write_whole(export.path, ((line + "\n").encode() for line in lines_of(listing, form, Style())))
    return Written(found.total if limit is None else min(limit, found.total), found.total)


def format_of(path: Path) -> str:
    """The format that the ending of a name asks for; Failure where it asks for none."""
    ending = path.suffix.removeprefix(".").lower()
    if ending not in BY_ENDING:
        failure = unknown_name("ending", ending, BY_ENDING)
        raise Failure(
            f"the name of {path} does not say the format",
            where=failure.where,
            next_step="choose such an ending, or name the format with --format",
            code=ExitCode.USAGE,
        )
    return BY_ENDING[ending]
