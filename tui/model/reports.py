"""Lists as lines: the problems and the locations of the catalog."""

from tui.model.lines import Piece, TextLine, Tone, fitted_end
from tui.model.source import ProblemItem
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text


def problem_line(problem: ProblemItem, width: int, symbols: Symbols) -> TextLine:
    """One problem on one line: symbol, place, message; the place gives way first."""
    where = safe_text(problem.where or problem.ref or problem.code)
    repository = safe_text(short_repository(problem.repository))
    place = f"{repository} {where}".strip()
    column = min(44, max(18, width * 2 // 5))
    return (
        Piece(f"{symbols[Mark.ERROR]} ", Tone.ERROR),
        Piece(fitted_end(place, column, symbols.ellipsis) + "  ", Tone.QUIET),
        Piece(safe_text(problem.message)),
        *((Piece("  "), Piece(safe_text(problem.hint), Tone.QUIET)) if problem.hint else ()),
    )


def short_repository(url: str) -> str:
    """`https://git.example/acme/pay.git` → `acme/pay`, `file:///srv/pay.git` → `/srv/pay.git`; a URL of another form
    stays whole."""
    scheme, separator, rest = url.partition("://")
    if scheme == "file" and rest.startswith("/"):
        return rest
    if not separator or scheme not in ("https", "http", "ssh"):
        return url
    _, _, path = rest.partition("/")
    return path.removesuffix(".git") or url
