"""One location: its looks, its documents, its problems."""

from datetime import UTC, datetime
from typing import ClassVar

from textual import on

from tui.actions import Context
from tui.model.location_lines import location_details, location_name
from tui.model.source import LocationItem, ProblemItem, RefusedError
from tui.model.symbols import Mark
from tui.screens.desk import Desk
from tui.screens.list_screen import ListScreen
from tui.screens.messages import LocationArrived
from tui.screens.problems import SHOWN_PROBLEMS
from tui.widgets.bars import TitleBar
from tui.widgets.keys import bindings
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines


class LocationScreen(ListScreen):
    """Follows what becomes of the location."""

    PLACE = "Sync"
    CONTEXT = Context.LOCATION
    BINDINGS: ClassVar = bindings(Context.LOCATION)

    def __init__(self, desk: Desk, location_id: str) -> None:
        super().__init__(desk)
        self._location = location_id
        self._known: tuple[LocationItem, list[ProblemItem]] | None = None

    @property
    def row_location(self) -> str:
        """The location itself."""
        return self._location

    def action_reload(self) -> None:
        """Ask again."""
        self.desk.courier.send("location", self._ask, lambda answer: self.post_message(LocationArrived(answer)))

    def _ask(self) -> tuple[LocationItem, list[ProblemItem]]:
        source = self.desk.source
        item = next((one for one in source.locations() if one.id == self._location), None)
        if item is None:
            raise RefusedError(f"location {self._location} is not registered any more")
        return item, [one for one in source.problems(SHOWN_PROBLEMS).items if one.location == self._location]

    @on(LocationArrived)
    def _arrived(self, event: LocationArrived) -> None:
        notice = self.query_one(Notice)
        if event.answer.value is None:
            notice.say(Mark.WARNING, str(event.answer.error))
            return
        notice.clear()
        self._known = event.answer.value
        self.query_one(TitleBar).go(f"Sync  {self.desk.symbols.arrow_out}  {location_name(self._known[0])}")
        self.lay_out()

    def lay_out(self) -> None:
        """Sections of fields."""
        if self._known is not None:
            lines = self.query_one(TextLines)
            width = lines.scrollable_content_region.width
            made = location_details(*self._known, width, self.desk.symbols, datetime.now(UTC))
            lines.show(made, keep_place=True)

    def action_back(self) -> None:
        """To the list."""
        self.leave()

    def show_own(self) -> None:
        """It may be gone."""
        self.action_reload()
