"""What an edit does to a file, for people to read before they agree."""

from difflib import unified_diff
from typing import Final

LONGEST: Final = 64 * 1024
"""Characters of a difference that are kept."""


def difference(path: str, before: bytes | None, after: bytes | None) -> str:
    """A unified diff; line ends are not shown, and a very long one is cut. None stands for no file."""
    names = ("/dev/null" if before is None else f"a/{path}", "/dev/null" if after is None else f"b/{path}")
    lines = list(unified_diff(_lines(before or b""), _lines(after or b""), *names, lineterm=""))
    text = "".join(f"{line}\n" for line in lines)
    return text if len(text) <= LONGEST else text[:LONGEST] + "\n… cut: the difference is longer\n"


def _lines(content: bytes) -> list[str]:
    lines = content.decode("utf-8", "replace").split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]
