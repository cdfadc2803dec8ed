"""Checks across the whole catalog, asked of the engine."""

from collections.abc import Sequence

from syncd.model.finding import Check, Finding, FindingPage
from syncd.store.statements import Cursor, one_state

_PLACE = "d.path, d.line, 0 AS col, d.location_id, d.repository, d.git_ref, d.url"
_OF: dict[Check, str] = {
    "dangling": f"""
SELECT DISTINCT r.source_ref AS ref, r.type, r.target_ref AS target,
    CASE WHEN n.ref <> r.source_ref THEN n.ref ELSE '' END AS near, '' AS message,
    '' AS hint, {_PLACE}
FROM core.relations r
JOIN core.winners w USING (document_id)
JOIN core.documents d USING (document_id)
JOIN core.entities s ON s.ref = r.source_ref
LEFT JOIN core.entities t ON t.ref = r.target_ref
LEFT JOIN (SELECT name_key, min(ref) AS ref FROM core.entities GROUP BY name_key) n
    ON n.name_key = split_part(r.target_ref, '/', 2)
WHERE t.ref IS NULL AND r.source_ref = w.entity_ref""",
    "orphans": f"""
SELECT w.entity_ref AS ref, '' AS type, '' AS target, '' AS near, '' AS message, '' AS hint, {_PLACE}
FROM core.winners w JOIN core.documents d USING (document_id)
WHERE d.retained = 'orphan'""",
    "duplicates": """
SELECT entity_ref AS ref, '' AS type, '' AS target, '' AS near, message, hint, path, line, col, location_id,
    repository, git_ref, url
FROM core.problems WHERE code = 'conflict'""",
}


def findings(cursor: Cursor, checks: Sequence[Check], *, limit: int, offset: int) -> FindingPage:
    """What the checks find, by place within each; at most `limit` of it."""
    counted = " UNION ALL ".join(f"SELECT '{check}' AS name, count(*) FROM ({_OF[check]})" for check in checks)
    listed = " UNION ALL ".join(
        f"SELECT {number} AS number, '{check}' AS name, * FROM ({_OF[check]})" for number, check in enumerate(checks)
    )
    with one_state(cursor):
        counts = {check: int(count) for check, count in cursor.execute(counted).fetchall()}
        rows = cursor.execute(
            f"SELECT * EXCLUDE (number) FROM ({listed}) "
            "ORDER BY number, location_id, repository, git_ref, path, line, ref, type, target, message "
            "LIMIT ?::INTEGER OFFSET ?::INTEGER",
            [limit, offset],
        ).fetchall()
    return FindingPage(tuple(Finding(*row) for row in rows), {check: counts[check] for check in checks})
