"""One location: its looks, its documents, its problems."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from textual import on

from tui.actions import Action, Context
from tui.answers import LocationAdjustment
from tui.model.interval import interval_choices, interval_text, parse_interval
from tui.model.location_lines import location_details, location_name
from tui.model.registration import WRITES, set_command
from tui.model.source import LocationItem, ProblemItem, RefusedError, why_not
from tui.model.symbols import Mark
from tui.safe_text import safe_text
from tui.screens.choice_picker import Choice, ChoicePicker
from tui.screens.desk import Desk
from tui.screens.list_screen import ListScreen
from tui.screens.messages import LocationArrived, LocationSet
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
        self._refusal = ""

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
        self._known = event.answer.value
        self._say_refusal()
        self.query_one(TitleBar).go(f"Sync  {self.desk.symbols.arrow_out}  {location_name(self._known[0])}")
        self.lay_out()

    def _say_refusal(self) -> None:
        """It stays, whatever is read again, until something else is chosen."""
        notice = self.query_one(Notice)
        if self._refusal:
            notice.say(Mark.ERROR, self._refusal)
        else:
            notice.clear()

    def lay_out(self) -> None:
        """Sections of fields."""
        if self._known is not None:
            lines = self.query_one(TextLines)
            width = lines.scrollable_content_region.width
            made = location_details(*self._known, width, self.desk.symbols, datetime.now(UTC), self._usual)
            lines.show(made, keep_place=True)

    @property
    def _usual(self) -> float:
        """Seconds between two looks where a location says nothing; 0 where nobody knows."""
        status = self.desk.health.status
        return status.poll_interval if status else 0.0

    # -- dealing with it

    def reason(self, action: Action, *, has_row: bool) -> str:
        """What the configuration says is changed there."""
        reason = super().reason(action, has_row=has_row)
        if reason or action.id not in ("location.write", "location.interval"):
            return reason
        if self._known is None:
            return "not read yet"
        return "it stands in [[locations]] of the configuration" if self._known[0].configured else ""

    def action_choose_write(self) -> None:
        """Where edits may be pushed."""
        if self._known is not None:
            choices = [Choice(word, meaning, about) for word, meaning, about in WRITES]
            self._ask_which("Edits", choices, self._known[0].write, lambda word: {"write": word})

    def action_choose_interval(self) -> None:
        """How often it is looked at."""
        if self._known is not None:
            choices = interval_choices(self._known[0].poll_interval, self._usual)
            chosen = interval_text(self._known[0].poll_interval)
            shown = [Choice(text, text, about) for text, about in choices]
            self._ask_which("Look every", shown, chosen, lambda text: {"poll_interval": parse_interval(text)})

    def _ask_which(
        self, title: str, choices: Sequence[Choice], chosen: str, adjustment: Callable[[str], LocationAdjustment]
    ) -> None:
        def answered(value: str | None) -> None:
            if value is not None and value != chosen:
                self._set(adjustment(value))

        self.app.push_screen(ChoicePicker(title, choices, chosen), answered)

    def _set(self, adjustment: LocationAdjustment) -> None:
        words, self._refusal = set_command(self._location, adjustment), ""
        self.desk.courier.send(
            "set",
            lambda: self.desk.source.adjust_location(self._location, adjustment),
            lambda answer: self.post_message(LocationSet(words, answer)),
        )

    @on(LocationSet)
    def _was_set(self, event: LocationSet) -> None:
        error = event.answer.error
        if error is not None:
            self._refusal = why_not(error)
            self._say_refusal()
            return
        self.notify(safe_text(f"same as: {event.command}", limit=300), markup=False, timeout=5)
        self.action_reload()

    def action_back(self) -> None:
        """To the list."""
        self.leave()

    def show_own(self) -> None:
        """It may be gone."""
        self.action_reload()
