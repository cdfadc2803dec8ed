"""The list of errors: filtered, grouped by location, with those that somebody knows already put aside."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tui.model.lines import Piece, TextLine, Tone, layout
from tui.model.overview import Line, Section
from tui.model.reports import problem_line, short_repository
from tui.model.source import ProblemItem
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list; a heading has no problem."""

    line: TextLine
    problem: ProblemItem | None = None


def token(problem: ProblemItem) -> str:
    """What a problem is known by: another line of the file does not make it another problem, another message does."""
    text = "\n".join((problem.code, problem.repository, problem.git_ref, problem.path, problem.ref, problem.message))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def entries(
    problems: Sequence[ProblemItem],
    width: int,
    symbols: Symbols,
    *,
    wanted: str = "",
    known: Collection[str] = (),
    with_known: bool = False,
    names: Mapping[str, str] | None = None,
) -> list[Entry]:
    """Problems under the names of their locations; `names` are these by id."""
    shown = [one for one in problems if matches(one, wanted) and (with_known or token(one) not in known)]
    names = names or {}
    count = Counter(_group(one, names) for one in shown)
    made: list[Entry] = []
    for group in dict.fromkeys(_group(one, names) for one in shown):
        if len(count) > 1:
            if made:
                made.append(Entry(()))
            made.append(Entry((Piece(f"{safe_text(group)}  ", Tone.HEADING), Piece(f"{count[group]:,}", Tone.QUIET))))
        for one in shown:
            if _group(one, names) == group:
                line = problem_line(one, width, symbols)
                made.append(Entry(_quiet(line) if token(one) in known else line, one))
    return made


def whole(problem: ProblemItem, width: int, symbols: Symbols) -> list[TextLine]:
    """All that is known of a problem, in as many lines as that takes."""
    facts = (
        Line("next", problem.hint),
        Line("entity", problem.ref),
        Line("place", " ".join(part for part in (problem.repository, problem.where) if part)),
        Line("code", problem.code, quiet=True),
    )
    message = Section("", (Line("", problem.message, Mark.ERROR),))
    sections = (message, Section("", tuple(line for line in facts if line.text)))
    return layout(sections, width, symbols)


def matches(problem: ProblemItem, wanted: str) -> bool:
    """Whether a problem holds all of these words, whatever their case."""
    text = " ".join(
        (problem.message, problem.code, problem.where, problem.ref, problem.repository, problem.hint)
    ).lower()
    return all(word in text for word in wanted.lower().split())


def _group(problem: ProblemItem, names: Mapping[str, str]) -> str:
    return names.get(problem.location) or short_repository(problem.repository) or "the catalog itself"


def _quiet(line: TextLine) -> TextLine:
    return (Piece("(known) ", Tone.QUIET), *(Piece(piece.text, Tone.QUIET) for piece in line[1:]))


def line_url(problem: ProblemItem) -> str:
    """The web address of the line, empty where the file has none."""
    parts = urlsplit(problem.url)
    if parts.scheme not in ("http", "https"):
        return ""
    if not problem.line or parts.fragment:
        return problem.url
    anchor = "lines-" if "bitbucket" in (parts.hostname or "") else "L"
    return f"{problem.url}#{anchor}{problem.line}"
