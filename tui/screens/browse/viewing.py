"""Views with a name, stars, and which columns there are: what makes a view one's own."""

from tui.actions import Context, of
from tui.bookmarks import BookmarkError
from tui.model.lines import Tone
from tui.model.symbols import Mark
from tui.model.view_state import ViewState
from tui.screens.browse.table import BrowseTable
from tui.widgets.bars import TitleBar
from tui.widgets.entity_table import EntityTable


class Viewing(BrowseTable):
    """The title says which view this is, with a `*` where its line has changed since."""

    _view_name = ""

    def answered(self) -> None:
        """The title follows the line."""
        super().answered()
        self._entitle()

    def _entitle(self) -> None:
        saved = self._saved()
        here = next((name for name, line in saved.items() if line == self.shown.query), "")
        self._view_name = here or (self._view_name if self._view_name in saved and self.shown.query else "")
        changed = "" if here or not self._view_name else "*"
        arrow = self.desk.symbols.arrow_out
        self.query_one(TitleBar).go(
            f"{self.PLACE}  {arrow}  {self._view_name}{changed}" if self._view_name else self.PLACE
        )

    def _saved(self) -> dict[str, str]:
        try:
            return self.desk.bookmarks.views.all()
        except BookmarkError:
            return {}  # the list of views says so

    def action_views(self) -> None:
        """Go to a saved view, or save this one."""
        from tui.screens.view_picker import ViewPicker

        def chosen(answer: tuple[str, str] | None) -> None:
            self._entitle()  # it may have another name, or none
            if answer and answer[0] == "open":
                self.go(ViewState(answer[1]))
            elif answer:
                self._save(answer[1])

        keys = "   ".join(
            f"{self.desk.keymap.shown(one)} {one.title}"
            for one in of(Context.VIEWS)
            if one.method in ("rename", "remove")
        )
        self.app.push_screen(ViewPicker(self.desk.bookmarks.views, self.view.query, keys), chosen)

    def _save(self, name: str) -> None:
        try:
            self.desk.bookmarks.views.save(name, self.view.query)
        except BookmarkError as error:
            self.notice.say(Mark.ERROR, f"{error}{f' ({error.where})' if error.where else ''}")
            return
        self._view_name = name
        self._entitle()
        self.notice.say(Mark.OK, f"saved: catalog list @{name} asks the same", Tone.TEXT)

    def on_screen_resume(self) -> None:
        """Stars may have been given elsewhere."""
        for table in self.query(EntityTable):
            table.forget_drawn()

    def action_star(self) -> None:
        """Star the entity, or no more."""
        if self.table.ref:
            self.desk.bookmarks.starred.toggle(self.table.ref)
            self.table.forget_drawn()

    def action_columns(self) -> None:
        """Choose columns and their order, while the table shows them."""
        from tui.screens.column_picker import ColumnPicker

        before = self.here

        def closed(_: None) -> None:
            if before.query != self.view.query:
                self.trail.leave(before)

        def apply(names: tuple[str, ...]) -> None:
            self.put(self.view.with_columns(names))

        self.app.push_screen(ColumnPicker(self.desk, self.view.columns, self.table.view, apply), closed)
