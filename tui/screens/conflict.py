"""Conflict: somebody else changed the same fields meanwhile. Mine, theirs, or both in one, field by field."""

from collections.abc import Callable
from difflib import unified_diff
from typing import ClassVar

from textual.app import ComposeResult

from tui.actions import Context
from tui.model.diff_lines import unified_lines
from tui.model.lines import Piece, TextLine, Tone
from tui.model.merging import Side, both_sides, resolved
from tui.model.plan import Plan
from tui.model.symbols import Mark
from tui.model.value_text import value_text
from tui.model.writing import Conflict, Proposal
from tui.safe_text import safe_text
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines


class ConflictScreen(CatalogScreen):
    """Calls `decided` with what is to be written then, None where nothing is."""

    CSS_PATH = "edit.tcss"
    CONTEXT = Context.CONFLICT
    BINDINGS: ClassVar = bindings(Context.CONFLICT)
    PLACE = "Changed upstream"

    def __init__(self, desk: Desk, proposal: Proposal, decided: Callable[[Plan | None], None]) -> None:
        super().__init__(desk)
        self.plan = proposal.plan
        self.conflicts = proposal.conflicts
        self._decided = decided
        self._chosen: dict[int, Side] = {}
        self._at: list[int] = []

    def body(self) -> ComposeResult:
        """One list of conflicts."""
        yield TextLines(self.desk.symbols, choose=True, name="difference")
        yield Notice(self.desk.symbols)

    @property
    def scroller(self) -> LineScroller:
        """The conflicts."""
        return self.query_one(TextLines)

    def on_mount(self) -> None:
        """Show them."""
        self.scroller.focus()
        told = "somebody changed this meanwhile: m mine, t theirs, b both; then r reviews"
        self.query_one(Notice).say(Mark.WARNING, told)

    def on_resize(self) -> None:
        """Other width, other lines."""
        self.lay_out()

    def lay_out(self) -> None:
        """Each conflict with its sides."""
        lines: list[TextLine] = []
        self._at = []
        for number, one in enumerate(self.conflicts):
            block = [*self._lines(number, one), ()]
            lines += block
            self._at += [number] * len(block)
        self.query_one(TextLines).show(lines, keep_place=True)

    def _lines(self, number: int, one: Conflict) -> list[TextLine]:
        chosen = self._chosen.get(number)
        lines: list[TextLine] = [
            (Piece(safe_text(one.path), Tone.ACCENT), Piece(f"   {safe_text(one.ref)}", Tone.QUIET)),
        ]
        if isinstance(one.was, str) and "\n" in one.was:
            return [*lines, *self._texts(chosen, one)]
        lines.append((Piece("   was     ", Tone.QUIET), Piece(value_text(one.was), Tone.QUIET)))
        for side, value in self._sides(one):
            here = side == chosen
            mark = self.desk.symbols[Mark.OK] if here else " "
            tone = Tone.GOOD if here else Tone.TEXT
            lines.append((Piece(f" {mark} {side:<7} ", Tone.ACCENT if here else Tone.QUIET), Piece(value, tone)))
        return lines

    def _sides(self, one: Conflict) -> list[tuple[Side, str]]:
        both = "they changed the same thing: choose one" if (found := both_sides(one)) is None else value_text(found)
        return [("mine", value_text(one.mine)), ("theirs", value_text(one.now)), ("both", both)]

    def _texts(self, chosen: Side | None, one: Conflict) -> list[TextLine]:
        """What each side did to the text."""
        lines: list[TextLine] = []
        for side, text in (("mine", one.mine), ("theirs", one.now)):
            here = side == chosen or chosen == "both"
            mark = self.desk.symbols[Mark.OK] if here else " "
            lines.append((Piece(f" {mark} {side}", Tone.ACCENT if here else Tone.HEADING),))
            diff = unified_diff(str(one.was or "").splitlines(), str(text or "").splitlines(), lineterm="", n=1)
            lines += unified_lines("\n".join(list(diff)[2:]))
        if both_sides(one) is None:
            lines.append((Piece("   both: they changed the same lines, choose one", Tone.QUIET),))
        return lines

    def action_choose(self, side: Side) -> None:
        """Decide the conflict under the cursor."""
        if not self._at:
            return
        number = self._at[min(self.scroller.cursor, len(self._at) - 1)]
        if side == "both" and both_sides(self.conflicts[number]) is None:
            self.query_one(Notice).say(Mark.WARNING, "both sides changed the same thing: choose mine or theirs")
            return
        self._chosen[number] = side
        left = len(self.conflicts) - len(self._chosen)
        told = f"{left} to decide" if left else "all is decided: r reviews what comes of it"
        self.query_one(Notice).say(Mark.WARNING if left else Mark.OK, told)
        self.lay_out()

    def action_go_on(self) -> None:
        """On with what was decided."""
        if len(self._chosen) < len(self.conflicts):
            self.query_one(Notice).say(Mark.WARNING, "decide first: m mine, t theirs, b both")
            return
        plan = resolved(self.plan, [(one, self._chosen[number]) for number, one in enumerate(self.conflicts)])
        self.leave()
        self._decided(plan)

    def action_back(self) -> None:
        """Nothing is decided; the draft is kept."""
        self.leave()
        self._decided(None)
