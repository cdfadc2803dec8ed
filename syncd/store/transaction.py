"""What one publication does to the index: all of it becomes visible together, or none does (R35)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from syncd.store.pending import Pending, Published
from syncd.store.statements import Cursor, Prepared, Statements, among


class Transaction(Statements):
    """The engine's transaction begins with the first statement that changes something; a publication that does nothing
    but give entities another form needs none. For one thread."""

    def __init__(self, cursor: Cursor, prepared: Prepared, before: Pending, begin: Callable[[], None]) -> None:
        """`before` is what was published and is not in the file yet; `begin` writes that and begins the engine's."""
        super().__init__(cursor, prepared)
        self.own = Pending()
        """What this publication does to entities, as far as that is not in the engine's transaction."""
        self.has_begun = False
        self._before = before
        self._begin = begin

    def run(self, sql: str, *parameters: object) -> None:
        """A statement that changes something."""
        self._go_on()
        super().run(sql, *parameters)

    def taken(self, sql: str, *parameters: object) -> list[Any]:
        """A statement that changes something, and the rows that it returns."""
        self._go_on()
        return super().rows(sql, *parameters)

    def insert(self, table: str, rows: Sequence[tuple[object, ...]], types: str, order: str = "") -> None:
        """As `Statements.insert`."""
        if rows:
            self._go_on()
            super().insert(table, rows, types, order)

    def put(self, version: Published) -> None:
        """Publish this version of an entity."""
        self.own.put(version)

    def drop(self, refs: Iterable[str]) -> None:
        """Take entities out of sight."""
        self.own.drop(refs)

    def set_meta(self, key: str, value: str) -> None:
        """Another value of `core.meta`."""
        self.own.meta[key] = value

    def published(self, refs: Sequence[str]) -> dict[str, tuple[str, str, str]]:
        """Etag, time of the last change and document of those that are published."""
        found: dict[str, tuple[str, str, str]] = {}
        asked: list[str] = []
        for ref in refs:
            for versions in (self.own.versions, self._before.versions):
                if ref in versions:
                    version = versions[ref]
                    if version is not None:
                        found[ref] = version.entity.etag, version.updated, version.entity.document
                    break
            else:
                asked.append(ref)
        if asked:
            about, parameters = among("ref", asked)
            rows = self.rows(f"SELECT ref, etag, updated, doc FROM core.entities WHERE {about}", *parameters)
            found.update((ref, (etag, updated, document)) for ref, etag, updated, document in rows)
        return found

    def published_refs(self) -> set[str]:
        """Every ref that is published."""
        self._go_on()
        return {row[0] for row in self.rows("SELECT ref FROM core.entities")}

    def complete(self) -> None:
        """Bring what is left into the engine's transaction, if that has begun."""
        if self.has_begun and self.own:
            own, self.own = self.own, Pending()
            own.write(self)

    def _go_on(self) -> None:
        if not self.has_begun:
            self._begin()
            self.has_begun = True
        self.complete()
