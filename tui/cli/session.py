"""What every command shares: where the daemon is, how to speak to the person, whether to ask."""

import os
import sys
from typing import TYPE_CHECKING

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.terminal import is_interactive
from tui.client import Client, find_address, state_directory
from tui.safe_text import safe_text

if TYPE_CHECKING:
    from tui.bookmarks import Bookmarks
    from tui.cli.trace import Trace


class Session:
    """The choices of one run; options that all commands have fill it in while the line is parsed."""

    def __init__(self) -> None:
        self.program = "catalog"
        self.state: str | None = None
        self.color = "auto"
        self.quiet = False
        self.no_input = False
        self.verbose = False
        self.debug = False
        self.where = ""
        """What the command works on, shown as "where" when the daemon refuses."""
        self.query = ""
        """The query line at work; where the daemon finds it wrong, its message points into it."""
        self.diff = False
        """Whether only the difference is wanted, on standard output."""
        self.differs = False
        """Whether what was asked for would change anything."""
        self._client: Client | None = None
        self._trace: Trace | None = None

    @property
    def client(self) -> Client:
        """The one client of this run."""
        if self._client is None:
            self._client = Client(find_address(self.state), me=os.environ.get("CATALOG_ME", ""))
            if trace := self.trace:
                self._client.tell(trace.exchanged)
        return self._client

    @property
    def trace(self) -> "Trace | None":
        """What tells of requests, where `-v` or `--debug` asks for it."""
        if self._trace is None and (self.verbose or self.debug):
            from tui.cli.trace import Trace

            self._trace = Trace(verbose=self.verbose, debug=self.debug, program=self.program)
        return self._trace

    @property
    def bookmarks(self) -> "Bookmarks":
        """What the person keeps for coming back."""
        from tui.bookmarks import open_bookmarks  # most commands need none

        return open_bookmarks(state_directory(self.state))

    def ask_for(self, line: str) -> None:
        """Work at a query line, with the views it names in place. Raises Failure for a name that means nothing."""
        self.query = line
        if "@" not in line:
            return
        from tui.bookmarks import BookmarkError

        try:
            self.query = self.bookmarks.expand(line).text
        except BookmarkError as error:
            where, mark = (error.where, None) if error.where else (line, error.position)
            raise Failure(str(error), where=where, next_step=error.hint, code=ExitCode.USAGE, mark=mark) from None

    def close(self) -> None:
        """Let go of the daemon."""
        if self._client is not None:
            self._client.close()
        if self._trace is not None:
            self._trace.close()

    def note(self, text: str) -> None:
        """Tell the person something that is no data; `--quiet` keeps it back."""
        if not self.quiet:
            self.warn(text)

    def warn(self, text: str) -> None:
        """Tell the person something that must not be missed."""
        sys.stdout.flush()
        print(safe_text(text, multiline=True), file=sys.stderr)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Return when the person agrees; without a terminal only `--yes` does. Raises `Failure`."""
        if yes:
            return
        if self.no_input or not is_interactive():
            raise Failure(
                f"this needs a confirmation: {question}",
                next_step="add --yes; there is no terminal to ask on",
                code=ExitCode.USAGE,
            )
        if not self.agrees(question):
            raise Failure("not done", next_step="nothing was changed", code=ExitCode.INTERRUPTED)

    def agrees(self, question: str, *, default: bool = False) -> bool:
        """Ask yes or no on the terminal; an empty answer is `default`."""
        print(f"{safe_text(question)} [{'Y/n' if default else 'y/N'}] ", end="", file=sys.stderr, flush=True)
        answer = sys.stdin.readline().strip().lower()
        return default if not answer else answer in {"y", "yes"}
