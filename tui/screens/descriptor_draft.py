"""A descriptor for a repository in which none was found, drafted in the person's editor."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tui.model.courier import Answer
from tui.model.draft_place import FILE, DraftPlace, create_file
from tui.model.location_source import Wanted
from tui.model.plan import Plan
from tui.model.source import why_not
from tui.model.symbols import Mark
from tui.model.writing import Outcome
from tui.screens.base import CatalogScreen
from tui.screens.choice_picker import Choice, ChoicePicker
from tui.screens.drafting import Drafting
from tui.screens.file_editor import Tell


class DescriptorDraft(Drafting):
    """Made a file of the work tree where that is on this machine; else its text is copied, or added by an edit after
    the repository was registered, as the person chooses. `done`: what was read is another now."""

    def __init__(
        self, screen: CatalogScreen, tell: Tell, place: DraftPlace, wanted: Wanted, done: Callable[[], None]
    ) -> None:
        super().__init__(screen, tell, place.name)
        self._place = place
        self._wanted = wanted if wanted.write != "none" else replace(wanted, write="branch")
        self._allowed = "edits allowed on branches" if self._wanted.write == "branch" else "edits allowed"
        self._done = done
        self._registers = False
        self._location = ""

    def begin(self) -> None:
        """Nothing is registered that the person did not agree to."""
        if self._place.file is not None:
            super().begin()
            return
        choices = [
            Choice("copy", "draft it, and copy its text", "you commit it"),
            Choice("register", "draft it, and register the repository", f"{self._allowed}; this is the first"),
        ]
        self.app.push_screen(ChoicePicker("A descriptor for it", choices), self._agreed)

    def _agreed(self, choice: str | None) -> None:
        self._registers = choice == "register"
        if choice:
            super().begin()

    def take(self, text: str) -> None:
        """Where it goes."""
        if self._place.file is not None:
            self._make(self._place, text)
        elif self._location:
            self._review(text)
        elif self._registers:
            self.tell(Mark.WAITING, f"registering, {self._allowed}")
            source, wanted = self.desk.source, self._wanted
            self.send(lambda: source.add_location(wanted), lambda answer: self._registered(text, answer))
        else:
            self._screen.copy(text, "the draft")
            self.keep(f"commit it as {FILE}, then enter reads again")

    def _make(self, place: DraftPlace, text: str) -> None:
        """Never over a file that is there."""
        assert place.file is not None
        try:
            create_file(place.file, text)
        except FileExistsError:
            self.keep(f"{FILE} is there by now")
        except OSError as error:
            self.keep(f"{place.file} cannot be made: {error.strerror}")
        else:
            self.drop()
            self._done()
            self.tell(Mark.OK, f"{FILE} is made, and not committed")

    def _registered(self, text: str, answer: Answer[str]) -> None:
        if answer.value is None:
            self.keep(why_not(answer.error))
            return
        self._location = answer.value
        if not self._screen.is_current:  # nobody is asked for a review elsewhere
            self.keep(f"it is registered, {self._allowed}; N in the table takes the text up")
            return
        self._done()
        self._review(text)

    def _review(self, text: str) -> None:
        assert self._outline is not None
        path = "" if self._wanted.type == "url" or self._wanted.paths else FILE
        refs, write = (self._outline.ref,), self._wanted.write
        self.propose(Plan(refs, text=text, create=True, path=path, write=write, location=self._location))

    def written(self, outcomes: Sequence[Outcome]) -> None:
        """Of a branch of its own the entity comes when somebody merges it."""
        self._screen.leave_done()
        super().written(outcomes)
