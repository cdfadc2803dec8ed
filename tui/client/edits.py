"""Edits of descriptor files."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tui.client.connection import CHANGES_SECONDS, Connection, segment

if TYPE_CHECKING:
    from tui.answers import JsonObject
    from tui.edit_answers import DocumentText, EditItem, OutlineAnswer


class Edits(Connection):
    """Edits of descriptor files."""

    def document(self, ref: str) -> DocumentText:
        """The lines of an entity's document, comments and all."""
        return cast("DocumentText", self._get(f"/entities/{segment(ref)}/document"))

    def outline(self, body: JsonObject) -> OutlineAnswer:
        """What an entity of a kind must say."""
        return cast("OutlineAnswer", self._call("POST", "/outlines", body=body))

    def propose_edit(self, body: JsonObject) -> EditItem:
        """What an edit would do, with the problems that the catalog would have with it; nothing is pushed."""
        return cast("EditItem", self._call("POST", "/edits", body=body, wait=CHANGES_SECONDS))

    def confirm_edit(self, edit_id: str) -> EditItem:
        """Carry a proposal out; it is visible when this returns, unless its state says otherwise."""
        return cast("EditItem", self._call("POST", f"/edits/{segment(edit_id)}/confirm", wait=CHANGES_SECONDS))

    def edits(self, limit: int) -> list[EditItem]:
        """The last edits, the newest first."""
        return cast("list[EditItem]", self._get("/edits", {"limit": limit})["items"])

    def edit(self, edit_id: str) -> EditItem:
        """One edit."""
        return cast("EditItem", self._get(f"/edits/{segment(edit_id)}"))
