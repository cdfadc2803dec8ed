"""Inspect: identity, source, ancestry, what was read from the same place, and the JSON that the API gives."""

import json
from typing import ClassVar, NamedTuple

from tui.model.inspection import SHOWN_COLOCATED, colocated_query, inspection
from tui.model.lines import Piece, TextLine, Tone, placed
from tui.model.overview import Line
from tui.model.source import EntityDetails, LocationItem, Source
from tui.safe_text import safe_text
from tui.screens.panes.pane import Pane

LONGEST_JSON = 2_000_000
"""Characters of JSON that are shown."""


class Around(NamedTuple):
    """What is known beside the entity."""

    location: LocationItem | None = None
    colocated: tuple[str, ...] = ()
    total: int = 0
    json: str = ""


class InspectPane(Pane):
    """The last tab."""

    NAME: ClassVar[str] = "inspect"
    around = Around()

    def look(self) -> None:
        """Show what is known, ask for the rest."""
        details = self.details
        if details is not None:
            self.ask("around", lambda: _around(self.desk.source, details), self._take_around)

    def lay_out(self) -> None:
        """Sections, then the JSON."""
        if self.details is None:
            return
        location, colocated, total, text = self.around
        parts = inspection(self.details, location, colocated, total)
        lines = placed(parts, self.room_across, self.desk.symbols)
        if text:
            lines += [((), None), ((Piece("JSON", Tone.HEADING),), None), *_json_lines(text)]
        self.show_placed(lines)

    def _take_around(self, around: Around) -> None:
        self.around = around
        self.lay_out()


def _around(source: Source, details: EntityDetails) -> Around:
    location = next((one for one in source.locations() if one.id == details.location), None)
    query = colocated_query(details)
    page = source.entities(query, ("name",), "name", 0, SHOWN_COLOCATED + 1) if query else None
    refs = tuple(row.ref for row in page.rows) if page else ()
    text = json.dumps(details.entity, ensure_ascii=False, indent=2)
    return Around(location, refs, page.total if page else 0, text)


def _json_lines(text: str) -> list[tuple[TextLine, Line | None]]:
    shown = safe_text(text, multiline=True, limit=LONGEST_JSON).split("\n")
    return [((Piece(line),), None) for line in shown]
