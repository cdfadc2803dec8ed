"""A page over another one, which answers once."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

T = TypeVar("T")


class Modal(ModalScreen[T]):
    """A question, or a text, over a screen. Keys come faster than screens go: the second answer finds it gone."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with this answer; nothing where it is closed already, or not in front."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()
