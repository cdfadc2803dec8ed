"""`catalog edits` and `catalog undo`: what was done to descriptor files, and how it is taken back."""

import click

from tui.cli.command import catalog_command
from tui.cli.output import Choices, output_options
from tui.cli.proposing import (
    COLUMNS,
    WIDE,
    carry_out,
    dry_run_option,
    listing_of,
    message_option,
    target_option,
    yes_option,
)
from tui.cli.session import Session

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
@click.argument("edit_id", metavar="[EDIT-ID]", required=False, default="")
@output_options(limit=LIMIT)
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
    ("undo 0f3c…", "proposes it on a branch of its own; asks first"),
    ("undo 0f3c… --to commit --yes", "on the branch that is read, at once"),
)
@click.argument("edit_id", metavar="EDIT-ID")
@target_option
@message_option
@dry_run_option
@yes_option
@output_options(many=False)
def undo(session: Session, choices: Choices, edit_id: str, target: str, message: str, dry_run: bool, yes: bool) -> None:
    """The lines come back as they were, comments too. Code 5 where a field says something else again by now."""
    session.where = edit_id
    body = {"undo": edit_id, "target": target, "message": message}
    carry_out(session, choices, body, yes=yes, dry_run=dry_run)
