"""What leaves the catalog with a location, and what would then point at nothing."""

from dataclasses import dataclass

from syncd.store.statements import Cursor, one_state

SHOWN = 1000
"""Refs and relations that are listed; the counts are of all."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A relation whose target would be gone."""

    source: str
    type: str
    target: str


@dataclass(frozen=True, slots=True)
class Departure:
    """`leaving` have no other source; `staying` are taken over by one. Pointers come from entities that stay."""

    leaving: tuple[str, ...]
    leaving_total: int
    staying: tuple[str, ...]
    pointers: tuple[Pointer, ...]
    pointers_total: int


_OF_LOCATION = """
WITH concerned AS (
    SELECT w.entity_ref AS ref, EXISTS (
        SELECT 1 FROM core.documents o
        WHERE o.entity_ref = w.entity_ref AND o.location_id <> d.location_id AND o.outcome = 'entity'
    ) AS stays
    FROM core.winners w JOIN core.documents d USING (document_id)
    WHERE d.location_id = ?::VARCHAR AND d.repository <> ''
), leaving AS (SELECT ref FROM concerned WHERE NOT stays)
"""
_POINTERS = """
SELECT DISTINCT r.source_ref, r.type, r.target_ref, count(*) OVER ()
FROM core.relations r JOIN core.winners w USING (document_id)
WHERE r.source_ref = w.entity_ref AND r.target_ref IN (FROM leaving) AND r.source_ref NOT IN (FROM leaving)
ORDER BY ALL LIMIT ?
"""
_REFS = """
SELECT ref, stays, count(*) FILTER (NOT stays) OVER () FROM concerned ORDER BY stays, ref LIMIT ?
"""


def departure(cursor: Cursor, location_id: str) -> Departure:
    """What removing a location would take away; the registration's own entity is not counted."""
    with one_state(cursor):
        refs = cursor.execute(_OF_LOCATION + _REFS, [location_id, 2 * SHOWN]).fetchall()
        pointers = cursor.execute(_OF_LOCATION + _POINTERS, [location_id, SHOWN]).fetchall()
    leaving = [ref for ref, stays, _ in refs if not stays]
    return Departure(
        tuple(leaving[:SHOWN]),
        refs[0][2] if refs else 0,
        tuple(ref for ref, stays, _ in refs if stays)[:SHOWN],
        tuple(Pointer(*row[:3]) for row in pointers),
        pointers[0][3] if pointers else 0,
    )
