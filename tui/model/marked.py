"""The marked entities: what bulk actions work on. Marks belong to refs, so filter and sort leave them alone."""

from collections.abc import Iterable, Iterator


class Marked:
    """Refs in the order in which they were marked; one value for the whole interface (`Desk.marks`)."""

    def __init__(self) -> None:
        self._refs: dict[str, None] = {}

    @property
    def refs(self) -> tuple[str, ...]:
        """All marked refs, the first marked first."""
        return tuple(self._refs)

    def __contains__(self, ref: object) -> bool:
        return ref in self._refs

    def __len__(self) -> int:
        return len(self._refs)

    def __iter__(self) -> Iterator[str]:
        return iter(self._refs)

    def add(self, refs: Iterable[str]) -> None:
        """Mark these, too."""
        self._refs.update(dict.fromkeys(refs))

    def remove(self, refs: Iterable[str]) -> None:
        """Take these marks away; a ref that is not marked is none of them."""
        for ref in refs:
            self._refs.pop(ref, None)

    def toggle(self, ref: str) -> bool:
        """Mark, or take the mark away; whether the ref is marked now."""
        if ref in self._refs:
            del self._refs[ref]
            return False
        self._refs[ref] = None
        return True

    def clear(self) -> None:
        """Mark nothing."""
        self._refs.clear()
