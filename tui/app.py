"""The door to the terminal interface. It asks the first question before it imports Textual: both take a while."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import TextIO

from tui.actions import ACTIONS
from tui.actions.keymap import keymap
from tui.bookmarks import Bookmarks
from tui.client import Client
from tui.model.remote import Remote
from tui.model.symbols import symbols
from tui.notebook import Notebook
from tui.preferences import Preferences

NO_TERMINAL = 2
"""Exit code when there is no terminal to draw on."""


def run(
    client: Client,
    query: str = "",
    bookmarks: Bookmarks | None = None,
    *,
    read_only: bool = False,
    notebook: Notebook | None = None,
    preferences: Preferences | None = None,
    start_daemon: Callable[[], int] | None = None,
) -> int:
    """Show the catalog until the person leaves; the exit code, 2 when there is no terminal for it.

    Raises KeymapError for keys that cannot be as the preferences want them.
    """
    wanted = preferences or Preferences()
    keys = keymap(wanted.keys, ACTIONS)
    served = is_served(os.environ)
    if not served and (reason := refusal(sys.stdin, sys.stdout, os.environ)):
        sys.stderr.write(f"catalog tui: {reason}; use `catalog list` and `catalog get` instead\n")
        return NO_TERMINAL
    with nullcontext() if served else _curtain(sys.stdout):
        from tui.screens.desk import open_desk

        desk = open_desk(
            Remote(client), symbols(), query, bookmarks, read_only=read_only, notebook=notebook, keymap=keys
        )
        desk.start_daemon, desk.served = start_daemon, served
        from tui.screens.shell import CatalogApp

        app = CatalogApp(desk, wanted.theme, wanted.themes)
    app.run()
    return app.return_code or 0


@contextmanager
def _curtain(stdout: TextIO) -> Iterator[None]:
    """Take the screen at once, with a word of what is coming: importing Textual takes longer than a person waits
    without wondering. Textual takes the same screen over; if it does not come to that, the old one comes back."""
    stdout.write("\x1b[?1049h\x1b[H\x1b[2J\x1b[2m catalog: opening …\x1b[0m")
    stdout.flush()
    try:
        yield
    except BaseException:
        stdout.write("\x1b[?1049l")
        stdout.flush()
        raise


def is_served(environment: Mapping[str, str]) -> bool:
    """Whether a web server stands where the terminal would: it takes what is drawn from a pipe."""
    return environment.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")


def refusal(stdin: TextIO, stdout: TextIO, environment: Mapping[str, str]) -> str:
    """Why no interface can be shown here, empty when it can: Textual itself would draw on a pipe without end."""
    if not stdin.isatty() or not stdout.isatty():
        return "needs a terminal, and standard input or output is not one"
    if environment.get("TERM", "") in ("dumb", ""):
        return f"TERM={environment.get('TERM', '') or '(unset)'} cannot show it"
    return ""
