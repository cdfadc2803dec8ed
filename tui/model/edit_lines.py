"""An edit of the journal as a line."""

from datetime import datetime

from tui.edit_answers import EditItem
from tui.model.lines import Piece, TextLine, Tone, fitted
from tui.model.symbols import Mark, Symbols
from tui.model.times import ago
from tui.safe_text import safe_text

_STATES = {
    "confirmed": (Mark.OK, Tone.GOOD),
    "pushed": (Mark.WAITING, Tone.QUIET),
    "pending": (Mark.WAITING, Tone.WARNING),
    "failed": (Mark.ERROR, Tone.ERROR),
}


def edit_line(edit: EditItem, width: int, symbols: Symbols, now: datetime) -> TextLine:
    """State, age, commit, author, message; of a failed one the reason."""
    mark, tone = _STATES.get(edit["state"], (Mark.UNKNOWN, Tone.QUIET))
    words = edit["reason"] if edit["state"] == "failed" else edit["message"].partition("\n")[0]
    refs = edit["entities"]
    about = refs[0].rpartition("/")[2] if len(refs) == 1 else f"{len(refs)} entities"
    undoes = "undoes an edit: " if edit["undoes"] else ""
    return (
        Piece(f"{symbols[mark]} ", tone),
        Piece(f"{edit['state']:<10} ", tone),
        Piece(f"{ago(edit['at'], now) + ' ago':<9} {safe_text((edit['commit'] or '')[:10]):<11} ", Tone.QUIET),
        Piece(fitted(safe_text(about), min(24, width // 5), symbols.ellipsis) + "  ", Tone.ACCENT),
        Piece(safe_text(f"{undoes}{words or ''}")),
    )
