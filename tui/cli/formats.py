"""A listing as lines of text, one function a format. The same rows and fields whether on a terminal or in a pipe."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from tui.cli.listing import Listing, Row
from tui.safe_text import safe_text

FORMATS = ("table", "wide", "name", "tsv", "csv", "json", "jsonl", "yaml", "md")
"""What `-o` takes everywhere."""

PARQUET = "parquet"
"""What `-o` takes where entities or rows are listed; the daemon makes it, and it is no text."""

WHOLE = frozenset({"json", "jsonl", "yaml"})
"""Formats that give whole values rather than columns."""


class Style(NamedTuple):
    """How cells are laid out; `width` None means that nothing is cut, `now` is set where times may be relative."""

    header: bool = True
    width: int | None = None
    colour: bool = False
    relative: bool = False


def lines_of(listing: Listing, output_format: str, style: Style) -> Iterable[str]:
    """The listing in one of `FORMATS`, line by line without line ends; no line holds a raw control character."""
    return _WRITERS[output_format](listing, style)


def _cells(rows: Iterable[Row]) -> Iterator[list[str]]:
    for row in rows:
        yield [safe_text(cell) if cell else "" for cell in row.cells]


def _header(listing: Listing, style: Style) -> list[list[str]]:
    return [[safe_text(name) for name in listing.columns]] if style.header else []


def _table(listing: Listing, style: Style) -> Iterator[str]:
    from tui.cli.table import table_lines

    rows = list(_cells(listing.rows()))
    if style.relative:
        from tui.cli.age import with_ages

        rows = with_ages(listing.columns, rows)
    columns = [safe_text(name) for name in listing.columns]
    lines = table_lines(columns, rows, width=style.width, colour=style.colour)
    if not style.header:
        next(lines)
    return lines


def _names(listing: Listing, _style: Style) -> Iterator[str]:
    for row in listing.rows():
        yield safe_text(row.name)
        if listing.single:  # its rows are the fields of one thing
            return


def _tsv(listing: Listing, style: Style) -> Iterator[str]:
    for header in _header(listing, style):
        yield "\t".join(header)
    for cells in _cells(listing.rows()):
        yield "\t".join(cells)


def _csv(listing: Listing, style: Style) -> Iterator[str]:
    for cells in (*_header(listing, style), *_cells(listing.rows())):
        yield ",".join(map(_quoted, cells))


def _quoted(cell: str) -> str:
    if any(character in cell for character in ',"') or cell != cell.strip():
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _md(listing: Listing, _style: Style) -> Iterator[str]:
    columns = [safe_text(name) for name in listing.columns]
    yield _md_line(columns)
    yield "|" + " --- |" * len(columns)
    for cells in _cells(listing.rows()):
        yield _md_line(cells)


def _md_line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_md_escaped(cell) for cell in cells) + " |"


def _md_escaped(cell: str) -> str:
    return "".join(f"\\{character}" if character in "\\|`*[]<>" else character for character in cell)


def _json(listing: Listing, _style: Style) -> Iterator[str]:
    from tui.cli.json_text import json_text

    items = list(listing.items())
    yield from json_text(items[0] if listing.single else items, indent=2).split("\n")


def _jsonl(listing: Listing, _style: Style) -> Iterator[str]:
    from tui.cli.json_text import json_text

    for item in listing.items():
        yield json_text(item)


def _yaml(listing: Listing, _style: Style) -> Iterator[str]:
    from tui.cli.yaml_text import yaml_text

    for at, item in enumerate(listing.items()):
        if at:
            yield "---"
        yield from yaml_text(item).removesuffix("\n").split("\n")


_WRITERS: dict[str, Callable[[Listing, Style], Iterable[str]]] = {
    "table": _table,
    "wide": _table,
    "name": _names,
    "tsv": _tsv,
    "csv": _csv,
    "json": _json,
    "jsonl": _jsonl,
    "yaml": _yaml,
    "md": _md,
}
