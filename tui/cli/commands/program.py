"""Commands that the daemon's program carries out itself: their arguments and exit codes pass through."""

import click

from tui.cli.command import catalog_command
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
@click.argument("arguments", metavar="PATH…", nargs=-1, required=True, type=click.UNPROCESSED)
def validate(arguments: tuple[str, ...]) -> None:
    """Prints file:line: message for each problem; exit code 1 when there are any."""
    become_daemon_program("validate", *arguments)


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
