"""`catalog set` and `catalog unset`: values of one entity, or of all that a query line means; beside git or in it."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from tui.cli.assignment import read_assignments
from tui.cli.command import ValueCommand, catalog_command, plain
from tui.cli.completion import complete_refs
from tui.cli.completion_values import complete_assignments, complete_line
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.json_text import json_text
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.proposing import carry_out_all, edits_of, message_option, preview_options
from tui.cli.reference import resolve
from tui.cli.session import Session
from tui.safe_text import safe_text

if TYPE_CHECKING:
    from tui.property_answers import Operation, PropertyChange, PropertyEffect

COLUMNS = ("ref", "path", "effect", "old", "new")
SHOWN = 5
"""Entities that the plan of a bulk change names."""

_query = click.option(
    "--query",
    "line",
    metavar="LINE",
    shell_complete=complete_line,
    help="All entities that a query line means, instead of REF.",
)
_skip = click.option(
    "--skip", metavar="REF", shell_complete=complete_refs, multiple=True, help="Not this one of them; may be repeated."
)
_preview = preview_options("Say what would happen; change nothing.")
_yes = click.option("-y", "--yes", is_flag=True, help="Do not ask before a bulk change or a push.")
_to = click.option(
    "--to",
    "target",
    type=click.Choice(["overlay", "branch", "commit"]),
    default="overlay",
    help="Beside the file, the default; or in it: on a branch of its own, or by a commit on the branch that is read.",
)


@catalog_command(
    "set",
    "Values of an entity: beside what git says, or as a commit.",
    ("set warehouse metadata.codeCoverageScore=33", "one value; JSON where it is JSON, else text"),
    ("set warehouse 'metadata.annotations.\"acme.test/pager\"' P-17", "path and value as two words"),
    ("set warehouse --append 'metadata.tags=[\"audited\"]'", "one tag more than git has"),
    ("set warehouse metadata.report=@report.json", "the content of a file; - is standard input"),
    ("set --query 'owner:team-pay kind:component' metadata.tier=gold", "of many entities; asks first"),
    ("set warehouse spec.owner=team-pay --to commit", "in its file: shows the difference, asks, pushes"),
    ("set warehouse spec.owner=team-pay --to commit --diff --exit-code", "only the difference; code 1 if there is one"),
    cls=ValueCommand,
)
@click.argument("words", metavar="[REF] PATH=VALUE…", nargs=-1, shell_complete=complete_assignments)
@click.option("--append", "mode", flag_value="append", help="Add to the list or map that is there.")
@click.option("--union", "mode", flag_value="union", help="Add what the list does not have yet.")
@_to
@message_option
@_query
@_skip
@_preview
@_yes
@output_options(many=False, columns=COLUMNS)
def set_properties(
    session: Session,
    choices: Choices,
    words: tuple[str, ...],
    target: str,
    message: str,
    mode: "Operation | None",
    line: str | None,
    skip: tuple[str, ...],
    dry_run: bool,
    yes: bool,
) -> None:
    """Without --to, the files in git stay as they are; a value that is set wins over git's at its path, until it is
    unset. All values of one entity are set together or not at all."""
    ref, rest = _ref_and_rest(words, line)
    op = mode or "replace"
    assigned = read_assignments(rest)

    def changes(ref: str) -> "list[PropertyChange]":
        return [{"ref": ref, "path": one.path, "op": op, "value": one.value} for one in assigned]

    if target != "overlay":
        _edit(session, choices, _selected_refs(session, ref, line, skip), changes, target, message, yes, dry_run)
        return
    told = ", ".join(f"{one.path} = {as_text(one.value)}" for one in assigned)
    _change(session, choices, ref, line, skip, changes, f"set {told}", dry_run=dry_run, yes=yes)


@catalog_command(
    "unset",
    "Remove values: custom properties, or fields of a file as a commit.",
    ("unset warehouse metadata.codeCoverageScore", "one value"),
    ("unset --query tag:legacy metadata.tier", "of many entities; asks first"),
    ("unset warehouse metadata.title --to branch", "out of its file, as a proposal on a branch"),
)
@click.argument("words", metavar="[REF] PATH…", nargs=-1, shell_complete=complete_assignments)
@_to
@message_option
@_query
@_skip
@_preview
@_yes
@output_options(many=False, columns=COLUMNS)
def unset_properties(
    session: Session,
    choices: Choices,
    words: tuple[str, ...],
    target: str,
    message: str,
    line: str | None,
    skip: tuple[str, ...],
    dry_run: bool,
    yes: bool,
) -> None:
    """Without --to, nothing of git is touched. What was never set is reported as absent, which is no failure."""
    ref, paths = _ref_and_rest(words, line)
    if not paths:
        raise Failure("no path is named", next_step="name what to remove: metadata.tier", code=ExitCode.USAGE)

    def changes(ref: str) -> "list[PropertyChange]":
        return [{"ref": ref, "path": path, "op": "remove"} for path in paths]

    if target != "overlay":
        _edit(session, choices, _selected_refs(session, ref, line, skip), changes, target, message, yes, dry_run)
        return
    _change(session, choices, ref, line, skip, changes, f"unset {', '.join(paths)}", dry_run=dry_run, yes=yes)


def _ref_and_rest(words: Sequence[str], line: str | None) -> tuple[str, list[str]]:
    """The REF, "" where a query line says which entities are meant, and what follows it."""
    said = plain(words)
    if line is not None:
        return "", said
    if not said:
        raise Failure("no entity is named", next_step="name a REF, or --query LINE", code=ExitCode.USAGE)
    return said[0], said[1:]


def _change(
    session: Session,
    choices: Choices,
    ref: str,
    line: str | None,
    skip: Sequence[str],
    changes: "Callable[[str], list[PropertyChange]]",
    plan: str,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    if line is None:
        if skip:
            raise Failure("--skip belongs to --query", next_step="leave it out", code=ExitCode.USAGE)
        session.where = ref
        found = resolve(session.client, ref, session.program)
        effects = session.client.change_properties(changes(found), source="cli", dry_run=dry_run)
        write_effects(session, choices, effects)
        if dry_run:
            session.note("dry run: nothing was changed")
        return
    refs = _selected(session, line, skip)
    session.query = ""
    if not refs:
        session.note("no entity is meant; nothing to do")
        return
    if not dry_run:
        session.confirm(f"{_counted(refs)}: {plan}?", yes=yes)
    _change_all(session, choices, refs, changes, dry_run=dry_run)


def _edit(
    session: Session,
    choices: Choices,
    refs: Sequence[str],
    changes: "Callable[[str], list[PropertyChange]]",
    target: str,
    message: str,
    yes: bool,
    dry_run: bool,
) -> None:
    bodies = edits_of(session, {ref: changes(ref) for ref in refs}, target, message)
    carry_out_all(session, choices, bodies, yes=yes, dry_run=dry_run)


def _selected_refs(session: Session, ref: str, line: str | None, skip: Sequence[str]) -> list[str]:
    if line is None:
        session.where = ref
        return [resolve(session.client, ref, session.program)]
    refs = _selected(session, line, skip)
    session.query = ""
    if not refs:
        raise Failure("no entity is meant", where=line, next_step="`list` shows what it means", code=ExitCode.NO)
    return refs


def _selected(session: Session, line: str, skip: Sequence[str]) -> list[str]:
    from tui.cli.paging import find_rows

    session.query = line
    left_out = {resolve(session.client, one, session.program) for one in skip}
    rows = find_rows(session.client, line, ("name",), "", None).rows()
    return [row.name for row in rows if row.name not in left_out]


def _counted(refs: Sequence[str]) -> str:
    more = f" and {len(refs) - SHOWN} more" if len(refs) > SHOWN else ""
    return f"{len(refs)} {'entity' if len(refs) == 1 else 'entities'} ({', '.join(refs[:SHOWN])}{more})"


def _change_all(
    session: Session,
    choices: Choices,
    refs: Sequence[str],
    changes: "Callable[[str], list[PropertyChange]]",
    *,
    dry_run: bool,
) -> None:
    from tui.cli.ingestion.pipeline import carried_out
    from tui.cli.property_changes import BATCH, property_sender, property_unit

    units = (property_unit(ref, changes(ref)) for ref in refs)
    send = property_sender(session.client, "cli", dry_run=dry_run)
    effects: list[PropertyEffect] = []
    refused = []
    for outcome in carried_out(units, send, most=BATCH, in_flight=1):
        effects += outcome.answers
        if outcome.reason:
            refused.append(outcome)
    write_effects(session, choices, effects)
    for one in refused:
        session.warn(f"{one.unit.ref}: {one.reason}")
    if dry_run:
        session.note("dry run: nothing was changed")
    if refused:
        raise SystemExit(ExitCode.PARTLY if effects else ExitCode.FAILED)


def write_effects(session: Session, choices: Choices, effects: "Sequence[PropertyEffect]") -> None:
    """What became of each change, or (`--diff`) what would, as the lines of a difference."""
    session.differs = session.differs or any(one["old"] != one["new"] for one in effects)
    if session.diff:
        choices.write_lines(line for one in effects for line in _difference(one))
    else:
        choices.write(listing_of(effects))


def _difference(effect: "PropertyEffect") -> Iterator[str]:
    if effect["old"] == effect["new"]:
        return
    yield safe_text(f"@@ {effect['ref']} {effect['path']} @@")
    for sign, value in (("-", effect["old"]), ("+", effect["new"])):
        if value is not None:
            yield sign + json_text(value)


def listing_of(effects: "Sequence[PropertyEffect]") -> Listing:
    """What became of each change."""

    def rows() -> Iterator[Row]:
        for one in effects:
            values: list[Any] = [one["ref"], one["path"], one["effect"], one["old"], one["new"]]
            yield Row(one["ref"], [as_text(value) for value in values])

    return Listing(COLUMNS, rows, lambda: iter(effects))
