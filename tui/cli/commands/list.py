"""`catalog list`: the entities that match a query line."""

import click

from tui.cli.command import QueryCommand, catalog_command, query_line
from tui.cli.completion import complete_query
from tui.cli.listing import Listing
from tui.cli.output import Choices, output_options
from tui.cli.paging import find_documents, find_rows
from tui.cli.session import Session

COLUMNS = ("kind", "name", "owner", "type", "lifecycle", "description")
WIDE = ("kind", "namespace", "name", "title", "owner", "type", "lifecycle", "system", "tags", "updated", "description")
LIMIT = 100


@catalog_command(
    "list",
    "Entities that match a query line.",
    ("list", "the first 100 entities"),
    ("list kind:component owner:team-pay", "two conditions, both must hold"),
    ("list -tag:legacy --sort=-updated", "without a tag, newest first"),
    ("list --columns name,metadata.annotations.x/y", "any field as a column"),
    ("list kind:api -o yaml --limit -1", "whole entities, all of them"),
    cls=QueryCommand,
)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@output_options(limit=LIMIT)
def list_entities(session: Session, choices: Choices, query: tuple[str, ...]) -> None:
    """The words are joined to one query line, the same that the TUI and the API take.
    json, jsonl and yaml give whole entities unless --columns names some."""
    session.query = query_line(query)
    if choices.whole:
        found = find_documents(session.client, session.query, choices.sort, choices.limit)
    else:
        columns = choices.columns or (WIDE if choices.output_format == "wide" else COLUMNS)
        found = find_rows(session.client, session.query, columns, choices.sort, choices.limit)
    choices.write_found(Listing(found.columns, found.rows, found.items))
    choices.announce(found.total if choices.limit is None else choices.limit, found.total)
