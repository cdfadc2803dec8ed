"""`catalog browse`: the catalog by lines instead of a screen."""

import sys

import click

from tui.cli.command import QueryCommand, catalog_command, query_line
from tui.cli.commands.tui import open_tui
from tui.cli.completion import complete_query
from tui.cli.session import Session

PROMPT = "catalog> "


@catalog_command(
    "browse",
    "Look around: full-screen, or line by line for screen readers.",
    ("browse --plain", "everything, line by line"),
    ("browse --plain kind:component owner:@me", "begin with a query line"),
    cls=QueryCommand,
)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("--plain", is_flag=True, help="Lines of text and a prompt: nothing moves, no colour.")
@click.pass_obj
def browse(session: Session, query: tuple[str, ...], plain: bool) -> None:
    """Without --plain it is `tui`. With it, commands are read from standard input, a pipe too: `?` lists them."""
    if not plain:
        open_tui(session, query_line(query))
        return
    from tui.cli.plain_browser import PlainBrowser
    from tui.model.remote import Remote

    session.client.status()  # a daemon that is not there is said by the exit code, too
    browser = PlainBrowser(Remote(session.client), session.bookmarks, _say)
    browser.begin(query_line(query))
    while True:
        try:
            command = input(PROMPT) if sys.stdin.isatty() else sys.stdin.readline()
        except EOFError:
            return
        if (not command and not sys.stdin.isatty()) or not browser.obey(command):
            return


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
