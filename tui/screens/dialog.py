"""A question that lies over the screen until it is answered."""

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType

from tui.screens.fitted import Fitted


class Dialog(Fitted[ScreenResultType], ModalScreen[ScreenResultType]):
    """Answered once: what is still typed when it is gone, or when the person went elsewhere, answers nothing."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with a result."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
