"""YAML: the lines of the file, the entity as the catalog has it, and what lies over the file."""

from collections.abc import Sequence
from typing import ClassVar

from tui.actions import Context
from tui.edit_answers import DocumentText
from tui.model.lines import Piece, TextLine, Tone
from tui.model.overview import Line
from tui.model.yaml_views import ViewName, file_lines, overlay_lines, resolved_lines
from tui.property_answers import EntityProperties
from tui.screens.panes.pane import Pane
from tui.widgets.keys import bindings

VIEWS: tuple[ViewName, ...] = ("resolved", "file", "overlay")


class YamlPane(Pane):
    """Three views of one entity; `v` goes from one to the next."""

    NAME: ClassVar[str] = "yaml"
    HEADER = 2
    BINDINGS: ClassVar = bindings(Context.TEXT)
    view: ViewName = "resolved"
    document: DocumentText | None = None
    wanted_line: int = 0

    def look(self) -> None:
        """Make the view in front anew."""
        source, details = self.desk.source, self.details
        if details is None:
            return
        if self.view == "resolved":
            self.ask("resolved", lambda: resolved_lines(details.entity), self._show)
        elif self.view == "file":

            def read() -> tuple[DocumentText, list[tuple[TextLine, Line | None]]]:
                document = source.document(self.ref)
                return document, file_lines(document["text"], details.line)

            self.ask("file", read, self._show_file)
        else:
            self.ask("overlay", lambda: source.properties(self.ref), self._show_overlay)

    def lay_out(self) -> None:
        """Lines of YAML are as long as they are."""

    def show_view(self, view: ViewName, line: int = 0) -> None:
        """Another view, the cursor on a line of the file where one is named."""
        if self._asked.get(view) and view == self.view and line:
            self._to_line(line)
            return
        self.view, self.wanted_line = view, line
        self.show_placed((), keep_place=False)
        self.look()

    def action_view(self) -> None:
        """The next view."""
        self.show_view(VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)])

    def heading(self) -> Sequence[Piece]:
        """The views, the one in front in brackets; where the lines stand."""
        pieces = [Piece("v  ", Tone.ACCENT)]
        for view in VIEWS:
            chosen = view == self.view
            pieces.append(Piece(f"[{view}] " if chosen else f" {view}  ", Tone.ACCENT if chosen else Tone.QUIET))
        if self.view == "file" and self.details is not None:
            place = f"  {self.details.path}:{self.details.line}"
            pieces.append(Piece(place, Tone.QUIET))
        return pieces

    def _show(self, lines: list[tuple[TextLine, Line | None]]) -> None:
        self.show_placed(lines)

    def _show_file(self, found: tuple[DocumentText, list[tuple[TextLine, Line | None]]]) -> None:
        self.document, lines = found
        self.show_placed(lines)
        if self.wanted_line:
            self._to_line(self.wanted_line)
            self.wanted_line = 0

    def _show_overlay(self, found: EntityProperties) -> None:
        self.show_placed(overlay_lines(found, self.desk.symbols))

    def _to_line(self, line: int) -> None:
        wanted = f"{line:>4} "
        for number, content in enumerate(self.content):
            if content and content[0].text.startswith(wanted):
                self.cursor = number
