"""Clients in `state.sqlite`."""

import json
from datetime import datetime

from syncd.model.client import ClientRecord
from syncd.store.state import State

_COLUMNS = "id, name, salt, hash, scopes, created, rotated, last_used, disabled"


class StoredClients:
    """Client records; each call is durable when it returns (R34)."""

    def __init__(self, state: State) -> None:
        self._state = state

    def put(self, record: ClientRecord) -> None:
        """Add a client, or replace the one of this id."""
        times = (record.created, record.rotated, record.last_used, record.disabled)
        self._state.write(
            f"INSERT OR REPLACE INTO clients ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(record.id, record.name, record.salt, record.hash, json.dumps(list(record.scopes))),
                *(at.isoformat() if at is not None else None for at in times),
            ),
        )

    def all(self) -> list[ClientRecord]:
        """Every client, the oldest first."""
        rows = self._state.read(f"SELECT {_COLUMNS} FROM clients ORDER BY created, id")
        return [_record([None if value is None else str(value) for value in row]) for row in rows]


def _record(row: list[str | None]) -> ClientRecord:
    id_, name, salt, hash_, scopes, *times = row
    created, rotated, last_used, disabled = (datetime.fromisoformat(time) if time else None for time in times)
    assert created is not None
    return ClientRecord(
        *(str(id_), str(name), str(salt), str(hash_), tuple(json.loads(scopes or "[]"))),
        *(created, rotated, last_used, disabled),
    )
