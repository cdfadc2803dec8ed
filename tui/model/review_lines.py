"""A review as lines: what would be written, what the catalog says of it, where it goes and under which message."""

from collections.abc import Iterator, Sequence

from tui.model.diff_lines import counted, side_lines, unified_lines
from tui.model.lines import Piece, TextLine, Tone, wrapped
from tui.model.plan import TARGETS, Plan, Target
from tui.model.reports import short_repository
from tui.model.symbols import Mark, Symbols
from tui.model.value_text import value_text
from tui.model.writing import Outcome, Proposal
from tui.safe_text import safe_text

WORDS: dict[Target, str] = {
    "commit": "commit on the branch that is read",
    "branch": "a new branch, for somebody to merge",
    "overlay": "beside git, the file stays as it is",
}

SHOWN_BASES = 2
"""Commits that are named as the base; the rest is counted."""


def proposal_lines(proposals: Sequence[Proposal], width: int, symbols: Symbols, *, side: bool) -> list[TextLine]:
    """All differences, each below the file it is of; what is wrong stands above it."""
    lines: list[TextLine] = []
    for proposal in proposals:
        if lines:
            lines.append(())
        lines += _faults(proposal, width, symbols)
        lines += _files(proposal, width, side=side)
        lines += _effects(proposal, symbols)
    return lines


def _files(proposal: Proposal, width: int, *, side: bool) -> Iterator[TextLine]:
    edit = proposal.edit
    if edit is None:
        return
    for file in edit["files"]:
        added, removed = counted(file["diff"])
        where = f"   {safe_text(edit['branch'])}   {safe_text(short_repository(edit['repository']))}"
        yield (
            Piece(f"{safe_text(file['path'])}   ", Tone.HEADING),
            Piece(f"+{added} ", Tone.GOOD),
            Piece(f"-{removed}", Tone.ERROR),
            Piece(where, Tone.QUIET),
        )
        yield from side_lines(file["diff"], width) if side else unified_lines(file["diff"])[2:]


def _effects(proposal: Proposal, symbols: Symbols) -> Iterator[TextLine]:
    if proposal.effects:
        yield (Piece("beside git", Tone.HEADING),)
    for one in proposal.effects:
        old, new = (value_text(one[side], dash=symbols.dash) for side in ("old", "new"))
        yield (
            Piece(f"{safe_text(one['ref'])}  ", Tone.QUIET),
            Piece(f"{safe_text(one['path'])}  "),
            Piece(f"{old} ", Tone.ERROR if one["old"] is not None else Tone.QUIET),
            Piece(f"{symbols.arrow_out} ", Tone.QUIET),
            Piece(new, Tone.GOOD if one["new"] is not None else Tone.QUIET),
        )


def _faults(proposal: Proposal, width: int, symbols: Symbols) -> Iterator[TextLine]:
    told = [proposal.error] if proposal.error else []
    told += [
        f"{one['path']}:{one['line']}: {one['message']}{'; ' + one['hint'] if one['hint'] else ''}"
        for one in proposal.problems
    ]
    told += [f"{one.path} of {one.ref} was changed meanwhile" for one in proposal.conflicts]
    for text in told:
        for number, part in enumerate(wrapped(safe_text(text), width - 2)):
            yield (Piece("  " if number else f"{symbols[Mark.ERROR]} ", Tone.ERROR), Piece(part, Tone.ERROR))


def outcome_lines(outcomes: Sequence[Outcome], symbols: Symbols) -> list[TextLine]:
    """What became of each."""
    lines: list[TextLine] = [(Piece("Results", Tone.HEADING),)]
    for one in outcomes:
        mark, tone = (Mark.OK, Tone.GOOD) if one.done else (Mark.ERROR, Tone.ERROR)
        refs = ", ".join(one.proposal.plan.refs[:3]) + (", …" if len(one.proposal.plan.refs) > 3 else "")
        lines.append(
            (Piece(f"{symbols[mark]} ", tone), Piece(f"{safe_text(refs)}  "), Piece(safe_text(one.words), tone))
        )
    return [*lines, ()]


def terms_lines(
    plans: Sequence[Plan],
    proposals: Sequence[Proposal],
    target: Target,
    message: str,
    state: tuple[Mark, str],
    width: int,
    symbols: Symbols,
) -> list[TextLine]:
    """Where it goes, what is possible and what is not and why, the message, what it is made from, and how things
    stand."""
    lines: list[TextLine] = []
    for number, one in enumerate(TARGETS):
        off = next((reason for plan in plans if (reason := plan.off(one))), "")
        chosen = one == target
        dot = "(•)" if chosen and symbols.box[0] == "┌" else "(*)" if chosen else "( )"
        label = "Write to  " if not number else " " * 10
        tone = Tone.QUIET if off else Tone.TEXT
        note = f"   off: {off}" if off else ""
        lines.append(
            (
                Piece(label, Tone.QUIET),
                Piece(f"{dot} ", Tone.ACCENT if chosen else Tone.QUIET),
                Piece(WORDS[one], tone),
                Piece(safe_text(note), Tone.QUIET),
            )
        )
    if target != "overlay":
        lines.append((Piece("Message   ", Tone.QUIET), Piece(safe_text(message.partition("\n")[0]))))
        if bases := _bases(proposals, symbols):
            lines.append((Piece("Base      ", Tone.QUIET), *bases))
    mark, words = state
    tone = {Mark.OK: Tone.GOOD, Mark.ERROR: Tone.ERROR, Mark.WARNING: Tone.WARNING}.get(mark, Tone.QUIET)
    for number, part in enumerate(wrapped(safe_text(words), max(10, width - 12))[:3]):
        lines.append((Piece(" " * 10), Piece("  " if number else f"{symbols[mark]} ", tone), Piece(part, tone)))
    return lines


def _bases(proposals: Sequence[Proposal], symbols: Symbols) -> TextLine:
    """The commits that the files are made from, each with whether its file is still the one that was read."""
    found = list(dict.fromkeys((one.base, one.moved) for one in proposals if one.base))
    pieces: list[Piece] = []
    for commit, moved in found[:SHOWN_BASES]:
        pieces.append(Piece(f"{safe_text(commit[:10])}   ", Tone.TEXT))
        if moved:
            pieces.append(Piece(f"{symbols[Mark.CHANGED]} its file changed elsewhere   ", Tone.WARNING))
        elif moved is False:
            pieces.append(Piece(f"{symbols[Mark.OK]} unchanged   ", Tone.GOOD))
    if len(found) > SHOWN_BASES:
        pieces.append(Piece(f"+{len(found) - SHOWN_BASES} more", Tone.QUIET))
    return tuple(pieces)
