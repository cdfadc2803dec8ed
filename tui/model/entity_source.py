"""What one entity is asked about beside its fields: relations, history, the lines of its file, its schema."""

from typing import Protocol

from tui.answers import Activity, GraphAnswer, JsonObject
from tui.edit_answers import DocumentText
from tui.history_answers import HistoryAnswer, WhyAnswer
from tui.property_answers import EntityProperties


class EntitySource(Protocol):
    """Part of `Source`: every call blocks, may be made from any thread, and raises SourceError only."""

    def graph(self, ref: str, direction: str, depth: int) -> GraphAnswer:
        """The relations around an entity; `direction` is out, in or both."""

    def document(self, ref: str) -> DocumentText:
        """The lines of its document in its file; RefusedError where it has none."""

    def properties(self, ref: str) -> EntityProperties:
        """Its custom properties, with git's values and those in force."""

    def why(self, ref: str, field: str) -> WhyAnswer:
        """Where the value at a field comes from."""

    def entity_history(self, ref: str, path: str, limit: int) -> HistoryAnswer:
        """What commits and changes did to it, or to one field of it, the newest first."""

    def entity_activity(self, ref: str, limit: int) -> Activity:
        """What other systems reported of it, the newest first."""

    def schema(self, kind: str) -> JsonObject:
        """The JSON Schema of the documents of a kind; RefusedError where it has none."""
