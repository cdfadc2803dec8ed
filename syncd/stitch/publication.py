"""One publication: readings go in, the stitched entities that changed come out, all in one index transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from query.rows import RowsError
from syncd.model.location import Location
from syncd.model.problem import Problem
from syncd.model.reading import Reading
from syncd.stitch.entity import StitchedEntity, stitch
from syncd.store.absorption import Absorption, Touched, problem_row
from syncd.store.memory import UNSEARCHABLE, IndexMemory
from syncd.store.served.journal import Delta
from syncd.store.state import ChangedEntity, State
from syncd.store.statements import Cursor
from syncd.store.voices import Claim, Voices

CHUNK = 2_000
"""Entities stitched at a time: bounds memory during a first load."""


class Publication:
    """Collects what changes, then stitches what is touched. Use: any of the verbs, then `finish` once."""

    def __init__(self, cursor: Cursor, memory: IndexMemory, state: State, at: str, delta: Delta | None = None) -> None:
        """`at` is the time of what changes; `delta` is told what becomes of entities, if anybody wants to know."""
        self.memory = memory
        self._touched = Touched()
        self._absorption = Absorption(cursor, memory, self._touched)
        self._voices = Voices(cursor, memory, self._touched, delta)
        self._state = state
        self._at = at

    def put_locations(self, locations: Sequence[Location]) -> None:
        """Locations are new."""
        self._absorption.put_locations(locations)

    def update_location(self, location: Location) -> None:
        """A location's priority may differ: every ref that it claims is decided again."""
        self._absorption.put_locations([location])
        self._absorption.decide_again(location.id)

    def drop_location(self, location_id: str) -> None:
        """A location is gone with everything that came only from it (C112)."""
        self._absorption.drop_location(location_id)

    def absorb(self, readings: Sequence[Reading]) -> None:
        """Take over what walks found."""
        self._absorption.absorb(readings)

    def drop_orphan(self, ref: str) -> set[str]:
        """An orphan is kept no longer; the locations that kept it."""
        return self._absorption.drop_orphan(ref)

    def finish(self) -> list[ChangedEntity]:
        """Decide who speaks for each touched ref, stitch it and its peers, publish what differs.

        The answer is what the log does not know yet; after a crash between log and index, or in a rebuild, that is
        nothing, while the index still gets its rows.
        """
        for chunk in _chunks(sorted(self._touched.refs)):
            self._decide(chunk)
        changes = {change.ref: change for change in self._stitch_all(self._touched.refs | self._touched.peers)}
        for change in self._stitch_all(self._touched.peers):  # Locations that have to show what went wrong just now
            first = changes.get(change.ref, change)
            changes[change.ref] = replace(change, what=first.what)
        return list(changes.values())

    def published_refs(self) -> set[str]:
        """Every ref that is published."""
        return self._voices.published_refs()

    def mark_applied(self, seq: int) -> None:
        """The index now holds everything up to this row of the log."""
        self._voices.set_meta("index_seq", str(seq))

    def _stitch_all(self, affected: set[str]) -> list[ChangedEntity]:
        refs = sorted(affected)
        self._touched.peers.clear()
        return [change for chunk in _chunks(refs) for change in self._stitch(chunk)]

    def _refuse(self, ref: str, error: RowsError) -> None:
        claim = self._voices.claims([ref])[ref][0]
        problem = Problem(UNSEARCHABLE, str(error), claim.source.path, claim.line, ref=ref)
        self._absorption.put_problems(
            [problem_row(claim.location_id, claim.source.branch, claim.url, claim.parent, claim.index, problem)]
        )

    def _decide(self, refs: Sequence[str]) -> None:
        claims = self._voices.claims(refs)
        self._voices.set_winners(refs, {ref: found[0].document_id for ref, found in claims.items()})
        self._absorption.drop_conflicts(refs)
        conflicts = [entry for found in claims.values() for entry in _conflicts(found)]
        self._absorption.put_problems(
            [
                problem_row(claim.location_id, claim.source.branch, claim.url, claim.parent, claim.index, problem)
                for claim, problem in conflicts
            ]
        )

    def _stitch(self, refs: Sequence[str]) -> Iterator[ChangedEntity]:
        spoken = self._voices.spoken(refs)
        relations, errors = self._voices.relations(refs), self._voices.errors(spoken)
        known = self._state.known_versions(refs)
        publish: list[tuple[StitchedEntity, str]] = []
        self._absorption.drop_unsearchable(refs)
        for ref, said in spoken.items():
            try:
                stitched = stitch(
                    ref, said.entity, relations.get(ref, ()), errors.get(ref, ()), orphan=said.retained == "orphan"
                )
            except RowsError as error:  # its final form cannot be indexed: the old one stays (C145)
                self._refuse(ref, error)
                continue
            version = known.get(ref)
            is_known = version is not None and version.etag == stitched.etag
            updated = version.at if version is not None and is_known else self._at
            if (said.etag, said.updated) != (stitched.etag, updated):
                publish.append((stitched, updated))
            if not is_known:
                is_new = version is None or not version.etag
                yield ChangedEntity(ref, "added" if is_new else "updated", stitched.etag)
        silent = [ref for ref in refs if ref not in spoken and ref in self._touched.refs]
        self._voices.drop_entities([*silent, *(entity.ref for entity, _ in publish if spoken[entity.ref].etag)])
        self._voices.put_entities(publish)
        for ref in silent:
            version = known.get(ref)
            if version is not None and version.etag:
                yield ChangedEntity(ref, "removed", "")


def _conflicts(claims: Sequence[Claim]) -> Iterator[tuple[Claim, Problem]]:
    """Each losing claim from another place, shown at the loser and at the winner (C109)."""
    winner = claims[0]
    seen = {(winner.source, winner.index)}
    for claim in claims[1:]:
        place = (claim.source, claim.index)
        if place in seen or claim.retained == "orphan":
            continue
        seen.add(place)
        yield claim, _conflict(claim, winner, f"{claim.ref} is already defined by {_place(winner)}, which wins")
        yield winner, _conflict(winner, claim, f"{claim.ref} is also defined by {_place(claim)}, which loses")


def _conflict(here: Claim, other: Claim, message: str) -> Problem:
    hint = f"rename one of the two, or give one up: {here.source.path}:{here.line} and {_place(other)}"
    return Problem("conflict", message, here.source.path, here.line, hint=hint, ref=here.ref, name="ConflictError")


def _place(claim: Claim) -> str:
    return f"{claim.source.branch.repository} {claim.source.path}:{claim.line}"


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
