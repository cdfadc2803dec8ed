"""What was asked for last, up to a number."""

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """A mapping that keeps the `most` entries that were put or got last. Not thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[Key, Value] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        return key in self._entries

    def get(self, key: Key) -> Value | None:
        """The entry, which is the last one asked for now; None where it is not kept."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def drop(self, key: Key) -> None:
        """Keep an entry no longer."""
        self._entries.pop(key, None)

    def put(self, key: Key, value: Value, most: int | None = None) -> None:
        """Keep an entry; `most` is a smaller number that holds this time."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        while len(self._entries) > min(self._most, most or self._most):
            self._entries.popitem(last=False)
