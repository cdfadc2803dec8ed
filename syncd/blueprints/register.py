"""Blueprints and entities, all that is asked of them: one value for whoever speaks Port's language."""

from dataclasses import dataclass

from syncd.blueprints.asked import Apply
from syncd.blueprints.book import Book, Catalog
from syncd.blueprints.definition import ProgramFault
from syncd.blueprints.definitions import Definitions
from syncd.blueprints.desk import Desk
from syncd.blueprints.latch import Latch
from syncd.blueprints.precondition import Overlay
from syncd.blueprints.reader import Computing, Documents, Reader, Stories
from syncd.blueprints.removal import Removal


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
        computing: Computing,
        jq_fault: ProgramFault,
    ) -> "Register":
        """The register of a catalog."""
        reader = Reader(catalog, Book(catalog), documents, stories, computing)
        latch = Latch()
        return cls(
            reader,
            Desk(reader, overlay, apply, latch),
            Removal(reader, overlay, apply, latch),
            Definitions(reader, overlay, apply, latch, jq_fault),
        )
