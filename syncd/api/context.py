"""What all requests share."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncd.api.pool import Pool
from syncd.api.ports import Catalog, Service
from syncd.config import LimitSettings, Settings

if TYPE_CHECKING:
    from syncd.api.announcer import Announcer
    from syncd.api.pulse import Pulse


@dataclass(frozen=True, slots=True)
class Context:
    """The daemon as the API's handlers see it.

    `readers` runs what takes milliseconds, `waiters` what may wait for a sync; `stopping` is set once and for all.
    """

    service: Service
    readers: Pool
    waiters: Pool
    announcer: "Announcer"
    pulse: "Pulse"
    stopping: asyncio.Event

    @property
    def catalog(self) -> Catalog:
        """The reading side."""
        return self.service.catalog

    @property
    def settings(self) -> Settings:
        """The configuration."""
        return self.service.settings

    @property
    def limits(self) -> LimitSettings:
        """The limits in force."""
        return self.service.settings.limits
