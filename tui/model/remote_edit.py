"""An `EditSource` that asks the daemon."""

from collections.abc import Sequence

from tui.answers import JsonObject
from tui.client import Client
from tui.edit_answers import EditItem, OutlineAnswer
from tui.model.translated import Translated
from tui.property_answers import PropertyChange, PropertyEffect

DOOR = "tui"
"""What custom properties name as the door they came through."""


class RemoteEdit:
    """As thread-safe as the client, which is."""

    _client: Client

    def kinds(self) -> tuple[str, ...]:
        """See EditSource."""
        with Translated():
            return tuple(one["kind"] for one in self._client.schemas())

    def outline(self, body: JsonObject) -> OutlineAnswer:
        """See EditSource."""
        with Translated():
            return self._client.outline(body)

    def propose_edit(self, body: JsonObject) -> EditItem:
        """See EditSource."""
        with Translated():
            return self._client.propose_edit(body)

    def confirm_edit(self, edit_id: str) -> EditItem:
        """See EditSource."""
        with Translated():
            return self._client.confirm_edit(edit_id)

    def edits(self, limit: int) -> list[EditItem]:
        """See EditSource."""
        with Translated():
            return self._client.edits(limit)

    def edit(self, edit_id: str) -> EditItem:
        """See EditSource."""
        with Translated():
            return self._client.edit(edit_id)

    def change_properties(self, changes: Sequence[PropertyChange], *, dry_run: bool) -> list[PropertyEffect]:
        """See EditSource."""
        with Translated():
            return self._client.change_properties(changes, source=DOOR, dry_run=dry_run)
