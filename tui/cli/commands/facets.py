"""`catalog facets`: which values there are, and how often."""

from collections.abc import Iterator

import click

from tui.cli.command import QueryCommand, catalog_command, query_line
from tui.cli.completion import complete_fields, complete_query
from tui.cli.listing import Listing, Row
from tui.cli.output import Choices, output_options
from tui.cli.session import Session

TOP = 50
FACETS = ("kind", "spec.type", "spec.lifecycle", "spec.owner")


@catalog_command(
    "facets",
    "Values of fields among the entities that match, with counts.",
    ("facets", "kinds, types, lifecycles and owners"),
    ("facets kind:component --facet metadata.tags", "tags of components"),
    cls=QueryCommand,
)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option(
    "-f", "--facet", "names", multiple=True, metavar="FIELD", shell_complete=complete_fields, help="May be repeated."
)
@click.option(
    "--top", metavar="N", type=click.IntRange(1, 10_000), default=TOP, help=f"Values of each field; default {TOP}."
)
@output_options()
def facets(session: Session, choices: Choices, query: tuple[str, ...], names: tuple[str, ...], top: int) -> None:
    """Fields are names of the query line or dotted paths. What the line says of a field itself does not count for that
    field: `facets kind:api -f kind` shows how many of the other kinds there are."""
    session.ask_for(query_line(query))
    answer = session.client.facets(session.query, names or FACETS, limit=top)
    found = [(facet, one["value"], one["count"]) for facet, values in answer["facets"].items() for one in values]

    def rows() -> Iterator[Row]:
        return (Row(value, (facet, value, str(count))) for facet, value, count in found)

    def items() -> Iterator[dict[str, str | int]]:
        return ({"facet": facet, "value": value, "count": count} for facet, value, count in found)

    choices.write(Listing(("facet", "value", "count"), rows, items))
    for facet, hidden in answer["more"].items():
        if hidden:
            session.warn(f"+{hidden} values of {facet} hidden; --top shows more")
