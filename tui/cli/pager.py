"""Long output through the person's pager: never through a shell (R76)."""

import os
from collections.abc import Iterable


def pager_command() -> list[str]:
    """The pager as arguments: `CATALOG_PAGER`, `PAGER`, else less; empty where there is none or none is wanted."""
    import shlex
    import shutil

    if os.environ.get("TERM", "") == "dumb":
        return []
    command = shlex.split(os.environ.get("CATALOG_PAGER", os.environ.get("PAGER", "less")))
    if not command or command == ["cat"] or not shutil.which(command[0]):
        return []
    return command


def page(command: list[str], lines: Iterable[str]) -> None:
    """Give the lines to the pager and wait until the person leaves it."""
    import signal
    import subprocess

    environment = {"LESS": "FRX", "LESSSECURE": "1", **os.environ}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as pager:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the pager answers it; we wait for the pager
        if pager.stdin is None:
            return
        for line in lines:
            pager.stdin.write(line.encode() + b"\n")
        pager.stdin.close()
