"""Registered locations, and what tells of pushes to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from tui.client.connection import Connection, segment

if TYPE_CHECKING:
    from tui.access_answers import WebhookItem
    from tui.answers import LocationAdjustment, LocationItem
    from tui.location_answers import DepartureAnswer, PreviewAnswer, TrialAnswer

PREVIEW_SECONDS = 300.0
"""What a trial may take longer: it fetches repositories that were never read before."""


class Locations(Connection):
    """Registered locations, and what tells of pushes to them."""

    def locations(self) -> list[LocationItem]:
        """All registered locations, in the order of their registration."""
        return cast("list[LocationItem]", self._get("/locations")["items"])

    def location(self, location_id: str) -> LocationItem:
        """One location."""
        return cast("LocationItem", self._get(f"/locations/{segment(location_id)}"))

    def add_location(
        self,
        location_type: str,
        target: str,
        *,
        ref: str = "",
        paths: Sequence[str] = (),
        priority: int = 0,
        write: str = "none",
        poll_interval: float | None = None,
    ) -> LocationItem:
        """Register a location; `ApiProblem` 409 with `members["existing"]` where it is registered already."""
        body = {"type": location_type, "target": target, "ref": ref, "path": list(paths), "priority": priority}
        body |= {"write": write if write != "none" else "", "poll_interval": poll_interval}
        sent = {key: value for key, value in body.items() if value or key == "target"}
        return cast("LocationItem", self._call("POST", "/locations", body=sent))

    def preview_location(
        self,
        location_type: str,
        target: str,
        *,
        ref: str = "",
        paths: Sequence[str] = (),
        priority: int = 0,
        trial: str = "",
    ) -> PreviewAnswer:
        """What registering a location would bring; nothing is stored. Takes as long as its fetches.

        By the name `trial`, made up by the caller, `trial_progress` tells meanwhile how far it is.
        """
        body = {"type": location_type, "target": target, "ref": ref, "path": list(paths), "priority": priority}
        body |= {"trial": trial}
        sent = {key: value for key, value in body.items() if value or key == "target"} | {"dry_run": True}
        return cast("PreviewAnswer", self._call("POST", "/locations", body=sent, wait=PREVIEW_SECONDS))

    def trial_progress(self, trial: str) -> TrialAnswer:
        """How far a preview is that was called so; `ApiProblem` 404 where it is not under way, not yet or no longer."""
        return cast("TrialAnswer", self._get(f"/trials/{segment(trial)}"))

    def adjust_location(self, location_id: str, adjustment: LocationAdjustment) -> LocationItem:
        """Deal with a location otherwise; what is not named stays."""
        path = f"/locations/{segment(location_id)}"
        return cast("LocationItem", self._call("PATCH", path, body=dict(adjustment)))

    def departure(self, location_id: str) -> DepartureAnswer:
        """What would leave with a location, and what would then point at nothing."""
        return cast("DepartureAnswer", self._get(f"/locations/{segment(location_id)}/departure"))

    def remove_location(self, location_id: str) -> None:
        """Unregister a location; its entities go with it."""
        self._call("DELETE", f"/locations/{segment(location_id)}")

    def refresh(self, location_id: str | None = None, *, wait: float = 0) -> bool:
        """Look at one location, or at all, now; true when that was done and visible within `wait` seconds."""
        path = "/refresh" if location_id is None else f"/locations/{segment(location_id)}/refresh"
        answer = self._call("POST", path, {"wait": wait or None}, wait=wait)
        return bool(answer["done"])

    def webhooks(self) -> list[WebhookItem]:
        """By what git hosts tell of pushes."""
        return cast("list[WebhookItem]", self._get("/webhooks")["items"])

    def create_webhook(self, webhook_id: str, provider: str, secret: str | None) -> WebhookItem:
        """A new webhook with its secret."""
        body = {"id": webhook_id, "provider": provider, "secret": secret}
        return cast("WebhookItem", self._call("POST", "/webhooks", body=body))

    def rotate_webhook(self, webhook_id: str, secret: str | None, keep_hours: float) -> WebhookItem:
        """Another secret for a webhook."""
        body = {"secret": secret, "keep_hours": keep_hours}
        return cast("WebhookItem", self._call("POST", f"/webhooks/{segment(webhook_id)}/secrets", body=body))

    def revoke_webhook_secret(self, webhook_id: str, secret_id: str) -> WebhookItem:
        """End one secret of a webhook."""
        path = f"/webhooks/{segment(webhook_id)}/secrets/{segment(secret_id)}"
        return cast("WebhookItem", self._call("DELETE", path))

    def delete_webhook(self, webhook_id: str) -> None:
        """Delete a webhook with its secrets."""
        self._call("DELETE", f"/webhooks/{segment(webhook_id)}")

    def ring(self, repository: str) -> list[str]:
        """Have a look at a repository by any of its URLs; those that rang."""
        return cast("list[str]", self._call("POST", "/ring", body={"repository": repository})["rung"])
