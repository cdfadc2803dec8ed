"""What is asked of the desk, what it answers, and how it refuses."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from syncd.errors import CatalogError, InputError

Format = Literal["json", "csv", "jsonl", "parquet"]


class SqlError(InputError):
    """The question is wrong, or too much: `line` and `column` (from 1) and `position` say where, if known."""

    code = "sql"

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        hint: str = "",
        position: int | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message, code=code, hint=hint)
        self.position = position
        self.line = line
        self.column = column


class BusyError(CatalogError):
    """So many wait already that this one is not taken: 429."""

    code = "busy"


@dataclass(frozen=True, slots=True)
class SqlQuestion:
    """One statement with its parameters; `rows` is how many are wanted, None for as many as are allowed."""

    sql: str
    parameters: list[Any] | dict[str, Any]
    format: Format
    rows: int | None = None


@dataclass(slots=True)
class SqlAnswer:
    """Columns (name and type), the snapshot that was asked, and the content piece by piece.

    `pieces` must be read to its end or closed: until then the answer holds a worker. After the last piece `end` holds
    `rows`, `truncated` (the limit that cut the answer, or None) and `elapsed_ms`.
    """

    columns: list[Mapping[str, str]]
    index_seq: int
    age_seconds: float
    pieces: Generator[bytes, None, None]
    end: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SqlState:
    """What `status` tells: processes that are there and that work, who waits, and what confines them."""

    workers: int
    running: int
    waiting: int
    pids: tuple[int, ...]
    layers: Mapping[str, str]
    snapshot_seq: int | None
