"""What did not become an entity as its author meant it, with every reason: one entry a document, or a Location."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb


@dataclass(slots=True)
class Failure:
    """A document that failed, or (`index` -1) a Location that led nowhere; `blob` is the file's version, "" for none.

    `errors` are (name, message). A document that lost its ref to another is one of them, the one that won is not.
    """

    location_id: str
    repository: str
    git_ref: str
    path: str
    url: str
    index: int
    ref: str
    blob: str
    errors: list[tuple[str, str]] = field(default_factory=list)


def read_failures(cursor: duckdb.DuckDBPyConnection) -> Iterable[Failure]:
    """All of them, by place."""
    rows = cursor.execute(
        "SELECT p.location_id, p.repository, p.git_ref, CASE WHEN p.idx < 0 THEN '' ELSE p.path END, p.url, p.idx, "
        "coalesce(nullif(p.entity_ref, ''), CASE WHEN p.idx < 0 THEN p.parent ELSE '' END), coalesce(d.blob, ''), "
        "p.error_name, p.message FROM core.problems p LEFT JOIN core.documents d ON d.location_id = p.location_id "
        "AND d.repository = p.repository AND d.git_ref = p.git_ref AND d.path = p.path AND d.idx = p.idx "
        "AND d.retained = '' LEFT JOIN core.winners w ON w.document_id = d.document_id "
        "WHERE p.code <> 'conflict' OR w.document_id IS NULL "
        "ORDER BY p.location_id, p.repository, p.git_ref, p.path, p.idx, p.line, p.message"
    ).fetchall()
    found: dict[tuple[object, ...], Failure] = {}
    for *place, name, message in rows:
        key = (*place[:4], place[5], place[6])
        found.setdefault(key, Failure(*place)).errors.append((name, message))
    return found.values()
