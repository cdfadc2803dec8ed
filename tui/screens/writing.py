"""What every screen has from which entities are edited: form, editor, undo, redo, and what was written last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import App

from tui.model.symbols import Mark
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk

if TYPE_CHECKING:  # imported when somebody writes, not when the first screen comes up
    from tui.model.journal import Deed
    from tui.model.writing import Outcome


TAKEN_BACK = "taken back"
SHOWN = 90
"""Characters of a command that are shown; all of it is copied."""


class Writing(CatalogScreen):
    """Subclasses say which entities are meant, and where a sentence is shown."""

    @property
    def edited_refs(self) -> tuple[str, ...]:
        """The entities that are edited now."""
        raise NotImplementedError

    def tell(self, mark: Mark, text: str) -> None:
        """A sentence that stays until the person goes on."""
        raise NotImplementedError

    def action_edit(self) -> None:
        """The form."""
        from tui.screens.edit_form import EditScreen

        if self.edited_refs:
            self.app.push_screen(EditScreen(self.desk, self.edited_refs))

    def action_edit_raw(self) -> None:
        """The editor."""
        from tui.screens.raw_edit import RawEdit

        refs = self.edited_refs
        if len(refs) == 1:
            RawEdit(self.app, self.desk, refs[0]).begin()
        elif refs:
            self.tell(Mark.UNKNOWN, f"the editor takes one entity at a time; {len(refs)} are marked")

    def action_open_file(self) -> None:
        """The file of the entity that the cursor stands on, in the editor."""
        from tui.screens.file_editor import FileEditor

        if self.row:
            FileEditor(self.app, self.desk, self.row, self.tell).begin()

    def action_undo(self) -> None:
        """Take back what was written last; where nothing was, show the edits of everybody."""
        deed = self.desk.bench.journal.undoable
        if deed is None:
            from tui.screens.edits import EditsScreen

            self.app.push_screen(EditsScreen(self.desk))
            return
        self._take_back(deed, redo=False)

    def action_redo(self) -> None:
        """Write again what was taken back."""
        deed = self.desk.bench.journal.redoable
        if deed is None:
            self.tell(Mark.UNKNOWN, "nothing was taken back in this session")
            return
        self._take_back(deed, redo=True)

    def _take_back(self, deed: Deed, *, redo: bool) -> None:
        from tui.model.journal import Deed
        from tui.screens.review import ReviewScreen

        if deed.undo is None:
            self.tell(Mark.WARNING, f"{deed.title} cannot be taken back from here: z in the list of edits")
            return
        journal, word = self.desk.bench.journal, "Redo" if redo else "Undo"
        plan = replace(deed.undo, message=f"{word}: {deed.title}")

        def done(outcomes: Sequence[Outcome]) -> None:
            one = outcomes[0]
            back = Deed(deed.title, one.proposal.target, one.undo)
            (journal.redone if redo else journal.undone)(back)
            tell_written(self.app, self.desk, outcomes, "written again" if redo else TAKEN_BACK, recorded=True)

        self.app.push_screen(ReviewScreen(self.desk, plan.message, [plan], done))

    def action_copy_command(self) -> None:
        """The command that does the same as the last write."""
        command = self.desk.bench.command
        if command:
            self.copy(command)
        else:
            self.tell(Mark.UNKNOWN, "nothing was written in this session")


def tell_written(
    app: App[int], desk: Desk, outcomes: Sequence[Outcome], word: str = "written", *, recorded: bool = False
) -> None:
    """Remember what was written for undo, and say it where the person is, with the command that does the same."""
    from tui.model.journal import Deed

    if not recorded:
        for one in outcomes:
            if one.done or one.undo is not None:
                title = one.proposal.plan.message or ", ".join(one.proposal.plan.refs)
                desk.bench.journal.record(Deed(title, one.proposal.target, one.undo))
    words = "; ".join(one.words for one in outcomes)
    command = desk.bench.command
    first = command.partition("\n")[0][:SHOWN]
    shown = first if first == command else f"{first}{desk.symbols.ellipsis}"
    back = "Z writes it again" if word == TAKEN_BACK else "z takes it back"
    told = f"{word}: {words} {desk.symbols.dot} {back} {desk.symbols.dot} Y copies {shown}"
    if isinstance(app.screen, Writing):
        app.screen.tell(Mark.OK, told)
    else:
        app.notify(told, markup=False, timeout=10)
