"""Options to choose from: the framework's list, which may be asked for a page before it has a place."""

from textual.widgets import OptionList


class ChoiceList(OptionList):
    """An option list; what it holds is laid out once it is shown, and keys may come before."""

    def action_page_up(self) -> None:
        """A page up, once there are pages."""
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """A page down, once there are pages."""
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]
