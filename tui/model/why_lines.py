"""Why a field says what it says, as lines: what is in force first, and below it what that hides."""

from collections.abc import Iterator
from datetime import datetime

from tui.history_answers import OriginItem, WhyAnswer
from tui.model.lines import Piece, TextLine, Tone, wrapped
from tui.model.symbols import Mark, Symbols
from tui.model.times import ago
from tui.model.value_text import value_text
from tui.safe_text import safe_text

LABEL = 10
"""Cells of the words before each fact."""

_SAID = {
    "git": "git",
    "overlay": "overlay",
    "api": "API",
    "location": "registration",
    "catalog": "catalog",
}


def why_lines(answer: WhyAnswer, width: int, symbols: Symbols, now: datetime) -> list[TextLine]:
    """Each origin as a block of facts."""
    lines: list[TextLine] = [
        (
            Piece(safe_text(answer["field"]), Tone.ACCENT),
            Piece(" = ", Tone.QUIET),
            Piece(value_text(answer["value"], dash=symbols.dash)),
        ),
    ]
    for origin in answer["origins"]:
        lines += [(), *_origin(origin, answer, width, symbols, now)]
    if answer["more"]:
        lines += [(), (Piece("more say it, too: they are left out", Tone.QUIET),)]
    if not answer["origins"]:
        lines += [(), (Piece("nobody is known to have said it", Tone.QUIET),)]
    return lines


def _origin(origin: OriginItem, answer: WhyAnswer, width: int, symbols: Symbols, now: datetime) -> Iterator[TextLine]:
    said = _SAID.get(origin["said"], origin["said"])
    mark = Mark.OK if origin["in_force"] else Mark.WAITING
    state = "in force" if origin["in_force"] else "hidden by what stands above"
    tone = Tone.GOOD if origin["in_force"] else Tone.QUIET
    yield (Piece(f"{symbols[mark]} ", tone), Piece(safe_text(said), Tone.HEADING), Piece(f"  {state}", Tone.QUIET))
    for label, text in _facts(origin, answer, symbols, now):
        for number, part in enumerate(wrapped(safe_text(text), width - LABEL - 2)):
            yield (Piece(f"  {'' if number else label:<{LABEL}}", Tone.QUIET), Piece(part))


def _facts(origin: OriginItem, answer: WhyAnswer, symbols: Symbols, now: datetime) -> Iterator[tuple[str, str]]:
    if not origin["in_force"] or origin["value"] != answer["value"]:
        yield "value", value_text(origin["value"], dash=symbols.dash)
    if origin["ref"] != answer["ref"]:
        yield "said by", f"{origin['field']} of {origin['ref']}"
    if origin["path"]:
        yield "file", place_text(origin)
    if origin["commit"]:
        yield "commit", f"{origin['commit'][:10]}  {origin['subject'] or ''}"
    if origin["by"]:
        when = f", {origin['at'][:16].replace('T', ' ')} ({ago(origin['at'], now)} ago)" if origin["at"] else ""
        yield "by", f"{origin['by']}{when}"
    if origin["door"]:
        yield "through", f"{origin['door']}{', ' + origin['mode'] if origin['mode'] else ''}"
    if origin["reason"]:
        yield "because", origin["reason"]
    if origin["cut"]:
        yield "note", "the mirror's history is cut here: the value may be older"


def place_text(origin: OriginItem) -> str:
    """`path:line`, or `path:first-last`."""
    line = f":{origin['line']}" if origin["line"] else ""
    end = f"-{origin['end_line']}" if origin["end_line"] and origin["end_line"] != origin["line"] else ""
    return f"{origin['path']}{line}{end}"
