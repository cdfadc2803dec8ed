"""A small choice: the link to open."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.actions import Context
from tui.model.addresses import Address, can_open
from tui.safe_text import safe_text
from tui.screens.clipboard import send
from tui.screens.dialog import Dialog
from tui.widgets.choice_list import ChoiceList
from tui.widgets.keys import bindings


def offer(app: App[Any], addresses: Sequence[Address]) -> None:
    """Show where links lead; the one that is chosen is opened if it is https and there is a browser, else copied (R73).

    No text from outside is opened unseen, and none reaches a shell.
    """

    def chosen(url: str | None) -> None:
        if url and url.startswith("https://") and (can_open() or app.is_web):
            app.open_url(url)
        elif url:
            send(app, url)

    app.push_screen(LinkPicker(addresses), chosen)


class LinkPicker(Dialog[str | None]):
    """Answers with the URL of the chosen link."""

    CSS_PATH = "link_picker.tcss"
    BINDINGS: ClassVar = bindings(Context.PICKER)

    def __init__(self, addresses: Sequence[Address]) -> None:
        super().__init__()
        self._addresses = addresses

    def compose(self) -> ComposeResult:
        """What each link is called, and where it leads."""
        options = ChoiceList(*(Option(self._words(one)) for one in self._addresses), markup=False)
        options.border_title = "Open"
        yield options

    def _words(self, address: Address) -> Content:
        return Content(f"{safe_text(address.label)}\n  {safe_text(address.url)}")

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._addresses[event.option_index].url)

    def action_cancel(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
