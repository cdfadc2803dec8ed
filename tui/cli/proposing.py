"""From a change of files to a commit: the difference is shown, the person agrees, the daemon pushes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices
from tui.cli.session import Session
from tui.client import ApiProblem
from tui.safe_text import safe_text

if TYPE_CHECKING:
    from tui.edit_answers import EditItem
    from tui.property_answers import PropertyChange

Item = TypeVar("Item")

MOST = 50
"""Entities of one commit."""
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


def preview_options(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a writing command `--dry-run`, of which `what` is the help, `--diff` and `--exit-code`.

    It is called with `dry_run` alone; what differs stands in the session.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def previewing(*arguments: Any, dry_run: bool, diff: bool, exit_code: bool, **given: Any) -> None:
            if exit_code and not diff:
                raise click.UsageError("--exit-code belongs to --diff")
            session = click.get_current_context().ensure_object(Session)
            session.diff = diff
            function(*arguments, dry_run=dry_run or diff, **given)
            if exit_code and session.differs:
                raise SystemExit(ExitCode.NO)

        for option in (
            click.option("--exit-code", is_flag=True, help="With --diff: exit code 1 where anything differs."),
            click.option("--diff", is_flag=True, help="As --dry-run, with the difference on standard output."),
            click.option("--dry-run", is_flag=True, help=what),
        ):
            previewing = option(previewing)
        return previewing

    return decorate


def edits_of(
    session: Session, changes: "Mapping[str, Sequence[PropertyChange]]", target: str, message: str
) -> list[dict[str, Any]]:
    """Changes by entity as edits: one commit for each location, repository and branch that they are read from."""
    places: dict[object, list[str]] = {}
    for ref in changes:
        source = session.client.entity(ref)["source"] if len(changes) > 1 else None
        place = None if source is None else (source["location"], source["repository"], source["ref"])
        places.setdefault(place, []).append(ref)
    groups = [refs[at : at + MOST] for refs in places.values() for at in range(0, len(refs), MOST)]
    return [
        {"changes": [one for ref in refs for one in changes[ref]], "target": target, "message": message}
        for refs in groups
    ]


def carry_out(session: Session, choices: Choices, body: dict[str, Any], *, yes: bool, dry_run: bool = False) -> None:
    """Propose, show the difference, ask, push; prints the edit as it is then.

    Raises `Failure` where the catalog would not take the files, and where the person does not agree.
    """
    proposal = session.client.propose_edit(body)
    _show(session, choices, [proposal], loud=dry_run or not yes)
    if problems := proposal.get("problems", []):
        raise Failure(
            _not_taken(proposal),
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
    _tell_unfinished(session, [edit])


def carry_out_all(
    session: Session, choices: Choices, bodies: Sequence[dict[str, Any]], *, yes: bool, dry_run: bool = False
) -> None:
    """As `carry_out`, for several edits: all differences are shown, one question is asked, each ends for itself.

    What was refused is told at the end, and makes the exit code.
    """
    if len(bodies) == 1:
        carry_out(session, choices, bodies[0], yes=yes, dry_run=dry_run)
        return
    refused: list[str] = []
    proposals = _each(bodies, session.client.propose_edit, refused, lambda body: body["changes"][0]["ref"])
    refused += [_not_taken(one) for one in proposals if one.get("problems")]
    proposals = [one for one in proposals if not one.get("problems")]
    _show(session, choices, proposals, loud=dry_run or not yes)
    edits: list[EditItem] = []
    if dry_run:
        session.note("dry run: nothing was pushed")
    elif proposals:
        session.confirm(f"Push these {len(proposals)} commits?", yes=yes)
        edits = _each(proposals, lambda one: session.client.confirm_edit(one["id"]), refused, lambda one: one["id"])
        choices.write(listing_of(edits))
        _tell_unfinished(session, edits)
    for reason in refused:
        session.warn(reason)
    if refused:
        raise SystemExit(ExitCode.PARTLY if proposals else ExitCode.FAILED)


def _each(
    items: Sequence[Item], do: "Callable[[Item], EditItem]", refused: list[str], name: Callable[[Item], str]
) -> "list[EditItem]":
    done: list[EditItem] = []
    for item in items:
        try:
            done.append(do(item))
        except ApiProblem as problem:
            refused.append(f"{name(item)}: {problem.message}")
    return done


def _show(session: Session, choices: Choices, proposals: "Sequence[EditItem]", *, loud: bool) -> None:
    shown = "".join(file["diff"] for one in proposals for file in one["files"]).rstrip("\n")
    session.differs = session.differs or bool(shown)
    if shown and session.diff:
        choices.write_lines(safe_text(shown, multiline=True).splitlines())
    elif shown:
        (session.warn if loud else session.note)(shown)


def _not_taken(proposal: "EditItem") -> str:
    told = [f"{one['path']}:{one['line']}: {one['message']}" for one in proposal.get("problems", [])]
    return "\n".join(["the catalog would not take this", *told])


def _tell_unfinished(session: Session, edits: "Sequence[EditItem]") -> None:
    for edit in edits:
        if edit["state"] != "confirmed":
            session.warn(f"it is {edit['state']}: `{session.program} edits {edit['id']}` tells what became of it")


def listing_of(edits: "Sequence[EditItem]", columns: Sequence[str] = COLUMNS) -> Listing:
    """Edits as rows; the message by its first line."""

    def rows() -> Iterator[Row]:
        for edit in edits:
            values: dict[str, Any] = {**edit, "message": edit["message"].partition("\n")[0]}
            yield Row(edit["id"], [as_text(values[name]) for name in columns])

    return Listing(columns, rows, lambda: iter(edits))
