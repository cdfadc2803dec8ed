"""The file that is read, or standard input."""

import sys
from pathlib import Path

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure

STDIN = "-"


def name_of(file: str) -> str:
    """What messages call the file."""
    return "stdin" if file == STDIN else file


def bytes_of(file: str) -> bytes:
    """The content of a file, of standard input for `-`."""
    return sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()


def content_of(file: str) -> str:
    """The same as text without a byte-order mark. Raises `Failure` where it is not UTF-8."""
    return decoded(bytes_of(file), file)


def decoded(content: bytes, file: str) -> str:
    """Text of UTF-8 without a byte-order mark. Raises `Failure` naming the line of the first byte that is not."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Failure(
            "this is not UTF-8 text",
            where=f"{name_of(file)}:{line}",
            next_step="save the file as UTF-8; with or without a byte-order mark",
            code=ExitCode.USAGE,
        ) from error
