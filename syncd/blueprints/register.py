"""Blueprints and entities, all that is asked of them: one value for whoever speaks Port's language."""

from dataclasses import dataclass

from syncd.blueprints.asked import Apply
from syncd.blueprints.book import Book, Catalog
from syncd.blueprints.definitions import Definitions, JqFault
from syncd.blueprints.desk import Desk
from syncd.blueprints.latch import Latch
from syncd.blueprints.precondition import Overlay
from syncd.blueprints.reader import Computed, Documents, Reader, Stories, nothing_computed
from syncd.blueprints.removal import Removal


def any_program(_: str) -> str | None:
    """No fault is found in any jq program."""
    return None


@dataclass(frozen=True, slots=True)
class Register:
    """Who reads, writes and deletes entities, and who writes blueprints; they share a latch."""

    reader: Reader
    desk: Desk
    removal: Removal
    definitions: Definitions

    @classmethod
    def over(
        cls,
        catalog: Catalog,
        documents: Documents,
        stories: Stories,
        overlay: Overlay,
        apply: Apply,
        computed: Computed = nothing_computed,
        jq_fault: JqFault = any_program,
    ) -> "Register":
        """The register of a catalog."""
        reader = Reader(catalog, Book(catalog), documents, stories, computed)
        latch = Latch()
        return cls(
            reader,
            Desk(reader, overlay, apply, latch),
            Removal(reader, overlay, apply, latch),
            Definitions(reader, overlay, apply, latch, jq_fault),
        )
