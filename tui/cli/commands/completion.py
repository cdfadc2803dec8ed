"""`catalog completion`: the script that makes a shell complete our words."""

import click

from tui.cli.command import catalog_command
from tui.cli.output import Choices
from tui.cli.session import Session
from tui.cli.shell_scripts import SHELLS, script


@catalog_command(
    "completion",
    "The script that makes a shell complete commands, refs and fields.",
    ("completion bash >> ~/.bashrc", "bash 4.4 or later"),
    ("completion zsh > ~/.zfunc/_catalog", "zsh"),
    ("completion fish > ~/.config/fish/completions/catalog.fish", "fish"),
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_obj
def completion(session: Session, shell: str) -> None:
    """Refs and values are asked of the daemon, for at most 150 ms."""
    Choices(session, pager=False).write_lines(script(shell).splitlines())
