"""Jump labels: a letter on each place of a screen, and the letter goes there."""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, Protocol, runtime_checkable

from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from tui.actions import Context
from tui.model.jump import LABEL_WIDTH, Reach, Spot, lettered
from tui.screens.dialog import Dialog
from tui.widgets.keys import bindings

Go = Callable[[], object]


@runtime_checkable
class Jumpable(Protocol):
    """A widget that has places to jump to."""

    def spots(self) -> Iterable[Spot]:
        """Its places, as far as they are in sight."""


def places(screen: Widget) -> dict[str, Spot]:
    """The places of a screen that are in sight, by letter, where the screen has them."""
    found: list[Spot] = []
    here: list[Spot] = []
    for widget in screen.query(Widget):
        if widget.is_on_screen:
            region = widget.region
            fitting = [one for one in _spots(widget) if 0 <= one.x <= region.width - LABEL_WIDTH]
            placed = [one.beside(region.x, region.y) for one in fitting]
            found += placed
            here += [one for one in placed if one.reach is Reach.PANE and widget.has_focus]
    alone = sum(one.reach is Reach.PANE for one in found) == len(here)
    return lettered(one for one in found if not alone or one not in here)  # one is there already


def _spots(widget: Widget) -> Iterable[Spot]:
    """The places of a widget; what can be written into or pressed is one itself, at its right end."""
    if isinstance(widget, Jumpable):
        return widget.spots()
    if not widget.focusable or any(isinstance(one, Jumpable) for one in widget.ancestors):
        return ()
    title = str(widget.border_title or getattr(widget, "label", "") or widget.id or "")
    return (Spot(widget.region.width - LABEL_WIDTH, 0, Reach.PANE, widget.focus, title),)


class JumpLabel(Static):
    """A letter in brackets: it is told by its form, too, where there are no colours."""

    def __init__(self, letter: str, spot: Spot) -> None:
        super().__init__(f"[{letter}]", markup=False)
        self.letter = letter
        self.styles.offset = (spot.x, spot.y)


class JumpScreen(Dialog[Go | None]):
    """Answers with what leads to the place whose letter was pressed, or that was clicked."""

    CSS_PATH = "jump.tcss"
    BINDINGS: ClassVar = bindings(Context.JUMP)

    def __init__(self, spots: Mapping[str, Spot], leave: str) -> None:
        """`leave` is the key that leaves, as it is written."""
        super().__init__()
        self._spots = spots
        self._leave = leave
        self._laid_out: Size | None = None

    def compose(self) -> ComposeResult:
        """The letters, and what to do with them."""
        yield from (JumpLabel(letter, spot) for letter, spot in self._spots.items())
        yield Static(f"press a letter to go there   {self._leave} stay here", id="words", markup=False)

    def on_key(self, event: events.Key) -> None:
        """A letter goes to its place; another one leads nowhere."""
        if spot := self._spots.get(event.character or ""):
            event.stop()
            self.dismiss(spot.go)

    def on_click(self, event: events.Click) -> None:
        """A click on a letter is the letter, elsewhere it leaves."""
        event.stop()
        x, y = event.screen_offset
        hit = (one.go for one in self._spots.values() if one.y == y and one.x <= x < one.x + LABEL_WIDTH)
        self.dismiss(next(hit, None))

    def on_resize(self, event: events.Resize) -> None:
        """In another size the places are elsewhere."""
        if self._laid_out not in (None, event.size):
            self.dismiss(None)
        self._laid_out = event.size

    def action_cancel(self) -> None:
        """Stay."""
        self.dismiss(None)
