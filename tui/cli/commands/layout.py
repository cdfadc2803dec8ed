"""`catalog layout`: cards of entities drawn, and layout files checked."""

import sys
from collections.abc import Iterator

import click

from tui.cards.page import page_lines
from tui.cli.command import CatalogGroup, catalog_command
from tui.cli.completion import complete_refs
from tui.cli.completion_values import complete_files
from tui.cli.daemon_program import become_daemon_program
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row
from tui.cli.output import Choices, output_options
from tui.cli.painting import painted
from tui.cli.reference import not_found, resolve
from tui.cli.session import Session
from tui.cli.terminal import width_of
from tui.client import ApiProblem
from tui.layout_answers import LayoutAnswer
from tui.model.symbols import symbols

COLUMNS = ("tab", "card", "label", "value", "url", "note")


@click.group(
    "layout",
    cls=CatalogGroup,
    help="Cards of entities: show, check.",
    examples=(
        ("layout show warehouse", "the cards of an entity, drawn"),
        ("layout check layouts/service.yaml", "a layout file, without a daemon"),
    ),
)
def layout() -> None:
    """The group itself does nothing."""


@catalog_command(
    "show",
    "The cards of an entity, drawn.",
    ("layout show warehouse", "all tabs, on the width of the terminal"),
    ("layout show warehouse -o json", "as the daemon evaluated it"),
    ("layout show warehouse -o tsv", "a line for each line of a card"),
)
@click.argument("ref", metavar="REF", shell_complete=complete_refs)
@output_options(many=False)
def show(session: Session, choices: Choices, ref: str) -> None:
    """Without -o the cards are drawn: side by side from 80 columns, under each other below. Paths that have no value
    are told on stderr."""
    answer = _layout(session, ref)
    if choices.chosen or choices.columns:
        choices.write_found(_listing(answer, whole=choices.whole))
        return
    lines = page_lines(answer, width_of(sys.stdout), symbols())
    choices.write_lines(painted(line, colour=choices.colour) for line in lines)
    for path in answer["unresolved"]:
        session.note(f"no value at {path}")
    for one in answer["replaced"]:
        session.note(f"{one['asked']} is the ingested {one['used']}")


def _layout(session: Session, text: str) -> LayoutAnswer:
    session.where = text
    ref = resolve(session.client, text, session.program)
    try:
        return session.client.layout(ref)
    except ApiProblem as problem:
        if problem.code == "no_such_path":
            raise Failure("the daemon is older than this program and knows no layouts") from problem
        if problem.status == 404:
            raise not_found(text, session.program) from problem
        raise


def _listing(answer: LayoutAnswer, *, whole: bool) -> Listing:
    """Rows of card lines; the one answer where a program wants it whole."""

    def rows() -> Iterator[Row]:
        for tab in answer["tabs"]:
            for card in tab["cards"]:
                for item in card["items"]:
                    cells = (tab["title"], card["title"], item["label"], item["value"], item["url"], item["note"])
                    yield Row(item["value"], cells)

    return Listing(COLUMNS, rows, lambda: iter([answer]), single=whole)


@catalog_command(
    "check",
    "Check layout files without a daemon.",
    ("layout check layouts/service.yaml", "one file"),
    ("layout check .", "all layouts below a folder"),
    common=False,
    context_settings={"ignore_unknown_options": True},
)
@click.argument(
    "arguments", metavar="FILE…", nargs=-1, required=True, type=click.UNPROCESSED, shell_complete=complete_files
)
def check(arguments: tuple[str, ...]) -> None:
    """Prints file:line: message for each problem and for what nobody knows; exit code 1 when there is a problem, or no
    layout at all."""
    become_daemon_program("check-layout", *arguments)


layout.add_command(show)
layout.add_command(check)
