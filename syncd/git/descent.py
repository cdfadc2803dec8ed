"""Follows several patterns down a tree at once: one look-up a name where only literal names matter."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from syncd.model.pattern import Pattern

States = tuple[int, ...]


class Step(NamedTuple):
    """Where a name leads: `states` below it (none match when all are 0), and whether it is itself a match."""

    states: States
    goes_on: bool
    accepts: bool


class Names(NamedTuple):
    """What names mean in one folder; `other` is None where each name must be judged by `Descent.judge`."""

    known: dict[bytes, Step]
    other: Step | None


_NO_NAME: Final = "\0"
"""No file is called so: what it leads to is what every name leads to that no pattern spells out."""


class Descent:
    """The patterns of one walk; remembers what it worked out, since most folders are in the same few states."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns
        self._names: dict[States, Names] = {}
        self.start: States = tuple(pattern.start for pattern in patterns)

    def names(self, states: States) -> Names:
        """What names mean in a folder that was reached in these states."""
        names = self._names.get(states)
        if names is None:
            names = self._names[states] = self._work_out(states)
        return names

    def judge(self, states: States, name: bytes) -> Step:
        """Where one name leads."""
        return self._step(states, name.decode("utf-8", "surrogateescape"))

    def _work_out(self, states: States) -> Names:
        active = [p.active(state) for p, state in zip(self._patterns, states, strict=True)]
        literals = {name for names, _ in active for name in names}
        known = {name.encode("utf-8", "surrogateescape"): self._step(states, name) for name in literals}
        wild = any(is_wild for _, is_wild in active)
        return Names(known, None if wild else self._step(states, _NO_NAME))

    def _step(self, states: States, name: str) -> Step:
        after = tuple(p.step(state, name) for p, state in zip(self._patterns, states, strict=True))
        accepts = any(p.accepts(state) for p, state in zip(self._patterns, after, strict=True))
        return Step(after, any(after), accepts)
