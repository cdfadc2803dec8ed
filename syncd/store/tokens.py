"""Tokens in `state.sqlite`."""

import json
from datetime import datetime

from syncd.model.token import TokenRecord
from syncd.store.state import State

_COLUMNS = "id, name, hash, scopes, created, expires, last_used, revoked, read, client"


class StoredTokens:
    """Token records; each call is durable when it returns (R34)."""

    def __init__(self, state: State) -> None:
        self._state = state

    def insert(self, record: TokenRecord) -> None:
        """Add a token."""
        times = (record.created, record.expires, record.last_used, record.revoked)
        self._state.write(
            f"INSERT INTO tokens ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(record.id, record.name, record.hash, json.dumps(list(record.scopes))),
                *(*map(_text, times), record.read, record.client),
            ),
        )

    def get(self, token_id: str) -> TokenRecord | None:
        """One token by its id."""
        return next((record for record in self.all() if record.id == token_id), None)

    def all(self) -> list[TokenRecord]:
        """Every token, the oldest first."""
        rows = self._state.read(f"SELECT {_COLUMNS} FROM tokens ORDER BY created, id")
        return [_record([None if value is None else str(value) for value in row]) for row in rows]

    def revoke(self, token_id: str, at: datetime) -> None:
        """Mark as revoked."""
        self._state.write("UPDATE tokens SET revoked = ? WHERE id = ?", (_text(at), token_id))

    def drop(self, token_id: str) -> None:
        """Forget a token that opens nothing any more."""
        self._state.write("DELETE FROM tokens WHERE id = ?", (token_id,))

    def touch(self, token_id: str, at: datetime) -> None:
        """Note the last use."""
        self._state.write("UPDATE tokens SET last_used = ? WHERE id = ?", (_text(at), token_id))


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _record(row: list[str | None]) -> TokenRecord:
    id_, name, hash_, scopes, created, *times, read, client = row
    expires, last_used, revoked = (datetime.fromisoformat(time) if time else None for time in times)
    return TokenRecord(
        str(id_), str(name), str(hash_), tuple(json.loads(scopes or "[]")), datetime.fromisoformat(str(created)),
        expires, last_used, revoked, read, client,
    )  # fmt: skip
