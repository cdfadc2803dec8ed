"""Registering and removing locations, as the screens ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tui.answers import LocationAdjustment

SAVED = "@{saved}"
"""The ref that stands for what is saved in a work tree."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A location that somebody wants to register."""

    type: str
    target: str
    ref: str = ""
    paths: tuple[str, ...] = ()
    write: str = "none"
    poll_interval: float | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field whose value would be another; None is "not there"."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Previewed:
    """What would become of one document; `effect` is new, changed, same, conflict, invalid or template."""

    effect: str
    ref: str = ""
    path: str = ""
    line: int = 0
    message: str = ""
    hint: str = ""
    changes: tuple[FieldChange, ...] = ()
    repository: str = ""

    @property
    def where(self) -> str:
        """`path:line` as far as known."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Preview:
    """What a location would bring. `existing` is the id of the same one, empty where it is not registered; `missing`
    are entities that would be named and not there, with how often."""

    existing: str
    files: int
    counts: Mapping[str, int]
    documents: tuple[Previewed, ...]
    missing: tuple[tuple[str, int], ...] = ()

    @property
    def entities(self) -> int:
        """How many entities the location would speak for."""
        return sum(self.counts.get(effect, 0) for effect in ("new", "changed", "same"))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a preview under way does: fetching, reading; `percent`, 0 to 99, is how far the fetch is, None where nobody
    can tell."""

    phase: str = "reading"
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A preview, and for refs that nobody has those they may have been meant to be."""

    preview: Preview
    near: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pointer:
    """A relation whose target would be gone."""

    source: str
    type: str
    target: str


@dataclass(frozen=True, slots=True)
class Departure:
    """What would leave with a location; the lists may be shorter than the totals say."""

    leaving: tuple[str, ...] = ()
    leaving_total: int = 0
    staying: tuple[str, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    pointers_total: int = 0


class LocationSource(Protocol):
    """The daemon as the screens of locations see it. Every call blocks and raises SourceError only."""

    def preview_location(self, wanted: Wanted, trial: str = "") -> Preview:
        """What registering would bring; nothing is stored. `trial` is the name by which `how_far` tells of it."""

    def how_far(self, trial: str) -> Reading:
        """How far a preview is; RefusedError where it is not under way, not yet or no longer."""

    def add_location(self, wanted: Wanted) -> str:
        """Register and wait until it was read once; the id. RefusedError where the same is registered already."""

    def departure(self, location_id: str) -> Departure:
        """What would leave with a location."""

    def remove_location(self, location_id: str) -> None:
        """Unregister; what came only from it goes too."""

    def forget_orphan(self, ref: str) -> None:
        """Forget an entity that no source has any more; RefusedError for one that has a source, or is not there."""

    def adjust_location(self, location_id: str, adjustment: LocationAdjustment) -> None:
        """Deal with a location otherwise; what is not named stays. RefusedError for what is configured."""

    def refresh_location(self, location_id: str) -> None:
        """Look at a location now; returns when that was asked for."""
