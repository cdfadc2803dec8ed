"""Places of a screen that a letter leads to."""

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import NamedTuple

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""Letters in the order in which they are given away; then the large ones. What comes after has none."""
LABEL_WIDTH = 3
"""Cells of `[a]`."""


class Reach(IntEnum):
    """How much lies at a place; the larger ones choose their letters first."""

    PANE = 0
    PART = 1
    LINE = 2


class Spot(NamedTuple):
    """A place: its column and row, from the upper left corner of its widget; what leads there; what it is called."""

    x: int
    y: int
    reach: Reach
    go: Callable[[], object]
    title: str = ""

    def beside(self, x: int, y: int) -> "Spot":
        """The same place as the screen counts, where the widget stands at this column and row."""
        return self._replace(x=self.x + x, y=self.y + y)


def lettered(spots: Iterable[Spot]) -> dict[str, Spot]:
    """Each place by its letter: the first free one of its title, so that a place keeps it, else the next in order."""
    free = list(LETTERS + LETTERS.upper())
    found: dict[str, Spot] = {}
    for spot in sorted(spots, key=lambda one: one.reach):
        letter = next((one for one in spot.title.lower() if one in free), free[0] if free else "")
        if letter:
            free.remove(letter)
            found[letter] = spot
    return found
