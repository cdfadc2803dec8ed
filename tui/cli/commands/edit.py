"""`catalog edit`: the document of an entity in an editor, and what was written as a commit."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.command import catalog_command
from tui.cli.completion import complete_refs
from tui.cli.completion_values import complete_files
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.output import Choices, output_options
from tui.cli.proposing import carry_out, message_option, preview_options, target_option, yes_option
from tui.cli.reference import resolve
from tui.cli.session import Session
from tui.foreground import run_in_foreground
from tui.model.editor import editor_command

if TYPE_CHECKING:
    from tui.edit_answers import DocumentText


@catalog_command(
    "edit",
    "The document of an entity in an editor; what is written becomes a commit.",
    ("edit warehouse", "opens your editor, shows the difference, asks, pushes to a branch of its own"),
    ("edit warehouse --to commit -m 'New owner'", "to the branch that is read"),
    ("edit warehouse --from warehouse-x1.yaml", "the text of a file instead: one that was kept, for instance"),
)
@click.argument("ref", metavar="REF", shell_complete=complete_refs)
@click.option(
    "--from",
    "source",
    metavar="FILE",
    shell_complete=complete_files,
    help="Take the text from a file; no editor is opened.",
)
@target_option
@message_option
@preview_options("Show the difference; push nothing.")
@yes_option
@output_options(many=False)
def edit(
    session: Session,
    choices: Choices,
    ref: str,
    source: str | None,
    target: str,
    message: str,
    dry_run: bool,
    yes: bool,
) -> None:
    """Other documents of the file stay as they are. What was written is never lost: where anything fails, the message
    names the file that has it. Code 5 where somebody else changed the document meanwhile."""
    session.where = ref
    found = resolve(session.client, ref, session.program)
    document = session.client.document(found)
    _check_write(session, document)
    kept = Path(source) if source else _edited(document, found)
    text = _read(kept)
    if text == document["text"]:
        session.note("nothing was changed")
        _drop(kept, source)
        return
    change = {"ref": found, "text": text}
    body = {"changes": [change], "target": target, "message": message, "if_match": document["blob"]}
    try:
        carry_out(session, choices, body, yes=yes, dry_run=dry_run)
    except BaseException:
        session.warn(f"your text is kept in {kept}: `{session.program} edit {ref} --from {kept}` tries it again")
        raise
    _drop(kept, source)


def _check_write(session: Session, document: "DocumentText") -> None:
    """Nobody should write for nothing."""
    if document["write"] == "none":
        said = 'set write = "branch" or write = "commit" in its [[locations]] of the configuration'
        let = f"`{session.program} location set {document['location']} --write branch`, or commit"
        raise Failure(
            f'the location of {document["path"]} is not written to: its write is "none"',
            where=document["ref"],
            next_step=said if document["configured"] else let,
            code=ExitCode.REFUSED,
        )


def _edited(document: "DocumentText", ref: str) -> Path:
    """The file that the person has written in an editor."""
    name = "".join(char for char in ref.rpartition("/")[2] if char.isalnum() or char in "._-")
    descriptor, path = tempfile.mkstemp(prefix=f"{name}-", suffix=".yaml")
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(document["text"])
    command = editor_command()
    try:
        code = run_in_foreground([*command, path])
    except OSError as error:
        Path(path).unlink()
        raise Failure(
            f"the editor cannot be started: {error.strerror}",
            where=command[0],
            next_step="name one in EDITOR",
            code=ExitCode.FAILED,
        ) from error
    if code:
        raise Failure(
            f"the editor ended with code {code}; your text is kept",
            where=path,
            next_step="`--from FILE` takes it from there",
            code=ExitCode.FAILED,
        )
    return Path(path)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Failure(
            "the text is not UTF-8", where=str(file), next_step="write it as UTF-8", code=ExitCode.USAGE
        ) from error


def _drop(file: Path, source: str | None) -> None:
    """Remove what we made ourselves."""
    if source is None:
        file.unlink(missing_ok=True)
