"""A real terminal that can be looked at: tmux on a socket of its own, with a shell in it."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

PATIENCE = 30.0
"""Seconds that a screen may take to come."""
_BETWEEN = 0.03
SAME = 8
"""Looks that show the same before a screen stands still."""


class NeverSeenError(AssertionError):
    """A screen that was waited for did not come; the message holds the one that was there."""


def is_installed() -> bool:
    """Whether there is a tmux."""
    return shutil.which("tmux") is not None


class Tmux:
    """A shell on a terminal of `columns` by `rows`, whose socket is in `folder`."""

    def __init__(self, folder: Path, environ: Mapping[str, str], *, columns: int = 120, rows: int = 36) -> None:
        self._socket = folder / "tmux.sock"
        self._environ = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", **environ}
        shell = ["env", "PS1=$ ", "bash", "--norc", "--noprofile"]
        start = ["new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(folder), *shell]
        options = ["set", "-g", "status", "off", ";", "set", "-g", "default-terminal", "xterm-256color"]
        self._tmux("-f", os.devnull, "start-server", ";", *options, ";", *start)

    def press(self, *keys: str) -> None:
        """Press keys by their names in tmux: `a`, `Enter`, `C-r`, `F3`."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Write a text."""
        self._tmux("send-keys", "-l", text)

    def screen(self) -> str:
        """What is on the screen, without the blanks that end its lines."""
        return "\n".join(line.rstrip() for line in self._tmux("capture-pane", "-p").splitlines()).rstrip("\n")

    def see(self, *texts: str) -> str:
        """Wait until all of these patterns are on the screen; the screen. Raises NeverSeenError."""
        return self.until(lambda screen: all(re.search(text, screen) for text in texts), " and ".join(texts))

    def lose(self, text: str) -> str:
        """Wait until a pattern is not on the screen any more; the screen. Raises NeverSeenError."""
        return self.until(lambda screen: not re.search(text, screen), f"the end of {text}")

    def until(self, condition: Callable[[str], object], what: str) -> str:
        """Wait until the screen is as wanted; the screen. Raises NeverSeenError."""
        deadline = time.monotonic() + PATIENCE
        while not condition(screen := self.screen()):
            if time.monotonic() > deadline:
                raise NeverSeenError(f"never seen: {what}\n{screen}")
            time.sleep(_BETWEEN)
        return screen

    def settled(self) -> str:
        """The screen, once it has stopped changing."""
        seen: list[str] = []

        def is_settled(screen: str) -> bool:
            seen.append(screen)
            return len(seen) >= SAME and len(set(seen[-SAME:])) == 1

        return self.until(is_settled, "a screen that stands still")

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def state(self) -> dict[str, str]:
        """What programs switch on and have to switch off again: the other screen, no cursor, the mouse."""
        names = ("alternate_on", "cursor_flag", "mouse_any_flag", "keypad_flag", "bracket_paste_flag")
        told = self._tmux("display-message", "-p", " ".join(f"#{{{name}}}" for name in names))
        return dict(zip(names, told.rstrip("\n").split(" "), strict=True))

    def close(self) -> None:
        """End the shell and all that runs in it."""
        self._tmux("kill-server", check=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tmux(self, *arguments: str, check: bool = True) -> str:
        command = ["tmux", "-S", str(self._socket), *arguments]
        done = subprocess.run(command, env=self._environ, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert not check or not done.returncode, f"{command}: {done.stderr}"
        return done.stdout
