"""A form over one document, or over several at once: what is changed in it is said to all of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from tui.edit_answers import DocumentChange
from tui.model.form.field import Field, Path, fault
from tui.model.yaml_places import field_text


class _Mixed:
    """Stands where documents say different things."""

    def __repr__(self) -> str:
        return "different values"


MIXED: Final = _Mixed()


@dataclass(frozen=True, slots=True)
class Document:
    """What a form is about: the entity, what its file says, and the version that was read."""

    ref: str
    data: Mapping[str, Any]
    blob: str = ""
    place: tuple[str, str, str] = ("", "", "")
    """Location, repository and branch: what has one place is one commit."""
    write: str = "none"


class Form:
    """Values by path; None is no value. What equals the document is no change."""

    def __init__(self, fields: Sequence[Field], documents: Sequence[Document]) -> None:
        self.fields = tuple(fields)
        self.documents = tuple(documents)
        self._edited: dict[Path, Any] = {}
        self._by_path = {one.path: one for one in fields}

    @property
    def refs(self) -> tuple[str, ...]:
        """The entities that it is about."""
        return tuple(one.ref for one in self.documents)

    def field(self, path: Path) -> Field:
        """The field at a path."""
        return self._by_path[path]

    def original(self, path: Path) -> Any:
        """What the documents say: their common value, of lists the items that all have, or MIXED."""
        values = [_at(one.data, path) for one in self.documents]
        first = values[0]
        if all(_same(value, first) for value in values[1:]):
            return first
        if self._by_path[path].type == "list":
            lists = [value if isinstance(value, list) else [] for value in values]
            return [item for item in lists[0] if all(item in other for other in lists[1:])]
        if self._by_path[path].type == "map":
            maps = [value if isinstance(value, Mapping) else {} for value in values]
            return {key: item for key, item in maps[0].items() if all(other.get(key) == item for other in maps[1:])}
        return MIXED

    def value(self, path: Path) -> Any:
        """What the form says."""
        return self._edited[path] if path in self._edited else self.original(path)

    def set(self, path: Path, value: Any) -> None:
        """Say something else; None takes the field away."""
        if value in ([], {}, ""):
            value = None if value != "" or not isinstance(self.original(path), str) else ""
        if _same(value, self.original(path)):
            self._edited.pop(path, None)
        else:
            self._edited[path] = value

    def put_back(self, path: Path) -> None:
        """What the documents say."""
        self._edited.pop(path, None)

    def is_changed(self, path: Path) -> bool:
        """Whether the form says something else than the documents."""
        return path in self._edited

    @property
    def changed(self) -> tuple[Path, ...]:
        """The fields that are changed, in the order of the form."""
        return tuple(one.path for one in self.fields if one.path in self._edited)

    def fault(self, path: Path) -> str:
        """What is wrong with a field as the form says it."""
        value = self.value(path)
        return "" if value is MIXED else fault(self._by_path[path], value)

    @property
    def faults(self) -> dict[Path, str]:
        """What is wrong with the fields that were changed."""
        return {path: wrong for path in self.changed if (wrong := self.fault(path))}

    # -- what comes of it

    def changes(self) -> list[DocumentChange]:
        """The changes as the daemon takes them, document by document."""
        return [change for document in self.documents for change in self.changes_of(document)]

    def changes_of(self, document: Document) -> Iterator[DocumentChange]:
        """What is to be changed in one document; nothing where it says that already."""
        for path in self.changed:
            old, new = _at(document.data, path), self._edited[path]
            one = self._by_path[path]
            if one.type == "map" and isinstance(old or {}, Mapping) and isinstance(new or {}, Mapping):
                yield from self._entries(document, path, new or {})
                continue
            if one.type == "list" and len(self.documents) > 1:
                new = self._merged(path, old if isinstance(old, list) else [])
            if not _same(old, new):
                yield _change(document.ref, path, new)

    def _entries(self, document: Document, path: Path, new: Mapping[str, Any]) -> Iterator[DocumentChange]:
        old = _at(document.data, path) or {}
        common = self.original(path) or {}
        for key in common:
            if key not in new and key in old:
                yield _change(document.ref, (*path, key), None)
        for key, item in new.items():
            if not _same(old.get(key), item) and not (key in common and _same(common[key], item)):
                yield _change(document.ref, (*path, key), item)

    def _merged(self, path: Path, old: list[Any]) -> list[Any] | None:
        """What was added to the items that all have, and what was taken from them, done to one list."""
        common, new = self.original(path) or [], self._edited[path] or []
        kept = [item for item in old if item in new or item not in common]
        return [*kept, *(item for item in new if item not in common and item not in kept)] or None

    # -- drafts

    def draft(self) -> list[list[Any]]:
        """What was changed, for a file."""
        return [[list(path), value] for path, value in self._edited.items()]

    def take_up(self, draft: Sequence[Sequence[Any]], base: str) -> None:
        """Change again what a draft says; what the form does not have any more is passed over.

        `base` is the version that the draft was made on: what changed since is a conflict, not overwritten (R49).
        """
        if base and len(self.documents) == 1:
            self.documents = (replace(self.documents[0], blob=base),)
        for path, value in draft:
            if tuple(path) in self._by_path:
                self.set(tuple(path), value)


def _change(ref: str, path: Path, value: Any) -> DocumentChange:
    text = field_text(path)
    if value is None:
        return {"ref": ref, "path": text, "op": "remove"}
    return {"ref": ref, "path": text, "op": "replace", "value": value}


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)
