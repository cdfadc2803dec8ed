"""`catalog diff`: what differs between two commits or two times."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from tui.cli.command import catalog_command
from tui.cli.commands.why import place
from tui.cli.completion import complete_locations
from tui.cli.completion_values import complete_repositories
from tui.cli.exit_codes import ExitCode
from tui.cli.listing import Listing, Row, as_text
from tui.cli.location_id import find_location
from tui.cli.output import Choices, output_options
from tui.cli.session import Session

if TYPE_CHECKING:
    from tui.history_answers import DiffAnswer, DiffItem, Moment

COLUMNS = ("effect", "ref", "field", "old", "new")
WIDE = ("effect", "ref", "where", "field", "old", "new", "reason")
LIMIT = 200
MOST = 10_000
"""What the daemon gives at most."""


@catalog_command(
    "diff",
    "What differs between two commits of a repository, or between two times.",
    ("diff 2026-11-01 now", "the whole catalog, by the log of changes"),
    ("diff 7d", "since a week ago"),
    ("diff HEAD~5 --repository https://git.example.test/shop.git", "the last five commits, entity by entity"),
    ("diff main feature/labels --location 3f2a", "two branches, as far as they are mirrored"),
)
@click.argument("old", metavar="FROM")
@click.argument("new", metavar="[TO]", required=False, default="")
@click.option(
    "--location",
    metavar="ID",
    shell_complete=complete_locations,
    default="",
    help="FROM and TO are commits of its repository.",
)
@click.option(
    "--repository",
    metavar="URL",
    shell_complete=complete_repositories,
    default="",
    help="FROM and TO are commits of this repository.",
)
@click.option("--exit-code", is_flag=True, help="Code 1 where anything differs.")
@output_options(limit=LIMIT, columns=COLUMNS)
def diff(
    session: Session, choices: Choices, old: str, new: str, location: str, repository: str, exit_code: bool
) -> None:
    """Commits are branches, tags, ids or their beginnings, HEAD~2, or times; TO is HEAD. Both are read as a look would
    read them. Without a repository both are times (a date, RFC 3339, 7d, now), and the log of changes tells."""
    session.where = f"{old}..{new}"
    chosen = find_location(session, location)["id"] if location else ""
    wanted = MOST if choices.limit is None else choices.limit
    answer = session.client.diff(old, new, location=chosen, repository=repository, limit=max(wanted, 1))
    session.note(f"{_moment(answer['from'])} .. {_moment(answer['to'])}")
    choices.limit = None
    choices.write(listing_of(answer, WIDE if choices.columns or choices.output_format == "wide" else COLUMNS))
    _tell(session, answer)
    if exit_code and any(answer["counts"].values()):
        raise click.exceptions.Exit(ExitCode.NO)


def listing_of(answer: "DiffAnswer", columns: Sequence[str] = COLUMNS) -> Listing:
    """A row a field; one a whole entity that came, went, or differs in what cannot be told."""

    def rows() -> Iterator[Row]:
        for item in answer["items"]:
            for cells in _cells(item):
                yield Row(item["ref"], [as_text(cells[name]) for name in columns])

    return Listing(columns, rows, lambda: iter(answer["items"]))


def _cells(item: "DiffItem") -> Iterator[dict[str, Any]]:
    shared = {"ref": item["ref"], "where": place(item["path"], item["line"]), "reason": item["reason"]}
    for one in item["changes"]:
        yield {
            **shared,
            "effect": one["effect"],
            "field": one["path"],
            "old": one["old"],
            "new": one["new"],
        }
    if not item["changes"]:
        yield {**shared, "effect": item["effect"], "field": None, "old": None, "new": None}


def _moment(end: "Moment") -> str:
    commit = end["commit"]
    return f"{commit[:10]} {end['at']} {end['author']}: {end['subject']}" if commit else end["at"]


def _tell(session: Session, answer: "DiffAnswer") -> None:
    counts = answer["counts"]
    session.note(", ".join(f"{count} {effect}" for effect, count in counts.items()))
    if answer["more"]:
        session.warn(f"showing {len(answer['items'])} of {sum(counts.values())} entities; --limit -1 shows all")
    partly = sum(not item["complete"] for item in answer["items"])
    if partly:
        session.warn(f"{partly} entities cannot be told in full; -o wide says why")
    for note in answer["notes"]:
        session.warn(note)
