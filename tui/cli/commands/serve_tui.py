"""`catalog serve-tui`: the full-screen interface in a browser."""

import asyncio
import os
import sys

import click

from tui.cli.command import QueryCommand, catalog_command, query_line
from tui.cli.commands.tui import wants_read_only
from tui.cli.completion import complete_query
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.session import Session

EXTRA = "pip install 'git-catalog[browser]'"
PORT = 8787


@catalog_command(
    "serve-tui",
    "The full-screen interface in a browser of this machine.",
    ("serve-tui", "prints an address: open it; ^C ends it"),
    ("serve-tui --port 0 kind:component", "any free port, and a query to begin with"),
    ("serve-tui --writable", "what can be written in a terminal can be written in the browser"),
    cls=QueryCommand,
)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where it listens.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0 for any free one.")
@click.option("--writable", is_flag=True, help="Let the browser write; without it nothing can be changed there.")
@click.option(
    "--unprotected",
    is_flag=True,
    help="Listen beyond this machine: no login, no encryption; who learns the address acts as you.",
)
@click.pass_obj
def serve_tui(
    session: Session, query: tuple[str, ...], host: str, port: int, writable: bool, unprotected: bool
) -> None:
    """Each page is a `catalog tui` of its own, which acts as you; the address that is printed holds a key."""
    try:
        from tui.served.server import LOOPBACK_NAMES, PageServer, is_loopback, serve
    except ModuleNotFoundError as error:
        raise Failure(
            "the interface in a browser needs textual-serve, which is not installed",
            where=f"module {error.name}",
            next_step=f"install the extra: {EXTRA}",
            code=ExitCode.USAGE,
        ) from None
    if not is_loopback(host) and not unprotected:
        raise Failure(
            f"{host} can be reached from other machines, and there is no login and no encryption: "
            "who learns the address acts as you",
            where="--host",
            next_step="reach 127.0.0.1 through a tunnel (ssh -L), or say --unprotected",
            code=ExitCode.REFUSED,
        )
    session.client.status()  # a daemon that is not there is said here, not in the browser
    command = [sys.executable, "-m", "tui.cli", "tui"]
    command += ["--state", session.state] if session.state else []
    command += [] if writable else ["--read-only"]
    command += [line] if (line := query_line(query)) else []
    locked = not writable or wants_read_only(os.environ)
    server = PageServer(command, host, LOOPBACK_NAMES if is_loopback(host) else ())

    def tell(address: str) -> None:
        print(address, flush=True)
        session.note(f"{'read-only' if locked else 'it can be written to'}; keep the address to yourself; ^C ends it")

    try:
        asyncio.run(serve(server, port, tell))
    except OSError as error:
        next_step = "choose another with --port, or 0 for any free one"
        raise Failure(
            f"cannot listen: {error.strerror or error}", where=f"{host}:{port}", next_step=next_step
        ) from None
