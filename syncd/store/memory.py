"""What the writer remembers of the index between transactions, so that it need not ask what it knows."""

from dataclasses import dataclass, field

import duckdb

from syncd.store.heard import Heard
from syncd.store.index_errors import explained
from syncd.store.recent import Recent
from syncd.store.statements import first_row

UNSEARCHABLE = "entity.keys"
"""The problem of an entity whose final form has no search rows."""
UNFIT = "property.unfit"
"""The problem of a custom property that does not fit what the file says now: it is set aside."""
MISFIT = "entity.unfit"
"""The problem of an entity that does not fit the Blueprint of its kind."""
REMEMBERED = 8_000
"""Entities of which is remembered what was heard; one takes about 2 KB."""
FLAWS = (UNSEARCHABLE, UNFIT, MISFIT)
"""Problems that stitching finds, and looks for again each time."""


@dataclass(slots=True)
class IndexMemory:
    """Next numbers, and where there are problems at all: most writes then need no statement about these.

    The sets may name too much, never too little. After a transaction that failed it is loaded anew.
    """

    next_document: int = 1
    next_eid: int = 1
    problem_locations: set[str] = field(default_factory=set)
    """Locations with a problem of any kind."""
    problem_parents: set[str] = field(default_factory=set)
    """Location entities that have to show a problem."""
    conflicted: set[str] = field(default_factory=set)
    """Refs that more than one document claims."""
    flawed: set[str] = field(default_factory=set)
    """Refs with a problem that stitching found."""

    ranks: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By location, what it wins by: the smaller rank wins (C109). Of all locations that the index knows."""

    heard: Recent[str, Heard] = field(default_factory=lambda: Recent(REMEMBERED))
    """What was heard of the entities that were stitched last."""

    @classmethod
    @explained()
    def load(cls, cursor: duckdb.DuckDBPyConnection) -> "IndexMemory":
        """Read it from the index. Raises as `Index.transaction`."""
        row = first_row(
            cursor,
            "SELECT coalesce((SELECT max(document_id) FROM core.documents), 0), "
            "coalesce(greatest((SELECT max(eid) FROM core.search), (SELECT max(eid) FROM core.entities)), 0)",
        )
        assert row is not None
        problems = cursor.execute("SELECT DISTINCT location_id, parent, code, entity_ref FROM core.problems").fetchall()
        return cls(
            row[0] + 1,
            row[1] + 1,
            {location for location, *_ in problems},
            {parent for _, parent, _, _ in problems},
            {ref for *_, code, ref in problems if code == "conflict"},
            {ref for *_, code, ref in problems if code in FLAWS},
            {
                location_id: (-priority, registered)
                for location_id, priority, registered in cursor.execute(
                    "SELECT location_id, priority, registered FROM core.locations"
                ).fetchall()
            },
        )
