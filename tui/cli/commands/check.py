"""`catalog check`: what no single file shows."""

from collections.abc import Iterator

import click

from tui.check_answers import FindingItem
from tui.cli.command import catalog_command
from tui.cli.exit_codes import ExitCode
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.problem_lines import problem_lines
from tui.cli.session import Session

CHECKS = ("dangling", "orphans", "duplicates")
COLUMNS = ("check", "path", "line", "message", "hint", "ref", "type", "target", "repository", "git_ref", "location")
PAGE = 1000


@catalog_command(
    "check",
    "What no single file shows: dangling relations, orphans, duplicates.",
    ("check", "all of it, with file and line"),
    ("check dangling", "relations to what no entity is"),
    ("check orphans duplicates -o csv", "two of the checks, for a spreadsheet"),
)
@click.argument("checks", metavar="[CHECK]…", nargs=-1, type=click.Choice(CHECKS))
@output_options(columns=COLUMNS)
def check(session: Session, choices: Choices, checks: tuple[str, ...]) -> None:
    """`dangling`: a relation names what no entity is. `orphans`: entities that are kept though no file says them any
    more. `duplicates`: refs that more than one document claims. Exit code 1 when there is anything."""
    found = list(_all(session, checks))
    if choices.chosen or choices.columns or choices.sort:
        choices.write(_listing(found))
    else:
        kept = found if choices.limit is None else found[: choices.limit]
        choices.write_lines(line for one in kept for line in problem_lines(one, colour=choices.colour))
        choices.announce(len(kept), len(found))
    asked = checks or CHECKS
    counts = {name: sum(one["check"] == name for one in found) for name in CHECKS if name in asked}
    if not found:
        session.note(f"nothing found: no {', no '.join(counts)}")
        return
    session.note(", ".join(f"{name} {count}" for name, count in counts.items()))
    raise SystemExit(ExitCode.NO)


def _all(session: Session, checks: tuple[str, ...]) -> Iterator[FindingItem]:
    offset = 0
    while True:
        page = session.client.findings(checks, limit=PAGE, offset=offset)
        yield from page["items"]
        offset += len(page["items"])
        if offset >= page["total"] or not page["items"]:
            return


def _listing(found: list[FindingItem]) -> Listing:
    def rows() -> Iterator[Row]:
        return (Row(one["ref"], [as_text(one.get(name)) for name in COLUMNS]) for one in found)

    return Listing(COLUMNS, rows, lambda: found)
