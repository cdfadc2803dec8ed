"""What became of entities, and where a value comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tui.client.connection import Connection, segment

if TYPE_CHECKING:
    from tui.history_answers import DiffAnswer, HistoryAnswer, WhyAnswer

DIFF_SECONDS = 90.0
"""What a comparison may take longer: it reads files at two commits."""


class History(Connection):
    """What became of entities, and where a value comes from."""

    def history(self, ref: str, path: str = "", *, limit: int | None = None, offset: int = 0) -> HistoryAnswer:
        """What commits and changes did to an entity, or to a field of it, the newest first."""
        parameters = {"path": path, "limit": limit, "offset": offset or None}
        return cast("HistoryAnswer", self._get(f"/entities/{segment(ref)}/history", parameters))

    def why(self, ref: str, field: str) -> WhyAnswer:
        """Where the value at a field comes from."""
        return cast("WhyAnswer", self._get(f"/entities/{segment(ref)}/why", {"field": field}))

    def diff(self, old: str, new: str = "", *, location: str = "", repository: str = "", limit: int) -> DiffAnswer:
        """What differs between two commits of a repository, or, where none is named, between two times."""
        parameters = {"from": old, "to": new, "location": location, "repository": repository, "limit": limit}
        return cast("DiffAnswer", self._call("GET", "/diff", parameters, wait=DIFF_SECONDS))
