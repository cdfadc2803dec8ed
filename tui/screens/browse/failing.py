"""Locations that fail, told above the keys where nothing else is said."""

from textual import on

from tui.actions import Context, find
from tui.model.failing import Failing, failing_line, failing_locations
from tui.model.symbols import Mark
from tui.screens.browse.table import BrowseTable
from tui.screens.desk import Desk
from tui.screens.messages import ProblemsArrived

MARGIN = 4
"""Cells of the line above the keys that its symbol and its borders take."""


class FailingLocations(BrowseTable):
    """A failure is told once: the sentence stays until something else is said there, and does not come back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._failing: Failing = {}
        self._told: frozenset[tuple[str, str, str]] = frozenset()
        self._sentence = ""

    @on(ProblemsArrived)
    def _judge(self, event: ProblemsArrived) -> None:
        if event.answer.value is None:
            return
        self._failing = failing_locations(event.answer.value.items)
        if self._is_said:
            self._tell_anew()
        else:
            self._told &= self._failing.keys()
            self._tell()

    def on_resize(self) -> None:
        """In another width there is room for other words."""
        if self._is_said:
            self._tell_anew()

    def say_nothing(self) -> None:
        """What is said of locations stays; what there was no room for until now is said."""
        if not self._is_said:
            super().say_nothing()
            self._tell()

    @property
    def _is_said(self) -> bool:
        return bool(self._sentence) and self.notice.words == self._sentence

    def _tell_anew(self) -> None:
        self._sentence = ""
        self.notice.clear()
        self._tell(again=True)

    def _tell(self, *, again: bool = False) -> None:
        untold = self._failing.keys() - self._told
        if self._failing and (untold or again) and not self.notice.words:
            sync, width = find(Context.APP, "show('sync')"), self.size.width - MARGIN
            key = self.desk.keymap.shown(sync) if sync else ""
            self.notice.say(Mark.WARNING, failing_line(self._failing, key, width, self.desk.symbols))
            self._sentence, self._told = self.notice.words, frozenset(self._failing)
