"""`catalog export`: the entities that match a query line, into a file."""

from pathlib import Path

import click

from tui.cli.command import QueryCommand, catalog_command, query_line
from tui.cli.completion import column_completer, complete_query
from tui.cli.completion_values import complete_blueprints, complete_files
from tui.cli.exit_codes import ExitCode
from tui.cli.exporting import Export, format_of, write_entities
from tui.cli.failure import Failure
from tui.cli.formats import FORMATS, PARQUET, Style, lines_of
from tui.cli.listing import Listing
from tui.cli.session import Session
from tui.cli.whole_file import write_whole


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
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    shell_complete=complete_files,
    required=True,
    help="The file; one of that name is replaced.",
)
@click.option(
    "--format", "chosen", type=click.Choice((*FORMATS, PARQUET)), metavar="FORMAT", help="Instead of the ending."
)
@click.option(
    "--blueprint", metavar="B", shell_complete=complete_blueprints, help="All entities of a blueprint, in Port's form."
)
@click.option("--columns", metavar="NAME,…", shell_complete=column_completer(None), help="Columns, in this order.")
@click.option(
    "--sort",
    metavar="[-]NAME,…",
    shell_complete=column_completer(None),
    default="",
    help="Order by these; - turns one round.",
)
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
    form = chosen or format_of(path)
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
    found = write_entities(session.client, Export(session.query, path, form, named, sort, wanted))
    shown = f"{found.written} of {found.total} entities " if found.total is not None else ""
    session.note(f"{shown}written to {path}")


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
