"""The person's editor as a process: the one place of the interface that starts one (R2, R76)."""

import subprocess
from collections.abc import Sequence


def run_editor(command: Sequence[str]) -> int:
    """Wait until the editor ends; its exit code. A list of arguments, never a shell. Raises OSError."""
    return subprocess.run(command, check=False).returncode
