"""From a change of files to a commit: the difference is shown, the person agrees, the daemon pushes."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices
from tui.cli.session import Session

if TYPE_CHECKING:
    from tui.edit_answers import EditItem

COLUMNS = ("id", "state", "branch", "commit", "entities", "message")
WIDE = ("id", "at", "actor", "state", "target", "branch", "commit", "repository", "entities", "message", "reason")

target_option = click.option(
    "--to",
    "target",
    type=click.Choice(["branch", "commit"]),
    default="branch",
    help="A branch of its own, the default, or a commit on the branch that is read.",
)
message_option = click.option("-m", "--message", metavar="TEXT", default="", help="The message of the commit.")
yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask before it is pushed.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Show the difference; push nothing.")


def carry_out(session: Session, choices: Choices, body: dict[str, Any], *, yes: bool, dry_run: bool = False) -> None:
    """Propose, show the difference, ask, push; prints the edit as it is then.

    Raises `Failure` where the catalog would not take the files, and where the person does not agree.
    """
    proposal = session.client.propose_edit(body)
    shown = "".join(file["diff"] for file in proposal["files"]).rstrip("\n")
    (session.note if yes and not dry_run else session.warn)(shown)
    problems = proposal.get("problems", [])
    if problems:
        told = "\n".join(f"{one['path']}:{one['line']}: {one['message']}" for one in problems)
        raise Failure(
            f"the catalog would not take this\n{told}",
            where=", ".join(proposal["entities"]),
            next_step=problems[0]["hint"] or "correct the value; nothing was pushed",
            code=ExitCode.NO,
        )
    if dry_run:
        session.note("dry run: nothing was pushed")
        return
    kind = "commit on" if proposal["target"] == "commit" else "new branch"
    session.confirm(f"Push this to {proposal['repository']}, {kind} {proposal['branch']}?", yes=yes)
    edit = session.client.confirm_edit(proposal["id"])
    choices.write(listing_of([edit]))
    if edit["state"] != "confirmed":
        session.warn(f"it is {edit['state']}: `{session.program} edits {edit['id']}` tells what became of it")


def listing_of(edits: "Sequence[EditItem]", columns: Sequence[str] = COLUMNS) -> Listing:
    """Edits as rows; the message by its first line."""

    def rows() -> Iterator[Row]:
        for edit in edits:
            values: dict[str, Any] = {**edit, "message": edit["message"].partition("\n")[0]}
            yield Row(edit["id"], [as_text(values[name]) for name in columns])

    return Listing(columns, rows, lambda: iter(edits))
