"""A location that somebody wants to register or to remove: as a command, and as lines of what would come of it."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tui.answers import LocationAdjustment
from tui.model.draft_place import FILE, DraftPlace
from tui.model.file_choice import FileChoice
from tui.model.interval import interval_text
from tui.model.lines import Piece, TextLine, Tone, fitted, fitted_end, wrapped
from tui.model.location_source import SAVED, Departure, FieldChange, Preview, Previewed, Reading, Wanted
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text

LISTED = 200
"""Refs and relations of a departure that are shown; the words tell how many there are."""

GAUGE = 20
"""Cells of the bar that tells how far a fetch is, half of them below `WIDE` cells of width."""
WIDE = 78

WRITES = (
    ("none", "none", "nothing is pushed to it"),
    ("branch", "commit on a branch", "one for each edit"),
    ("commit", "commit on what is read", "or on a branch"),
)
"""Where edits may be pushed: the word of the commands, what it means, and more of it."""

_EFFECTS = (
    ("invalid", "", Tone.ERROR),
    ("conflict", "!", Tone.WARNING),
    ("new", "+", Tone.GOOD),
    ("changed", "~", Tone.ACCENT),
    ("same", "=", Tone.QUIET),
    ("template", "·", Tone.QUIET),
)


def command(wanted: Wanted) -> str:
    """The command that registers the same, to be pasted into a shell."""
    words = ["catalog", "location", "add", wanted.target]
    if wanted.ref == SAVED:
        words.append("--saved")
    elif wanted.ref:
        words += ["--ref", wanted.ref]
    for path in wanted.paths:
        words += ["--path", path]
    said: LocationAdjustment = {}
    if wanted.write != "none":
        said["write"] = wanted.write
    if wanted.poll_interval is not None:
        said["poll_interval"] = wanted.poll_interval
    return shlex.join([*words, *adjusting(said)])


def set_command(location_id: str, adjustment: LocationAdjustment) -> str:
    """The command that changes the same."""
    return shlex.join(["catalog", "location", "set", location_id, *adjusting(adjustment)])


def adjusting(said: Mapping[str, Any]) -> list[str]:
    """How a location is dealt with, as the options of `location add` and `location set`."""
    words = ["--write", str(said["write"])] if "write" in said else []
    if "poll_interval" in said:
        words += ["--interval", interval_text(said["poll_interval"])]
    return words


def waiting_lines(reading: Reading | None, seconds: float, width: int, symbols: Symbols) -> list[TextLine]:
    """What is waited for, and since when: a preview as far as it is, or, where that is None, the registration."""
    sign = Piece(f"{symbols.wheel[int(seconds * 10) % len(symbols.wheel)]} ", Tone.ACCENT)
    if reading is None:
        since = Piece(f"registering {symbols.ellipsis} {seconds:.0f}s   ")
        return [(sign, since, Piece("it is registered, and read for the first time; esc leaves", Tone.QUIET))]
    way = Piece("esc leaves, nothing is stored", Tone.QUIET)
    head = (sign, *_how_far(reading, GAUGE if width >= WIDE else GAUGE // 2, symbols), Piece(f" {seconds:.0f}s"))
    fits = sum(len(piece.text) for piece in (*head, way)) + 3 <= width
    lines: list[TextLine] = [(*head, Piece("   "), way)] if fits else [head, (Piece("  "), way)]
    if reading.phase == "fetching":
        lines.append((Piece("  then: parse, validate, resolve references", Tone.QUIET),))
    return lines


def _how_far(reading: Reading, cells: int, symbols: Symbols) -> Iterator[Piece]:
    phase = safe_text(reading.phase)
    if reading.percent is None:
        yield Piece(f"{phase} {symbols.ellipsis}")
        return
    full = cells * max(0, min(reading.percent, 100)) // 100
    yield Piece(f"{phase} {reading.percent}%  ")
    yield Piece(symbols.gauge[0] * full, Tone.ACCENT)
    yield Piece(symbols.gauge[1] * (cells - full), Tone.QUIET)


def summary(preview: Preview, symbols: Symbols) -> list[TextLine]:
    """How much was read, and how many documents of each effect there are; the words beside the signs."""
    counts = [
        Piece(f"   {sign or symbols[Mark.ERROR]} {_counted(preview.counts.get(effect, 0), effect)}", tone)
        for effect, sign, tone in _EFFECTS
        if preview.counts.get(effect) or effect == "new"
    ]
    files = f"{preview.files:,} file{'s' if preview.files != 1 else ''}"
    return [(Piece(files), *counts)]


def next_step_lines(
    preview: Preview, choice: FileChoice, place: DraftPlace | None, fault: str, width: int, symbols: Symbols
) -> list[TextLine]:
    """What can be done with what was read; `fault` is what is wrong with how the location is to be dealt with."""
    if preview.existing:
        words = f"already registered as {preview.existing}; R reads it again, F4 shows it"
        return [(Piece(f"{symbols[Mark.WARNING]} {safe_text(words)}", Tone.WARNING),)]
    if not preview.files and place:
        return nothing_found(place, width, symbols)
    if choice.left:
        chosen, total = len(choice.files) - len(choice.left), len(choice.files)
        words = f"enter reads {chosen:,} of {total:,} files; what is added to the others later does not come"
        return [(Piece(words, Tone.ACCENT),)]
    if fault:
        return [fault_line(fault, symbols)]
    return [(Piece(f"A registers {entities_text(preview.entities)}", Tone.ACCENT),)] if preview.entities else []


def fault_line(fault: str, symbols: Symbols) -> TextLine:
    """What is wrong with what is written."""
    return (Piece(f"{symbols[Mark.ERROR]} {safe_text(fault)}", Tone.ERROR),)


def entities_text(count: int) -> str:
    """`1 entity`, `12 entities`."""
    return f"{count:,} entit{'y' if count == 1 else 'ies'}"


def nothing_found(place: DraftPlace, width: int, symbols: Symbols) -> list[TextLine]:
    """What can be done where there is no catalog file; the command that does it by hand at the end."""
    lines: list[TextLine] = [(Piece(f"{symbols[Mark.WARNING]} no catalog file was found", Tone.WARNING),)]
    if place.is_there:
        told = [f"{FILE} is there, but not in what was read: commit it, then enter reads again (y copies the command)"]
    elif place.file is not None:
        told = [f"N drafts one in your editor, for {place.file}"]
    else:
        told = ["N drafts one in your editor, for an edit or to be copied; y copies the command that drafts one"]
    if place.is_work_tree:
        told.append("s reads what is saved in the work tree, committed or not")
    lines += [(Piece(f"  {part}"),) for one in told for part in wrapped(safe_text(one), width - 2)]
    return [*lines, *((Piece(f"  {part}", Tone.ACCENT),) for part in wrapped(safe_text(place.command), width - 2))]


def failure_lines(what: str, hint: str, width: int, symbols: Symbols) -> list[TextLine]:
    """Why it could not be read, and what to do then."""
    lines: list[TextLine] = [
        (Piece(f"{' ' if number else symbols[Mark.ERROR]} {part}", Tone.ERROR),)
        for number, part in enumerate(wrapped(safe_text(what), width))
    ]
    return lines + [(Piece(f"  {part}", Tone.QUIET),) for part in wrapped(safe_text(hint), width) if hint]


def draft_off(preview: Preview | None, place: DraftPlace | None, names: Sequence[str]) -> str:
    """Why no descriptor can be drafted; `names` are the files that the person named."""
    if preview is None or place is None:
        return "read it first"
    if preview.existing:
        return "already registered"
    if preview.files:
        return "there is a catalog file"
    if place.is_there:
        return f"{FILE} is there"
    if place.file is not None:
        return "Files names others: empty it" if names else ""
    return "it could not be read" if preview.counts.get("invalid") else ""


def saved_off(wanted: Wanted | None, place: DraftPlace | None) -> str:
    """Why what is saved cannot be read."""
    if wanted is None or place is None:
        return "read it first"
    if not place.is_work_tree:
        return "it is no work tree here"
    return "that is what was read" if wanted.ref == SAVED else ""


def _counted(count: int, effect: str) -> str:
    plural = "s" if effect in ("conflict", "template") and count != 1 else ""
    return f"{count:,} {effect}{plural}{' left out' if effect == 'template' else ''}"


def preview_lines(
    preview: Preview, width: int, symbols: Symbols, choice: FileChoice, near: Mapping[str, str]
) -> list[tuple[TextLine, str]]:
    """Every document with its effect and its place, what has to be looked at first; each line with the file it is of.

    Where files can be chosen each has a box. `near` are names that the missing ones may have been meant to be.
    """
    order = {effect: number for number, (effect, _, _) in enumerate(_EFFECTS)}
    lines: list[tuple[TextLine, str]] = []
    for document in sorted(preview.documents, key=lambda one: order.get(one.effect, len(order))):
        lines += [(line, document.path) for line in _document(document, width, symbols, choice)]
    left = sum(preview.counts.values()) - len(preview.documents)
    if left > 0:
        lines.append(((Piece(f"  {symbols.ellipsis} and {left:,} more", Tone.QUIET),), ""))
    for ref, count in preview.missing:
        words = f"{ref} is named by {count:,} and is not in the catalog"
        meant = f" {symbols.dash} did you mean {near[ref]}?" if ref in near else ""
        mark = Piece(f"{symbols[Mark.WARNING]} ", Tone.WARNING)
        lines.append(((mark, Piece(safe_text(words), Tone.QUIET), Piece(safe_text(meant), Tone.ACCENT)), ""))
    return lines


def _box(document: Previewed, choice: FileChoice) -> Iterator[Piece]:
    if choice.can(document.path):
        out = choice.is_left(document.path)
        yield Piece("[ ] " if out else "[x] ", Tone.QUIET if out else Tone.ACCENT)
    elif not choice.reason:
        yield Piece("    ")


def _document(document: Previewed, width: int, symbols: Symbols, choice: FileChoice) -> Iterator[TextLine]:
    sign, tone = next(((s, t) for e, s, t in _EFFECTS if e == document.effect), ("?", Tone.QUIET))
    sign = sign or symbols[Mark.ERROR]
    name = max(20, min(56, width // 2))
    box = tuple(_box(document, choice))
    room = width - name - 4 - sum(len(piece.text) for piece in box)
    where = fitted_end(safe_text(document.where), max(10, room), symbols.ellipsis).rstrip()
    yield (
        *box,
        Piece(f"{sign} ", tone),
        Piece(fitted(safe_text(document.ref or "(no entity)"), name, symbols.ellipsis) + "  "),
        Piece(where, Tone.QUIET),
    )
    words = f"{document.message}{f' {symbols.dash} {document.hint}' if document.hint else ''}"
    for part in wrapped(safe_text(words), width - 4) if document.message else ():
        yield (Piece("    "), Piece(part, tone))
    for change in document.changes:
        yield _change(change, symbols)


def _change(change: FieldChange, symbols: Symbols) -> TextLine:
    return (
        Piece(f"    {safe_text(change.path)}  ", Tone.QUIET),
        Piece(_value(change.before, symbols), Tone.QUIET),
        Piece(f" {symbols.arrow_out} ", Tone.QUIET),
        Piece(_value(change.after, symbols), Tone.ACCENT),
    )


def _value(value: Any, symbols: Symbols) -> str:
    import json

    if value is None:
        return symbols.dash
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return safe_text(text, limit=80)


def departure_lines(departure: Departure, symbols: Symbols) -> list[TextLine]:
    """What would leave, what would point at nothing then, what another source takes over."""
    lines: list[TextLine] = []
    total = departure.leaving_total
    words = f"{total:,} {'entity leaves' if total == 1 else 'entities leave'} the catalog"
    lines += _section(words, departure.leaving, total, "-", Tone.ERROR, symbols)
    pointers = [f"{one.source}  {one.type} {symbols.arrow_out} {one.target}" for one in departure.pointers]
    words = (
        f"{departure.pointers_total:,} relation{'s' if departure.pointers_total != 1 else ''} would point at nothing"
    )
    lines += _section(words, pointers, departure.pointers_total, symbols[Mark.WARNING], Tone.WARNING, symbols)
    stay = len(departure.staying)
    words = f"{stay:,} {'stays' if stay == 1 else 'stay'}: another location has {'it' if stay == 1 else 'them'} too"
    lines += _section(words, departure.staying, stay, "=", Tone.QUIET, symbols)
    return lines or [(Piece("nothing leaves the catalog with it", Tone.QUIET),)]


def _section(
    title: str, items: Sequence[str], total: int, sign: str, tone: Tone, symbols: Symbols
) -> Iterator[TextLine]:
    if not total:
        return
    yield (Piece(title, Tone.HEADING),)
    for item in items[:LISTED]:
        yield (Piece(f"  {sign} ", tone), Piece(safe_text(item)))
    if total > min(len(items), LISTED):
        yield (Piece(f"  {symbols.ellipsis} and {total - min(len(items), LISTED):,} more", Tone.QUIET),)
    yield ()


def confirmation_word(target: str) -> str:
    """What has to be typed before much is removed: the last part of the target, `pay` of `…/acme/pay.git`."""
    path = target.partition("/-/")[0].partition("/blob/")[0].rstrip("/")
    return path.rpartition("/")[2].removesuffix(".git") or target
