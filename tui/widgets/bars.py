"""The lines above and below every screen: where am I, how is the daemon, which keys work now."""

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from tui.actions import KEPT_KEYS, Action, Context, bar_actions
from tui.actions.keymap import Keymap
from tui.model.health import Health
from tui.model.lines import MARK_TONES, Piece, Tone, fitted_end
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text


class Bar(Widget):
    """One line of pieces: some on the left, some on the right. The left is cut first."""

    DEFAULT_CSS = """
    Bar { height: 1; width: 1fr; }
    Bar > .bar--quiet { color: $foreground 55%; }
    Bar > .bar--accent { color: $primary; }
    Bar > .bar--heading { text-style: bold; }
    Bar > .bar--good { color: $success; }
    Bar > .bar--warning { color: $warning; }
    Bar > .bar--error { color: $error; }
    Bar > .bar--text { color: $foreground; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"bar--{tone}" for tone in Tone}

    def left(self) -> Sequence[Piece]:
        """What stands on the left."""
        return ()

    def right(self) -> Sequence[Piece]:
        """What stands on the right."""
        return ()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        right = Strip(self._segments(self.right()))
        left = Strip(self._segments(self.left())).adjust_cell_length(max(0, width - right.cell_length), self.rich_style)
        return Strip.join([left, right]).adjust_cell_length(width, self.rich_style)

    def _segments(self, pieces: Sequence[Piece]) -> list[Segment]:
        return [Segment(p.text, self.get_component_rich_style(f"bar--{p.tone}")) for p in pieces if p.text]


_PROGRAM = "catalog   "


class TitleBar(Bar):
    """Where am I, and is what I see true: name of the place, what is aside of it, problems, state of the daemon."""

    DEFAULT_CSS = """
    TitleBar { background: $foreground 6%; padding: 0 1; }
    """

    def __init__(
        self,
        place: str,
        symbols: Symbols,
        health: Callable[[], Health],
        read_only: Callable[[], bool] = lambda: False,
        aside: Callable[[], str] = lambda: "",
    ) -> None:
        """`aside` is the first to go where the line is short."""
        super().__init__()
        self._read_only = read_only
        self._aside = aside
        self._place = place
        self._symbols = symbols
        self._health = health

    def go(self, place: str) -> None:
        """The place has another name."""
        self._place = place
        self.refresh()

    def left(self) -> Sequence[Piece]:
        """Program and place."""
        place = safe_text(self._place)
        room = self._room(self.right())
        shown = fitted_end(place, room, self._symbols.ellipsis) if room > 0 else ""
        return (Piece(_PROGRAM, Tone.HEADING), Piece(shown, Tone.QUIET))

    def right(self) -> Sequence[Piece]:
        """What is aside, where the whole place leaves room for it; then the state."""
        state = self._state()
        aside = Piece(f"  {safe_text(self._aside())} ", Tone.QUIET)
        fits = aside.text.strip() and self._room([aside, *state]) >= cell_len(safe_text(self._place))
        return (aside, *state) if fits else state

    def _room(self, right: Sequence[Piece]) -> int:
        """Cells for the place."""
        return self.size.width - cell_len(_PROGRAM) - sum(cell_len(piece.text) for piece in right)

    def _state(self) -> Sequence[Piece]:
        """Problems, then the daemon."""
        health = self._health()
        mark, words = health.words(time.monotonic())
        tone = MARK_TONES[mark]
        symbol = self._symbols.live if mark in (Mark.OK, Mark.WAITING) else self._symbols[mark]
        pieces = [Piece(f"{symbol} ", tone), Piece(safe_text(words), Tone.QUIET if mark is Mark.OK else tone)]
        if health.status and health.status.problems:
            count = health.status.problems
            text = f"{self._symbols[Mark.ERROR]} {count:,} problem{'s' if count != 1 else ''}   "
            pieces.insert(0, Piece(text, Tone.ERROR))
        if self._read_only():
            pieces.insert(0, Piece(f"{self._symbols[Mark.LOCKED]} read-only   ", Tone.WARNING))
        return (Piece("  "), *pieces)


class KeyBar(Bar):
    """The keys that work here, read from the registry: as many as fit, never half of one."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; background: $foreground 6%; padding: 0 1; }
    """

    def __init__(self, context: Context, off: Callable[[Action], str], keymap: Keymap) -> None:
        """`off` tells why an action does not work now; such a key stays in its place, in brackets."""
        super().__init__()
        self._keys_of = context
        self._off = off
        self._keymap = keymap

    def show(self, context: Context) -> None:
        """Other keys work now."""
        if context is not self._keys_of:
            self._keys_of = context
            self.refresh()

    def left(self) -> Sequence[Piece]:
        """Key and title of each action that fits; help and quit always do."""
        return [piece for _, pieces in self._shown() for piece in pieces]

    def _shown(self) -> list[tuple[Action, tuple[Piece, ...]]]:
        shown = [(action, self._pieces(key, action)) for key, action in bar_actions(self._keys_of, self._keymap)]
        room = self.size.width + 3  # the last one needs no space after it
        while len(shown) > KEPT_KEYS and sum(cell_len(piece.text) for _, keys in shown for piece in keys) > room:
            del shown[-KEPT_KEYS - 1]
        return shown

    async def on_click(self, event: events.Click) -> None:
        """A key that is clicked on is a key that is pressed."""
        end = 1  # the space at the left
        for action, pieces in self._shown():
            end += sum(cell_len(piece.text) for piece in pieces)
            if event.x < end:
                event.stop()
                await self.app.run_action(action.method, self.app if action.context is Context.APP else self.screen)
                return

    def _pieces(self, key: str, action: Action) -> tuple[Piece, ...]:
        if self._off(action):
            return (Piece(f"({key} {action.title})   ", Tone.QUIET),)
        return (Piece(f"{key} ", Tone.ACCENT), Piece(f"{action.title}   ", Tone.QUIET))
