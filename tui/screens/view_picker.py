"""Saved views: go to one, keep the line under a name, give one another name, or forget it."""

from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.actions import Context
from tui.bookmarks import BookmarkError
from tui.bookmarks.views import BUILT_IN, NAME, Views
from tui.model.lines import fitted
from tui.safe_text import safe_text
from tui.screens.dialog import Dialog
from tui.widgets.choice_list import ChoiceList
from tui.widgets.keys import bindings

ALWAYS = {"everything": "", "mine": "owner:@me", "starred": "@starred", "recent": "@recent"}
"""Views that nobody need save; a saved one of the same name stands in its place."""
FIND = "find a view, or name this one"


class ViewPicker(Dialog[tuple[str, str] | None]):
    """Answers with ("open", line) or ("save", name). What becomes of a view is decided here, and asked for twice."""

    CSS_PATH = "view_picker.tcss"
    BINDINGS: ClassVar = bindings(Context.VIEWS)

    def __init__(self, views: Views, line: str, keys: str) -> None:
        """`keys` are the words for the keys that rename and remove."""
        super().__init__()
        self._kept = views
        self._line = line
        self._keys = keys
        self._asked = ("", "")
        """What is to be done with a view, and its name: nothing, or a thing that waits for `enter`."""

    def compose(self) -> ComposeResult:
        """A name to look for, or to save under, and the views."""
        with Vertical() as box:
            box.border_title = "Views"
            yield Input(placeholder=FIND, compact=True)
            options = ChoiceList(markup=False)
            options.can_focus = False  # the typing goes on; an empty list has no place to move to
            yield options

    def on_mount(self) -> None:
        """All of them."""
        self._say(self._keys)
        self._list("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if self._asked[0] != "rename":
            self._give_up()
            self._list(event.value.strip())

    def _saved(self) -> dict[str, str]:
        try:
            return self._kept.all()
        except BookmarkError as error:
            self._say(f"{error} ({error.where})" if error.where else str(error))
            return {}

    def _list(self, typed: str, chosen: str = "") -> None:
        saved = self._saved()
        views = {**ALWAYS, **saved}
        found = {name: line for name, line in views.items() if typed.lower() in f"{name} {line}".lower()}
        width = min(24, max(map(cell_len, found), default=0) + 2)
        options = [
            Option(_words(name, line or "all entities", width), id=f"open:{name}") for name, line in found.items()
        ]
        if NAME.fullmatch(typed) and typed.lower() not in BUILT_IN and self._line:
            words = "replace, by this line" if typed in saved else "save this line"
            options.append(Option(_words(typed, words, width), id=f"save:{typed}"))
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options(options)
        listed.highlighted = (list(found).index(chosen) if chosen in found else 0) if options else None

    def on_key(self, event: events.Key) -> None:
        """Up and down move in the list while the typing goes on."""
        listed = self.query_one(OptionList)
        if event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            if self._asked[0] == "rename":
                return
            self._give_up()
            if event.key == "up":
                listed.action_cursor_up()
            else:
                listed.action_cursor_down()

    @on(Input.Submitted)
    def _entered(self) -> None:
        what, name = self._asked
        if what == "rename":
            self._rename(name, self.query_one(Input).value.strip())
        elif what == "remove":
            self._remove(name)
        elif chosen := self._chosen:
            self._take(chosen)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._give_up()
        self._take(event.option_id or "")

    def _take(self, chosen: str) -> None:
        what, _, name = chosen.partition(":")
        self.dismiss((what, {**ALWAYS, **self._saved()}.get(name, "") if what == "open" else name))

    @property
    def _chosen(self) -> str:
        listed = self.query_one(OptionList)
        at = listed.highlighted
        return (listed.get_option_at_index(at).id or "") if at is not None else ""

    def action_cancel(self) -> None:
        """Leave the view as it is, where something was to be done with it; else choose nothing."""
        if not self._give_up():
            self.dismiss(None)

    # -- other names, and none

    def action_rename(self) -> None:
        """Ask for another name of the view under the cursor."""
        if name := self._own("renamed"):
            self._asked = ("rename", name)
            line = self.query_one(Input)
            line.value, line.placeholder = name, "its other name"
            line.select_all()
            self._say(f"other name of {name}{self._named(name)}: enter takes it, esc not")

    def action_remove(self) -> None:
        """Ask whether the view under the cursor is to be forgotten."""
        if name := self._own("removed"):
            self._asked = ("remove", name)
            self._say(f"enter forgets {name}{self._named(name)}; any other key keeps it")

    def _own(self, done: str) -> str:
        """The saved view under the cursor; a word, and nothing, where it is none, or something is asked already."""
        what, _, name = self._chosen.partition(":")
        if self._asked[0]:
            return ""
        if what == "open" and name in self._saved():
            return name
        self._say(f"{name} is no saved view, and cannot be {done}" if name else "there is no view under the cursor")
        return ""

    def _named(self, name: str) -> str:
        others = self._kept.naming(name)
        return f" ({', '.join(others)} {'name' if len(others) > 1 else 'names'} it)" if others else ""

    def _rename(self, name: str, new: str) -> None:
        try:
            if new != name:
                self._kept.rename(name, new)
        except BookmarkError as error:
            self._say(f"{error}; {error.hint}" if error.hint else str(error))
            return
        self._give_up(new)
        self._say(f"{name} is {new} now")

    def _remove(self, name: str) -> None:
        line = self._saved().get(name, "")
        try:
            self._kept.remove(name)
        except BookmarkError as error:
            self._give_up()
            self._say(str(error))
            return
        self._give_up()
        self._list(self.query_one(Input).value.strip())
        self._say(f"forgotten: {line}")

    def _give_up(self, chosen: str = "") -> bool:
        """Nothing is to be done with a view any more; whether something was."""
        (what, name), self._asked = self._asked, ("", "")
        if what == "rename":
            line = self.query_one(Input)
            line.placeholder = FIND
            with self.prevent(Input.Changed):
                line.value = ""
            self._list("", chosen or name)
        if what:
            self._say(self._keys)
        return bool(what)

    def _say(self, words: str) -> None:
        self.query_one(Vertical).border_subtitle = Content(safe_text(words, limit=200))


def _words(name: str, line: str, width: int) -> Content:
    return Content.assemble(Content(fitted(safe_text(name), width)), Content.styled(safe_text(line), "$foreground 55%"))
