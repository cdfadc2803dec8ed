"""Frames between the daemon and a worker: one letter, the length, the content."""

import struct
from typing import BinaryIO

HEAD = struct.Struct(">cI")
PIECE = 1 << 18
"""The most bytes of a result in one frame: neither side holds more of it than that."""

READY, COLUMNS, DATA, END, FAILURE = b"R", b"C", b"D", b"E", b"F"
ASK, ROWS, INTERRUPT = b"Q", b"W", b"I"


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """A frame as bytes."""
    return HEAD.pack(kind, len(content)) + content


def read_frame(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next frame; None at the end of the stream."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, size = HEAD.unpack(head)
    content = stream.read(size)
    return (kind, content) if len(content) == size else None
