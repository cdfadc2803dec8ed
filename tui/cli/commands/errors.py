"""`catalog errors`: what is wrong in the sources."""

from collections.abc import Iterator

import click

from tui.answers import ProblemItem
from tui.cli.command import catalog_command
from tui.cli.completion import complete_locations
from tui.cli.completion_values import complete_codes
from tui.cli.exit_codes import ExitCode
from tui.cli.listing import Listing, Row, as_text
from tui.cli.location_id import location_id
from tui.cli.output import Choices, output_options
from tui.cli.problem_lines import problem_lines
from tui.cli.session import Session

COLUMNS = ("path", "line", "message", "hint", "code", "ref", "repository", "git_ref", "location")
PAGE = 500


@catalog_command(
    "errors",
    "What is wrong in the sources: file:line, message, hint.",
    ("errors", "all problems, for a person or an editor"),
    ("errors --location 3f2a", "those of one location"),
    ("errors -o csv", "as a table for a spreadsheet"),
)
@click.option("--location", metavar="ID", default="", shell_complete=complete_locations, help="Of one location only.")
@click.option(
    "--code", metavar="CODE", default="", shell_complete=complete_codes, help="Of one kind only, such as parse.yaml."
)
@output_options(columns=COLUMNS)
def errors(session: Session, choices: Choices, location: str, code: str) -> None:
    """Exit code 1 when there are problems, 0 when there are none."""
    chosen = location_id(session, location) if location else ""
    found = list(_all(session, chosen, code))
    if choices.chosen or choices.columns:
        choices.write(_listing(found))
    else:
        kept = found if choices.limit is None else found[: choices.limit]
        choices.write_lines(line for problem in kept for line in problem_lines(problem, colour=choices.colour))
        choices.announce(len(kept), len(found))
    if not found:
        session.note("no problems")
        return
    raise SystemExit(ExitCode.NO)


def _all(session: Session, location: str, code: str) -> Iterator[ProblemItem]:
    offset = 0
    while True:
        page = session.client.problems(location=location, code=code, limit=PAGE, offset=offset)
        yield from page["items"]
        offset += len(page["items"])
        if offset >= page["total"] or not page["items"]:
            return


def _listing(found: list[ProblemItem]) -> Listing:
    def rows() -> Iterator[Row]:
        return (Row(problem["code"], [as_text(problem.get(name)) for name in COLUMNS]) for problem in found)

    return Listing(COLUMNS, rows, lambda: found)
