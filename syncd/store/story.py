"""The story of entities, as the log of changes tells it: who made them, who changed them, and how."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

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
        rows = self._state.read(
            "SELECT c.seq, c.at, c.actor, c.what, c.detail, d.ref, d.outcome FROM changes c JOIN ("
            "SELECT seq, ref, CASE WHEN max(path = '') THEN max(effect) FILTER (WHERE path = '') ELSE 'updated' END "
            "AS outcome FROM changed_properties GROUP BY seq, ref "
            "UNION ALL SELECT e.seq, e.ref, e.what FROM changed_entities e WHERE NOT EXISTS "
            "(SELECT 1 FROM changed_properties p WHERE p.seq = e.seq)) d USING (seq) "
            "WHERE (?1 IS NULL OR d.ref IN (SELECT value FROM json_each(?1))) "
            "AND (?2 = '' OR substr(d.ref, 1, length(?2)) = ?2) "
            "AND (?3 = '' OR c.at >= ?3) AND (?4 = '' OR c.at <= ?4) "
            "AND d.outcome IN (SELECT value FROM json_each(?5)) AND (?6 IS NULL OR (c.actor = 'git') = ?6) "
            "AND (?7 = '' OR substr(d.ref, 1, length(?7)) <> ?7) ORDER BY c.seq DESC, d.ref LIMIT ?8",
            (
                None if asked.refs is None else json.dumps(list(asked.refs)),
                asked.beginning,
                asked.since,
                asked.until,
                json.dumps(list(asked.outcomes)),
                asked.by_git,
                asked.beside,
                limit,
            ),
        )
        deeds = [_deed(row) for row in rows]
        paths = self._paths([one.seq for one in deeds])
        return [
            Deed(d.seq, d.at, d.actor, d.what, d.detail, d.ref, d.outcome, paths.get((d.seq, d.ref), ())) for d in deeds
        ]

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


def _deed(row: Sequence[object]) -> Deed:
    seq, at, actor, what, detail, ref, outcome = row
    return Deed(
        int(str(seq)), str(at), str(actor), str(what), json.loads(str(detail)), str(ref), outcome  # type: ignore[arg-type]
    )  # fmt: skip
