"""The `fields` projection: which parts of an entity an answer holds (spec 3.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from query.errors import QueryError


def parse_fields(texts: Iterable[str]) -> "Projection | None":
    """Read every occurrence of `fields`, each cut at commas; None where no path is named, which means all of it.

    Raises `QueryError` for a path with `[` (C154).
    """
    paths = list(dict.fromkeys(path for text in texts for piece in text.split(",") if (path := piece.strip())))
    for path in paths:
        if "[" in path:
            raise QueryError(
                f"fields path {path!r} holds a bracket",
                path.index("["),
                "write list items as name.0, a map key as name.key",
            )
    return Projection(tuple(paths)) if paths else None


@dataclass(frozen=True, slots=True)
class Projection:
    """A list of dotted paths."""

    paths: tuple[str, ...]

    def apply(self, entity: Mapping[str, object]) -> dict[str, object]:
        """A copy that holds what the paths find, null included, each at its own place.

        Paths are case-sensitive and know nothing of list items but their number; one that leads nowhere adds nothing.
        """
        result: dict[str, object] = {}
        for path in self.paths:
            found = _find(entity, path)
            if found is not None:
                _place(result, *found)
        return result


def _find(entity: Mapping[str, object], path: str) -> tuple[list[tuple[object, str]], object] | None:
    """The way to a value, as (container, key) pairs, and the value; None where the path leads nowhere.

    A key may hold dots: a segment that is no key is glued to the next one (C150).
    """
    way: list[tuple[object, str]] = []
    current: object = entity
    glued: str | None = None
    for segment in path.split("."):
        key = segment if glued is None else f"{glued}.{segment}"
        if _has(current, key):
            way.append((current, key))
            current, glued = _child(current, key), None
        else:
            glued = key
    return (way, current) if glued is None else None


def _has(container: object, key: str) -> bool:
    if isinstance(container, Mapping):
        return key in container
    return isinstance(container, list) and key.isascii() and key.isdigit() and _index(key) < len(container)


def _index(key: str) -> int:
    """The number a key says; one beyond every list where it is not written the one right way (`00`)."""
    return int(key) if len(key) < 10 and str(int(key)) == key else 10**10


def _child(container: object, key: str) -> object:
    if isinstance(container, list):
        return container[int(key)]
    return container[key] if isinstance(container, Mapping) else None


def _place(result: dict[str, object], way: list[tuple[object, str]], value: object) -> None:
    target: object = result
    for step, (_, key) in enumerate(way[:-1]):
        source = way[step + 1][0]
        child = _open(target, key, source)
        if child is source:
            return  # a shorter path has brought the whole of it
        target = child
    _put(target, way[-1][1], value)


def _open(target: object, key: str, source: object) -> object:
    """The container for `key` in the result, made like the one in the entity where it is not there yet."""
    present = _child(target, key) if _has(target, key) else None
    if present is None:
        present = [] if isinstance(source, list) else {}
        _put(target, key, present)
    return present


def _put(target: object, key: str, value: object) -> None:
    if isinstance(target, list):
        index = int(key)
        target.extend([None] * (index + 1 - len(target)))
        target[index] = value
    elif isinstance(target, dict):
        target[key] = value
