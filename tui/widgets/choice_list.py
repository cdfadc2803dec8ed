"""Options to choose from: the framework's list, which may be asked for a page before it has a place."""

from textual import events
from textual.widgets import OptionList


class ChoiceList(OptionList):
    """An option list; what it holds is laid out once it is shown, and keys may come before; clicks, once it is gone."""

    def on_click(self, event: events.Click) -> None:
        """Nothing, where the option under the mouse went after it was drawn."""
        if event.style.meta.get("option", -1) >= self.option_count:
            event.prevent_default()

    def action_page_up(self) -> None:
        """A page up, once there are pages."""
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """A page down, once there are pages."""
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]
