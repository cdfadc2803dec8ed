"""Registering and removing locations, in a daemon made of Python lists."""

import threading
from dataclasses import dataclass, field, replace

from tui.answers import LocationAdjustment
from tui.model.location_source import Departure, Preview, Reading, Wanted
from tui.model.source import LocationItem, LostError, RefusedError


@dataclass(kw_only=True)
class FakeLocations:
    """`previews` by target; what is not in it cannot be reached. `reading` holds previews back until it is set."""

    location_items: list[LocationItem] = field(default_factory=list)
    previews: dict[str, Preview] = field(default_factory=dict)
    departures: dict[str, Departure] = field(default_factory=dict)
    reading: threading.Event | None = None
    how_far_it_is: Reading | None = None
    """What a preview that is held back says of itself."""
    trials: list[str] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)
    tried: list[Wanted] = field(default_factory=list)
    down: bool = False
    poll_interval: float = 0.0
    not_allowed: str = ""
    """Why nothing of a location may be changed."""

    def how_far(self, trial: str) -> Reading:
        self._check()
        if self.how_far_it_is is None or trial not in self.trials:
            raise RefusedError(f"no trial {trial} is under way")
        return self.how_far_it_is

    def preview_location(self, wanted: Wanted, trial: str = "") -> Preview:
        self._check()
        self.tried.append(wanted)
        self.trials.append(trial)
        if self.reading:
            self.reading.wait(10)
        if wanted.target not in self.previews:
            raise RefusedError(f"{wanted.target} could not be read: [no] such host", hint="is the address right?")
        return self.previews[wanted.target]

    def add_location(self, wanted: Wanted) -> str:
        self._check()
        number = str(len(self.location_items) + 1)
        paths = ",".join(wanted.paths)
        if self.not_allowed:
            raise RefusedError(self.not_allowed)
        self.location_items.append(
            LocationItem(
                number,
                wanted.type,
                wanted.target + paths,
                wanted.ref,
                write=wanted.write,
                poll_interval=wanted.poll_interval,
            )
        )
        return number

    def departure(self, location_id: str) -> Departure:
        self._check()
        return self.departures.get(location_id, Departure())

    def remove_location(self, location_id: str) -> None:
        self._check()
        self.location_items = [item for item in self.location_items if item.id != location_id]

    def adjust_location(self, location_id: str, adjustment: LocationAdjustment) -> None:
        self._check()
        if self.not_allowed:
            raise RefusedError(self.not_allowed)
        items = self.location_items
        self.location_items = [replace(one, **adjustment) if one.id == location_id else one for one in items]

    def refresh_location(self, location_id: str) -> None:
        self._check()
        self.refreshed.append(location_id)

    def _check(self) -> None:
        if self.down:
            raise LostError("no answer from unix:/run/catalog.sock: Connection refused")
