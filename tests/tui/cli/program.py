"""The command as a process: in a pipe, and in a real terminal."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "tui.cli"]
PATIENCE = 30.0


class Done(NamedTuple):
    """How a run ended."""

    code: int
    out: str
    err: str


def environment(state: Path, **further: str) -> dict[str, str]:
    """Nothing of the person's own: no configuration, no colours, no pager."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    base = {"HOME": str(state), "CATALOG_STATE": str(state), "PYTHONPATH": str(ROOT), "TERM": "xterm", "PAGER": "cat"}
    return kept | base | {"CATALOG_CONFIG": os.devnull, "PYTHONWARNINGS": "error"} | further


def catalog(state: Path, *arguments: str, input_text: str = "", cwd: Path | None = None, **further: str) -> Done:
    """Run it in a pipe."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        env=environment(state, **further),
        input=input_text.encode(),
        capture_output=True,
        timeout=PATIENCE,
        cwd=cwd or ROOT,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


class Terminal:
    """It runs in a terminal of its own; `shown` is all that was written to it."""

    def __init__(self, state: Path, *arguments: str, width: int = 80, height: int = 24, **further: str) -> None:
        self.shown = b""
        self._deadline = time.monotonic() + PATIENCE
        settings = environment(state, **further)
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests in the background ignores it
            os.chdir(ROOT)
            os.execve(COMMAND[0], [*COMMAND, *arguments], settings)
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._file, text.encode())

    def wait_for(self, condition: Callable[[str], bool]) -> str:
        """Read until what was shown is so; all of it."""
        while not condition(self.text):
            if not self._read():
                raise AssertionError(f"the program ended; it had shown {self.text!r}")
        return self.text

    def end(self) -> int:
        """Wait for its end; the exit code."""
        while self._read():
            pass
        os.close(self._file)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def interrupt(self) -> None:
        """As Ctrl-C does."""
        os.kill(self.pid, signal.SIGINT)

    @property
    def text(self) -> str:
        """What was shown, with the terminal's line ends as plain ones."""
        return self.shown.decode().replace("\r\n", "\n")

    def _read(self) -> bool:
        if not select.select([self._file], [], [], max(0, self._deadline - time.monotonic()))[0]:
            os.kill(self.pid, signal.SIGKILL)
            raise AssertionError(f"nothing more came; it had shown {self.text!r}")
        try:
            piece = os.read(self._file, 65536)
        except OSError:  # Linux's way to say that the program has closed its terminal
            return False
        self.shown += piece
        return bool(piece)


def in_terminal(state: Path, *arguments: str, **settings: Any) -> tuple[int, str]:
    """Exit code and what a terminal got to see; settings are those of `Terminal`."""
    terminal = Terminal(state, *arguments, **settings)
    code = terminal.end()
    return code, terminal.text
