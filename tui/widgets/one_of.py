"""A field of a form whose value is one of a few, all of them in sight."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events

from tui.widgets.tab_line import TabLine


class Option(NamedTuple):
    """A value, its words, and those for where there is little room."""

    value: str
    words: str
    brief: str


class OneOf(TabLine, can_focus=True):
    """`←`, `→` and `space` go on to another value, a click takes the one under it; each is told as `TabLine.Chosen`."""

    DEFAULT_CSS = """
    OneOf { background: $foreground 6%; padding: 0; }
    OneOf:focus { background: $primary 15%; }
    """

    _STEPS = {"left": -1, "right": 1, "space": 1}  # noqa: RUF012 - nobody changes it

    def __init__(self, options: Sequence[Option], *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__([(one.words, one.brief) for one in options])
        self.id = id
        self._options = options
        self._number = 0

    @property
    def value(self) -> str:
        """The one that is chosen; the first to begin with."""
        return self._options[self._number].value

    def choose(self, number: int) -> None:
        """Another value."""
        self._number = number
        super().choose(number)

    def on_key(self, event: events.Key) -> None:
        """The next, or the one before; behind the last comes the first."""
        if step := self._STEPS.get(event.key):
            event.stop()
            event.prevent_default()
            self.post_message(self.Chosen((self._number + step) % len(self._options)))
