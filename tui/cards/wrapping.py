"""Text broken into lines of at most some columns."""

from tui.cli.cell_width import cell_width


def wrapped(text: str, width: int) -> list[str]:
    """Lines broken at blanks, and within words that are longer than a line; there is one at least."""
    width = max(1, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_broken(paragraph.expandtabs(4), width))
    return lines


def _broken(paragraph: str, width: int) -> list[str]:
    if cell_width(paragraph) <= width:
        return [paragraph]
    lines: list[str] = []
    line = ""
    for word in paragraph.split():
        joined = f"{line} {word}" if line else word
        if cell_width(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _chopped(word, width)
        lines.extend(full)
    return [*lines, line]


def _chopped(word: str, width: int) -> list[str]:
    """Pieces of at most `width` columns; a character that is wider than that stands alone."""
    pieces = [""]
    for character in word:
        if pieces[-1] and cell_width(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces
