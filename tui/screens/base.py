"""What all screens share: title above, keys below, movements, and news from the daemon."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.css.query import NoMatches

from tui.actions import Action, Context
from tui.model.access import reason_off
from tui.model.lines import Tone
from tui.model.link import News
from tui.model.symbols import Mark
from tui.model.tips import TIPS
from tui.screens.clipboard import send
from tui.screens.desk import Desk
from tui.screens.fitted import Fitted
from tui.screens.messages import OwnChange
from tui.screens.moving import Moving
from tui.widgets.bars import Bar, KeyBar, TitleBar
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice

TIP_DELAY = 1.0
"""Seconds on a screen after which a tip may come."""


class CatalogScreen(Moving, Fitted[None]):
    """A place in the catalog. Subclasses name it, fill the body, and say which lines the movement keys move."""

    PLACE: ClassVar[str] = ""
    CONTEXT: ClassVar[Context] = Context.APP

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._is_done = False

    def compose(self) -> ComposeResult:
        """Title, body, keys."""
        desk = self.desk
        yield TitleBar(self.place, desk.symbols, lambda: desk.health, lambda: desk.read_only, lambda: self.aside)
        yield from self.body()
        yield KeyBar(self.CONTEXT, self.off, self.desk.keymap)

    @property
    def place(self) -> str:
        """Where this is, for the title."""
        return self.PLACE

    @property
    def aside(self) -> str:
        """What the title says besides, where there is room."""
        return ""

    def body(self) -> ComposeResult:
        """What stands between title and keys."""
        raise NotImplementedError

    @property
    def row(self) -> str:
        """The ref of the entity that the cursor stands on, empty where there is none."""
        return ""

    @property
    def row_location(self) -> str:
        """The id of the location that the cursor stands on, or that the row is known to come from."""
        return ""

    @property
    def has_row(self) -> bool:
        """Whether the cursor stands on something. Raises `NoMatches` as long as not all widgets are there."""
        return bool(self.row or self.row_location)

    def on_screen_resume(self) -> None:
        """Here, or here again: perhaps there is a key to tell of."""
        if self._is_done:
            self.leave()  # the person may be gone again before this is heard
            return
        self.set_timer(TIP_DELAY, self._give_tip)

    def _give_tip(self) -> None:
        """One tip, if the line above the keys is free; each once."""
        notices = self.query(Notice)
        if not self.is_current or not notices or notices.first().words:
            return
        for name, text in TIPS.get(self.CONTEXT, ()):
            if self.desk.notebook.first_time(name):
                notices.first().say(Mark.OK, text, Tone.QUIET)
                return

    def off(self, action: Action) -> str:
        """Why an action does not work now, empty where it does."""
        try:
            return self.reason(action, has_row=self.has_row)
        except NoMatches:  # widgets come after their screen, and go before it: keys are drawn and pressed meanwhile
            return CatalogScreen.reason(self, action, has_row=False)

    def reason(self, action: Action, *, has_row: bool) -> str:
        """As `off`, while all widgets are there; subclasses may add reasons of their own."""
        desk = self.desk
        return reason_off(action, read_only=desk.read_only, health=desk.health, has_row=has_row, served=desk.served)

    def hear(self, news: News) -> None:
        """The daemon went, came, or changed; also called for screens that are not on top."""

    def tick(self) -> None:
        """Time went by, or the daemon went or came: title and keys are drawn again."""
        for bar in self.query(Bar):
            bar.refresh()

    @on(LineScroller.Filled)
    def _filled(self) -> None:
        """What needs a row works now, or does not any more."""
        for bar in self.query(KeyBar):
            bar.refresh()

    def leave_done(self) -> None:
        """Back, after something was changed."""
        self.leave()
        self.app.post_message(OwnChange())

    def leave(self) -> None:
        """Close this screen, though the person may be elsewhere by now: then it goes when they come back to it."""
        if self.app.screen is self:
            self.app.pop_screen()
        else:
            self._is_done = True

    def show_own(self) -> None:
        """The person changed something: where rows wait to be shown, they are shown now."""

    def copy(self, text: str, name: str = "") -> None:
        """Put a text on the clipboard, and say how: with OSC 52 it is the terminal that allows it.

        `name` is said in place of the text where that is long.
        """
        if text:
            send(self.app, text, name)
