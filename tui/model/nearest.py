"""What a name that nobody has may have been meant to be."""

from collections.abc import Iterable, Mapping

from tui.model.source import Source
from tui.suggestion import nearest

KNOWN_NAMES = 2000
"""Names of a kind that are looked through."""


def known_names(source: Source, kind: str) -> list[str]:
    """Names of the entities of a kind, with their namespace where it is not `default`."""
    known = source.entities(f'kind:"{kind}"', ("name",), "name", 0, KNOWN_NAMES)
    return [short(row.ref) for row in known.rows]


def short(ref: str) -> str:
    """A ref without its kind, and without the namespace `default`."""
    return ref.partition(":")[2].removeprefix("default/")


def near_refs(source: Source, refs: Iterable[str], also: Iterable[str] = ()) -> Mapping[str, str]:
    """For refs that nobody has, the most similar ones of their kinds in the catalog or among `also`."""
    names: dict[str, list[str]] = {}
    brought = list(also)
    found: dict[str, str] = {}
    for ref in refs:
        kind = ref.partition(":")[0]
        if kind not in names:
            there = [short(one) for one in brought if one.startswith(f"{kind}:")]
            names[kind] = [*there, *known_names(source, kind)]
        if near := nearest(short(ref), names[kind]):
            found[ref] = f"{kind}:{near}"
    return found
