"""How the daemon's program is called; the terminal never imports it."""

import os
import sys
from pathlib import Path
from typing import Any

import tui
from tui.cli.failure import Failure


def daemon_arguments(*arguments: str) -> list[str]:
    """The command line of `python -m syncd …`. `-P` keeps the working directory, which may be anyone's, out of it."""
    return [sys.executable, "-P", "-m", "syncd", *arguments]


def daemon_environment() -> dict[str, str]:
    """The environment for it: the same packages as ours, and nothing that is meant for clients."""
    environment = {name: value for name, value in os.environ.items() if name not in ("CATALOG_URL", "CATALOG_TOKEN")}
    root = Path(tui.__file__).absolute().parent.parent
    if root.name not in ("site-packages", "dist-packages"):
        environment["PYTHONPATH"] = os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])])
    return environment


def ask_daemon_program(*arguments: str, also: int, program: str) -> Any:
    """The JSON that `python -m syncd …` answers; where it fails, its exit code and its message are ours.

    `also` is a code besides 0 with which it answers.
    """
    import json
    import subprocess

    done = subprocess.run(daemon_arguments(*arguments), env=daemon_environment(), stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, also):
        raise SystemExit(done.returncode)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise Failure(
            "the daemon's program gave no answer", next_step=f"`{program} doctor` looks at the installation"
        ) from None


def become_daemon_program(*arguments: str) -> None:
    """Replace this process by `python -m syncd …`: its output, signals and exit code are then the program's own."""
    sys.stdout.flush()
    sys.stderr.flush()
    command = daemon_arguments(*arguments)
    os.execve(command[0], command, daemon_environment())  # noqa: S606 - no shell is meant
