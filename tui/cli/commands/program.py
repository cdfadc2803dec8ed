"""Commands that the daemon's program carries out itself: their arguments and exit codes pass through."""

import click

from tui.cli.command import catalog_command
from tui.cli.completion_values import complete_files
from tui.cli.daemon_program import become_daemon_program
from tui.cli.session import Session
from tui.client import state_directory

_PASS = {"ignore_unknown_options": True}


@catalog_command(
    "validate",
    "Check catalog files without a daemon.",
    ("validate catalog-info.yaml", "one file"),
    ("validate .", "all catalog files below a folder"),
    common=False,
    context_settings=_PASS,
)
@click.argument(
    "arguments", metavar="PATH…", nargs=-1, required=True, type=click.UNPROCESSED, shell_complete=complete_files
)
def validate(arguments: tuple[str, ...]) -> None:
    """Prints file:line: message for each problem; exit code 1 when there are any."""
    become_daemon_program("validate", *arguments)


@catalog_command(
    "doctor",
    "Whether this machine and the daemon are as they should be.",
    ("doctor", "each check with what to do, while a daemon runs or not"),
    ("doctor -o json", "for a script"),
)
@click.option("-o", "--output", type=click.Choice(["table", "json"]), metavar="FORMAT", help="table or json.")
@click.option("--config", metavar="FILE", type=click.Path(dir_okay=False), help="Configuration file.")
@click.pass_obj
def doctor(session: Session, output: str | None, config: str | None) -> None:
    """Changes nothing. Exit code 8 when a check failed; warnings alone leave it 0."""
    options = [*(["--config", config] if config else []), *(["--output", output] if output else [])]
    become_daemon_program("doctor", "--state", str(state_directory(session.state)), *options)


@catalog_command(
    "rebuild",
    "Build the index again from the mirrors and the owned data.",
    ("rebuild", "while no daemon runs"),
)
@click.option("--config", metavar="FILE", type=click.Path(dir_okay=False), help="Configuration file.")
@click.pass_obj
def rebuild(session: Session, config: str | None) -> None:
    """Nothing is lost: whatever the index holds can be read again. Exit code 5 while a daemon runs."""
    chosen = ["--config", config] if config else []
    become_daemon_program("rebuild", "--state", str(state_directory(session.state)), *chosen)


@catalog_command(
    "backup",
    "A copy of the owned data in one file, while the daemon works.",
    ("backup /srv/backups/", "a new file in that folder; its name is printed"),
    ("backup /srv/backups/ --keep 14", "and only the 14 newest stay"),
    ("backup before.zip", "a file of that name"),
)
@click.argument("path", metavar="[PATH]", required=False, type=click.Path())
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="Remove all but the N newest from the folder.")
@click.pass_obj
def backup(session: Session, path: str | None, keep: int | None) -> None:
    """Without PATH, into STATE/backups. What git can give again is not in it."""
    options = [*(["--keep", str(keep)] if keep else []), *(["--", path] if path else [])]
    become_daemon_program("backup", "--state", str(state_directory(session.state)), *options)


@catalog_command(
    "restore",
    "Put the owned data of a backup in place.",
    ("restore /srv/backups/catalog-20261124T161200Z.zip", "asks first; the daemon must not run"),
    ("restore /srv/backups/ --yes", "the newest of a folder, without a question"),
)
@click.argument("path", metavar="PATH", type=click.Path(exists=True))
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def restore(session: Session, path: str, yes: bool) -> None:
    """What is there is kept beside it; the index is built again by the next start. Exit code 5 while a daemon runs."""
    state = state_directory(session.state)
    session.confirm(f"Put the owned data of {path} in the place of those in {state}?", yes=yes)
    become_daemon_program("restore", "--state", str(state), "--", path)
