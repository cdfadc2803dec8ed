"""Everything that an index says, without the numbers that depend on the order of events."""

from syncd.daemon import Daemon
from syncd.store.index import Index

QUERIES = {
    "entities": "SELECT * EXCLUDE (eid) FROM core.entities",
    "search": "SELECT s.* EXCLUDE (eid), e.ref FROM core.search s JOIN core.entities e USING (eid)",
    "terms": "SELECT t.term, t.weight, e.ref FROM core.terms t JOIN core.entities e USING (eid)",
    "documents": "SELECT * EXCLUDE (document_id) FROM core.documents",
    "relations": "SELECT r.* EXCLUDE (document_id), d.* EXCLUDE (document_id, entity) "
    "FROM core.relations r JOIN core.documents d USING (document_id)",
    "winners": "SELECT w.entity_ref, d.location_id, d.repository, d.git_ref, d.path, d.idx, d.retained "
    "FROM core.winners w JOIN core.documents d USING (document_id)",
    "problems": "SELECT * FROM core.problems",
    "locations": "SELECT * FROM core.locations WHERE location_id <> 'api'",
    "files": "SELECT * FROM core.files",
    "walks": "SELECT * FROM core.walks",
}


def contents(daemon: Daemon) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables that a daemon serves, as `rows_of` gives them."""
    return rows_of(daemon.index)


def rows_of(index: Index) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, sorted; `eid`, `document_id` and `meta` left out."""
    cursor = index.cursor()
    return {name: cursor.execute(f"SELECT * FROM ({sql}) ORDER BY ALL").fetchall() for name, sql in QUERIES.items()}
