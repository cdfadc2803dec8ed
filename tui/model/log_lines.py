"""The log of changes as lines, and each change as the command that does the same or shows it."""

import shlex
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tui.model.drafts import Draft
from tui.model.lines import Piece, TextLine, Tone, fitted, fitted_end
from tui.model.registration import adjusting
from tui.model.source import Change
from tui.model.symbols import Symbols
from tui.model.times import parse
from tui.safe_text import safe_text

PLACE = 40
"""Cells for what a change was about; of longer ones the end is shown, the refs come behind."""
NAMED = 3
"""Refs of one change that its line names; the rest is counted."""

DRAFT = "draft"
"""What is begun in a form and not written."""

_TONES = {
    "draft": Tone.WARNING,
    "failed": Tone.ERROR,
    "removed": Tone.WARNING,
    "deleted": Tone.WARNING,
    "revoked": Tone.WARNING,
}


def draft_change(draft: Draft) -> Change:
    """A draft as a line of the log: it was done by whoever looks, and is not numbered."""
    at = datetime.fromtimestamp(draft.at, UTC).isoformat()
    return Change(0, at, "you", DRAFT, detail={"refs": draft.refs, "changes": draft.changes})


def change_line(change: Change, width: int, names: Mapping[str, str], symbols: Symbols) -> TextLine:
    """Time, actor, what, and what it was about; `names` are the locations' by their ids."""
    what = change.what or "change"
    tone = Tone.QUIET if what == "sync" else _TONES.get(what.rpartition(".")[2], Tone.ACCENT)
    wide = width >= 90
    counts = f"  {_counts(change)}" if change.refs else ""
    room = min(PLACE, width - (16 if wide else 10) - 14 - 20 - len(counts))
    about = safe_text(_about(change, names, symbols))
    if what == "sync" or what.startswith("location."):
        about = fitted_end(about, max(8, room), symbols.ellipsis).rstrip()
    return (
        Piece(f"{clock(change.at, day=wide)}  ", Tone.QUIET),
        Piece(fitted(safe_text(change.actor or symbols.dash), 12, symbols.ellipsis) + "  ", Tone.QUIET),
        Piece(fitted(safe_text(what), 18, symbols.ellipsis) + "  ", tone),
        Piece(about),
        *((Piece(counts, Tone.QUIET),) if counts else ()),
        *((Piece(f"  {safe_text(_refs(change.refs, symbols))}", Tone.QUIET),) if change.refs and wide else ()),
    )


def clock(text: str, *, day: bool = False) -> str:
    """`21:10:02` in the zone of who looks, with its day where there is room."""
    moment = parse(text)
    if moment is None:
        return fitted(safe_text(text, limit=19), 14 if day else 8)
    local = datetime.fromtimestamp(moment.timestamp())
    return f"{local:%m-%d %H:%M:%S}" if day else f"{local:%H:%M:%S}"


def _about(change: Change, names: Mapping[str, str], symbols: Symbols) -> str:
    detail = change.detail
    if change.what == DRAFT:
        return f"{_refs(detail['refs'], symbols)}  {detail['changes']:,} changed, not written; enter takes it up"
    if change.what == "sync" or change.what.startswith("location."):
        known = [names[id_] for id_ in [change.target, *_texts(detail.get("locations"))] if id_ in names]
        return known[0] if known else str(detail.get("location") or change.target)
    if change.what.startswith("edit."):
        commit = str(detail.get("commit") or "")[:10]
        reason = f"{symbols.dash} {detail['reason']}" if detail.get("reason") else ""
        return " ".join(part for part in (str(detail.get("branch") or ""), commit, reason) if part)
    if "name" in detail:
        return str(detail["name"])
    if change.target:
        return change.target
    return f"{detail['entities']} entities" if "entities" in detail else ""


def _counts(change: Change) -> str:
    return f"+{len(change.added):,} ~{len(change.updated):,} -{len(change.removed):,}"


def _refs(refs: Sequence[str], symbols: Symbols) -> str:
    more = f" {symbols.ellipsis} +{len(refs) - NAMED:,}" if len(refs) > NAMED else ""
    return ", ".join(refs[:NAMED]) + more


def command(change: Change) -> str:
    """The `catalog …` command that does the same again, or where there is none, the one that shows what it was."""
    detail, target = change.detail, change.target
    match change.what:
        case "draft":
            return shlex.join(["catalog", "edit", detail["refs"][0]])
        case "location.added" if "location" in detail:
            return shlex.join([*_location_words(str(detail["location"])), *adjusting(detail)])
        case "location.changed" if adjusting(detail):
            return shlex.join(["catalog", "location", "set", target, *adjusting(detail)])
        case "location.removed":
            return shlex.join(["catalog", "location", "remove", target])
        case "location.paused" | "location.resumed":
            return shlex.join(["catalog", "location", change.what.partition(".")[2].removesuffix("d"), target])
        case "sync":
            ids = [target] if target else _texts(detail.get("locations"))
            return shlex.join(["catalog", "location", "refresh", *ids] if ids else ["catalog", "location", "list"])
        case "token.created":
            scopes = [word for scope in _texts(detail.get("scopes")) for word in ("--scope", scope)]
            return shlex.join(["catalog", "token", "create", str(detail.get("name", "")), *scopes])
        case "token.revoked":
            return shlex.join(["catalog", "token", "revoke", target])
        case "client.created":
            return shlex.join(["catalog", "client", "create", str(detail.get("name", ""))])
        case "client.rotated" | "client.disabled":
            return shlex.join(["catalog", "client", change.what.partition(".")[2].removesuffix("d"), target])
    if change.what.startswith("edit."):
        return shlex.join(["catalog", "edits", target])
    if change.what.startswith(("property.", "entity.")) and (target or change.refs):
        return shlex.join(["catalog", "history", target or change.refs[0]])
    return shlex.join(["catalog", "diff", change.at]) if change.at else "catalog status"


def _location_words(location_ref: str) -> list[str]:
    """`git:URL#REF:PATH,…` or `url:URL`, as `location add` takes it."""
    kind, _, rest = location_ref.partition(":")
    words = ["catalog", "location", "add"]
    if kind != "git":
        return [*words, rest]
    target, _, selector = rest.partition("#")
    ref, _, paths = selector.partition(":")
    words += [target, "--type", "git"]
    if ref:
        words += ["--ref", ref]
    for path in filter(None, paths.split(",")):
        words += ["--path", path]
    return words


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []
