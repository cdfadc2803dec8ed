"""Activity records and the integrations that report them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tui.client.connection import Connection, segment

if TYPE_CHECKING:
    from tui.access_answers import IntegrationItem
    from tui.answers import Activity, JsonObject


class ActivityRecords(Connection):
    """Activity records and the integrations that report them."""

    def activity(
        self, *, entity: str = "", limit: int | None = None, offset: int = 0, **filters: str | None
    ) -> Activity:
        """Activity records, newest first, of one entity or of all; `filters` are integration, schema, type, since and
        unlinked."""
        path = f"/entities/{segment(entity)}/activity" if entity else "/activity"
        return cast("Activity", self._get(path, {**filters, "limit": limit, "offset": offset or None}))

    def integrations(self) -> list[IntegrationItem]:
        """Where activity records come from."""
        return cast("list[IntegrationItem]", self._get("/integrations")["items"])

    def create_integration(self, body: JsonObject) -> IntegrationItem:
        """A new integration; the only answer that holds its secret."""
        return cast("IntegrationItem", self._call("POST", "/integrations", body=body))

    def change_integration(self, integration_id: str, body: JsonObject) -> IntegrationItem:
        """Change some of its terms."""
        return cast("IntegrationItem", self._call("PATCH", f"/integrations/{segment(integration_id)}", body=body))

    def delete_integration(self, integration_id: str) -> None:
        """Delete an integration with all its records."""
        self._call("DELETE", f"/integrations/{segment(integration_id)}")
