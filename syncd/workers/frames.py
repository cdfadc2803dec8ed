"""What travels between the daemon and a worker: frames of a length and that many bytes, mostly JSON.

JSON and not pickle or marshal: a worker reads hostile bytes, so what it says is taken as text.
"""

import json
import struct
from typing import BinaryIO

HEAD = struct.Struct(">I")
READY = b"ready"
"""What a worker says once it has taken in its limits."""


def frame(body: bytes) -> bytes:
    """A body with its length before it."""
    return HEAD.pack(len(body)) + body


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame; None when the other side is gone."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    (size,) = HEAD.unpack(head)
    body = stream.read(size)
    return body if len(body) == size else None


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Send one frame at once."""
    stream.write(frame(body))
    stream.flush()


def encode(value: object) -> bytes:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, check_circular=False, separators=(",", ":"), allow_nan=False).encode()
