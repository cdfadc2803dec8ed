"""The story of entities, as the log of changes tells it: who made them, who changed them, and how."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from syncd.model.json import Json
from syncd.store.state import State

Outcome = Literal["added", "updated", "removed"]


@dataclass(frozen=True, slots=True)
class Ends:
    """The first and the newest change of an entity: when, and by whom."""

    first_at: str
    first_by: str
    last_at: str
    last_by: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What one change of the log did to one entity.

    `paths` is what it did to its custom properties or, at the path "", to the entity as a whole: (path, old, new). It
    is empty where git was the source, whose history is in the repository.
    """

    seq: int
    at: str
    actor: str
    what: str
    detail: Json
    ref: str
    outcome: Outcome
    paths: tuple[tuple[str, Json, Json], ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """What a person's change did to one path of an entity ("" is the whole of it), with SHA-256 of the JSON that was
    there before and after; None where there was nothing (R94)."""

    ref: str
    path: str
    effect: Outcome
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deeds: of refs that begin so, or are one of `refs`, but not those that begin with `beside`; times are as
    the log writes them, both included. `by_git` says whether git was the source; None for either."""

    refs: tuple[str, ...] | None = None
    beginning: str = ""
    since: str = ""
    until: str = ""
    outcomes: tuple[Outcome, ...] = ("added", "updated", "removed")
    by_git: bool | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """What became of an entity between two times."""

    ref: str
    effect: Outcome


_SPANS = """
WITH ends AS (
    SELECT e.ref, min(e.seq) AS first, max(e.seq) AS last FROM changed_entities e JOIN changes c USING (seq)
    WHERE c.at > ? AND c.at <= ? GROUP BY e.ref
), spans AS (
    SELECT d.ref, CASE
        WHEN f.what <> 'added' AND l.what <> 'removed' THEN 'updated'
        WHEN f.what <> 'added' THEN 'removed' WHEN l.what <> 'removed' THEN 'added' END AS effect
    FROM ends d JOIN changed_entities f ON f.ref = d.ref AND f.seq = d.first
    JOIN changed_entities l ON l.ref = d.ref AND l.seq = d.last
    WHERE NOT (f.what = 'added' AND l.what = 'removed')
    AND NOT (f.what <> 'added' AND l.what <> 'removed' AND l.etag IS (
        SELECT p.etag FROM changed_entities p WHERE p.ref = d.ref AND p.seq < d.first ORDER BY p.seq DESC LIMIT 1))
)"""
"""By the first and the last change of each entity, and the version that it had before."""

LOOKED_BACK = 50_000
"""Rows of the log that are searched for the commit of a branch at a time."""


class Stories:
    """Reads the log entity by entity."""

    def __init__(self, state: State) -> None:
        self._state = state

    def ends(self, refs: Sequence[str]) -> dict[str, Ends]:
        """The first and the newest change of each ref since it is there; refs that the log lacks are left out."""
        rows = self._state.read(
            "SELECT r.value, f.at, f.actor, l.at, l.actor FROM json_each(?) r "
            "JOIN changes f ON f.seq = (SELECT min(seq) FROM changed_entities WHERE ref = r.value AND seq > coalesce("
            "(SELECT max(seq) FROM changed_entities WHERE ref = r.value AND what = 'removed'), 0)) "
            "JOIN changes l ON l.seq = (SELECT max(seq) FROM changed_entities WHERE ref = r.value)",
            (json.dumps(list(refs)),),
        )
        return {str(ref): Ends(str(a), str(b), str(c), str(d)) for ref, a, b, c, d in rows}

    def deeds(self, asked: Asked, limit: int) -> list[Deed]:
        """What was done, the newest first. Of a person's change the entities that it was about, not those beside them
        whose relations came to differ by it."""
        condition, parameters = _condition(asked)
        about = self._state.read(
            "SELECT c.seq, c.at, c.actor, c.what, c.detail, d.ref, "
            "coalesce(max(CASE WHEN d.path = '' THEN d.effect END), 'updated') AS outcome "
            f"FROM changed_properties d CROSS JOIN changes c USING (seq) WHERE {condition} GROUP BY d.seq, d.ref "
            "HAVING outcome IN (SELECT value FROM json_each(?)) ORDER BY d.seq DESC, d.ref DESC LIMIT ?",
            (*parameters, json.dumps(list(asked.outcomes)), limit),
        )
        others = self._state.read(
            "SELECT c.seq, c.at, c.actor, c.what, c.detail, d.ref, d.what FROM changed_entities d "
            f"CROSS JOIN changes c USING (seq) WHERE {condition} AND d.what IN (SELECT value FROM json_each(?)) "
            "AND NOT EXISTS (SELECT 1 FROM changed_properties p WHERE p.seq = d.seq) "
            "ORDER BY d.seq DESC, d.ref DESC LIMIT ?",
            (*parameters, json.dumps(list(asked.outcomes)), limit),
        )
        deeds = sorted(map(_deed, (*about, *others)), key=lambda one: (one.seq, one.ref), reverse=True)[:limit]
        paths = self._paths([one.seq for one in deeds])
        return [replace(one, paths=paths.get((one.seq, one.ref), ())) for one in deeds]

    def traces(self, seqs: Sequence[int]) -> dict[int, list[Trace]]:
        """What rows of the log did, by their numbers, in the order of refs and paths; rows of git have none."""
        found: dict[int, list[Trace]] = {}
        for seq, ref, path, effect, old, new in self._state.read(
            "SELECT seq, ref, path, effect, old, new FROM changed_properties "
            "WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq, ref, path",
            (json.dumps(list(seqs)),),
        ):
            before = None if effect == "added" else _digest(old)
            after = None if effect == "removed" else _digest(new)
            found.setdefault(int(str(seq)), []).append(Trace(str(ref), str(path), cast(Outcome, effect), before, after))
        return found

    def last_word(self, target: str, beginning: str) -> tuple[int, str, str] | None:
        """Row, time and actor of the newest change about a target whose word begins so."""
        rows = self._state.read(
            "SELECT seq, at, actor FROM changes WHERE target = ? AND substr(what, 1, ?) = ? ORDER BY seq DESC LIMIT 1",
            (target, len(beginning), beginning),
        )
        return (int(str(rows[0][0])), str(rows[0][1]), str(rows[0][2])) if rows else None

    def spans(self, since: str, until: str, limit: int) -> tuple[list[Span], dict[str, int]]:
        """What became of the entities that changes after `since`, up to `until`, name, the first by ref; and how many
        were added, updated and removed in all. What is as it was, or came and went, is left out."""
        rows = self._state.read(f"{_SPANS} SELECT ref, effect FROM spans ORDER BY ref LIMIT ?", (since, until, limit))
        counts = self._state.read(f"{_SPANS} SELECT effect, count(*) FROM spans GROUP BY effect", (since, until))
        spans = [Span(str(ref), effect) for ref, effect in rows]  # type: ignore[arg-type]
        return spans, {str(effect): int(str(count)) for effect, count in counts}

    def said_between(self, ref: str, since: str, until: str) -> list[tuple[str, Outcome, Json, Json]]:
        """What was said of an entity by API after `since`, up to `until`: path, effect, old, new, the oldest first."""
        rows = self._state.read(
            "SELECT p.path, p.effect, p.old, p.new FROM changed_properties p JOIN changes c USING (seq) "
            "WHERE p.ref = ? AND c.at > ? AND c.at <= ? ORDER BY p.seq, p.path",
            (ref, since, until),
        )
        return [(str(p), effect, json.loads(str(old)), json.loads(str(new))) for p, effect, old, new in rows]  # type: ignore[misc]

    def commit_at(self, branch: str, when: str) -> str:
        """The commit of a branch that was in force at a time, as the newest sync by then names it; "" where none of the
        last syncs does. `branch` is the clone URL, a blank and the branch, as the log spells it."""
        rows = self._state.read(
            "SELECT j.value FROM (SELECT detail FROM changes WHERE what = 'sync' AND at <= ? "
            f"ORDER BY seq DESC LIMIT {LOOKED_BACK}) c JOIN json_each(c.detail, '$.commits') j ON j.key = ? LIMIT 1",
            (when, branch),
        )
        return str(rows[0][0]) if rows else ""

    def _paths(self, seqs: Sequence[int]) -> dict[tuple[int, str], tuple[tuple[str, Json, Json], ...]]:
        rows = self._state.read(
            "SELECT seq, ref, path, old, new FROM changed_properties WHERE seq IN (SELECT value FROM json_each(?)) "
            "ORDER BY seq, ref, path",
            (json.dumps(sorted(set(seqs))),),
        )
        found: dict[tuple[int, str], tuple[tuple[str, Json, Json], ...]] = {}
        for seq, ref, path, old, new in rows:
            place = (int(str(seq)), str(ref))
            found[place] = (*found.get(place, ()), (str(path), json.loads(str(old)), json.loads(str(new))))
        return found


def _condition(asked: Asked) -> tuple[str, list[object]]:
    """The condition on a row about an entity (`d`) and its change (`c`), and the values of its parameters."""
    parts: list[tuple[str, object]] = []
    if asked.refs is not None:
        parts.append(("d.ref IN (SELECT value FROM json_each(?))", json.dumps(list(asked.refs))))
    for beginning, inside in ((asked.beginning, True), (asked.beside, False)):
        if beginning:
            end = beginning[:-1] + chr(ord(beginning[-1]) + 1)
            parts.append(("d.ref >= ?" if inside else "(d.ref < ? OR d.ref >= ?)", beginning))
            parts.append(("d.ref < ?" if inside else "", end))
    if asked.since:
        parts.append(("c.at >= ?", asked.since))
    if asked.until:
        parts.append(("c.at <= ?", asked.until))
    if asked.by_git is not None:
        parts.append(("c.actor = 'git'" if asked.by_git else "c.actor <> 'git'", None))
    text = " AND ".join(part for part, _ in parts if part)
    return text or "true", [value for _, value in parts if value is not None]


def _deed(row: Sequence[object]) -> Deed:
    seq, at, actor, what, detail, ref, outcome = row
    return Deed(
        int(str(seq)), str(at), str(actor), str(what), json.loads(str(detail)), str(ref), outcome  # type: ignore[arg-type]
    )  # fmt: skip


def _digest(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()
