"""What the program asks of the daemon, for who wants to see it: `-v` on stderr, `--debug` in a file, with failures."""

import os
import sys
import time
from pathlib import Path
from typing import IO

from tui.cli.version import VERSION
from tui.safe_text import safe_text


class Trace:
    """Requests with their status and time; no header and no body is ever in it, so no token and no secret is."""

    def __init__(self, *, verbose: bool, debug: bool, program: str) -> None:
        """Raises OSError where the file cannot be made."""
        self.verbose = verbose
        self.path: Path | None = None
        self._file: IO[str] | None = None
        if debug:
            self.path, self._file = _new_file()
            self._write(f"{program} {VERSION}, python {sys.version.split()[0]}, process {os.getpid()}")

    def exchanged(self, method: str, url: str, outcome: str, seconds: float) -> None:
        """One request: `outcome` is its status, or why there is none."""
        line = f"{method} {url} {outcome} {seconds * 1000:.0f} ms"
        self._write(line)
        if self.verbose:
            print(safe_text(line), file=sys.stderr)

    def failed(self) -> None:
        """What is being raised at this moment."""
        if self._file is not None:
            from traceback import format_exc

            self._write(format_exc())

    def close(self) -> None:
        """Tell where the file is; nothing can be written any more."""
        if self._file is not None:
            self._file.close()
            self._file = None
            print(safe_text(f"debug log: {self.path}"), file=sys.stderr)

    def _write(self, text: str) -> None:
        if self._file is not None:
            self._file.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def _new_file() -> tuple[Path, IO[str]]:
    base = os.environ.get("XDG_CACHE_HOME")
    folder = (Path(base) if base else Path.home() / ".cache") / "catalog"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"debug-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return path, os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1)
