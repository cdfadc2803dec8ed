"""Errors: the problems of this entity, each with its line in the file."""

from typing import ClassVar

from tui.model.lines import Piece, TextLine, Tone, wrapped
from tui.model.overview import Line
from tui.model.source import ProblemItem
from tui.model.symbols import Mark
from tui.safe_text import safe_text
from tui.screens.panes.pane import Pane


class ErrorsPane(Pane):
    """`enter` shows the line of the file."""

    NAME: ClassVar[str] = "errors"
    _problems: tuple[ProblemItem | None, ...] = ()

    def lay_out(self) -> None:
        """Each with place, message, and what to do."""
        if self.details is None:
            return
        made: list[tuple[TextLine, ProblemItem | None]] = []
        for problem in self.details.problems:
            made += [((), None)] if made else []
            made += [(line, problem) for line in self._told(problem)]
        if not made:
            symbol = self.desk.symbols[Mark.OK]
            made = [((Piece(f"{symbol} ", Tone.GOOD), Piece("nothing is wrong with it", Tone.QUIET)), None)]
        self._problems = tuple(problem for _, problem in made)
        self.show_placed([(line, None if problem is None else Line("", problem.message)) for line, problem in made])

    def enter(self) -> None:
        """The line of the file, or the page of the file on the web."""
        problem = self._problems[self.cursor] if self.cursor < len(self._problems) else None
        if problem is None or self.details is None:
            return
        if problem.path == self.details.path and problem.line:
            self.post_message(self.ShowLine(problem.line))
        elif problem.url:
            self.post_message(self.OpenUrl(problem.url))
        else:
            self.post_message(self.Say(Mark.WARNING, f"{problem.where}: it stands in another file"))

    def _told(self, problem: ProblemItem) -> list[TextLine]:
        width = self.room_across - 2
        where = safe_text(problem.where or problem.code)
        lines: list[TextLine] = [
            (Piece(f"{self.desk.symbols[Mark.ERROR]} ", Tone.ERROR), Piece(where, Tone.ACCENT)),
            *((Piece("  "), Piece(part)) for part in wrapped(safe_text(problem.message), width)),
        ]
        if problem.hint:
            lines += [(Piece("  "), Piece(part, Tone.QUIET)) for part in wrapped(safe_text(problem.hint), width)]
        return lines
