"""Registering and removing locations by the daemon's API."""

from collections.abc import Mapping
from typing import Any

from tui.answers import LocationAdjustment
from tui.client import Client
from tui.model.location_source import Departure, FieldChange, Pointer, Preview, Previewed, Reading, Wanted
from tui.model.translated import Translated

READ_SECONDS = 60.0
"""How long a new location is waited for; the daemon goes on with it afterwards."""


class RemoteLocations:
    """See LocationSource."""

    _client: Client

    def preview_location(self, wanted: Wanted, trial: str = "") -> Preview:
        """See LocationSource."""
        with Translated():
            answer = self._client.preview_location(
                wanted.type, wanted.target, ref=wanted.ref, paths=wanted.paths, trial=trial
            )
            return Preview(
                answer["existing"] or "",
                answer["files"],
                dict(answer["counts"]),
                tuple(_previewed(item) for item in answer["documents"]),
                tuple((item["ref"], item["count"]) for item in answer["missing"]),
            )

    def how_far(self, trial: str) -> Reading:
        """See LocationSource."""
        with Translated():
            answer = self._client.trial_progress(trial)
            return Reading(answer["phase"], answer["percent"])

    def add_location(self, wanted: Wanted) -> str:
        """See LocationSource."""
        with Translated():
            item = self._client.add_location(
                wanted.type,
                wanted.target,
                ref=wanted.ref,
                paths=wanted.paths,
                write=wanted.write,
                poll_interval=wanted.poll_interval,
            )
            self._client.refresh(item["id"], wait=READ_SECONDS)
            return item["id"]

    def departure(self, location_id: str) -> Departure:
        """See LocationSource."""
        with Translated():
            answer = self._client.departure(location_id)
            return Departure(
                tuple(answer["leaving"]),
                answer["leaving_total"],
                tuple(answer["staying"]),
                tuple(Pointer(item["source"], item["type"], item["target"]) for item in answer["pointers"]),
                answer["pointers_total"],
            )

    def remove_location(self, location_id: str) -> None:
        """See LocationSource."""
        with Translated():
            self._client.remove_location(location_id)

    def forget_orphan(self, ref: str) -> None:
        """See LocationSource."""
        with Translated():
            self._client.forget_orphan(ref)

    def adjust_location(self, location_id: str, adjustment: LocationAdjustment) -> None:
        """See LocationSource."""
        with Translated():
            self._client.adjust_location(location_id, adjustment)

    def refresh_location(self, location_id: str) -> None:
        """See LocationSource."""
        with Translated():
            self._client.refresh(location_id)


def _previewed(item: Mapping[str, Any]) -> Previewed:
    return Previewed(
        item["effect"],
        item["ref"],
        item["path"],
        item["line"],
        item["message"],
        item["hint"],
        tuple(FieldChange(one["path"], one["before"], one["after"]) for one in item["differences"]),
        item["repository"],
    )
