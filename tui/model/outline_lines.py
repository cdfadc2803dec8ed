"""An API's outline as lines."""

from collections.abc import Iterator

from tui.model.api_outline import Operation, Outline
from tui.model.lines import Piece, TextLine, Tone, fitted
from tui.safe_text import safe_text

LONGEST_NAME = 56
"""Cells of an operation's name before what it is about begins."""

_WRITING = {"POST", "PUT", "PATCH", "DELETE", "mutation", "publish", "send"}


def outline_lines(outline: Outline) -> list[TextLine]:
    """Form and facts, then the operations group by group, verbs and names in columns."""
    lines: list[TextLine] = [(Piece(safe_text(outline.form), Tone.ACCENT),)]
    label = max((len(name) for name, _ in outline.facts), default=0) + 2
    lines += [(Piece(name.ljust(label), Tone.QUIET), Piece(safe_text(text))) for name, text in outline.facts]
    if not outline.operations:
        return [*lines, (), (Piece("it names no operations", Tone.QUIET),)]
    lines += [(), (Piece(f"Operations ({outline.total:,})", Tone.HEADING),)]
    lines += _operations(outline)
    if len(outline.operations) < outline.total:
        more = f"+{outline.total - len(outline.operations):,} more, all of them in the text: v"
        lines.append((Piece(more, Tone.QUIET),))
    return lines


def _operations(outline: Outline) -> Iterator[TextLine]:
    verbs = max(len(one.verb) for one in outline.operations) + 2
    names = min(LONGEST_NAME, max(len(one.name) for one in outline.operations)) + 2
    groups: dict[str, list[Operation]] = {}
    for one in outline.operations:
        groups.setdefault(one.group, []).append(one)
    for group, operations in groups.items():
        if len(groups) > 1:
            yield ()
            yield (Piece(safe_text(group) or "others", Tone.HEADING),)
        for one in operations:
            tone = Tone.QUIET if one.deprecated else Tone.TEXT
            name = safe_text(one.name)
            about = ", ".join(filter(None, ("deprecated" if one.deprecated else "", safe_text(one.about))))
            yield (
                Piece(fitted(safe_text(one.verb), verbs), Tone.ACCENT if one.verb in _WRITING else Tone.QUIET),
                Piece(fitted(name, names) if len(name) < names else f"{name}  ", tone),
                Piece(about, Tone.QUIET),
            )
