"""Both sides of a conflict in one: where they do not touch the same thing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any, Literal

from tui.edit_answers import DocumentChange
from tui.model.plan import Plan
from tui.model.writing import Conflict

Side = Literal["mine", "theirs", "both"]


class ClashError(ValueError):
    """Both sides changed the same thing: only a person can decide."""


def merged(was: Any, mine: Any, now: Any) -> Any:
    """What both sides say, from what was there before. Raises `ClashError`."""
    if mine == now or was == mine:
        return now
    if was == now:
        return mine
    if isinstance(mine, str) and isinstance(now, str) and isinstance(was, str) and "\n" in was + mine + now:
        return merged_text(was, mine, now)
    if isinstance(mine, list) and isinstance(now, list):
        before = was if isinstance(was, list) else []
        kept = [item for item in now if item in mine or item not in before]
        return [*kept, *(item for item in mine if item not in before and item not in kept)]
    if isinstance(mine, Mapping) and isinstance(now, Mapping):
        return _merged_entries(was if isinstance(was, Mapping) else {}, mine, now)
    raise ClashError("both sides changed it")


def _merged_entries(was: Mapping[str, Any], mine: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key in dict.fromkeys((*now, *mine)):
        value = merged(was.get(key), mine.get(key), now.get(key))
        if value is not None:
            made[key] = value
    return made


def merged_text(was: str, mine: str, now: str) -> str:
    """Two new versions of a text in one, line by line. Raises `ClashError` where both changed the same lines."""
    base, ours, theirs = (text.splitlines(keepends=True) for text in (was, mine, now))
    changes = sorted([*_changes(base, ours), *_changes(base, theirs)], key=lambda one: (one[0], one[1]))
    made: list[str] = []
    at = 0
    previous: tuple[int, int, list[str]] | None = None
    for start, end, lines in changes:
        if previous is not None and (start, end, lines) == previous:
            continue  # both sides did the same
        if previous is not None and (start < at or start == previous[0] or start == end == at == previous[1]):
            raise ClashError("both sides changed the same lines")
        made += [*base[at:start], *lines]
        at, previous = end, (start, end, lines)
    return "".join([*made, *base[at:]])


def _changes(base: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, list[str]]]:
    matcher = SequenceMatcher(None, base, new, autojunk=False)
    return [(a, b, list(new[c:d])) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def both_sides(one: Conflict) -> Any:
    """Both sides of a conflict in one, None where they clash."""
    try:
        return merged(one.was, one.mine, one.now)
    except ClashError:
        return None


def resolved(plan: Plan, decisions: Sequence[tuple[Conflict, Side]]) -> Plan | None:
    """The plan after the decisions, on what is there now; None where nothing is left to be written."""
    if plan.text is not None:
        one, side = decisions[0]
        text = one.mine if side == "mine" else both_sides(one) if side == "both" else None
        return replace(plan, text=str(text), base="") if text is not None else None
    decided = {(one.ref, one.path): (one, side) for one, side in decisions}
    changes: list[DocumentChange] = []
    for change in plan.changes:
        found = decided.get((change["ref"], change["path"]))
        if found is None or found[1] == "mine":
            changes.append(change)
        elif found[1] == "both":
            changes.append({**change, "op": "replace", "value": both_sides(found[0])})
    return replace(plan, changes=tuple(changes), base="") if changes or plan.properties else None
