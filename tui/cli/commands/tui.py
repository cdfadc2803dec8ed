"""`catalog tui`: the full-screen interface."""

import os
import sys
from collections.abc import Callable, Mapping, MutableMapping

import click

from tui.cli.command import QueryCommand, catalog_command, query_line
from tui.cli.completion import complete_query
from tui.cli.completion_values import complete_files
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.session import Session
from tui.cli.terminal import is_dumb
from tui.client import DaemonUnreachable, state_directory

START_TIMEOUT = 30.0


@catalog_command(
    "tui",
    "The full-screen interface.",
    ("tui", "everything"),
    ("tui kind:component owner:team-pay", "begin with a query"),
    ("tui --read-only", "nothing can be changed until the lock is taken off"),
    cls=QueryCommand,
)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("--read-only", is_flag=True, help="Begin with writing switched off [env: CATALOG_READ_ONLY=1].")
@click.option(
    "--config", "file", metavar="FILE", shell_complete=complete_files, help="Configuration file [env: CATALOG_CONFIG]."
)
@click.pass_obj
def tui(session: Session, query: tuple[str, ...], read_only: bool, file: str | None) -> None:
    """Needs a terminal. Offers to start the daemon where none answers."""
    if file is not None:
        os.environ["CATALOG_CONFIG"] = file  # also for the daemon, where it is started from here
    open_tui(session, query_line(query), read_only=read_only)


def open_tui(session: Session, query: str = "", *, read_only: bool = False) -> None:
    """Check the terminal and the daemon, then show the interface until the person leaves it."""
    _need_terminal(session)
    _need_daemon(session)
    from tui.actions.keymap import KeymapError
    from tui.app import run
    from tui.cli.commands.config import config_path
    from tui.notebook import Notebook
    from tui.preferences import PreferenceError, read_preferences

    prefer_browser(os.environ)
    if session.trace:
        session.trace.verbose = False  # its lines would be drawn over; `--debug` still has them
    locked = read_only or wants_read_only(os.environ)
    notebook = Notebook(state_directory(session.state) / "tui.json")
    try:
        preferences = read_preferences(config_path())
        code = run(
            session.client,
            query,
            session.bookmarks,
            read_only=locked,
            notebook=notebook,
            preferences=preferences,
            start_daemon=_starter(session),
        )
    except (PreferenceError, KeymapError) as error:
        where = getattr(error, "where", str(config_path()))
        raise Failure(str(error), where=where, next_step=error.hint, code=ExitCode.USAGE) from None
    if code:
        raise SystemExit(code)


def wants_read_only(environment: Mapping[str, str]) -> bool:
    """Whether `CATALOG_READ_ONLY` asks for it; anything but nothing, 0, no and false does."""
    return environment.get("CATALOG_READ_ONLY", "").strip().lower() not in ("", "0", "no", "false")


def prefer_browser(environment: MutableMapping[str, str]) -> None:
    """Let `CATALOG_BROWSER` come before `BROWSER`, which is what the standard library heeds."""
    if chosen := environment.get("CATALOG_BROWSER"):
        environment["BROWSER"] = chosen


def _need_terminal(session: Session) -> None:
    from tui.app import is_served

    if is_served(os.environ):
        return
    # Textual writes its sequences to whatever stdout is, and waits for ever where no terminal answers.
    if sys.stdin.isatty() and sys.stdout.isatty() and not is_dumb():
        return
    raise Failure(
        "there is no terminal for the TUI",
        where="TERM=dumb" if is_dumb() else "standard input or output",
        next_step=f"`{session.program} list` prints the same entities",
        code=ExitCode.USAGE,
    )


def _need_daemon(session: Session) -> None:
    try:
        session.client.status()
    except DaemonUnreachable:
        if os.environ.get("CATALOG_URL") or session.no_input or not _start_wanted(session):
            raise
        from tui.cli.commands.daemon import start_daemon

        start_daemon(session, [], START_TIMEOUT)


def _starter(session: Session) -> Callable[[], int] | None:
    """What starts the daemon once it is gone; None where it is another machine's."""
    if os.environ.get("CATALOG_URL"):
        return None
    from tui.cli import daemon_process

    return lambda: daemon_process.start(state_directory(session.state), [], START_TIMEOUT, session.program)


def _start_wanted(session: Session) -> bool:
    return session.agrees("No daemon answers. Start it in the background?", default=True)
