"""The first screen of an empty catalog: one thing to do, and a demo."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult

from tui.actions import Context
from tui.model.lines import Piece, TextLine, Tone, wrapped
from tui.model.link import News, Up
from tui.model.source import Change
from tui.model.symbols import Mark
from tui.screens.base import CatalogScreen
from tui.screens.register import RegisterScreen
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines

_TEXT = (
    ("There are no locations yet", Tone.HEADING, ""),
    ("", Tone.TEXT, ""),
    (
        "The catalog is what git repositories say: their catalog-info.yaml and port.yml files, at any depth.",
        Tone.TEXT,
        "",
    ),
    ("", Tone.TEXT, ""),
    ("paste a clone URL, the web URL of a file, or a path. What it would bring is shown before.", Tone.TEXT, "a"),
    ("look at the demo: a small invented company in a catalog of its own, which you may change.", Tone.TEXT, "d"),
    ("all keys, searched by typing", Tone.TEXT, "?"),
    ("", Tone.TEXT, ""),
    ("In a shell:  catalog location add URL      catalog demo", Tone.QUIET, ""),
)


class WelcomeScreen(CatalogScreen):
    """Goes by itself once there is something to see."""

    CSS_PATH = "lists.tcss"
    PLACE = "Welcome"
    CONTEXT = Context.WELCOME
    BINDINGS: ClassVar = bindings(Context.WELCOME)

    def body(self) -> ComposeResult:
        """A few lines."""
        yield TextLines(self.desk.symbols, name="list")
        yield Notice(self.desk.symbols)

    def on_mount(self) -> None:
        """Keys act; a paste does, too."""
        self.scroller.focus()

    @property
    def scroller(self) -> LineScroller:
        """The text."""
        return self.query_one("#list", TextLines)

    def on_resize(self) -> None:
        """As wide as there is room."""
        text = self.query_one("#list", TextLines)
        width = min(96, text.scrollable_content_region.width)
        lines: list[TextLine] = []
        for words, tone, key in _TEXT:
            parts = wrapped(words, width - (6 if key else 2))
            for number, part in enumerate(parts):
                start = (Piece(f"  {key if not number else ' '}   ", Tone.ACCENT),) if key else (Piece("  "),)
                lines.append((*start, Piece(part, tone)))
        text.show(lines, keep_place=True)

    def on_paste(self, event: events.Paste) -> None:
        """What was pasted is what to register."""
        words = event.text.split()
        if words and not self.desk.read_only:
            event.stop()
            self.app.push_screen(RegisterScreen(self.desk, words[0]))

    def action_demo(self) -> None:
        """The sample company in a catalog of its own; here again when it is left."""
        from textual.app import SuspendNotSupported

        from tui.cli.demo import command
        from tui.foreground import run_in_foreground

        notice = self.query_one(Notice)
        try:
            with self.app.suspend():
                code = run_in_foreground(*command())
        except (SuspendNotSupported, OSError):
            notice.say(Mark.WARNING, "no demo can be opened from here; `catalog demo` in a shell does")
            return
        self.app.refresh(layout=True)
        if code:
            notice.say(Mark.ERROR, f"the demo ended with code {code}; `catalog demo` in a shell says why")
        else:
            notice.say(Mark.OK, "the demo is over, nothing of it is left", Tone.QUIET)

    def hear(self, news: News) -> None:
        """Something is there now."""
        filled = isinstance(news, Up) and news.status.entities > 0
        if filled or (isinstance(news, Change) and news.added):
            self.leave()

    def show_own(self) -> None:
        """What was registered is in the table."""
        self.leave()

    def action_back(self) -> None:
        """To the table."""
        self.leave()
