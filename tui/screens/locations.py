"""Sync: where the catalog is read from, how that went, and what happens now."""

from datetime import UTC, datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from tui.actions import Action, Context
from tui.model.lines import Piece, Tone
from tui.model.link import News
from tui.model.location_lines import heading, location_line, location_mark, location_name, sync_summary
from tui.model.location_source import Wanted
from tui.model.log_lines import change_line
from tui.model.registration import command
from tui.model.source import Change, LocationItem
from tui.model.symbols import Mark
from tui.screens.desk import Desk
from tui.screens.list_screen import ListScreen
from tui.screens.messages import LocationPaused, LocationsArrived, LogArrived
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines

EVENTS = 200
"""Changes that the pane below holds."""
RENEWED = 30.0
"""Seconds after which the locations are asked for again: no event tells of a look that found nothing new."""


class LocationsScreen(ListScreen):
    """The registered locations, each with its state; below, the changes as they happen."""

    PLACE = "Sync"
    CONTEXT = Context.LOCATIONS
    CHOOSES = True
    BINDINGS: ClassVar = bindings(Context.LOCATIONS)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._items: tuple[LocationItem, ...] | None = None
        self._log: list[Change] = []
        self._follows = True

    def body(self) -> ComposeResult:
        """How many there are of each state, the list, and what happens."""
        yield TextLines(self.desk.symbols, name="summary")
        yield from super().body()
        yield TextLines(self.desk.symbols, name="events")

    def on_mount(self) -> None:
        """What happened before is asked for once."""
        super().on_mount()
        self.query_one("#events").border_title = " Events "
        self.desk.courier.send(
            "events", lambda: self.desk.source.log(0, EVENTS), lambda answer: self.post_message(LogArrived(0, answer))
        )
        self.set_interval(RENEWED, self._renew)

    def _renew(self) -> None:
        if self.is_current:
            self.action_reload()

    @property
    def scroller(self) -> LineScroller:
        """The list, or the events where the typing is there."""
        return self.events if self.focused is self.events else self.query_one("#list", TextLines)

    @property
    def events(self) -> TextLines:
        """The pane below."""
        return self.query_one("#events", TextLines)

    @property
    def _under(self) -> LocationItem | None:
        cursor = self.query_one("#list", TextLines).cursor
        return self._items[cursor] if self._items and cursor < len(self._items) else None

    @property
    def row_location(self) -> str:
        """The location under the cursor."""
        return self._under.id if self._under else ""

    def reason(self, action: Action, *, has_row: bool) -> str:
        """What is paused is not read until it is resumed."""
        reason = super().reason(action, has_row=has_row)
        if not reason and action.id == "app.refresh" and self._under and self._under.paused:
            return "it is paused; p resumes it"
        return reason

    # -- asking

    def action_reload(self) -> None:
        """Ask again."""
        self.desk.courier.send(
            "locations", self.desk.source.locations, lambda answer: self.post_message(LocationsArrived(answer))
        )

    @on(LocationsArrived)
    def _arrived(self, event: LocationsArrived) -> None:
        if event.answer.value is None:
            self.query_one(Notice).say(Mark.WARNING, str(event.answer.error))
            return
        before = self.row_location
        self._items = event.answer.value
        self.lay_out()
        found = next((n for n, item in enumerate(self._items) if item.id == before), None)
        if found is not None:
            self.query_one("#list", TextLines).cursor = found
        self._say_trouble()

    @on(LogArrived)
    def _logged(self, event: LogArrived) -> None:
        if event.answer.value is not None:
            known = [
                change for change in reversed(event.answer.value) if not self._log or change.seq < self._log[0].seq
            ]
            self._log = [*known, *self._log][-EVENTS:]
            self._show_events()

    def hear(self, news: News) -> None:
        """A change is an event of its own, and the list may differ."""
        if isinstance(news, Change):
            self._log = [*self._log, news][-EVENTS:]
            if self.is_current:
                self._show_events()
        super().hear(news)

    @on(LineScroller.Moved)
    def _moved(self) -> None:
        self._say_trouble()

    def _say_trouble(self) -> None:
        """What is wrong with the location under the cursor: there may be no room for it in its line."""
        item, notice = self._under, self.query_one(Notice)
        if item and item.error:
            notice.say(location_mark(item)[0], f"{item.error}{f' — {item.hint}' if item.hint else ''}")
        else:
            notice.clear()

    # -- drawing

    def tick(self) -> None:
        """The ages grow."""
        super().tick()
        if self.is_current:
            self.lay_out()

    def lay_out(self) -> None:
        """One line a location, its titles above."""
        if self._items is None:
            return
        lines = self.query_one("#list", TextLines)
        width = lines.scrollable_content_region.width - 2
        if not self._items:
            lines.show([(Piece("no locations yet: a adds one", Tone.QUIET),)])
            return
        now, symbols = datetime.now(UTC), self.desk.symbols
        status = self.desk.health.status
        busy = status.busy if status else ()
        made = [location_line(item, width, symbols, now, busy) for item in self._items]
        lines.show(made, keep_place=True, header=heading(width))
        summary = self.query_one("#summary", TextLines)
        room = summary.scrollable_content_region.width
        summary.show([sync_summary(self._items, status, room, symbols, now)])
        self._show_events()

    def _show_events(self) -> None:
        events = self.events
        names = {item.id: location_name(item) for item in self._items or ()}
        width = events.scrollable_content_region.width
        lines = [change_line(change, width, names, self.desk.symbols) for change in self._log]
        events.show(lines or [(Piece("nothing yet", Tone.QUIET),)], keep_place=True)
        events.border_title = " Events " if self._follows else " Events (f follows) "
        if self._follows:
            events.scroll_end(animate=False)

    # -- acting

    def action_open(self) -> None:
        """All that is known of the location."""
        from tui.screens.location import LocationScreen

        if self._under:
            self.app.push_screen(LocationScreen(self.desk, self._under.id))

    @on(LineScroller.Chosen)
    def _chosen(self) -> None:
        self.action_open()

    def action_follow(self) -> None:
        """The events move, or stay."""
        self._follows = not self._follows
        self._show_events()

    def action_pause(self) -> None:
        """Leave it alone, or look at it again."""
        item = self._under
        if item:
            self.desk.courier.send(
                "pause",
                lambda: self.desk.source.adjust_location(item.id, {"paused": not item.paused}),
                lambda answer: self.post_message(LocationPaused(item.id, not item.paused, answer)),
            )

    @on(LocationPaused)
    def _paused(self, event: LocationPaused) -> None:
        if event.answer.error is not None:
            self.query_one(Notice).say(Mark.ERROR, str(event.answer.error))
            return
        word = "pause" if event.paused else "resume"
        self.notify(f"{word}d\nsame as: catalog location {word} {event.location}", markup=False, timeout=5)
        self.action_reload()

    def action_copy_command(self) -> None:
        """The command that registers the same."""
        if self._under:
            item = self._under
            self.copy(command(Wanted(item.type, item.target, item.ref, item.paths, item.write, item.poll_interval)))

    def show_own(self) -> None:
        """A location came or went."""
        self.action_reload()
