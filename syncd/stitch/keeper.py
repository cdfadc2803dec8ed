"""Who keeps the index in being: what can be asked of it when something is wrong, and when nothing is to be done."""

from typing import Protocol

from syncd.disk import Disk
from syncd.errors import CatalogError
from syncd.stitch.publication import Publication
from syncd.store.index import Index


class Keeper(Protocol):
    """What the publisher asks of its daemon when something is wrong, or nothing waits."""

    @property
    def disk(self) -> Disk:
        """Where everything is written."""
        ...

    def replay(self, publication: Publication, index: Index) -> None:
        """Bring to the index what the log has and the index has not."""
        ...

    def rebuilt(self, reason: CatalogError) -> Index:
        """Another index in the place of one that cannot be used."""
        ...

    def no_index(self, reason: CatalogError) -> None:
        """There is no index that could be asked, and no room for another one yet."""
        ...

    def healed(self, index: Index) -> None:
        """The index can be asked again."""
        ...

    def caught_up(self) -> None:
        """The index has what the log has again, after a time in which it had not."""
        ...

    def idle(self) -> None:
        """Nothing waits to be published: time for what can be put off, quickly."""
        ...

    def give_up(self, reason: CatalogError) -> None:
        """Nothing can be published any more, and reading fails too: end the process."""
        ...

    def refuse_writes(self, reason: CatalogError) -> None:
        """Nothing can be written to the log any more; reading goes on."""
        ...
