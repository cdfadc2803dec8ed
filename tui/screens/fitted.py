"""Screens that are laid out for the terminal as it is."""

from textual.geometry import Size
from textual.screen import Screen, ScreenResultType


class Fitted(Screen[ScreenResultType]):
    """Textual lays a screen, and those that shine through below a dialog, out for the size that an event tells, and
    tells each of them its new size by an event again: two sizes on their way at once would take turns for ever."""

    def _screen_resized(self, size: Size) -> None:
        super()._screen_resized(self.app.size or size)
