"""Problems as the index keeps them."""

from collections.abc import Sequence

from query.sql import Sql
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


def problem_counts(cursor: Cursor, refs: Sequence[str], meant: Sql | None) -> dict[str, int]:
    """How many problems there are about each ref, of what it asked for, and, where it is kept because its file is
    broken, of that file; `meant` is a condition on the entity `e` that a problem is about."""
    about = f"WHERE p.entity_ref IN (SELECT e.ref FROM core.entities e WHERE {meant.text})" if meant else ""
    rows = cursor.execute(
        "WITH asked AS (SELECT unnest(?::VARCHAR[]) AS ref), "
        "places AS (SELECT a.ref, d.* FROM asked a JOIN core.winners w ON w.entity_ref = a.ref "
        "JOIN core.documents d USING (document_id) WHERE d.retained = 'broken'), "
        "held AS ("
        "SELECT a.ref, p.rowid AS problem FROM asked a JOIN core.problems p ON p.entity_ref = a.ref "
        "UNION SELECT a.ref, p.rowid FROM asked a JOIN core.problems p ON p.parent = a.ref "
        "UNION SELECT s.ref, p.rowid FROM places s JOIN core.problems p ON p.location_id = s.location_id "
        "AND p.repository = s.repository AND p.git_ref = s.git_ref AND p.path = s.path AND p.entity_ref = '') "
        f"SELECT h.ref, count(*) FROM held h JOIN core.problems p ON p.rowid = h.problem {about} GROUP BY h.ref",
        [list(refs), *(meant.params if meant else ())],
    ).fetchall()
    return dict(rows)
