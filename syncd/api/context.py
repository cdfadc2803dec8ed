"""What all requests share."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from query.ast import Node
from query.question import Question
from syncd.api.pool import Pool
from syncd.api.ports.catalog import Catalog, Page
from syncd.api.ports.service import Service
from syncd.api.readability import ReadableCatalog
from syncd.config import LimitSettings, Settings

if TYPE_CHECKING:
    from syncd.api.announcer import Announcer
    from syncd.api.pulse import Pulse
    from syncd.api.router import Route


@dataclass(frozen=True, slots=True)
class Context:
    """The daemon as the API's handlers see it.

    `readers` runs what takes milliseconds, `waiters` what may wait for a sync, `asking` questions in SQL; `stopping` is
    set once and for all.
    """

    service: Service
    readers: Pool
    waiters: Pool
    asking: Pool
    announcer: "Announcer"
    pulse: "Pulse"
    stopping: asyncio.Event
    routes: "tuple[Route, ...]"
    readable: ReadableCatalog | None = None
    """What the caller may read, where that is not everything."""

    @property
    def catalog(self) -> Catalog:
        """The reading side, as far as the caller may see it."""
        return self.readable or self.service.catalog

    async def ask(self, question: Question) -> Page:
        """The page of a question: at once where it is at hand, else from a thread."""
        page = self.catalog.ask_at_once(question)
        return await self.readers.run(self.catalog.ask, question) if page is None else page

    async def documents(self, refs: Sequence[str], where: Node) -> Sequence[bytes | None]:
        """A document for each ref: at once where they are at hand, else from a thread."""
        found = self.catalog.by_refs_at_once(refs, where)
        return await self.readers.run(self.catalog.by_refs, refs, where) if found is None else found

    def as_seen_with(self, read: Node) -> "Context":
        """The context of a caller who may read the entities that meet a condition, and no others."""
        return replace(self, readable=ReadableCatalog(self.service.catalog, read))

    @property
    def settings(self) -> Settings:
        """The configuration."""
        return self.service.settings

    @property
    def limits(self) -> LimitSettings:
        """The limits in force."""
        return self.service.settings.limits
