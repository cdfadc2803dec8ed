"""Dead search rows and terms are dropped and the rest sorted again: what reads are quick by.

To write all rows anew takes seconds in a large index. So it is done beside, of what was published when it began; only
what came since is added, and the tables change places, while nobody publishes.
"""

from contextlib import ExitStack

from syncd.errors import UnavailableError
from syncd.store.index import Index
from syncd.store.index_errors import explained
from syncd.store.statements import Cursor, all_or_nothing, first_row

_TABLES = {"search": "key, value, eid", "terms": "term, eid"}
_LIVE = "eid IN (SELECT eid FROM core.entities)"


class Sweep:
    """One sweep of an index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._cursor: Cursor | None = None
        self._last = 0
        self._stopped = False

    def gather(self) -> None:
        """The slow half, on any thread; what is published meanwhile is not held up. Raises as `Index.transaction`."""
        cursor = self._cursor = self.index.cursor()
        with explained(), ExitStack() as held, all_or_nothing(cursor):
            self._write_anew(cursor)
            held.enter_context(self.index.still())  # until it is committed

    def _write_anew(self, cursor: Cursor) -> None:
        row = first_row(cursor, "SELECT coalesce(max(eid), 0) FROM core.search")
        self._last = row[0] if row else 0
        for table, order in _TABLES.items():
            if self._stopped:
                raise UnavailableError("the sweep was stopped")
            cursor.execute(
                f"CREATE OR REPLACE TABLE core.swept_{table} AS "
                f"SELECT s.* FROM core.{table} s WHERE {_LIVE} ORDER BY {order}"
            )

    def stop(self) -> None:
        """Have `gather` end soon, on its own thread: it raises then, and leaves nothing."""
        self._stopped = True
        if self._cursor is not None:
            self._cursor.interrupt()

    def finish(self) -> None:
        """The quick half, by whoever publishes, after `gather` and unless it was stopped. Raises likewise."""
        with self.index.transaction() as transaction:
            for table, order in _TABLES.items():
                transaction.run(
                    f"INSERT INTO core.swept_{table} SELECT s.* FROM core.{table} s "
                    f"WHERE s.eid > ? AND {_LIVE} ORDER BY {order}",
                    self._last,
                )
                transaction.run(f"DROP TABLE core.{table}")
                transaction.run(f"ALTER TABLE core.swept_{table} RENAME TO {table}")
        self.index.checkpoint()
