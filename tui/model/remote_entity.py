"""An `EntitySource` that asks the daemon."""

from tui.answers import Activity, GraphAnswer, JsonObject
from tui.client import Client
from tui.edit_answers import DocumentText
from tui.history_answers import HistoryAnswer, WhyAnswer
from tui.model.translated import Translated
from tui.property_answers import EntityProperties

MOST_NODES = 500
"""Entities of one graph; the answer counts what is left off."""


class RemoteEntity:
    """As thread-safe as the client, which is."""

    _client: Client

    def graph(self, ref: str, direction: str, depth: int) -> GraphAnswer:
        """See EntitySource."""
        with Translated():
            return self._client.graph(ref, direction=direction, depth=depth, limit=MOST_NODES)

    def document(self, ref: str) -> DocumentText:
        """See EntitySource."""
        with Translated():
            return self._client.document(ref)

    def properties(self, ref: str) -> EntityProperties:
        """See EntitySource."""
        with Translated():
            return self._client.properties(ref)

    def why(self, ref: str, field: str) -> WhyAnswer:
        """See EntitySource."""
        with Translated():
            return self._client.why(ref, field)

    def entity_history(self, ref: str, path: str, limit: int) -> HistoryAnswer:
        """See EntitySource."""
        with Translated():
            return self._client.history(ref, path, limit=limit)

    def entity_activity(self, ref: str, limit: int) -> Activity:
        """See EntitySource."""
        with Translated():
            return self._client.activity(entity=ref, limit=limit)

    def schema(self, kind: str) -> JsonObject:
        """See EntitySource."""
        with Translated():
            return self._client.schema(kind)
