"""Lines of spans as text for a terminal: colours, weights, hyperlinks (OSC 8)."""

from tui.cards.span import Line, Span, plain

_TONES = {"quiet": "2", "heading": "1", "accent": "36", "good": "32", "warning": "33", "error": "31"}
_STYLES = {"bold": "1", "italic": "3", "underline": "4"}
_LINK_END = "\x1b]8;;\x1b\\"


def painted(line: Line, *, colour: bool) -> str:
    """One line; without `colour` no weights either. A span's address becomes a hyperlink in any case."""
    if not colour and not any(span.url for span in line):
        return plain(line).rstrip()
    return "".join(_span(span, colour) for span in line)


def _span(span: Span, colour: bool) -> str:
    codes = [_TONES[span.tone]] if span.tone in _TONES else []
    codes += [code for name, code in _STYLES.items() if name in span.styles and code not in codes]
    text = f"\x1b[{';'.join(codes)}m{span.text}\x1b[0m" if colour and codes and span.text.strip() else span.text
    return f"\x1b]8;;{span.url}\x1b\\{text}{_LINK_END}" if span.url else text
