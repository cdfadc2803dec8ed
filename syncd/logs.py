"""What the daemon writes about itself: lines for people or JSON for programs (R93), without secrets (R77).

Whatever a line holds came from somewhere: control characters are written as escapes, so that nobody can forge a line.
"""

import logging
import os
import re
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Literal

import orjson

from syncd.secrecy import without_secrets

Format = Literal["text", "json"]
MOST = 16 << 20
"""Bytes of the log of a daemon in the background; as much again is put aside."""

_ACTS = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def told(event: str, **fields: Any) -> Mapping[str, Any]:
    """What a line says beside its message, as `extra` of a logger: an event code and fields, for programs."""
    return {"event": event, "fields": fields}


def milliseconds(seconds: float) -> float:
    """A duration as it is logged."""
    return round(seconds * 1000, 1)


def set_up(stream: IO[str], form: Format = "text", file: Path | None = None, most: int = MOST) -> None:
    """Have everything that is logged from now on go to a stream in this form.

    Where the stream leads to `file`, which somebody opened to append to it, that is kept below `most` bytes.
    """
    handler = logging.StreamHandler(stream)
    if file is not None and _leads_to(stream, file):
        handler = _Bounded(stream, file, most)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


class _Bounded(logging.StreamHandler[IO[str]]):
    """Puts what is there aside when it is too large, and begins again: two files at most."""

    def __init__(self, stream: IO[str], file: Path, most: int) -> None:
        super().__init__(stream)
        self._file = file
        self._most = most

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(record)
        with suppress(OSError):  # a full disk: the line is lost or not, the daemon goes on
            if os.fstat(self.stream.fileno()).st_size > self._most:
                shutil.copy2(self._file, self._file.with_name(f"{self._file.name}.1"))
                os.ftruncate(self.stream.fileno(), 0)


def _leads_to(stream: IO[str], file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), file.stat())
    except OSError:
        return False


def harmless(text: str) -> str:
    """One line without secrets and without characters that act on whoever reads it."""
    return _ACTS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), without_secrets(text))


class TextLines(logging.Formatter):
    """A line a record; a traceback follows indented, so that nothing in it looks like a line of ours."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        record.message = harmless(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        return "\n".join(f"    {harmless(line)}" for line in super().formatException(ei).split("\n"))


class JsonLines(logging.Formatter):
    """An object a line: `time`, `level`, `event`, `message`, and what the event is about."""

    def format(self, record: logging.LogRecord) -> str:
        content: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "log"),
            "logger": record.name,
            "message": harmless(record.getMessage()),
        }
        fields: Mapping[str, Any] = getattr(record, "fields", {})
        content |= {name: harmless(value) if isinstance(value, str) else value for name, value in fields.items()}
        if record.exc_info:
            content["traceback"] = without_secrets(self.formatException(record.exc_info))
        return orjson.dumps(content, default=str).decode("utf-8")
