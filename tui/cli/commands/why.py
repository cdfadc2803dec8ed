"""`catalog why`: where a value comes from."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from tui.cli.command import catalog_command
from tui.cli.completion import complete_refs
from tui.cli.completion_values import complete_entity_fields
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.reference import resolve
from tui.cli.session import Session

if TYPE_CHECKING:
    from tui.history_answers import OriginItem, WhyAnswer

COLUMNS = ("said", "where", "by", "at", "commit", "value", "about")
WIDE = ("said", "in_force", "ref", "field", "where", "by", "email", "at", "commit", "subject", "value", "mode", "door",
        "seq", "repository", "branch", "reason")  # fmt: skip
BEGINNING = 100
"""Characters of a value in the line above the table."""
SHORT = 10
"""Digits of a commit id where there is not room for all of them."""


@catalog_command(
    "why",
    "Where a value comes from: file, line and commit, or who set it and when.",
    ("why warehouse owner", "who wrote the line, in which commit"),
    ("why warehouse metadata.tags[0]", "of one item; also metadata.tags.go"),
    ("why warehouse relations.dependencyOf", "who says so, and in which file"),
    ("why warehouse spec -o json", "of a whole part: the newest change of its lines; with all that is known"),
)
@click.argument("ref", metavar="REF", shell_complete=complete_refs)
@click.argument("field", metavar="FIELD", shell_complete=complete_entity_fields)
@output_options(many=False, columns=COLUMNS)
def why(session: Session, choices: Choices, ref: str, field: str) -> None:
    """What is in force comes first; below it what it hides, such as git's value under a custom property. FIELD is a
    path or a short name of `list --columns`. Code 1 when there is no such entity or field."""
    session.where = f"{ref} {field}"
    answer = session.client.why(resolve(session.client, ref, session.program), field)
    session.note(f"{answer['ref']} {answer['field']}: {_beginning(as_text(answer['value']))}")
    choices.write(listing_of(answer, WIDE if choices.columns or choices.output_format == "wide" else COLUMNS))
    if answer["more"]:
        session.warn(f"showing {len(answer['origins'])}; there are more who say it: name one, as in {field}[0]")
    if any(one["cut"] for one in answer["origins"]):
        session.warn("the mirror's history is cut here ([git] depth): the value may be older than its commit")


def listing_of(answer: "WhyAnswer", columns: Sequence[str] = COLUMNS) -> Listing:
    """Those who say a value, the whole answer for programs."""

    def rows() -> Iterator[Row]:
        for one in answer["origins"]:
            cells = _cells(one, short=columns is COLUMNS)
            yield Row(str(cells["where"] or one["by"] or one["ref"]), [as_text(cells[name]) for name in columns])

    return Listing(columns, rows, lambda: iter([answer]), single=True)


def _beginning(text: str | None) -> str:
    """The first line of a text, as much of it as one looks at."""
    first, _, rest = (text or "").partition("\n")
    return first[:BEGINNING] + ("…" if rest or len(first) > BEGINNING else "")


def _cells(one: "OriginItem", *, short: bool) -> dict[str, Any]:
    cells: dict[str, Any] = {**one}
    if not one["in_force"]:
        cells["said"] = f"({one['said']})"
    cells["where"] = place(one["path"], one["line"], one["end_line"])
    if short:
        cells["commit"] = (one["commit"] or "")[:SHORT] or None
    cells["about"] = one["subject"] or (f"{one['mode']} by {one['door']}" if one["mode"] else one["reason"])
    if one["reason"] and one["subject"]:
        cells["about"] = f"{one['subject']} ({one['reason']})"
    return cells


def place(path: str | None, line: int | None, end: int | None = None) -> str | None:
    """`path:line`, or `path:line-end`; None where there is no file."""
    if not path:
        return None
    lines = f"{line}-{end}" if end and end != line else line
    return f"{path}:{lines}" if line else path
