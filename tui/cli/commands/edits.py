"""`catalog edits` and `catalog undo`: what was done to descriptor files, and how it is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.command import catalog_command
from tui.cli.completion_values import complete_edits
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.output import Choices, output_options
from tui.cli.proposing import (
    COLUMNS,
    WIDE,
    carry_out,
    listing_of,
    message_option,
    preview_options,
    target_option,
    yes_option,
)
from tui.cli.session import Session

if TYPE_CHECKING:
    from tui.edit_answers import EditItem

LIMIT = 50
MOST = 1_000
"""What the daemon gives at most."""


@catalog_command(
    "edits",
    "Edits of descriptor files: what became of each, the newest first.",
    ("edits", "the last 50"),
    ("edits 0f3c…", "one of them, with its difference"),
    ("edits -o jsonl --limit -1", "all that are known, for jq"),
)
@click.argument("edit_id", metavar="[EDIT-ID]", shell_complete=complete_edits, required=False, default="")
@output_options(limit=LIMIT, columns=COLUMNS)
def edits(session: Session, choices: Choices, edit_id: str) -> None:
    """States: proposed (nobody said yes), pending (it may or may not be pushed yet: the daemon finds out), pushed,
    confirmed (it is in the branch and visible), failed (with the reason)."""
    columns = WIDE if choices.output_format == "wide" else COLUMNS
    if edit_id:
        session.where = edit_id
        edit = session.client.edit(edit_id)
        choices.write(listing_of([edit], columns))
        session.note("".join(file["diff"] for file in edit["files"]).rstrip("\n"))
        if edit["reason"]:
            session.warn(edit["reason"])
        return
    choices.write(listing_of(session.client.edits(MOST if choices.limit is None else choices.limit), columns))


@catalog_command(
    "undo",
    "Take an edit back by another commit.",
    ("undo", "the last edit that was not taken back yet, on a branch of its own; asks first"),
    ("undo 0f3c…", "another one; `catalog edits` lists them"),
    ("undo 0f3c… --to commit --yes", "on the branch that is read, at once"),
)
@click.argument("edit_id", metavar="[EDIT-ID]", shell_complete=complete_edits, required=False, default="")
@target_option
@message_option
@preview_options("Show the difference; push nothing.")
@yes_option
@output_options(many=False)
def undo(session: Session, choices: Choices, edit_id: str, target: str, message: str, dry_run: bool, yes: bool) -> None:
    """The lines come back as they were, comments too. Code 5 where a field says something else again by now."""
    session.where = edit_id or "the last edit"
    edit_id = edit_id or _last(session.client.edits(MOST))
    body = {"undo": edit_id, "target": target, "message": message}
    carry_out(session, choices, body, yes=yes, dry_run=dry_run)


def _last(newest_first: Sequence[EditItem]) -> str:
    """The last edit that reached its branch and that nobody took back; those that take back are none."""
    done = [edit for edit in newest_first if edit["state"] in ("confirmed", "pushed")]
    taken_back = {edit["undoes"] for edit in done}
    for edit in done:
        if edit["undoes"] is None and edit["id"] not in taken_back:
            return edit["id"]
    raise Failure("there is no edit to take back", next_step="`catalog edits` lists them", code=ExitCode.NO)
