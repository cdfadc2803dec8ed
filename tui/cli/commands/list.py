"""`catalog list`: the entities that match a query line."""

import click

from tui.cli.command import QueryCommand, catalog_command, query_line
from tui.cli.completion import complete_query
from tui.cli.formats import PARQUET
from tui.cli.line_says import SPELLINGS, directives, groups, spelled
from tui.cli.listing import COLUMNS, WIDE, Listing
from tui.cli.output import Choices, output_options
from tui.cli.paging import find_documents, find_rows
from tui.cli.session import Session
from tui.safe_text import safe_text

LIMIT = 100


@catalog_command(
    "list",
    "Entities that match a query line.",
    ("list", "the first 100 entities"),
    ("list kind:component owner:team-pay", "two conditions, both must hold"),
    ("list -tag:legacy --sort=-updated", "without a tag, newest first"),
    ("list --columns name,metadata.annotations.x/y", "any field as a column"),
    ("list 'updated<7d (tag:java or tag:go)' group:owner", "how many each owner has"),
    ("list kind:api -o yaml --limit -1", "whole entities, all of them"),
    ("list kind:api -tag:old --as sql", "the same question as SQL"),
    cls=QueryCommand,
)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("--as", "spelling", type=click.Choice(SPELLINGS), help="Print the line in this language; ask nothing.")
@output_options(limit=LIMIT, parquet=True, columns=None)
def list_entities(session: Session, choices: Choices, query: tuple[str, ...], spelling: str | None) -> None:
    """The words are joined to one query line, the same that the TUI and the API take.
    json, jsonl and yaml give whole entities unless columns are named. --columns and --sort win over what the line
    says with cols: and sort:; group: counts, unless --columns are given."""
    session.ask_for(query_line(query))
    if spelling is not None:
        choices.write_lines(safe_text(line) for line in spelled(session, spelling))
        return
    said = directives(session)
    if said is not None and not choices.columns:
        if said["group"] is not None:
            choices.write(groups(session, said["group"]["name"]))
            return
        choices.columns = tuple(said["columns"])
    if choices.output_format == PARQUET:
        columns = choices.columns or COLUMNS
        with session.client.entities_parquet(session.query, columns, sort=choices.sort, limit=choices.limit) as pieces:
            choices.write_bytes(pieces)
        return
    if choices.whole:
        found = find_documents(session.client, session.query, choices.sort, choices.limit)
    else:
        columns = choices.columns or (WIDE if choices.output_format == "wide" else COLUMNS)
        found = find_rows(session.client, session.query, columns, choices.sort, choices.limit)
    choices.write_found(Listing(found.columns, found.rows, found.items))
    choices.announce(found.total if choices.limit is None else choices.limit, found.total)
