"""What the publisher is asked to do beside publishing readings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from syncd.model.change import PropertyChange
from syncd.model.json import Json
from syncd.stitch.publication import Publication
from syncd.store.index import Index


@dataclass(frozen=True, slots=True)
class Entry:
    """The row of the log that a write makes."""

    actor: str
    what: str
    target: str
    detail: Mapping[str, Json]
    properties: tuple[PropertyChange, ...] = ()
    """What it does to which path of which entity."""


Write = Callable[[Publication], Entry | None]
"""A change by a person: changes `state.sqlite` and the publication; None leaves no row in the log."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A write that may share its transaction with others like it (R34: what waits is committed together).

    It refuses before it changes anything, and changes nothing but rows of `state.sqlite` and what it touches.
    """

    do: Write
    refs: Sequence[str] = ()
    """The entities that it is about: what is said of those of a whole group is asked once."""


@dataclass(frozen=True, slots=True)
class Still:
    """Work that nothing may be written beside, and that writes nothing itself; it should take milliseconds."""

    do: Callable[[Index], None]
