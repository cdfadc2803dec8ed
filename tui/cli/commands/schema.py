"""`catalog schema`: what documents of a kind must look like, as JSON Schema."""

import click

from tui.cli.command import catalog_command
from tui.cli.completion_values import complete_kinds
from tui.cli.json_text import json_text
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.session import Session

COLUMNS = ("kind", "declared")


@catalog_command(
    "schema",
    "The kinds, or what documents of one must look like.",
    ("schema", "the kinds that have one"),
    ("schema component > component.schema.json", "for an editor"),
    ("schema service -o yaml", "of a kind that a Blueprint declares"),
)
@click.argument("kind", metavar="[KIND]", shell_complete=complete_kinds, required=False, default="")
@output_options(many=False)
def schema(session: Session, choices: Choices, kind: str) -> None:
    """Made of the rules that files are judged by. Letters of KIND may be in any case."""
    if kind:
        session.where = kind
        found = session.client.schema(kind)
        if choices.chosen:
            row = Row(found["title"], (found["title"], json_text(found)))
            choices.write_found(Listing(("kind", "schema"), lambda: [row], lambda: [found], single=True))
        else:
            choices.write_lines(json_text(found, indent=2).splitlines())
        return
    items = session.client.schemas()
    rows = [Row(one["kind"], (one["kind"], as_text(one["declared"]))) for one in items]
    choices.write(Listing(COLUMNS, lambda: rows, lambda: items))
