"""`catalog apply`: entities as a file has them; what differs from the catalog is changed, and nothing else."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from tui.cli.command import catalog_command
from tui.cli.commands.set import write_effects
from tui.cli.completion_values import complete_files
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.ingestion.source import content_of, name_of
from tui.cli.output import Choices, output_options
from tui.cli.proposing import carry_out_all, edits_of, message_option, preview_options
from tui.cli.reference import not_found
from tui.cli.session import Session
from tui.client import ApiProblem

if TYPE_CHECKING:
    from tui.property_answers import PropertyChange

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


@catalog_command(
    "apply",
    "Make entities say what a file says; fields that it leaves out stay.",
    ("apply -f w.yaml --to commit", "w.yaml from `get warehouse -o yaml`, and changed: shows the difference, pushes"),
    ("apply -f w.yaml --to overlay", "beside the file"),
)
@click.option(
    "-f",
    "--file",
    "file",
    metavar="FILE",
    shell_complete=complete_files,
    required=True,
    help="Entities as YAML or JSON; - is standard input.",
)
@click.option(
    "--to",
    "target",
    type=click.Choice(["overlay", "branch", "commit"]),
    default="branch",
    help="A branch of its own, the default, a commit on the branch that is read, or beside the file.",
)
@message_option
@preview_options("Show the difference; change nothing.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before it is pushed.")
@output_options(many=False)
def apply(session: Session, choices: Choices, file: str, target: str, message: str, dry_run: bool, yes: bool) -> None:
    """Every entity has to be there already. A field that says what the catalog shows is no change: what `get -o yaml`
    printed changes nothing. Lists are taken as a whole."""
    session.where = name_of(file)
    changes = {ref: found for ref, entity in _entities(file) if (found := _changes(session, ref, entity))}
    if not changes:
        session.note("nothing is to be changed")
        return
    if target == "overlay":
        listed = [one for found in changes.values() for one in found]
        write_effects(session, choices, session.client.change_properties(listed, source="cli", dry_run=dry_run))
        return
    carry_out_all(session, choices, edits_of(session, changes, target, message), yes=yes, dry_run=dry_run)


def _entities(file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each entity of the file with its ref. Raises `Failure`."""
    from tui.model.yaml_values import Values, YamlFault, documents

    try:
        values = Values()
        for placed in documents(content_of(file)):
            entity = values.value(placed)
            if entity is not None:
                yield _ref(entity, f"{name_of(file)}:{placed.line}"), entity
    except YamlFault as fault:
        raise Failure(
            str(fault), where=f"{name_of(file)}:{fault.line}", next_step="correct the file", code=ExitCode.USAGE
        ) from fault


def _ref(entity: Any, where: str) -> str:
    metadata = entity.get("metadata") if isinstance(entity, dict) else None
    if not isinstance(metadata, dict) or not isinstance(entity.get("kind"), str) or "name" not in metadata:
        raise Failure(
            "this is no entity",
            where=where,
            next_step="a document has kind and metadata.name, as `get -o yaml` prints it",
            code=ExitCode.USAGE,
        )
    return f"{entity['kind']}:{metadata.get('namespace') or 'default'}/{metadata['name']}".lower()


def _changes(session: Session, ref: str, wanted: dict[str, Any]) -> "list[PropertyChange]":
    """What differs from what the catalog shows."""
    try:
        shown = session.client.entity(ref)["entity"]
    except ApiProblem as problem:
        if problem.status == 404:
            raise not_found(ref, session.program) from problem
        raise
    return [
        {"ref": ref, "path": ".".join(map(_segment, path)), "op": "replace", "value": value}
        for path, value in _differing(wanted, shown, ())
    ]


def _differing(wanted: Any, shown: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(wanted, dict) and wanted and (isinstance(shown, dict) or shown is None):
        for key, value in wanted.items():
            yield from _differing(value, (shown or {}).get(key), (*path, key))
    elif wanted is not None and (type(wanted), wanted) != (type(shown), shown):
        yield path, wanted


def _segment(key: str) -> str:
    if _PLAIN.fullmatch(key):
        return key
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
