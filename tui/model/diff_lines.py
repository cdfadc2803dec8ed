"""Differences as lines: unified as git writes them, or both sides beside each other."""

from collections.abc import Iterable, Iterator

from tui.model.lines import Piece, TextLine, Tone, fitted
from tui.safe_text import safe_text

SIDE_BY_SIDE = 100
"""Cells from which both sides have room."""


def unified_lines(diff: str) -> list[TextLine]:
    """A unified difference, each line by what it is."""
    return [_line(text) for text in diff.splitlines()]


def counted(diff: str) -> tuple[int, int]:
    """How many lines come and go."""
    lines = diff.splitlines()
    added = sum(line.startswith("+") and not line.startswith("+++ ") for line in lines)
    removed = sum(line.startswith("-") and not line.startswith("--- ") for line in lines)
    return added, removed


def side_lines(diff: str, width: int) -> list[TextLine]:
    """Old on the left, new on the right, with their line numbers."""
    half = (width - 3) // 2
    made: list[TextLine] = []
    for old, new in _pairs(diff):
        made.append((*_side(old, half, "-"), Piece(" │ ", Tone.QUIET), *_side(new, half, "+")))
    return made


def _line(text: str) -> TextLine:
    shown = safe_text(text.expandtabs(4))
    if text.startswith(("--- ", "+++ ")):
        return (Piece(shown, Tone.HEADING),)
    tones = {"+": Tone.GOOD, "-": Tone.ERROR, "@": Tone.ACCENT}
    return (Piece(shown, tones.get(text[:1], Tone.QUIET)),)


Side = tuple[int, str, bool]
"""Line number, text, and whether it is changed."""


def _pairs(diff: str) -> Iterator[tuple[Side | None, Side | None]]:
    old_number = new_number = 0
    gone: list[Side] = []
    came: list[Side] = []
    for text in [*diff.splitlines(), "@@ "]:
        if text.startswith("-") and not text.startswith("--- "):
            gone.append((old_number, text[1:], True))
            old_number += 1
            continue
        if text.startswith("+") and not text.startswith("+++ "):
            came.append((new_number, text[1:], True))
            new_number += 1
            continue
        for number in range(max(len(gone), len(came))):
            yield (gone[number] if number < len(gone) else None), (came[number] if number < len(came) else None)
        gone, came = [], []
        if text.startswith("@@ -"):
            old_number, new_number = _starts(text)
        elif text.startswith(" "):
            yield (old_number, text[1:], False), (new_number, text[1:], False)
            old_number, new_number = old_number + 1, new_number + 1


def _starts(hunk: str) -> tuple[int, int]:
    parts = [part for part in hunk.split() if part[:1] in "-+" and part[1:2].isdigit()]
    numbers = [int(part[1:].partition(",")[0]) for part in parts[:2]]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (1, 1)


def _side(side: Side | None, width: int, sign: str) -> Iterable[Piece]:
    if side is None:
        return (Piece(" " * width),)
    number, text, changed = side
    tone = (Tone.ERROR if sign == "-" else Tone.GOOD) if changed else Tone.QUIET
    head = f"{number:>4} {sign if changed else ' '} "
    return (Piece(head, tone), Piece(fitted(safe_text(text.expandtabs(4)), max(0, width - len(head))), tone))
