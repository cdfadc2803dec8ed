"""`catalog export`: the entities that match a query line, into a file."""

from pathlib import Path

import click

from tui.cli.arrange import unknown_name
from tui.cli.command import QueryCommand, catalog_command, query_line
from tui.cli.commands.list import COLUMNS, WIDE
from tui.cli.completion import complete_query
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.formats import FORMATS, PARQUET, WHOLE, Style, lines_of
from tui.cli.listing import Listing
from tui.cli.paging import find_documents, find_rows
from tui.cli.session import Session
from tui.cli.whole_file import write_whole

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


@catalog_command(
    "export",
    "The entities that match a query line, into a file.",
    ("export -o catalog.jsonl", "everything, whole"),
    ("export kind:component -o components.csv", "a spreadsheet"),
    ("export --blueprint service -o services.csv", "entities of a blueprint, as `ingest --blueprint` takes them"),
    ("export owner:team-pay -o team-pay.parquet --columns ref,type,tags", "Parquet with columns of one's own"),
    cls=QueryCommand,
)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("-o", "--output", "target", metavar="FILE", required=True, help="The file; one of that name is replaced.")
@click.option(
    "--format", "chosen", type=click.Choice((*FORMATS, PARQUET)), metavar="FORMAT", help="Instead of the ending."
)
@click.option("--blueprint", metavar="B", help="All entities of a blueprint, in Port's form.")
@click.option("--columns", metavar="NAME,…", help="Columns, in this order.")
@click.option("--sort", metavar="[-]NAME,…", default="", help="Order by these; - turns one round.")
@click.option("--limit", metavar="N", type=int, default=-1, help="Entities to write; default all.")
@click.pass_obj
def export(
    session: Session,
    query: tuple[str, ...],
    target: str,
    chosen: str | None,
    blueprint: str | None,
    columns: str | None,
    sort: str,
    limit: int,
) -> None:
    """The ending of FILE says the format: csv, tsv, json, jsonl, yaml, md, txt, parquet. It is written beside and moved
    in place, so that it is there whole or not at all."""
    session.ask_for(query_line(query))
    path = Path(target)
    form = chosen or _format_of(path)
    named = tuple(name.strip() for name in (columns or "").split(",") if name.strip())
    wanted = None if limit < 0 else limit
    if blueprint is not None:
        if query or columns or sort or wanted is not None:
            raise Failure(
                "--blueprint exports every entity, whole",
                next_step="leave out the query line and the other options",
                code=ExitCode.USAGE,
            )
        session.where = blueprint
        count = _export_blueprint(session, blueprint, path, form)
        session.note(f"{count} entities written to {path}")
        return
    if form == PARQUET:
        with session.client.entities_parquet(session.query, named or WIDE, sort=sort, limit=wanted) as pieces:
            write_whole(path, pieces)
        session.note(f"written to {path}")
        return
    if form in WHOLE and not named:
        found = find_documents(session.client, session.query, sort, wanted)
    else:
        found = find_rows(session.client, session.query, named or (COLUMNS if form == "table" else WIDE), sort, wanted)
    items = (
        found.items
        if form in WHOLE and not named
        else lambda: (dict(zip(found.columns, row.cells, strict=True)) for row in found.rows())
    )
    listing = Listing(found.columns, found.rows, items)
    write_whole(path, ((line + "\n").encode() for line in lines_of(listing, form, Style())))
    shown = found.total if wanted is None else min(wanted, found.total)
    session.note(f"{shown} of {found.total} entities written to {path}")


def _export_blueprint(session: Session, blueprint: str, path: Path, form: str) -> int:
    from tui.cli.ingestion.blueprint_rows import BlueprintColumns
    from tui.cli.ingestion.record import FORMATS as READABLE
    from tui.cli.ingestion.record import TABLES, table_line

    if form not in READABLE:
        raise Failure(
            f"entities of a blueprint are not written as {form}",
            where=f"known: {', '.join(READABLE)}",
            next_step="choose one of those",
            code=ExitCode.USAGE,
        )
    columns = BlueprintColumns(session.client.blueprint(blueprint))
    entities = session.client.blueprint_entities(blueprint)
    if form in TABLES:
        cells = [columns.columns, *(tuple(columns.row(one).values()) for one in entities)]
        write_whole(path, (table_line(one, "\t" if form == "tsv" else ",").encode() for one in cells))
    else:
        listing = Listing((), lambda: iter(()), lambda: map(columns.whole, entities))
        write_whole(path, ((line + "\n").encode() for line in lines_of(listing, form, Style())))
    return len(entities)


def _format_of(path: Path) -> str:
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
