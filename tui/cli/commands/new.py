"""`catalog new`: an entity that no file says yet, drafted as its kind wants it, and committed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.assignment import read_assignments
from tui.cli.command import ValueCommand, catalog_command, plain
from tui.cli.completion import complete_locations
from tui.cli.completion_values import complete_files, complete_kinds
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row
from tui.cli.location_id import location_id
from tui.cli.output import Choices, output_options
from tui.cli.proposing import carry_out, message_option, target_option, yes_option
from tui.cli.session import Session

if TYPE_CHECKING:
    from tui.edit_answers import OutlineAnswer


@catalog_command(
    "new",
    "A new entity: drafted as its kind wants it, checked, committed.",
    ("new component shop --dry-run", "print what a Component must say, with examples; no location needed"),
    ("new component shop spec.type=service spec.lifecycle=production spec.owner=team-a", "on a branch of its own"),
    ("new group team-a spec.type=team --to commit -y", "on the branch that is read"),
    ("new --from shop.yaml", "the text of a file: what --dry-run printed, and somebody completed"),
    cls=ValueCommand,
)
@click.argument("words", metavar="[KIND NAME] [PATH=VALUE]…", nargs=-1, shell_complete=complete_kinds)
@click.option("--namespace", metavar="NAME", default="default", help="The namespace of the entity.")
@click.option(
    "--location",
    metavar="LOCATION",
    default="",
    shell_complete=complete_locations,
    help="Where it goes; may be left out where one location only may be written to.",
)
@click.option("--path", metavar="FILE", default="", help="Its file in the repository; one that fits where left out.")
@click.option(
    "--from",
    "source",
    metavar="FILE",
    shell_complete=complete_files,
    help="The text of a file instead; - is standard input.",
)
@target_option
@message_option
@click.option("--dry-run", is_flag=True, help="Print the descriptor, or with --from the difference; push nothing.")
@yes_option
@output_options(many=False)
def new(
    session: Session,
    choices: Choices,
    words: tuple[str, ...],
    namespace: str,
    location: str,
    path: str,
    source: str | None,
    target: str,
    message: str,
    dry_run: bool,
    yes: bool,
) -> None:
    """KIND is one of Backstage's, spelled in any case, or one that a Blueprint declares. The file is made, or gets one
    document more. Code 1 where the catalog would not take it, 2 where a field is still to be said, 5 where the entity
    is there already, 6 where nothing may be written."""
    said = plain(words)
    text = _read(session, said, source) if source else _draft(session, choices, said, namespace, dry_run=dry_run)
    if text is None:
        return
    create: dict[str, Any] = {"text": text, "path": path}
    if location:
        create["location"] = location_id(session, location)
    carry_out(session, choices, {"create": create, "target": target, "message": message}, yes=yes, dry_run=dry_run)


def _draft(session: Session, choices: Choices, words: list[str], namespace: str, *, dry_run: bool) -> str | None:
    """The text of the new document; None where it was printed only."""
    if len(words) < 2:
        raise Failure(
            "kind and name are needed", next_step=f"such as {session.program} new component shop", code=ExitCode.USAGE
        )
    kind, name, *rest = words
    session.where = f"{kind} {name}"
    values = [{"path": one.path, "value": one.value} for one in read_assignments(rest)] if rest else []
    drawn = session.client.outline({"kind": kind, "name": name, "namespace": namespace, "values": values})
    _check(drawn)
    from tui.cli.yaml_text import yaml_text

    text = yaml_text(drawn["entity"])
    if dry_run:
        _print(choices, drawn, text)
        for path in drawn["open"]:
            session.note(f"{path} holds an example: give it a value")
        session.note("dry run: nothing was pushed")
        return None
    if drawn["open"]:
        raise Failure(
            f"{', '.join(drawn['open'])}: {'these are' if len(drawn['open']) > 1 else 'this is'} still to be said",
            where=session.where,
            next_step=f"add {drawn['open'][0]}=VALUE; --dry-run prints an example",
            code=ExitCode.USAGE,
        )
    return text


def _check(drawn: "OutlineAnswer") -> None:
    if drawn["problems"]:
        raise Failure(
            "\n".join(["the catalog would not take this", *(one["message"] for one in drawn["problems"])]),
            next_step=drawn["problems"][0]["hint"] or "correct the value; nothing was pushed",
            code=ExitCode.NO,
        )


def _print(choices: Choices, drawn: "OutlineAnswer", text: str) -> None:
    """As YAML, unless another format was asked for."""
    if choices.chosen in ("", "yaml") and not choices.columns:
        choices.write_lines(text.rstrip("\n").split("\n"))
        return
    entity = drawn["entity"]
    cells = [entity["kind"], entity["metadata"]["name"]]
    row = Row(entity["metadata"]["name"], cells)
    choices.write(Listing(("kind", "name"), lambda: [row], lambda: [entity], single=True))


def _read(session: Session, words: list[str], source: str) -> str:
    """The text that somebody has written."""
    session.where = source
    if words:
        raise Failure("--from takes the text as it is", next_step="leave out all words", code=ExitCode.USAGE)
    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Failure(
            "the text is not UTF-8", where=source, next_step="write it as UTF-8", code=ExitCode.USAGE
        ) from error
