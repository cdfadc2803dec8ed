"""Problems as the index keeps them."""

from collections.abc import Sequence

from syncd.store.reports import StoredProblem
from syncd.store.statements import Cursor

_COLUMNS = "code, message, path, line, col, hint, entity_ref, location_id, repository, git_ref, url, idx"


def stored_problems(cursor: Cursor, condition: str, parameters: Sequence[str], window: str = "") -> list[StoredProblem]:
    """Those that meet a condition, by place; `window` is what SQL says of LIMIT and OFFSET."""
    rows = cursor.execute(
        f"SELECT {_COLUMNS} FROM core.problems WHERE {condition} "
        f"ORDER BY location_id, repository, git_ref, path, line, idx, code, message {window}",
        list(parameters),
    ).fetchall()
    return [StoredProblem(*row) for row in rows]
