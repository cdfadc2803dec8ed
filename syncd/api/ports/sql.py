"""What the API asks of the desk for SQL."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import Any, Protocol

from syncd.sql.question import SqlQuestion


class SqlAnswer(Protocol):
    """The answer to a question in SQL; `pieces` must be read to its end or closed. Then `end` is filled."""

    @property
    def columns(self) -> Sequence[Mapping[str, str]]: ...
    @property
    def index_seq(self) -> int: ...
    @property
    def age_seconds(self) -> float: ...
    @property
    def pieces(self) -> Generator[bytes, None, None]: ...
    @property
    def end(self) -> Mapping[str, Any]: ...


class SqlState(Protocol):
    """How the processes for SQL fare, and what confines them."""

    @property
    def workers(self) -> int: ...
    @property
    def running(self) -> int: ...
    @property
    def waiting(self) -> int: ...
    @property
    def pids(self) -> Sequence[int]: ...
    @property
    def layers(self) -> Mapping[str, str]: ...
    @property
    def snapshot_seq(self) -> int | None: ...


class Sql(Protocol):
    """Where questions in SQL are put; `SqlError` is a wrong question, `BusyError` one too many."""

    def ask(self, question: SqlQuestion) -> SqlAnswer: ...
    def pack(
        self, columns: Sequence[str], batches: Iterable[Sequence[Sequence[str | None]]]
    ) -> Generator[bytes, None, None]:
        """Rows of texts as Parquet."""

    def state(self) -> SqlState: ...
