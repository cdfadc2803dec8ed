"""What the catalog holds: entities, facets, relations, problems, and what the daemon knows of itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, cast

from tui.client.connection import OWN, Connection, segment
from tui.transport import Event

if TYPE_CHECKING:
    from tui.access_answers import LimitItem
    from tui.answers import (
        Changes,
        Completion,
        EntityAnswer,
        EntityDocuments,
        EntityRows,
        Explanation,
        FacetAnswer,
        GraphAnswer,
        GroupCount,
        JsonObject,
        Problems,
        SchemaItem,
        SourceFile,
        Status,
    )
    from tui.check_answers import FindingPage
    from tui.layout_answers import LayoutAnswer


class Catalog(Connection):
    """What the catalog holds: entities, facets, relations, problems, and what the daemon knows of itself."""

    def status(self) -> Status:
        """The daemon's state in figures."""
        return cast("Status", self._get("/status"))

    def entity_rows(
        self, query: str, columns: Sequence[str], *, sort: str = "", limit: int | None = None, offset: int = 0
    ) -> EntityRows:
        """Entities that match the query line, as cells of `columns` (names such as owner, or dotted paths)."""
        parameters = {"columns": ",".join(columns), "sort": sort, "limit": limit, "offset": offset or None}
        return cast("EntityRows", self._get("/entities", self._line(query) | parameters))

    def entity_documents(
        self, query: str, *, sort: str = "", limit: int | None = None, offset: int = 0
    ) -> EntityDocuments:
        """Entities that match the query line, whole."""
        parameters = {"sort": sort, "limit": limit, "offset": offset or None}
        return cast("EntityDocuments", self._get("/entities", self._line(query) | parameters))

    def groups(self, query: str) -> list[GroupCount]:
        """How many entities each group has that the line's `group:` makes, the largest first."""
        return cast("list[GroupCount]", self._get("/entities", self._line(query) | {"limit": 0})["groups"])

    def explain(self, query: str, *, facet: str = "") -> Explanation:
        """The query line, or the question that counts a facet under it, in other languages, with columns and group."""
        return cast("Explanation", self._get("/explain", self._line(query) | {"facet": facet or None}))

    def entity(self, ref: str) -> EntityAnswer:
        """One entity by its full ref, with its source and its problems."""
        return cast("EntityAnswer", self._get(f"/entities/{segment(ref)}"))

    def forget_orphan(self, ref: str) -> None:
        """Forget an orphan for good; `ApiProblem` 409 for an entity that has a source."""
        self._call("DELETE", f"/entities/{segment(ref)}")

    def layout(self, ref: str) -> LayoutAnswer:
        """What the layout of an entity says of it; `ApiProblem` 404 also from a daemon that knows no layouts."""
        return cast("LayoutAnswer", self._get(f"/entities/{segment(ref)}/layout"))

    def graph(
        self, ref: str, *, direction: str = "out", depth: int | None = None, types: Sequence[str] = (), limit: int
    ) -> GraphAnswer:
        """The relations around an entity; `direction` is out, in, both or impact."""
        parameters = {"direction": direction, "depth": depth, "types": ",".join(types) or None, "limit": limit}
        return cast("GraphAnswer", self._get(f"/entities/{segment(ref)}/graph", parameters))

    def schema(self, kind: str) -> JsonObject:
        """The JSON Schema of the documents of a kind."""
        return self._get(f"/schemas/{segment(kind)}")

    def schemas(self) -> list[SchemaItem]:
        """The kinds that have a schema."""
        return cast("list[SchemaItem]", self._get("/schemas")["items"])

    def facets(self, query: str, facets: Sequence[str], *, limit: int | None = None) -> FacetAnswer:
        """Values of each facet among the entities that match, most frequent first, `limit` of each."""
        parameters = {"facet": list(facets), "limit": limit}
        return cast("FacetAnswer", self._get("/facets", self._line(query) | parameters))

    def complete(self, query: str, at: int, *, limit: int | None = None) -> Completion:
        """What may stand in the place of the word at an offset of a query line."""
        return cast("Completion", self._get("/complete", {"q": query, "at": at, "limit": limit}))

    def problems(self, *, location: str = "", code: str = "", limit: int | None = None, offset: int = 0) -> Problems:
        """What is wrong in the sources."""
        parameters = {"location": location, "code": code, "limit": limit, "offset": offset or None}
        return cast("Problems", self._get("/problems", parameters))

    def findings(self, checks: Sequence[str] = (), *, limit: int | None = None, offset: int = 0) -> FindingPage:
        """What checks across the whole catalog find: these checks, or all of them."""
        return cast("FindingPage", self._get("/findings", {"check": list(checks), "limit": limit, "offset": offset}))

    def sources(self, location: str = "") -> list[SourceFile]:
        """The files that were read, and what became of each of their documents."""
        return cast("list[SourceFile]", self._get("/sources", {"location": location})["items"])

    def changes(self, since: int, limit: int | None = None) -> Changes:
        """The log of changes after a sequence number."""
        return cast("Changes", self._get("/changes", {"since": since, "limit": limit}))

    def limits(self) -> list[LimitItem]:
        """The daemon's limits."""
        return cast("list[LimitItem]", self._get("/limits")["items"])

    def events(self, last_event_id: str = "") -> AbstractContextManager[Iterator[Event]]:
        """Open the event stream; with an id, beginning after that event. One connection of its own.

        The iterator ends when the daemon closes the stream and raises `DaemonUnreachable` when the connection is
        lost or silent for 45 s. `tui.event_stream.follow` reconnects.
        """
        return self._transport.events(f"{OWN}/events", last_event_id)
