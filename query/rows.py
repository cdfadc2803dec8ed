"""An entity as search rows: all that filters, sorting and facets know of it (spec 2.12)."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from query.rank import UNTYPED, rank
from query.text import SEARCHABLE_LENGTH, fold, is_searchable, number_value, scalar_text

DEFAULT_NAMESPACE = "default"
UPDATED = "updated"
"""The key of the time of the last change: known to the catalog, no field of an entity."""
NULL = "null"
"""The key whose values are the fields that hold null, so that these are told from texts that are too long to search."""

_NOT_WALKED = frozenset(
    {
        "attachments",
        UPDATED,
        NULL,
        "relations",
        "status",
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "metadata.etag",
    }
)


_SHORT = SEARCHABLE_LENGTH // 2
"""So long is text that is short enough to be searched whatever its characters."""


class RowsError(ValueError):
    """Two keys of the entity differ in case only, so they would share their rows (C145)."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"keys {first!r} and {second!r} differ in case only; rename one of them")
        self.keys = (first, second)


class SearchRow(NamedTuple):
    """One searchable value.

    `value` is lower-case and None for null and for what is too long to search; `original` is the spelling in the
    entity, `number` the value of a JSON number. `member` marks a text that is an item of a list: it answers for the
    key `key.value` with the value `true`, which so needs no row of its own. `rank` is what numbers, versions and times
    are compared by (`query.rank`), None for all else.
    """

    key: str
    value: str | None
    original: str | None
    number: float | None
    member: bool
    rank: str | None = None


def updated_row(time: str) -> SearchRow:
    """The row of the time of the last change, as `rank.time_text` writes it."""
    return SearchRow(UPDATED, fold(time), time, None, member=False, rank=rank(fold(time), None))


def search_rows(entity: Mapping[str, object]) -> list[SearchRow]:
    """The rows of a final entity, none twice on (key, value): of two the first stays.

    Raises `RowsError` where two keys differ in case only.
    """
    walk = _Walk()
    for key, value in entity.items():
        walk.visit(key, value)
    metadata = entity.get("metadata")
    if isinstance(metadata, Mapping):
        walk.add("metadata.name", metadata.get("name"))
        walk.add("metadata.namespace", metadata.get("namespace") or DEFAULT_NAMESPACE)
        if metadata.get("uid"):
            walk.add("metadata.uid", metadata["uid"])
    for relation_type, target in _relations(entity.get("relations")):
        walk.add(f"relations.{relation_type}", target)
    return walk.rows()


def member_readings(key: str) -> Iterator[tuple[str, str]]:
    """Every (key, value) of a member row that would answer for `key` with `true`.

    `metadata.tags.go` may be the item `go` of `metadata.tags`. A root key holds no list (spec 1.1), so the first dot
    never counts.
    """
    dot = key.find(".", key.find(".") + 1) if "." in key else -1
    while dot != -1:
        yield key[:dot], key[dot + 1 :]
        dot = key.find(".", dot + 1)


def _relations(relations: object) -> Iterator[tuple[str, object]]:
    for relation in relations if isinstance(relations, Iterable) else ():
        if isinstance(relation, Mapping):
            yield str(relation.get("type")), relation.get("targetRef")


@lru_cache(maxsize=16_384)
def _key(path: str) -> tuple[str, bool]:
    """A path folded, and whether it is short enough to be searched; entities share most of their paths."""
    folded = fold(path)
    return folded, is_searchable(folded)


class _Walk:
    """Collects rows and watches the spelling of keys. Most of an entity is text, and most of a load is this."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str | None], SearchRow] = {}
        self._spellings: dict[str, str] = {}  # folded path → path, item paths included
        self._item_keys: set[str] = set()

    def rows(self) -> list[SearchRow]:
        return list(self._rows.values())

    def visit(self, path: str, value: object) -> None:
        if path in _NOT_WALKED:
            return
        if isinstance(value, str):
            self.add(path, value)
        elif isinstance(value, (dict, Mapping)):
            for key, item in value.items():
                self.visit(f"{path}.{key}", item)
        elif isinstance(value, (list, tuple)):
            for item in value:
                if item is None:
                    self.add(path, None)
                else:
                    self.visit(path, item)
                if isinstance(item, str):
                    self._mark_member(path, item)
        else:
            self.add(path, value)
            if value is None:
                self.add(NULL, path)

    def add(self, path: str, value: object) -> None:
        key, searchable = _key(path)
        known = self._spellings.setdefault(key, path)
        if known != path:
            raise RowsError(known, path)
        if searchable:
            self._add_row(key, value)

    def _add_row(self, key: str, value: object) -> None:
        number: float | None = None
        original: str | None = None
        if isinstance(value, str):
            original = value
        elif isinstance(value, (bool, int, float)):
            original = scalar_text(value)
            number = None if isinstance(value, bool) else number_value(value)
        folded = None if original is None else fold(original)
        if folded is not None and len(folded) > _SHORT and not is_searchable(folded):
            original = folded = None
        place = (key, folded)
        if place in self._rows or (folded == "true" and key in self._item_keys):
            return  # a member row speaks for (key, true), and the first one stays
        order = None if key in UNTYPED else rank(folded, number)
        self._rows[place] = SearchRow(key, folded, original, number, False, order)

    def _mark_member(self, path: str, item: str) -> None:
        item_path = f"{path}.{item}"
        item_key = fold(item_path)
        if item_key in self._spellings or "." not in path:
            return  # once a path, whatever its case; and the field of that name, if there is one, came first
        self._spellings[item_key] = item_path
        self._item_keys.add(item_key)
        place = (_key(path)[0], fold(item))
        row = self._rows.get(place)
        if row is not None:
            self._rows[place] = SearchRow(row.key, row.value, row.original, row.number, True, row.rank)
