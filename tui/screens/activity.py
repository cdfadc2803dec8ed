"""Activity: what was done to the catalog, by whom, each line as a command."""

from typing import ClassVar

from textual import on

from tui.actions import Context
from tui.model.lines import Piece, Tone
from tui.model.link import News
from tui.model.location_lines import location_name
from tui.model.log_lines import DRAFT, change_line, command, draft_change
from tui.model.source import Change
from tui.model.symbols import Mark
from tui.screens.desk import Desk
from tui.screens.list_screen import ListScreen
from tui.screens.messages import LocationsArrived, LogArrived
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines

PAGE = 500
"""Changes asked for at once."""


class ActivityScreen(ListScreen):
    """The log of changes, the newest first."""

    PLACE = "Activity"
    CONTEXT = Context.LOG
    CHOOSES = True
    BINDINGS: ClassVar = bindings(Context.LOG)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._log: list[Change] | None = None
        self._names: dict[str, str] = {}
        self._with_syncs = True
        self._drafts: list[Change] = []

    @property
    def _shown(self) -> list[Change]:
        changes = [change for change in self._log or () if self._with_syncs or change.what != "sync"]
        return [*self._drafts, *changes]

    @property
    def _under(self) -> Change | None:
        shown, cursor = self._shown, self.scroller.cursor
        return shown[cursor] if cursor < len(shown) else None

    @property
    def row(self) -> str:
        """The first entity that was changed."""
        refs = (*self._under.updated, *self._under.added) if self._under else ()
        return refs[0] if refs else ""

    @property
    def has_row(self) -> bool:
        """Whether there is a change at all."""
        return self._under is not None

    def action_reload(self) -> None:
        """Ask again; what is begun and not written stands on top."""
        self._drafts = [draft_change(draft) for draft in self.desk.bench.drafts.all()]
        self._ask(0)
        self.desk.courier.send(
            "locations", self.desk.source.locations, lambda answer: self.post_message(LocationsArrived(answer))
        )

    def action_older(self) -> None:
        """What happened before."""
        if self._log:
            self._ask(self._log[-1].seq)

    def _ask(self, before: int) -> None:
        self.desk.courier.send(
            "log",
            lambda: self.desk.source.log(before, PAGE),
            lambda answer: self.post_message(LogArrived(before, answer)),
        )

    @on(LogArrived)
    def _arrived(self, event: LogArrived) -> None:
        notice = self.query_one(Notice)
        if event.answer.value is None:
            notice.say(Mark.WARNING, str(event.answer.error))
            return
        notice.clear()
        if event.before and not event.answer.value:
            notice.say(Mark.OK, "that is all that the log holds")
        older = self._log or []
        self._log = [*older, *event.answer.value] if event.before else list(event.answer.value)
        self.lay_out()

    @on(LocationsArrived)
    def _named(self, event: LocationsArrived) -> None:
        if event.answer.value is not None:
            self._names = {item.id: location_name(item) for item in event.answer.value}
            self.lay_out()

    def hear(self, news: News) -> None:
        """A change is a line of its own; the cursor stays on its line."""
        if isinstance(news, Change) and self._log is not None:
            self._log.insert(0, news)
            scroller = self.scroller
            if scroller.cursor and (self._with_syncs or news.what != "sync"):
                self.lay_out()
                scroller.cursor += 1
            else:
                self.lay_out()
        elif not isinstance(news, Change):
            super().hear(news)

    def lay_out(self) -> None:
        """One line a change."""
        if self._log is None:
            return
        lines = self.query_one(TextLines)
        width = lines.scrollable_content_region.width - 2
        made = [change_line(change, width, self._names, self.desk.symbols) for change in self._shown]
        lines.show(made or [(Piece("nothing was done yet", Tone.QUIET),)], keep_place=True)

    def action_syncs(self) -> None:
        """With what came from git, or without."""
        self._with_syncs = not self._with_syncs
        self.lay_out()
        words = "everything" if self._with_syncs else "what people and programs did; s shows syncs too"
        self.query_one(Notice).say(Mark.OK, words)

    def action_copy_command(self) -> None:
        """The command that does the same."""
        if self._under:
            self.copy(command(self._under))

    def action_open(self) -> None:
        """The entity that was changed; a draft is taken up."""
        from tui.screens.entity import EntityScreen

        if self._under and self._under.what == DRAFT:
            from tui.screens.edit_form import EditScreen

            if self.desk.read_only:
                self.query_one(Notice).say(Mark.LOCKED, "read-only: the draft is kept")
            else:
                self.app.push_screen(EditScreen(self.desk, self._under.detail["refs"]))
        elif self.row:
            self.app.push_screen(EntityScreen(self.desk, self.row))
        else:
            self.query_one(Notice).say(Mark.WARNING, "no entity that is still there was changed by this")

    @on(LineScroller.Chosen)
    def _chosen(self) -> None:
        self.action_open()
