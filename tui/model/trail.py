"""Where a person was: places to go back to, and forward again."""

from dataclasses import dataclass

LONGEST = 100
"""Places that are remembered."""


@dataclass(frozen=True, slots=True)
class Place:
    """A view as it was left: its line, the entity and the row under the cursor, and the row on top."""

    query: str
    ref: str = ""
    row: int = 0
    top: int = 0


class Trail:
    """Like a browser's: going somewhere new forgets what was ahead."""

    def __init__(self) -> None:
        self._behind: list[Place] = []
        self._ahead: list[Place] = []

    def leave(self, place: Place) -> None:
        """Going somewhere new from there."""
        self._ahead.clear()
        if not self._behind or self._behind[-1].query != place.query:
            self._behind.append(place)
        else:
            self._behind[-1] = place
        del self._behind[:-LONGEST]

    def back(self, here: Place) -> Place | None:
        """The place before, None at the beginning; `here` is ahead of it from now on."""
        if not self._behind:
            return None
        self._ahead.append(here)
        return self._behind.pop()

    def forward(self, here: Place) -> Place | None:
        """The place that was left by going back, None where there is none."""
        if not self._ahead:
            return None
        self._behind.append(here)
        return self._ahead.pop()
