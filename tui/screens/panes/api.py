"""API: what a definition offers, and its text; of other kinds, the APIs that they provide and consume."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tui.actions import Context
from tui.model.api_outline import NoOutlineError, outline_of
from tui.model.lines import Piece, TextLine, Tone, yaml_lines
from tui.model.outline_lines import outline_lines
from tui.model.overview import Line
from tui.model.relation_tree import short_ref
from tui.safe_text import safe_text
from tui.screens.panes.pane import Pane
from tui.widgets.keys import bindings

LONGEST_TEXT = 2_000_000
"""Characters of a definition that are shown; the rest is announced."""

_RELATIONS = {"providesApi": "Provides", "consumesApi": "Consumes"}


class ApiPane(Pane):
    """Outline or text; `v` goes from one to the other."""

    NAME: ClassVar[str] = "api"
    HEADER = 2
    BINDINGS: ClassVar = bindings(Context.TEXT)
    as_text = False

    def look(self) -> None:
        """Read the definition on another thread: it may be long."""
        definition, kind = self._definition()
        if definition is None:
            self.show_placed(self._apis())
        elif self.as_text:
            self.ask("text", lambda: _text_lines(definition), self._show)
        else:
            self.ask("outline", lambda: _outline(kind, definition), self._show)

    def lay_out(self) -> None:
        """Lines are as long as they are."""

    def action_view(self) -> None:
        """The other one of the two."""
        if self._definition()[0] is not None:
            self.as_text = not self.as_text
            self.show_placed((), keep_place=False)
            self.look()

    def heading(self) -> Sequence[Piece]:
        """The views, the one in front in brackets."""
        if self._definition()[0] is None:
            return (Piece("APIs of this entity", Tone.QUIET),)
        pieces = [Piece("v  ", Tone.ACCENT)]
        for view, chosen in (("outline", not self.as_text), ("text", self.as_text)):
            pieces.append(Piece(f"[{view}] " if chosen else f" {view}  ", Tone.ACCENT if chosen else Tone.QUIET))
        return pieces

    @property
    def field(self) -> str:
        """All lines are of one field."""
        return "spec.definition" if self._definition()[0] is not None else ""

    def enter(self) -> None:
        """To the API of the line."""
        if self._definition()[0] is None:
            super().enter()

    def _definition(self) -> tuple[str | None, str]:
        spec = self.details.entity.get("spec") if self.details else None
        if not isinstance(spec, Mapping):
            return None, ""
        found = spec.get("definition")
        return found if isinstance(found, str) else None, str(spec.get("type") or "")

    def _apis(self) -> list[tuple[TextLine, Line | None]]:
        relations: Any = self.details.entity.get("relations") if self.details else None
        made: list[tuple[TextLine, Line | None]] = []
        for type_, title in _RELATIONS.items():
            refs = sorted(
                str(one.get("targetRef"))
                for one in relations or ()
                if isinstance(one, Mapping) and one.get("type") == type_
            )
            if refs:
                made += [((), None)] if made else []
                made.append(((Piece(title, Tone.HEADING),), None))
                made += [((Piece(f"  {short_ref(ref)}"),), Line("", "", ref=ref)) for ref in refs]
        return made or [((Piece("it provides and consumes no APIs", Tone.QUIET),), None)]

    def _show(self, lines: list[TextLine]) -> None:
        self.show_placed([(line, None) for line in lines])


def _outline(kind: str, definition: str) -> list[TextLine]:
    try:
        return outline_lines(outline_of(kind, definition))
    except NoOutlineError as error:
        reason: TextLine = (Piece(f"{safe_text(str(error))}; its text:", Tone.WARNING),)
        return [reason, (), *_text_lines(definition)]


def _text_lines(definition: str) -> list[TextLine]:
    lines = yaml_lines(definition[:LONGEST_TEXT])
    made: list[TextLine] = [(Piece(f"{number:>4}  ", Tone.QUIET), *line) for number, line in enumerate(lines, 1)]
    if len(definition) > LONGEST_TEXT:
        made.append((Piece(f"+{len(definition) - LONGEST_TEXT:,} characters more", Tone.QUIET),))
    return made
