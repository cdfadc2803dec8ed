"""A file as its documents, each good or bad on its own (R28, C48).

libyaml gives up at the first error. `---` and `...` at the start of a line always part documents, whatever stands
before them (YAML 1.2, rule c-forbidden), so reading starts anew at the next such line.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from yaml._yaml import CParser
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import DocumentEndEvent, DocumentStartEvent, Event

from syncd.ingest.builder import Feed, ends, is_empty_scalar, starts
from syncd.ingest.failure import ParseError
from syncd.ingest.limits import ParseLimits
from syncd.ingest.source import SourceText, line_breaks

T = TypeVar("T")

_MARKER = re.compile(r"(?:\A|(?<=[\n\r]))(---|\.\.\.)(?=[ \t\r\n]|\Z)")
_PROLOGUE = re.compile(r"(?:[ \t]*(?:#[^\n\r]*)?[\n\r]+|%[^\n\r]*[\n\r]+)*")
_NO_START = "did not find expected <document start>"
_BAD_ESCAPE = "found invalid Unicode character escape code"
_HINTS = {
    "\t": "indent with spaces, not with tabs",
    "@": "quote a value that begins with @",
    "`": "quote a value that begins with a backtick",
    ":": "quote a value that holds a colon and a space",
}


@dataclass(slots=True)
class Piece(Generic[T]):
    """One document: `value` is what was built of it, unless there is a `failure`.

    `start` and `end` are character indexes of the text; `start_line`, and `line`, where the content begins, are from 1.
    """

    start_line: int
    line: int
    start: int
    end: int
    value: T | None = None
    failure: ParseError | None = None


def pieces(source: SourceText, limits: ParseLimits, build: Callable[[Feed], T]) -> list[Piece[T]]:
    """The documents in the file's order, `build` called with the events of each.

    `build` may raise `ParseError`; it reads the document's events up to the end of its root and no further.
    """
    return _Splitter(source, limits, build).run()


class _Splitter(Generic[T]):
    def __init__(self, source: SourceText, limits: ParseLimits, build: Callable[[Feed], T]) -> None:
        self._source = source
        self._limits = limits
        self._build = build
        self._pieces: list[Piece[T]] = []
        self._begin = 0
        self._begin_line = 0
        self._begin_byte = 0
        self._done = 0
        self._marked_end = True

    def run(self) -> list[Piece[T]]:
        if b"%TAG" in self._source.data and self._source.data.count(b"\n%TAG") > self._limits.directives:
            return [Piece(1, 1, 0, len(self._source.text), failure=self._limits.exceeded("directives"))]
        resume: int | None = 0
        while resume is not None:
            self._move(resume)
            resume = self._read()
        for piece, following in zip(self._pieces, self._pieces[1:], strict=False):
            piece.end = following.start
        return self._pieces

    def _move(self, position: int) -> None:
        text = self._source.text
        self._begin_byte += len(text[self._begin : position].encode())
        self._begin_line += line_breaks(text, self._begin, position)
        self._begin = self._done = position
        self._marked_end = True

    def _parser(self) -> CParser:
        if self._begin == 0:
            return CParser(self._source.data)
        stream = io.BytesIO(self._source.data)
        stream.seek(self._begin_byte)
        return CParser(stream)

    def _read(self) -> int | None:
        """Read documents until the end (None) or the first failure (the place to go on from)."""
        get = cast(Callable[[], Event], self._parser().get_event)
        start: DocumentStartEvent | None = None
        piece: Piece[T] | None = None
        try:
            get()
            while isinstance(event := get(), DocumentStartEvent):
                start = event
                piece = self._opened(start)
                self._fill(piece, Feed(get(), get, self._begin_line, self._begin, start.version == (1, 1)))
                self._close(get())
                piece = None
        except (ParseError, YAMLError) as error:
            return self._recover(error, start, piece)
        return None

    def _opened(self, start: DocumentStartEvent) -> Piece[T]:
        line = self._begin_line + starts(start).line + 1
        if len(self._pieces) >= self._limits.documents:
            raise self._limits.exceeded("documents", line)
        piece: Piece[T] = Piece(line, line, self._begin + starts(start).index, len(self._source.text))
        self._pieces.append(piece)
        return piece

    def _fill(self, piece: Piece[T], feed: Feed) -> None:
        if not is_empty_scalar(feed.root):
            piece.line = feed.line_of(feed.root)
        piece.value = self._build(feed)

    def _close(self, end: Event) -> None:
        self._marked_end = isinstance(end, DocumentEndEvent) and bool(end.explicit)
        self._done = self._begin + ends(end).index

    def _recover(self, error: Exception, start: DocumentStartEvent | None, piece: Piece[T] | None) -> int | None:
        """Book the failure on the document that it belongs to; the place of the next document, None at the end."""
        failure = error if isinstance(error, ParseError) else self._syntax_failure(error)
        if piece is not None and start is not None:
            piece.value, piece.failure = None, failure
            return self._next_document(self._begin + ends(start).index)
        if failure.reason == "too_many_documents":
            self._add_bad(failure)
            return None
        if failure.message.startswith(_NO_START) and not self._marked_end:
            self._pieces[-1].value, self._pieces[-1].failure = None, failure
            return self._next_document(self._done)
        self._add_bad(failure)
        prologue = self._prologue_end(self._done)
        own_marker = _MARKER.match(self._source.text, prologue)
        return self._next_document(own_marker.end() if own_marker else prologue)

    def _add_bad(self, failure: ParseError) -> None:
        line = self._begin_line + self._breaks_to(self._done) + 1
        self._pieces.append(Piece(line, failure.line, self._done, len(self._source.text), failure=failure))

    def _breaks_to(self, index: int) -> int:
        return line_breaks(self._source.text, self._begin, index)

    def _next_document(self, after: int) -> int | None:
        text = self._source.text
        marker = _MARKER.search(text, after)
        if marker is None:
            return None
        if marker[1] == "---":
            return marker.start()
        return marker.end() if self._prologue_end(marker.end()) < len(text) else None

    def _prologue_end(self, begin: int) -> int:
        """Where blank lines, comments and directives end."""
        match = _PROLOGUE.match(self._source.text, begin)
        return match.end() if match else begin

    def _syntax_failure(self, error: Exception) -> ParseError:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if not isinstance(error, MarkedYAMLError) or mark is None:
            return ParseError("syntax", str(error), self._begin_line + 1)
        # What is missing at the end is missing in the last line, not after it.
        end = len(self._source.text.rstrip())
        in_text = self._begin + mark.index < end
        line = self._begin_line + 1 + (mark.line if in_text else self._breaks_to(end))
        message = f"{error.problem or error.context}"
        if error.context and error.context_mark:
            message += f" ({error.context} that starts in line {self._begin_line + error.context_mark.line + 1})"
        reason = "invalid_character" if error.problem == _BAD_ESCAPE else "syntax"
        return ParseError(reason, message, line, mark.column + 1, hint=self._hint(mark.index))

    def _hint(self, index: int) -> str:
        at = self._source.text[self._begin + index : self._begin + index + 1]
        return _HINTS.get(at, "") if at else ""
