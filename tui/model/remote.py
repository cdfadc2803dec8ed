"""The daemon's JSON as the values of `source`: the one place where the screens' words meet the wire's."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tui.client import Client
from tui.layout_answers import CardAnswer, ItemAnswer, LayoutAnswer, TabAnswer
from tui.model.remote_edit import RemoteEdit
from tui.model.remote_entity import RemoteEntity
from tui.model.remote_finding import RemoteFinding
from tui.model.remote_locations import RemoteLocations
from tui.model.remote_sql import RemoteSql
from tui.model.source import (
    Change,
    EntityDetails,
    EntityPage,
    LocationItem,
    ProblemItem,
    ProblemPage,
    Row,
    Status,
)
from tui.model.translated import Translated


class Remote(RemoteEntity, RemoteEdit, RemoteLocations, RemoteFinding, RemoteSql):
    """A `Source` that asks the daemon. As thread-safe as the client, which is."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def entities(self, query: str, columns: Sequence[str], sort: str, offset: int, limit: int) -> EntityPage:
        """See Source."""
        with Translated():
            answer = self._client.entity_rows(query, columns, sort=sort, limit=limit, offset=offset)
            rows = tuple(Row(row["ref"], tuple(row["cells"])) for row in answer["rows"])
            return EntityPage(tuple(answer["columns"]), rows, offset, answer["total"], answer["generation"])

    def entity(self, ref: str) -> EntityDetails:
        """See Source."""
        with Translated():
            answer = self._client.entity(ref)
            source: Mapping[str, Any] = answer["source"] or {}
            return EntityDetails(
                ref=ref,
                entity=answer["entity"],
                repository=source.get("repository") or "",
                git_ref=source.get("ref") or "",
                path=source.get("path") or "",
                line=source.get("line") or 0,
                commit=source.get("commit") or "",
                url=source.get("url") or "",
                updated=answer.get("updated") or "",
                blob=source.get("blob") or "",
                location=source.get("location") or "",
                problems=tuple(_problem(item) for item in answer.get("problems", ())),
                overlay={one["path"]: one["set_by"] for one in answer.get("properties", ())},
            )

    def layout(self, ref: str) -> LayoutAnswer:
        """See Source."""
        with Translated():
            return _layout(self._client.layout(ref))

    def status(self) -> Status:
        """See Source."""
        with Translated():
            answer = self._client.status()
            return Status(
                state=answer["state"],
                idle=answer["idle"],
                entities=answer["entities"],
                locations=answer["locations"],
                problems=answer["problems"],
                index_seq=answer["index_seq"],
                version=answer.get("version", ""),
                busy=tuple(answer.get("busy", ())),
                waiting=answer.get("waiting", 0),
                started=datetime.now(UTC) - timedelta(seconds=answer["uptime_seconds"]),
                poll_interval=answer.get("poll_interval", 0.0),
            )

    def problems(self, limit: int) -> ProblemPage:
        """See Source."""
        with Translated():
            answer = self._client.problems(limit=limit)
            return ProblemPage(tuple(_problem(item) for item in answer["items"]), answer["total"])

    def locations(self) -> tuple[LocationItem, ...]:
        """See Source."""
        with Translated():
            return tuple(_location(item) for item in self._client.locations())

    def log(self, before: int, limit: int) -> tuple[Change, ...]:
        """See Source."""
        with Translated():
            end = before or self._client.status()["index_seq"] + 1
            since = max(0, end - 1 - limit)
            items = self._client.changes(since, limit)["items"]
            return tuple(_change(item) for item in reversed(items) if item["seq"] < end)

    def events(self, after: int) -> Iterator[Change]:
        """See Source."""
        import json

        with Translated(), self._client.events(str(after) if after >= 0 else "") as events:
            for event in events:
                if event.event == "change":
                    yield _change(json.loads(event.data))


def _layout(answer: Mapping[str, Any]) -> LayoutAnswer:
    return {
        "ref": answer["ref"],
        "layout": answer["layout"],
        "tabs": [_tab(item) for item in answer["tabs"]],
        "warnings": list(answer["warnings"]),
        "unresolved": list(answer["unresolved"]),
        "replaced": list(answer["replaced"]),
        "generation": answer["generation"],
    }


def _tab(item: Mapping[str, Any]) -> TabAnswer:
    cards: list[CardAnswer] = [
        {
            "component": card["component"],
            "title": card["title"],
            "tone": card["tone"],
            "text": card["text"],
            "header": [{"label": one["label"], "url": one["url"], "icon": one["icon"]} for one in card["header"]],
            "items": [_item(one) for one in card["items"]],
            "graph": card["graph"],
            "grid": dict(card["grid"]),
        }
        for card in item["cards"]
    ]
    return {"name": item["name"], "title": item["title"], "path": item["path"], "cards": cards}


def _item(item: Mapping[str, Any]) -> ItemAnswer:
    return {
        "label": item["label"],
        "value": item["value"],
        "type": item["type"],
        "url": item["url"],
        "style": list(item["style"]),
        "note": item["note"],
    }


def _problem(item: Mapping[str, Any]) -> ProblemItem:
    return ProblemItem(
        code=item.get("code") or "",
        message=item.get("message") or "",
        path=item.get("path") or "",
        line=item.get("line") or 0,
        column=item.get("column") or 0,
        hint=item.get("hint") or "",
        ref=item.get("ref") or "",
        location=item.get("location") or "",
        repository=item.get("repository") or "",
        git_ref=item.get("git_ref") or "",
        url=item.get("url") or "",
    )


def _location(item: Mapping[str, Any]) -> LocationItem:
    state: Mapping[str, Any] = item.get("state") or {}
    return LocationItem(
        id=item["id"],
        type=item["type"],
        target=item["target"],
        ref=item.get("ref") or "",
        paths=tuple(item.get("paths") or ()),
        last_attempt=state.get("last_attempt") or "",
        last_success=state.get("last_success") or "",
        next_attempt=state.get("next_attempt") or "",
        commit=state.get("commit") or "",
        error_code=state.get("error_code") or "",
        error=state.get("error") or "",
        hint=state.get("hint") or "",
        failures=state.get("failures") or 0,
        stale_since=state.get("stale_since") or "",
        configured=bool(item.get("configured")),
        paused=bool(item.get("paused")),
        write=item.get("write") or "none",
        poll_interval=item.get("poll_interval"),
        seconds=state.get("seconds") or 0.0,
        changed=_counts(state.get("changed")),
        counts=state.get("counts") or {},
        phase=state.get("phase") or "",
        percent=state.get("percent"),
    )


def _counts(changed: Mapping[str, Any] | None) -> tuple[int, int, int] | None:
    return (changed["added"], changed["updated"], changed["removed"]) if changed else None


def _change(item: Mapping[str, Any]) -> Change:
    return Change(
        seq=item["seq"],
        at=item.get("at") or "",
        actor=item.get("actor") or "",
        what=item.get("what") or "",
        target=item.get("target") or "",
        detail=item.get("detail") or {},
        added=tuple(item.get("added") or ()),
        updated=tuple(item.get("updated") or ()),
        removed=tuple(item.get("removed") or ()),
    )
