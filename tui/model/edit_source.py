"""Writing: edits of descriptor files and custom properties."""

from collections.abc import Sequence
from typing import Protocol

from tui.answers import JsonObject
from tui.edit_answers import EditItem, OutlineAnswer
from tui.property_answers import PropertyChange, PropertyEffect


class EditSource(Protocol):
    """Part of `Source`: every call blocks, may be made from any thread, and raises SourceError only.

    A refusal's `members` hold what the daemon said beside its sentence: `conflicts`, `existing`.
    """

    def kinds(self) -> tuple[str, ...]:
        """The kinds that an entity can be of, those of Blueprints behind the others."""

    def outline(self, body: JsonObject) -> OutlineAnswer:
        """What an entity of a kind must say; RefusedError where there is no such kind."""

    def propose_edit(self, body: JsonObject) -> EditItem:
        """What an edit would do, with the problems that the catalog would have with it; nothing is pushed."""

    def confirm_edit(self, edit_id: str) -> EditItem:
        """Carry a proposal out."""

    def edits(self, limit: int) -> list[EditItem]:
        """The last edits, the newest first."""

    def edit(self, edit_id: str) -> EditItem:
        """One edit."""

    def change_properties(self, changes: Sequence[PropertyChange], *, dry_run: bool) -> list[PropertyEffect]:
        """Set and remove custom properties: all of these or none."""
