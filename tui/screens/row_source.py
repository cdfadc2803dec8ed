"""What is done to the source of the row under the cursor, from any screen that has rows."""

from collections.abc import Callable
from typing import Any

from textual.app import App

from tui.model.courier import Answer
from tui.model.orphan import is_orphan
from tui.model.source import EntityDetails
from tui.safe_text import safe_text
from tui.screens.base import CatalogScreen
from tui.screens.messages import SourceRung


class RowSource:
    """Finds the location of a screen's row; the answer comes to the interface's own thread."""

    def __init__(self, app: App[Any], screen: CatalogScreen) -> None:
        self._app = app
        self._screen = screen
        self._desk = screen.desk

    def refresh(self) -> None:
        """Have the location read again."""
        self._with_location(
            lambda id_: self._ask("refresh", lambda: self._desk.source.refresh_location(id_), self._say)
        )

    def unregister(self) -> None:
        """Show what would leave with the location; an orphan, which has none, leaves by itself."""
        if self._screen.row_location:
            self._unregister(self._screen.row_location)
            return
        ref = self._screen.row
        self._ask("row-location", lambda: self._desk.source.entity(ref), self._leave)

    def _leave(self, details: EntityDetails) -> None:
        if is_orphan(details.entity):
            from tui.screens.forget import ForgetScreen

            marked = self._desk.marks.refs if details.ref in self._desk.marks else ()
            self._app.push_screen(ForgetScreen(self._desk, marked or (details.ref,)))
        else:
            self._found(details.ref, details.location, self._unregister)

    def _unregister(self, location_id: str) -> None:
        from tui.screens.unregister import UnregisterScreen

        self._app.push_screen(UnregisterScreen(self._desk, location_id))

    def _with_location(self, then: Callable[[str], object]) -> None:
        if self._screen.row_location:
            then(self._screen.row_location)
            return
        ref = self._screen.row
        self._ask(
            "row-location", lambda: self._desk.source.entity(ref).location, lambda id_: self._found(ref, id_, then)
        )

    def _found(self, ref: str, location_id: str, then: Callable[[str], object]) -> None:
        if location_id:
            then(location_id)
        else:
            self._tell(f"{ref} comes from no location")

    def _say(self, _: None) -> None:
        self._tell("its location is read again now")
        self._app.post_message(SourceRung())

    def _ask(self, lane: str, question: Callable[[], Any], then: Callable[[Any], object]) -> None:
        def deliver(answer: Answer[Any]) -> None:
            self._app.call_later(self._take, answer, then)  # a message: the one thing that threads may do

        self._desk.courier.send(lane, question, deliver)

    def _take(self, answer: Answer[Any], then: Callable[[Any], object]) -> None:
        if answer.error is not None:
            self._tell(str(answer.error), severe=True)
        else:
            then(answer.value)

    def _tell(self, words: str, *, severe: bool = False) -> None:
        severity: Any = "error" if severe else "information"
        self._app.notify(safe_text(words, limit=300), severity=severity, markup=False, timeout=4)
