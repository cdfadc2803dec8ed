"""What happened to an entity as lines: a commit or a change of the log, and below it what became of which field."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from tui.history_answers import GitPart, HistoryAnswer, HistoryItem
from tui.model.lines import Piece, TextLine, Tone
from tui.model.symbols import Mark, Symbols
from tui.model.times import ago
from tui.model.value_text import value_text
from tui.safe_text import safe_text

HistoryLine = tuple[TextLine, HistoryItem | None]


def history_lines(answer: HistoryAnswer, symbols: Symbols, now: datetime) -> list[HistoryLine]:
    """The newest first; each line with the item that it tells of."""
    made: list[HistoryLine] = []
    for _, group in groupby(answer["items"], _event):
        items = list(group)
        if made:
            made.append(((), None))
        made.append((_head(items[0], symbols, now), items[0]))
        made += [(_field(item, symbols), item) for item in items if item["path"] or item["effect"] != "added"]
    if not made:
        made.append(((Piece("nothing is known of its past", Tone.QUIET),), None))
    made += [(line, None) for line in _limits(answer["git"], answer["more"], symbols)]
    return made


def _event(item: HistoryItem) -> tuple[object, ...]:
    return item["at"], item["actor"], item["commit"], item["request_id"]


def _head(item: HistoryItem, symbols: Symbols, now: datetime) -> TextLine:
    made_by_git = item["commit"] is not None
    what = safe_text(item["subject"] or "") if made_by_git else _log_words(item["what"])
    mark = Piece(f"{symbols.live} ", Tone.ACCENT if made_by_git else Tone.WARNING)
    named = (item["commit"] or "")[:10] if made_by_git else "overlay" if "propert" in item["what"] else "by API"
    age = f"{ago(item['at'], now)} ago"
    return (
        mark,
        Piece(f"{safe_text(item['at'][:10])}  ", Tone.TEXT),
        Piece(f"{safe_text(age):<9} {safe_text(named):<11} ", Tone.QUIET),
        Piece(f"{safe_text(item['actor'])}  ", Tone.ACCENT),
        Piece(what),
    )


def _log_words(what: str) -> str:
    return safe_text(what.replace(".", " ").replace("_", " "))


def _field(item: HistoryItem, symbols: Symbols) -> TextLine:
    path = safe_text(item["path"]) or "the entity"
    effect = item["effect"]
    if effect == "added":
        change: tuple[Piece, ...] = (Piece("+ ", Tone.GOOD), Piece(value_text(item["new"], dash=symbols.dash)))
    elif effect == "removed":
        change = (Piece("- ", Tone.ERROR), Piece(value_text(item["old"], dash=symbols.dash), Tone.QUIET))
    elif effect == "unreadable":
        return (Piece(f"    {symbols[Mark.ERROR]} ", Tone.ERROR), Piece(value_text(item["new"] or "not readable")))
    else:
        old, new = (value_text(item[side], dash=symbols.dash) for side in ("old", "new"))
        change = (Piece(f"{old} ", Tone.QUIET), Piece(f"{symbols.arrow_out} ", Tone.QUIET), Piece(new))
    return (Piece(f"    {path}  ", Tone.QUIET), *change)


def _limits(git: GitPart, more: bool, symbols: Symbols) -> Iterator[TextLine]:
    told = []
    if more:
        told.append("older changes are not shown; catalog history --limit -1 has them")
    if git["cut"]:
        told.append("the mirror's history is cut: what is older was not fetched")
    elif not git["complete"]:
        told.append(git["reason"] or f"only {git['commits']} commits were looked at")
    for text in told:
        yield ()
        yield (Piece(f"{symbols[Mark.WARNING]} ", Tone.WARNING), Piece(safe_text(text), Tone.QUIET))
