"""Programs that have the terminal for a while: the person's editor, the demo. The one place of the interface that
starts any (R2, R76)."""

import signal
import subprocess
from collections.abc import Mapping, Sequence


def run_in_foreground(command: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """Wait until the program ends; its exit code. A list of arguments, never a shell. Raises OSError.

    `^c` is the program's meanwhile: the terminal sends it to both.
    """
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run(command, check=False, env=environ).returncode
    finally:
        signal.signal(signal.SIGINT, before)
