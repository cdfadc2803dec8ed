"""The locations as lines of a table, and one of them with all that is known of it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tui.model.interval import CONFIGURED, interval_text
from tui.model.lines import MARK_TONES, Piece, TextLine, Tone, fitted, fitted_end, layout
from tui.model.overview import Line, Section
from tui.model.registration import WRITES
from tui.model.reports import short_repository
from tui.model.source import LocationItem, ProblemItem, Status
from tui.model.symbols import Mark, Symbols
from tui.model.times import ago, seconds_ago, until
from tui.safe_text import safe_text

MIDDLE, WIDE = 78, 104
"""Cells of width from which the next look, and from which the last change and the note, have columns."""

NOTE = 18
"""Cells for the note, where it has a column; a longer one goes on in the line above the keys."""

LONGEST = 400
"""Characters of one text that the details of a location show."""

_BAD = ("bad", "conflict", "retained")


def location_mark(location: LocationItem, busy: Sequence[str] = ()) -> tuple[Mark, str]:
    """The state of a location, and its word; `busy` are the repositories that are being read."""
    if location.paused:
        return Mark.LOCKED, "paused"
    if location.phase or location.target in busy:
        return Mark.CHANGED, location.phase or "reading"
    if location.error or location.error_code:
        return (Mark.WARNING, "stale") if location.last_success else (Mark.ERROR, "failing")
    if not location.last_attempt:
        return Mark.WAITING, "waiting"
    bad = sum(location.counts.get(outcome, 0) for outcome in _BAD)
    return (Mark.WARNING, "problems") if bad else (Mark.OK, "ok")


def location_state(location: LocationItem, busy: Sequence[str] = ()) -> str:
    """The word for its state, with how far a fetch is."""
    word = location_mark(location, busy)[1]
    return f"fetch {location.percent}%" if word == "fetching" and location.percent is not None else word


def location_name(location: LocationItem) -> str:
    """`acme/pay @main`, harmless."""
    name = short_repository(location.target) + (f" @{location.ref}" if location.ref else "")
    return safe_text(name)


def heading(width: int) -> TextLine:
    """The titles over the columns."""
    titles = f"{'STATE':<12}{fitted('LOCATION', _target(width))}  {'ENTITIES':>8}  {'SYNCED':<8}"
    if width >= MIDDLE:
        titles += f"{'NEXT':<9}{'+/~/-':<10}"
    if width >= WIDE:
        titles += f"{'TOOK':<7}NOTE"
    return (Piece(titles, Tone.HEADING),)


def location_line(
    location: LocationItem, width: int, symbols: Symbols, now: datetime, busy: Sequence[str] = ()
) -> TextLine:
    """A location on one line: what does not fit is in its details."""
    mark, word = location_mark(location, busy)[0], location_state(location, busy)
    name = fitted_end(location_name(location), _target(width), symbols.ellipsis)
    synced = ago(location.last_success, now) if location.last_success else symbols.dash
    pieces = [
        Piece(f"{symbols[mark]} {word:<10}", MARK_TONES[mark]),
        Piece(f"{name}  "),
        Piece(f"{location.counts.get('entity', 0):>8,}  {fitted(safe_text(synced), 8)}", Tone.QUIET),
    ]
    if width >= MIDDLE:
        planned = until(location.next_attempt, now) if location.next_attempt and not location.paused else symbols.dash
        changed = "/".join(str(count) for count in location.changed) if location.changed else symbols.dash
        pieces.append(Piece(f"{fitted(safe_text(planned), 9)}{fitted(changed, 10)}", Tone.QUIET))
    if width >= WIDE:
        pieces.append(Piece(f"{_took(location.seconds, symbols):<7}", Tone.QUIET))
        pieces.append(Piece(safe_text(location_note(location)), MARK_TONES[mark] if location.error else Tone.QUIET))
    return tuple(pieces)


def location_note(location: LocationItem) -> str:
    """What is worth a look: the error, or how many documents are bad."""
    if location.error:
        return location.error
    return ", ".join(f"{location.counts[name]:,} {name}" for name in _BAD if location.counts.get(name))


def _took(seconds: float, symbols: Symbols) -> str:
    if not seconds:
        return symbols.dash
    return f"{seconds * 1000:.0f}ms" if seconds < 1 else f"{seconds:.1f}s"


def _target(width: int) -> int:
    fixed = 12 + 2 + 8 + 2 + 8
    if width >= WIDE:
        return max(24, width - fixed - 19 - 7 - NOTE)
    return max(14, width - fixed - (19 if width >= MIDDLE else 0))


def sync_summary(
    items: Sequence[LocationItem], status: Status | None, width: int, symbols: Symbols, now: datetime
) -> TextLine:
    """How many locations there are in each state, the worst told by colour; then, as far as there is room, how many
    repositories wait, within which time every location was looked at, and since when the daemon runs."""
    busy = status.busy if status else ()
    words = [location_mark(item, busy) for item in items]
    count = len(items)
    pieces = [Piece(f"{count:,} location{'s' if count != 1 else ''}   ")]
    for mark, word in dict.fromkeys(words):
        pieces.append(Piece(f"{symbols[mark]} {word} {words.count((mark, word)):,}   ", MARK_TONES[mark]))
    figures = [f"queue {status.waiting:,}"] if status and status.waiting else []
    if whole := full_pass(items):
        figures.append(f"last full pass {ago(whole, now)}")
    if status and status.started:
        figures.append(f"daemon up {seconds_ago((now - status.started).total_seconds())}")
    room, told = width - sum(len(piece.text) for piece in pieces), ""
    for figure in figures:
        longer = f"{told}   {figure}" if told else figure
        told = longer if len(longer) <= room else told
    return (*pieces, Piece(told, Tone.QUIET))


def full_pass(items: Sequence[LocationItem]) -> str:
    """The time since which every location was looked at, paused ones aside; empty as long as one never was."""
    return min((item.last_attempt for item in items if not item.paused), default="")


def location_details(
    location: LocationItem,
    problems: Sequence[ProblemItem],
    width: int,
    symbols: Symbols,
    now: datetime,
    usual: float = 0.0,
) -> list[TextLine]:
    """All that is known of a location; `usual` are the seconds between looks by the configuration, 0 if unknown."""
    mark, _ = location_mark(location)
    fields = [
        Line("state", location_state(location), mark),
        Line("target", location.target),
        Line("type", location.type),
        Line("ref", location.ref or "the default branch"),
        Line("files", json.dumps(list(location.paths)) if location.paths else "as a repository is discovered"),
        Line("id", location.id),
        Line("edits", next((meaning for word, meaning, _ in WRITES if word == location.write), location.write)),
        Line("registered", "in the configuration" if location.configured else "by a call"),
    ]
    times = [
        Line("tried", _time(location.last_attempt, now)),
        Line("synced", _time(location.last_success, now)),
        Line("every", _every(location, usual)),
        Line("next", until(location.next_attempt, now) if location.next_attempt else symbols.dash),
        Line("took", _took(location.seconds, symbols)),
        Line("commit", location.commit or symbols.dash),
    ]
    parts = [Section("Location", tuple(fields)), Section("Looks", tuple(times))]
    if location.error:
        error = [Line("error", location.error, Mark.ERROR), Line("what next", location.hint)]
        parts.append(Section("Trouble", (*error, Line("failures", f"{location.failures:,} in a row"))))
    counts = tuple(Line(name, f"{count:,}") for name, count in sorted(location.counts.items()))
    parts.append(Section("Documents", counts or (Line("", "none"),)))
    if problems:
        parts.append(Section("Problems", tuple(Line(one.where, one.message, Mark.ERROR) for one in problems)))
    return layout([_shortened(part, symbols) for part in parts], width, symbols)


def _every(location: LocationItem, usual: float) -> str:
    if location.poll_interval is not None:
        return interval_text(location.poll_interval)
    return f"{interval_text(usual)} (configured)" if usual else CONFIGURED


def _shortened(section: Section, symbols: Symbols) -> Section:
    """One long text must not push the others out of sight."""
    cut = [
        replace(line, text=line.text[:LONGEST] + symbols.ellipsis) if len(line.text) > LONGEST else line
        for line in section.lines
    ]
    return replace(section, lines=tuple(cut))


def _time(text: str, now: datetime) -> str:
    return f"{ago(text, now)} ago   {text}" if text else "never"
