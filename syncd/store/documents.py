"""Entities made by API, in `state.sqlite`."""

import json
from collections.abc import Iterable, Sequence

from syncd.model.api_document import ApiDocument
from syncd.store.state import State

_COLUMNS = "entity_ref, entity, etag, source, created_at, created_by, updated_at, updated_by"


class StoredDocuments:
    """All documents made by API; a write is part of the transaction that is open, or one of its own."""

    def __init__(self, state: State) -> None:
        self._state = state

    def of(self, refs: Sequence[str]) -> dict[str, ApiDocument]:
        """The documents of these refs; refs without one are left out."""
        rows = self._state.read(
            f"SELECT {_COLUMNS} FROM documents WHERE entity_ref IN (SELECT value FROM json_each(?))",
            (json.dumps(list(refs)),),
        )
        return {document.ref: document for document in map(_document, rows)}

    def all(self) -> list[ApiDocument]:
        """Every document by ref."""
        return list(map(_document, self._state.read(f"SELECT {_COLUMNS} FROM documents ORDER BY entity_ref")))

    def put(self, documents: Iterable[ApiDocument]) -> None:
        """Insert or replace."""
        rows = [
            (d.ref, json.dumps(d.entity), d.etag, d.source, d.created_at, d.created_by, d.updated_at, d.updated_by)
            for d in documents
        ]
        self._state.write_many(f"INSERT OR REPLACE INTO documents ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def drop(self, refs: Iterable[str]) -> None:
        """Delete the documents of these refs."""
        self._state.write_many("DELETE FROM documents WHERE entity_ref = ?", [(ref,) for ref in refs])


def _document(row: Sequence[object]) -> ApiDocument:
    ref, entity, *rest = map(str, row)
    etag, source, created_at, created_by, updated_at, updated_by = rest
    return ApiDocument(ref, json.loads(entity), etag, source, created_at, created_by, updated_at, updated_by)
