"""One table of exit codes for all commands; `docs/cli.md` repeats it, and a test compares them."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    NO = 1
    USAGE = 2
    UNREACHABLE = 3
    FAILED = 4
    CONFLICT = 5
    REFUSED = 6
    PARTLY = 7
    ATTENTION = 8
    TIMED_OUT = 124
    INTERRUPTED = 130


MEANINGS = {
    ExitCode.DONE: "done",
    ExitCode.NO: 'ran well, the answer is "no": not found, ambiguous, findings, differences (`--exit-code`)',
    ExitCode.USAGE: "bad usage, bad query, bad configuration, no terminal for the TUI",
    ExitCode.UNREACHABLE: "the daemon cannot be reached or cannot answer now; trying again may help",
    ExitCode.FAILED: "the operation failed: clone, fetch, write",
    ExitCode.CONFLICT: "conflict: already registered, the daemon already runs",
    ExitCode.REFUSED: "refused: not allowed, read-only, protected location",
    ExitCode.PARTLY: "partly done; the result of each part is in the output",
    ExitCode.ATTENTION: "the daemon's state needs attention",
    ExitCode.TIMED_OUT: "waiting took longer than `--timeout`",
    ExitCode.INTERRUPTED: "interrupted",
}
"""What each code tells a script."""
