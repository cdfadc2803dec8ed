"""What lies over files: custom properties as a form changes them."""

from collections.abc import Mapping, Sequence
from typing import Any

from tui.model.form.form import MIXED
from tui.property_answers import EntityProperty, PropertyChange


class Properties:
    """Values by path for one entity, or for several at once; None is no value."""

    def __init__(self, found: Mapping[str, Sequence[EntityProperty]]) -> None:
        self._refs = tuple(found)
        by_ref = [{one["path"]: one["value"] for one in records} for records in found.values()]
        self._original: dict[str, Any] = {}
        for path in dict.fromkeys(path for records in by_ref for path in records):
            values = [records.get(path) for records in by_ref]
            self._original[path] = values[0] if all(value == values[0] for value in values) else MIXED
        self._edited: dict[str, Any] = {}

    @property
    def paths(self) -> list[str]:
        """All that are there, or were made here."""
        return sorted({*self._original, *self._edited})

    def original(self, path: str) -> Any:
        """What it is in force."""
        return self._original.get(path)

    def value(self, path: str) -> Any:
        """What the form says."""
        return self._edited[path] if path in self._edited else self._original.get(path)

    def set(self, path: str, value: Any) -> None:
        """Say something else; None takes it away."""
        if (path in self._original and self._original[path] == value) or (value is None and path not in self._original):
            self._edited.pop(path, None)
        else:
            self._edited[path] = value

    def put_back(self, path: str) -> None:
        """What was."""
        self._edited.pop(path, None)

    def is_changed(self, path: str) -> bool:
        """Whether the form says something else."""
        return path in self._edited

    def changes(self) -> list[PropertyChange]:
        """For the daemon, entity by entity."""
        made: list[PropertyChange] = []
        for ref in self._refs:
            for path, value in self._edited.items():
                if value is None:
                    made.append({"ref": ref, "path": path, "op": "remove"})
                else:
                    made.append({"ref": ref, "path": path, "op": "replace", "value": value})
        return made

    def draft(self) -> list[list[Any]]:
        """What was changed, for a file."""
        return [[path, value] for path, value in self._edited.items()]

    def take_up(self, draft: Sequence[Sequence[Any]]) -> None:
        """Change again what a draft says."""
        for path, value in draft:
            self.set(str(path), value)
