"""Saved views: go to one, or keep the line under a name."""

from collections.abc import Mapping
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.actions import Context
from tui.bookmarks.views import BUILT_IN, NAME
from tui.model.lines import fitted
from tui.safe_text import safe_text
from tui.screens.dialog import Dialog
from tui.widgets.keys import bindings

ALWAYS = {"everything": "", "mine": "owner:@me", "starred": "@starred", "recent": "@recent"}
"""Views that nobody need save; a saved one of the same name stands in its place."""


class ViewPicker(Dialog[tuple[str, str] | None]):
    """Answers with ("open", line) or ("save", name)."""

    CSS_PATH = "view_picker.tcss"
    BINDINGS: ClassVar = bindings(Context.VIEWS)

    def __init__(self, saved: Mapping[str, str], line: str) -> None:
        super().__init__()
        self._views = {**ALWAYS, **saved}
        self._saved = saved
        self._line = line

    def compose(self) -> ComposeResult:
        """A name to look for, or to save under, and the views."""
        with Vertical() as box:
            box.border_title = "Views"
            yield Input(placeholder="find a view, or name this one", compact=True)
            options = OptionList(markup=False)
            options.can_focus = False  # the typing goes on; an empty list has no place to move to
            yield options

    def on_mount(self) -> None:
        """All of them."""
        self._list("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._list(event.value.strip())

    def _list(self, typed: str) -> None:
        found = {name: line for name, line in self._views.items() if typed.lower() in f"{name} {line}".lower()}
        width = min(24, max(map(cell_len, found), default=0) + 2)
        options = [
            Option(_words(name, line or "all entities", width), id=f"open:{name}") for name, line in found.items()
        ]
        if NAME.fullmatch(typed) and typed.lower() not in BUILT_IN and self._line:
            words = "replace, by this line" if typed in self._saved else "save this line"
            options.append(Option(_words(typed, words, width), id=f"save:{typed}"))
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options(options)
        listed.highlighted = 0 if options else None

    def on_key(self, event: events.Key) -> None:
        """Up and down move in the list while the typing goes on."""
        listed = self.query_one(OptionList)
        if event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            if event.key == "up":
                listed.action_cursor_up()
            else:
                listed.action_cursor_down()

    @on(Input.Submitted)
    def _entered(self) -> None:
        listed = self.query_one(OptionList)
        if listed.highlighted is not None:
            self._take(listed.get_option_at_index(listed.highlighted).id or "")

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._take(event.option_id or "")

    def _take(self, chosen: str) -> None:
        what, _, name = chosen.partition(":")
        self.dismiss((what, self._views[name] if what == "open" else name))

    def action_cancel(self) -> None:
        """Choose nothing."""
        self.dismiss(None)


def _words(name: str, line: str, width: int) -> Content:
    return Content.assemble(Content(fitted(safe_text(name), width)), Content.styled(safe_text(line), "$foreground 55%"))
