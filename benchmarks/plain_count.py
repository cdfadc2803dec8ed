"""Counting the documents of a YAML file without a YAML parser, so that the daemon's own count has a second opinion.

A line that starts with `---` begins a document, one that starts with `...` ends it: neither can stand in the first
column of anything else. What stands before the first mark, or after an end, is a document if there is more in it than
comments and directives. A file in which there is no document at all counts as one, an empty one.
"""

import re

_MARK = re.compile(rb"(?:\A|(?<=[\n\r]))(---|\.\.\.)(?=[ \t\r\n]|\Z)")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def documents_in(content: bytes) -> int:
    """How many documents the file holds, at least one."""
    first, *rest = _MARK.split(content.removeprefix(_BYTE_ORDER_MARK))
    count = int(_has_content(first))
    for mark, text in zip(rest[::2], rest[1::2], strict=True):
        count += mark == b"---" or _has_content(text)
    return count or 1


def _has_content(text: bytes) -> bool:
    lines = (line.strip() for line in text.splitlines())
    return any(line and not line.startswith((b"#", b"%")) for line in lines)
