"""Questions in SQL, and answers as Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, cast

from tui.client.connection import OWN, Connection

if TYPE_CHECKING:
    from tui.answers import JsonObject, SqlAnswer

SQL_SECONDS = 90.0
"""What a question in SQL may take longer: it may have to wait for its turn."""


class Tables(Connection):
    """Questions in SQL, and answers as Parquet."""

    def sql(self, sql: str, parameters: Sequence[str] = (), limit: int | None = None) -> SqlAnswer:
        """The answer to a question in SQL, as far as the daemon's limits allow, or up to `limit` rows."""
        return cast("SqlAnswer", self._call("POST", "/sql", body=_question(sql, parameters, limit), wait=SQL_SECONDS))

    def sql_parquet(
        self, sql: str, parameters: Sequence[str] = (), limit: int | None = None
    ) -> AbstractContextManager[Iterator[bytes]]:
        """The same as a Parquet file, piece by piece."""
        body = _question(sql, parameters, limit) | {"format": "parquet"}
        return self._transport.pieces("POST", f"{OWN}/sql", body=body, timeout=self.timeout + SQL_SECONDS)

    def entities_parquet(
        self, query: str, columns: Sequence[str], *, sort: str = "", limit: int | None = None
    ) -> AbstractContextManager[Iterator[bytes]]:
        """Entities that match the query line as a Parquet file with the cells of `entity_rows`, piece by piece."""
        parameters = {"q": query, "columns": ",".join(columns), "sort": sort, "limit": limit}
        return self._transport.pieces("GET", f"{OWN}/export", parameters, timeout=self.timeout + SQL_SECONDS)


def _question(sql: str, parameters: Sequence[str], limit: int | None) -> JsonObject:
    return {"sql": sql, "params": list(parameters)} | ({} if limit is None else {"limit": limit})
