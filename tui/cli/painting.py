"""Lines of spans as text for a terminal: colours and weights."""

from tui.cards.span import Line, Span, plain

_TONES = {"quiet": "2", "heading": "1", "accent": "36", "good": "32", "warning": "33", "error": "31"}
_STYLES = {"bold": "1", "italic": "3", "underline": "4"}


def painted(line: Line, *, colour: bool) -> str:
    """One line; without `colour` no weights either."""
    if not colour:
        return plain(line).rstrip()
    return "".join(map(_span, line))


def _span(span: Span) -> str:
    codes = [_TONES[span.tone]] if span.tone in _TONES else []
    codes += [code for name, code in _STYLES.items() if name in span.styles and code not in codes]
    return f"\x1b[{';'.join(codes)}m{span.text}\x1b[0m" if codes and span.text.strip() else span.text
