"""Facets: which entities each of them counts, and counting in Python, which agrees with `sql.facets`."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from query.ast import And, Everything, Node, Not, Nothing, Or, Related, Text, all_of
from query.match import index_rows, rows_for
from query.rows import SearchRow
from query.text import fold


def count_facets(keys: Sequence[str], entities: Iterable[Iterable[SearchRow]]) -> dict[str, list[tuple[str, int]]]:
    """How many entities have each value of each key, by the key as asked (C215); values in their own spelling (C212),
    in code-point order; null and what is too long are left out."""
    counters: dict[str, Counter[str]] = {key: Counter() for key in keys}
    for rows in entities:
        index = index_rows(rows)
        for key, counter in counters.items():
            counter.update({row.original for row in rows_for(fold(key), index) if row.original is not None})
    return {key: sorted(counter.items()) for key, counter in counters.items()}


def counted_apart(where: Node, fields: Mapping[str, Collection[str]]) -> dict[Node, list[str]]:
    """Facets by the condition under which each is counted; `fields` gives for each the folded keys that are its field.

    A condition on the field itself is left out, so that the values it excludes can still be seen, provided that it is
    one of several that must all hold. Facets that no condition is about stay together.
    """
    groups: dict[Node, list[str]] = {}
    for name, keys in fields.items():
        groups.setdefault(_without(where, frozenset(keys)), []).append(name)
    return groups


def _without(where: Node, own: frozenset[str]) -> Node:
    parts = where.parts if isinstance(where, And) else (where,)
    kept = [part for part in parts if not _is_about(part, own)]
    return where if len(kept) == len(parts) else all_of(kept)


def _is_about(node: Node, own: frozenset[str]) -> bool:
    """Whether a condition tests these keys and no others."""
    keys = _keys(node)
    return bool(keys) and None not in keys and keys <= own


def _keys(node: Node) -> set[str | None]:
    """The keys that a condition tests; None among them for what is about no key."""
    match node:
        case And(parts) | Or(parts):
            return {key for part in parts for key in _keys(part)}
        case Not(part):
            return _keys(part)
        case Related(types):
            return {f"relations.{name}" for name in types}
        case Everything() | Nothing() | Text():
            return {None}
        case _:
            return {node.key}
