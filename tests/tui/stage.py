"""The interface on a stage: a screen of a given size, keys, and what can be read on it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual.pilot import Pilot

from tests.tui.fake_source import FakeSource
from tui.bookmarks import Bookmarks
from tui.model.symbols import UNICODE, Symbols
from tui.screens.browse import BrowseScreen
from tui.screens.desk import open_desk
from tui.screens.shell import CatalogApp
from tui.widgets.entity_table import EntityTable

PATIENCE = 10.0
"""Seconds after which a condition that does not come true fails the test."""

LONGEST_DELAY = 0.2
"""Seconds that a screen waits at most before it asks, once the person's hands rest."""


@dataclass
class Stage:
    """A running application."""

    app: CatalogApp
    pilot: Pilot[int]

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Write text into whatever has the focus."""
        names = {" ": "space", "!": "exclamation_mark", ":": "colon", "-": "minus"}
        await self.pilot.press(*(names.get(character, character) for character in text))

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait for a condition."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition():
                    await self.pilot.pause(0.01)
        except TimeoutError:
            raise AssertionError(f"never: {what}\n" + self.text()) from None

    async def see(self, text: str) -> None:
        """Wait until a text is on the screen."""
        await self.until(lambda: text in self.text(), text)

    async def quiet(self) -> None:
        """Wait until nothing is asked, nothing is about to be asked, and what was answered is shown."""
        await self.pilot.pause()
        while not self._is_quiet:
            await self.until(lambda: self._is_quiet, "quiet")
            await self.pilot.pause()  # an answer that is shown may lead to the next question

    @property
    def _is_quiet(self) -> bool:
        """Whether no question is under way, and none waits for the end of the typing."""
        timers = (timer for screen in self.app.screen_stack for timer in screen._timers)
        waiting = (
            timer._repeat == 0 and timer._interval <= LONGEST_DELAY and timer._task and not timer._task.done()
            for timer in timers
        )
        return self.app.desk.courier.quiet() and not any(waiting)

    def text(self) -> str:
        """What is on the screen."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join(strip.text.rstrip() for strip in strips)

    def row_texts(self) -> list[str]:
        """The lines of the table that hold entities."""
        return [line for line in self.text().splitlines() if "svc-" in line]

    @property
    def browse(self) -> BrowseScreen:
        """The first screen."""
        return next(s for s in self.app.screen_stack if isinstance(s, BrowseScreen))

    @property
    def table(self) -> EntityTable:
        """The table."""
        return self.browse.table


@asynccontextmanager
async def staged(
    source: FakeSource,
    *,
    size: tuple[int, int] = (80, 24),
    query: str = "",
    symbols: Symbols = UNICODE,
    bookmarks: Bookmarks | None = None,
    read_only: bool = False,
    **more: Any,
) -> AsyncIterator[Stage]:
    """The interface over a source, with its first rows on the screen."""
    app = CatalogApp(open_desk(source, symbols, query, bookmarks, read_only=read_only, **more))
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = Stage(app, pilot)
        await stage.until(lambda: stage.table.model.columns or source.down, "the first rows")
        await stage.until(lambda: app.desk.health.status or source.down, "the daemon's state")
        await stage.quiet()
        yield stage


def play(scene: Coroutine[Any, Any, None]) -> None:
    """Run a scene."""
    asyncio.run(scene)
