"""`catalog properties`: what was said of entities beside their files; moved, exported, imported."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.command import DefaultGroup, catalog_command
from tui.cli.completion import complete_refs
from tui.cli.completion_values import complete_owners_of_properties, complete_paths
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.reference import not_found, parse_reference, resolve
from tui.cli.session import Session
from tui.client import ApiProblem

if TYPE_CHECKING:
    from tui.property_answers import EntityProperty, PropertyChange, PropertyRecord

OF_ONE = ("path", "git", "value", "effective", "mode", "set_by", "set_at", "source")
OF_ALL = ("ref", "path", "value", "mode", "set_by", "set_at", "source", "attached")


@click.group(
    "properties",
    cls=DefaultGroup,
    default="show",
    aliases={"list": "show"},
    help="Custom properties: list, move, export, import.",
    examples=(
        ("properties warehouse", "of one entity: git's value, the one that was set, what is in force"),
        ("properties", "all there are"),
        ("properties --unattached", "those whose entity is gone, or was renamed"),
        ("properties move old-name new-name", "to the entity's new name"),
        ("properties export properties.yaml", "into a file that can be kept in git"),
    ),
)
def properties() -> None:
    """The group itself does nothing."""


@catalog_command(
    "show",
    "With git's value, who set it, when, and through which door.",
    ("properties show warehouse", "of one entity; the word show may be left out"),
    ("properties show warehouse metadata.codeCoverageScore -o json", "one of them, for a script"),
    ("properties show --path metadata.tier", "every entity's value at one path"),
    ("properties show --unattached", "those whose entity is not there"),
)
@click.argument("ref", metavar="[REF]", required=False, default="", shell_complete=complete_refs)
@click.argument("path", metavar="[PATH]", shell_complete=complete_paths, required=False, default="")
@click.option(
    "--path",
    "at",
    metavar="PATH",
    shell_complete=complete_paths,
    default="",
    help="Of all entities, those at this path.",
)
@click.option("--unattached", is_flag=True, help="Only those whose entity is not there.")
@output_options(columns=OF_ALL)
def show(session: Session, choices: Choices, ref: str, path: str, at: str, unattached: bool) -> None:
    """Without a REF, every record; an entity that is not there is named by its full ref. Code 1 when an entity, or
    its property at PATH, is not there."""
    if ref and (at or unattached):
        raise Failure("--path and --unattached list all entities", next_step="leave out REF", code=ExitCode.USAGE)
    if not ref:
        choices.write(listing_of_all(session.client.all_properties(at, unattached=unattached)))
        return
    session.where = ref
    found = resolve(session.client, ref, session.program)
    try:
        answer = session.client.properties(found)
    except ApiProblem as problem:
        if problem.status == 404:
            raise not_found(ref, session.program) from problem
        raise
    wanted = _canonical(session, found, path) if path else ""
    listed = [one for one in answer["properties"] if wanted in ("", one["path"])]
    if path and not listed:
        raise Failure(
            f"no custom property is set at {path}",
            where=found,
            next_step=f"`{session.program} properties {ref}` shows those that are",
            code=ExitCode.NO,
        )
    if not answer["attached"]:
        session.warn(f"{found} is not there: its properties wait for it, or for `{session.program} properties move`")
    choices.write(listing_of_one(found, listed))


def _canonical(session: Session, ref: str, path: str) -> str:
    """The path as the daemon writes it; itself where nothing is set there."""
    return next((one["path"] for one in session.client.all_properties(path) if one["ref"] == ref), path)


def listing_of_one(ref: str, found: "Sequence[EntityProperty]") -> Listing:
    """The custom properties of one entity."""

    def rows() -> Iterator[Row]:
        for one in found:
            values: dict[str, Any] = {**one}
            yield Row(one["path"], [as_text(values[name]) for name in OF_ONE])

    return Listing(OF_ONE, rows, lambda: ({"ref": ref, **one} for one in found))


def listing_of_all(found: "Sequence[PropertyRecord]") -> Listing:
    """Custom properties of many."""

    def rows() -> Iterator[Row]:
        for one in found:
            values: dict[str, Any] = {**one}
            yield Row(one["ref"], [as_text(values[name]) for name in OF_ALL])

    return Listing(OF_ALL, rows, lambda: iter(found))


@catalog_command(
    "move",
    "Give the properties of one entity to another: after it was renamed.",
    ("properties move component:default/stock stock-service", "all of them"),
    ("properties move stock stock-service --dry-run", "what would be moved"),
)
@click.argument("old", metavar="OLD", shell_complete=complete_owners_of_properties)
@click.argument("new", metavar="NEW", shell_complete=complete_refs)
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@output_options(many=False)
def move(session: Session, choices: Choices, old: str, new: str, dry_run: bool) -> None:
    """OLD need not be there any more. All are moved together or not at all, with their modes. Code 5 when NEW has a
    property of its own at one of the paths."""
    session.where = old
    source, held = _held_by(session, old)
    target = resolve(session.client, new, session.program)
    session.where = new
    taken = {one["path"] for one in session.client.properties(target)["properties"]}
    if both := [one["path"] for one in held if one["path"] in taken]:
        raise Failure(
            f"{target} has values of its own at {', '.join(both)}",
            where=source,
            next_step=f"`{session.program} unset` those of one of the two, then move the rest",
            code=ExitCode.CONFLICT,
        )
    changes: list[PropertyChange] = []
    for one in held:
        changes.append({"ref": source, "path": one["path"], "op": "remove"})
        changes.append({"ref": target, "path": one["path"], "op": one["mode"], "value": one["value"]})
    session.client.change_properties(changes, source="cli", dry_run=dry_run)
    listed = [(one["path"], as_text(one["value"])) for one in held]

    def rows() -> Iterator[Row]:
        return (Row(target, (source, target, *cells)) for cells in listed)

    def items() -> Iterator[dict[str, Any]]:
        return ({"old": source, "new": target, "path": one["path"], "value": one["value"]} for one in held)

    choices.write(Listing(("old", "new", "path", "value"), rows, items))
    if dry_run:
        session.note("dry run: nothing was changed")


def _held_by(session: Session, text: str) -> "tuple[str, list[PropertyRecord]]":
    """The entity that a REF means among those with custom properties, and these."""
    meant = parse_reference(text)
    found: dict[str, list[PropertyRecord]] = {}
    for one in session.client.all_properties():
        kind, _, rest = one["ref"].partition(":")
        namespace, _, name = rest.partition("/")
        said = ((meant.kind, kind), (meant.namespace, namespace), (meant.name, name))
        if all(not part or part.lower() == actual for part, actual in said):
            found.setdefault(one["ref"], []).append(one)
    if len(found) == 1:
        return next(iter(found.items()))
    raise Failure(
        f"{text!r} is ambiguous:\n" + "\n".join(f"  {ref}" for ref in found)
        if found
        else f"no entity {text!r} has custom properties",
        next_step="name kind and namespace, as in the list above"
        if found
        else f"`{session.program} properties --unattached` lists those whose entity is gone",
        code=ExitCode.NO,
    )


@catalog_command(
    "export",
    "Every custom property, as YAML.",
    ("properties export properties.yaml", "into a file; `properties import` takes it back"),
    ("properties export > properties.yaml", "to standard output"),
    ("properties export --provenance", "with who, when and through which door, for reading"),
)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(dir_okay=False))
@click.option("--provenance", is_flag=True, help="With source, set_by and set_at, which an import does not take.")
@click.pass_obj
def export(session: Session, file: str | None, provenance: bool) -> None:
    """Sorted by entity and path, so that the file can be kept in git and a diff shows what changed."""
    from tui.cli.property_file import written

    records = session.client.all_properties()
    text = "".join(written(records, provenance=provenance))
    if file is None:
        Choices(session, pager=False).write_lines(text.splitlines())
        return
    from tui.cli.whole_file import write_whole

    write_whole(Path(file), [text.encode()])
    session.note(f"{len(records)} custom properties written to {file}")


@catalog_command(
    "import",
    "Store what `properties export` wrote.",
    ("properties import properties.yaml", "what differs is set; nothing is removed"),
    ("properties import - --dry-run", "from standard input; say what would happen"),
)
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@output_options(many=False)
def import_properties(session: Session, choices: Choices, file: str, dry_run: bool) -> None:
    """Values and modes are stored as the file says, also those of entities that are not there yet. What the catalog
    has beside is kept. An entity with a value that is refused is left out as a whole, and told with its line."""
    from tui.cli.ingestion.report import Report, write_report
    from tui.cli.ingestion.source import name_of
    from tui.cli.property_file import import_units, read_property_file

    entries = read_property_file(file)
    report = Report(name_of(file), dry_run=dry_run)
    import_units(session.client, entries, report, dry_run=dry_run)
    write_report(session, choices, report)


for _command in (show, move, export, import_properties):
    properties.add_command(_command)
