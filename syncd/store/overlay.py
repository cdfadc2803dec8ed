"""Custom properties in `state.sqlite`, and the history of what was said."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from syncd.model.change import PropertyChange
from syncd.model.custom_property import CustomProperty
from syncd.model.json import Json
from syncd.store.state import State

_COLUMNS = "entity_ref, path, value, base, source, set_by, set_at"
_LISTED = "entity_ref IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One row of history with who, when and how; `detail` is that of its change in the log."""

    seq: int
    at: str
    actor: str
    what: str
    detail: Json
    change: PropertyChange


class StoredOverlay:
    """All records of the overlay; a write is part of the transaction that is open, or one of its own."""

    def __init__(self, state: State) -> None:
        self._state = state

    def of(self, refs: Sequence[str]) -> dict[str, list[CustomProperty]]:
        """The records of these refs, by path; refs without any are left out."""
        found: dict[str, list[CustomProperty]] = {}
        rows = self._state.read(
            f"SELECT {_COLUMNS} FROM overlay WHERE {_LISTED} ORDER BY entity_ref, path", (json.dumps(list(refs)),)
        )
        for row in rows:
            record = _record(row)
            found.setdefault(record.ref, []).append(record)
        return found

    def at_path(self, path: str) -> list[CustomProperty]:
        """Every record with this canonical path."""
        return list(
            map(_record, self._state.read(f"SELECT {_COLUMNS} FROM overlay WHERE path = ? ORDER BY 1", (path,)))
        )

    def all(self) -> list[CustomProperty]:
        """Every record, by ref and path."""
        return list(map(_record, self._state.read(f"SELECT {_COLUMNS} FROM overlay ORDER BY 1, 2")))

    def places(self) -> list[tuple[str, str]]:
        """Ref and path of every record, whether there is such an entity or not."""
        return [(str(ref), str(path)) for ref, path in self._state.read("SELECT entity_ref, path FROM overlay")]

    def changed_since(self, seq: int) -> list[tuple[str, str]]:
        """Ref and path of whatever a change after this row of the log says."""
        rows = self._state.read("SELECT DISTINCT ref, path FROM changed_properties WHERE seq > ?", (seq,))
        return [(str(ref), str(path)) for ref, path in rows]

    def put(self, records: Iterable[CustomProperty]) -> None:
        """Insert or replace."""
        rows = [(r.ref, r.path, json.dumps(r.value), r.base, r.source, r.set_by, r.set_at) for r in records]
        self._state.write_many(f"INSERT OR REPLACE INTO overlay ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def drop(self, places: Iterable[tuple[str, str]]) -> None:
        """Delete the records at these (ref, path) places."""
        self._state.write_many("DELETE FROM overlay WHERE entity_ref = ? AND path = ?", list(places))

    def history(self, ref: str, path: str | None = None, limit: int = 100) -> list[HistoryRow]:
        """What changes did to an entity, or to one path of it, the newest first."""
        rows = self._state.read(
            "SELECT c.seq, c.at, c.actor, c.what, c.detail, p.ref, p.path, p.effect, p.old, p.new "
            "FROM changed_properties p JOIN changes c USING (seq) WHERE p.ref = ? AND (? IS NULL OR p.path = ?) "
            "ORDER BY c.seq DESC, p.path LIMIT ?",
            (ref, path, path, limit),
        )
        return [_history(row) for row in rows]


def _record(row: Sequence[object]) -> CustomProperty:
    ref, path, value, base, source, set_by, set_at = row
    return CustomProperty(
        str(ref), str(path), json.loads(str(value)), base, str(source), str(set_by), str(set_at)  # type: ignore[arg-type]
    )  # fmt: skip


def _history(row: Sequence[object]) -> HistoryRow:
    seq, at, actor, what, detail, ref, path, effect, old, new = row
    change = PropertyChange(str(ref), str(path), effect, _json(old), _json(new))  # type: ignore[arg-type]
    return HistoryRow(int(str(seq)), str(at), str(actor), str(what), json.loads(str(detail)), change)


def _json(text: object) -> Json:
    value: Json = None if text is None else json.loads(str(text))
    return value
