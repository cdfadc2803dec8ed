"""What was written in this session, for undo and redo: a list of deeds, and where one stands in it."""

from dataclasses import dataclass

from tui.model.plan import Plan, Target


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was written: in words, where to, and what takes it back (None: nothing can)."""

    title: str
    target: Target
    undo: Plan | None


class Journal:
    """The deeds of one session. Undoing is a deed of its own, so undoing it is the redo."""

    def __init__(self) -> None:
        self._done: list[Deed] = []
        self._undone: list[Deed] = []

    def record(self, deed: Deed) -> None:
        """Something new was written: what was undone before cannot be redone any more."""
        self._done.append(deed)
        self._undone.clear()

    @property
    def undoable(self) -> Deed | None:
        """The deed that undo takes back."""
        return self._done[-1] if self._done else None

    @property
    def redoable(self) -> Deed | None:
        """The undoing that redo takes back."""
        return self._undone[-1] if self._undone else None

    def undone(self, deed: Deed) -> None:
        """The last deed was taken back, by this one."""
        self._done.pop()
        self._undone.append(deed)

    def redone(self, deed: Deed) -> None:
        """The last undoing was taken back, by this one."""
        self._undone.pop()
        self._done.append(deed)
