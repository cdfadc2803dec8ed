"""Relations of entities as the graph's walk asks for them, a level at a time."""

from collections.abc import Callable, Sequence

import duckdb
import orjson

from query.arrows import FORWARD, REVERSE
from query.graph import Known, told_by, untold

_NAMES = {name.lower(): name for name in (*REVERSE, *FORWARD)}
_OTHER_END = {**REVERSE, **FORWARD}


class RelationReader:
    """Entities know their relations from both ends, so those that exist tell all by themselves, and their documents are
    mostly in memory; who points at a ref that does not exist is searched for."""

    def __init__(
        self,
        documents: Callable[[Sequence[str]], Sequence[bytes | None]],
        cursor: Callable[[], duckdb.DuckDBPyConnection],
    ) -> None:
        self._documents = documents
        self._cursor = cursor

    def read(self, refs: Sequence[str]) -> dict[str, Known]:
        """What is known of each ref."""
        documents = zip(refs, self._documents(refs), strict=True)
        known = {ref: told_by(orjson.loads(document)) for ref, document in documents if document is not None}
        missing = [ref for ref in refs if ref not in known]
        return known | self._pointed_at(missing) if missing else known

    def _pointed_at(self, refs: Sequence[str]) -> dict[str, Known]:
        """Refs of no entity, with what others say of them, named as they would say it themselves."""
        marks = ", ".join("?::VARCHAR" for _ in refs)
        rows = (
            self._cursor()
            .execute(
                "SELECT s.value, s.key, e.ref FROM core.search s JOIN core.entities e USING (eid) "
                f"WHERE s.key >= 'relations.' AND s.key < 'relations/' AND s.value IN ({marks}) ORDER BY ALL",
                list(refs),
            )
            .fetchall()
        )
        said: dict[str, list[tuple[str, str]]] = {ref: [] for ref in refs}
        for target, key, source in rows:
            name = _NAMES.get(key.removeprefix("relations."))
            if name is not None:
                said[target].append((_OTHER_END[name], source))
        return {ref: untold(ref, relations) for ref, relations in said.items()}
