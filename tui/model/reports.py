"""Lists as lines: the problems and the locations of the catalog."""

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len

from tui.model.lines import MARK_TONES, Piece, TextLine, Tone, fitted
from tui.model.source import LocationItem, ProblemItem
from tui.model.symbols import Mark, Symbols
from tui.model.times import ago, until
from tui.safe_text import safe_text


def problem_line(problem: ProblemItem, width: int, symbols: Symbols) -> TextLine:
    """One problem on one line: symbol, place, message; the place gives way first."""
    where = safe_text(problem.where or problem.ref or problem.code)
    repository = safe_text(short_repository(problem.repository))
    place = f"{repository} {where}".strip()
    column = min(44, max(18, width * 2 // 5))
    shown = place if cell_len(place) <= column else symbols.ellipsis + place[-(column - 1) :]
    return (
        Piece(f"{symbols[Mark.ERROR]} ", Tone.ERROR),
        Piece(fitted(shown, column, symbols.ellipsis) + "  ", Tone.QUIET),
        Piece(safe_text(problem.message)),
        *((Piece("  "), Piece(safe_text(problem.hint), Tone.QUIET)) if problem.hint else ()),
    )


def location_mark(location: LocationItem) -> tuple[Mark, str]:
    """The state of a location, and its word."""
    if location.error or location.error_code:
        return (Mark.WARNING, "stale") if location.last_success else (Mark.ERROR, "failing")
    if not location.last_attempt:
        return Mark.WAITING, "waiting"
    bad = sum(location.counts.get(outcome, 0) for outcome in ("bad", "conflict", "retained"))
    return (Mark.WARNING, "problems") if bad else (Mark.OK, "ok")


def location_heading(width: int) -> TextLine:
    """The titles over the locations."""
    target, _ = _columns(width)
    titles = f"  {'STATE':<10}{fitted('LOCATION', target)}  {'ENTITIES':>8}  {'SYNCED':<8}{'NEXT':<8}"
    return (Piece(titles, Tone.HEADING),)


def location_lines(location: LocationItem, width: int, symbols: Symbols, now: datetime) -> list[TextLine]:
    """A location: its state on one line, its error on the next."""
    mark, word = location_mark(location)
    size, _ = _columns(width)
    name = safe_text(short_repository(location.target) + (f" @{location.ref}" if location.ref else ""))
    synced = ago(location.last_success, now) if location.last_success else symbols.dash
    planned = until(location.next_attempt, now) if location.next_attempt else symbols.dash
    entities = location.counts.get("entity", 0)
    lines: list[TextLine] = [
        (
            Piece(f"{symbols[mark]} {word:<10}", MARK_TONES[mark]),
            Piece(fitted(name, size, symbols.ellipsis) + "  "),
            Piece(" " * (8 - len(f"{entities:,}"))),
            Piece(f"{entities:,}  {safe_text(synced):<8}", Tone.QUIET),
            Piece(f"{safe_text(planned):<8}", Tone.QUIET),
        )
    ]
    if location.error:
        words = safe_text(f"{location.error}{' — ' + location.hint if location.hint else ''}")
        lines.append((Piece(" " * 12), Piece(words, MARK_TONES[mark])))
    return lines


def short_repository(url: str) -> str:
    """`https://git.example/acme/pay.git` → `acme/pay`; a URL of another form stays whole."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in ("https", "http", "ssh"):
        return url
    _, _, path = rest.partition("/")
    return path.removesuffix(".git") or url


def _columns(width: int) -> tuple[int, int]:
    target = max(16, width - 2 - 10 - 2 - 8 - 2 - 16 - 4)
    return target, width - target


def problem_lines(problems: Sequence[ProblemItem], width: int, symbols: Symbols) -> list[TextLine]:
    """All problems, one a line."""
    return [problem_line(problem, width, symbols) for problem in problems]
