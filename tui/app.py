"""The door to the terminal interface. It asks the first question before it imports Textual: both take a while."""

import os
import sys
from collections.abc import Mapping
from typing import TextIO

from tui.client import Client
from tui.model.remote import Remote
from tui.model.symbols import symbols

NO_TERMINAL = 2
"""Exit code when there is no terminal to draw on."""


def run(client: Client, query: str = "") -> int:
    """Show the catalog until the person leaves; the exit code, 2 when there is no terminal for it."""
    if reason := refusal(sys.stdin, sys.stdout, os.environ):
        sys.stderr.write(f"catalog tui: {reason}; use `catalog list` and `catalog get` instead\n")
        return NO_TERMINAL
    from tui.screens.desk import open_desk

    desk = open_desk(Remote(client), symbols(), query)
    from tui.screens.shell import CatalogApp

    app = CatalogApp(desk)
    app.run()
    return app.return_code or 0


def refusal(stdin: TextIO, stdout: TextIO, environment: Mapping[str, str]) -> str:
    """Why no interface can be shown here, empty when it can: Textual itself would draw on a pipe without end."""
    if not stdin.isatty() or not stdout.isatty():
        return "needs a terminal, and standard input or output is not one"
    if environment.get("TERM", "") in ("dumb", ""):
        return f"TERM={environment.get('TERM', '') or '(unset)'} cannot show it"
    return ""
