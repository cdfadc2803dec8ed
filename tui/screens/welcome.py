"""The first screen of an empty catalog: one thing to do, and a demo."""

from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult

from tui.actions import Action, Context
from tui.model.lines import Piece, TextLine, Tone, wrapped
from tui.model.link import News, Up
from tui.model.source import Change, SourceError
from tui.model.symbols import Mark
from tui.screens.base import CatalogScreen
from tui.screens.messages import DemoMade
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
    ("load the demo: a small invented company, in a repository of its own. It works offline.", Tone.TEXT, "d"),
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

    def off(self, action: Action) -> str:
        """The demo needs a place of its own."""
        reason = super().off(action)
        return (
            "there is no folder for it" if not reason and action.id == "welcome.demo" and not self.desk.demo else reason
        )

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
        """The sample as a repository; then what it would bring."""
        folder = self.desk.demo
        if folder is not None:
            self.query_one(Notice).say(Mark.WAITING, "making a repository of the sample company", Tone.QUIET)
            self.desk.courier.send(
                "demo", lambda: demo_repository(folder), lambda answer: self.post_message(DemoMade(answer))
            )

    @on(DemoMade)
    def _made(self, event: DemoMade) -> None:
        notice = self.query_one(Notice)
        if event.answer.value is None:
            notice.say(Mark.ERROR, str(event.answer.error))
            return
        notice.clear()
        self.app.push_screen(RegisterScreen(self.desk, event.answer.value))

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


def demo_repository(folder: Path) -> str:
    """The URL of a repository that holds the sample company; made once. Raises SourceError."""
    from tui.cli.demo import SAMPLE, Company
    from tui.cli.failure import Failure

    made = folder / "company.git"
    if made.is_dir():
        return made.resolve().as_uri()
    if not (SAMPLE / "catalog-info.yaml").is_file():
        raise SourceError("the sample company is not here; run `catalog demo` from a clone of the project")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Company(folder, SAMPLE).url
    except (Failure, OSError) as error:
        raise SourceError(f"the demo cannot be made: {error}") from error
