"""One publication: readings go in, the stitched entities that changed come out, all in one index transaction."""

from collections.abc import Iterator, Sequence

from query.rows import RowsError
from syncd.model.location import Location
from syncd.model.problem import Problem
from syncd.model.reading import Reading
from syncd.stitch.entity import StitchedEntity, stitch
from syncd.store.state import ChangedEntity, State
from syncd.store.transaction import Claim, IndexTransaction, Touched

CHUNK = 2_000
"""Entities stitched at a time: bounds memory during a first load."""


class Publication:
    """Collects what changes, then stitches what is touched. Use: any of the verbs, then `finish` once."""

    def __init__(self, transaction: IndexTransaction, state: State, at: str) -> None:
        self._tx = transaction
        self._state = state
        self._at = at
        self._touched = Touched()

    def put_location(self, location: Location) -> None:
        """A location is new, or its priority differs: every ref that it claims is decided again."""
        self._tx.put_location(location)
        self._touched.refs |= self._tx.refs_of(location.id)

    def drop_location(self, location_id: str) -> None:
        """A location is gone with everything that came only from it (C112)."""
        self._tx.drop_location(location_id, self._touched)

    def absorb(self, reading: Reading) -> None:
        """Take over what a walk found."""
        self._tx.absorb(reading, self._touched)

    def touch(self, refs: Sequence[str]) -> None:
        """Have these refs stitched again."""
        self._touched.refs.update(refs)

    def drop_orphan(self, ref: str) -> None:
        """An orphan is kept no longer."""
        self._tx.drop_orphan(ref, self._touched)

    def finish(self) -> list[ChangedEntity]:
        """Decide who speaks for each touched ref, stitch it and its peers, publish what differs.

        The answer is what the log does not know yet; after a crash between log and index, or in a rebuild, that is
        nothing, while the index still gets its rows.
        """
        self._decide(sorted(self._touched.refs))
        affected = sorted(self._touched.refs | self._touched.peers)
        return [change for chunk in _chunks(affected) for change in self._stitch(chunk)]

    def _decide(self, refs: Sequence[str]) -> None:
        for chunk in _chunks(refs):
            claims = self._tx.claims(chunk)
            winners = {ref: found[0].document_id for ref, found in claims.items()}
            self._tx.set_winners(chunk, winners, self._touched)
            conflicts = [entry for found in claims.values() for entry in _conflicts(found)]
            self._tx.replace_conflicts(chunk, conflicts, self._touched)

    def _stitch(self, refs: Sequence[str]) -> Iterator[ChangedEntity]:
        processed = self._tx.processed(refs)
        relations, errors = self._tx.relations(refs), self._tx.errors(refs)
        live, known = self._tx.live(refs), self._state.known_versions(refs)
        publish: list[tuple[StitchedEntity, str]] = []
        drop = [ref for ref in refs if ref in live and ref not in processed]
        for ref, (entity, retained) in processed.items():
            try:
                stitched = stitch(ref, entity, relations.get(ref, ()), errors.get(ref, ()), orphan=retained == "orphan")
            except RowsError:
                continue  # its final form cannot be indexed (C145): the old one stays
            version = known.get(ref)
            is_known = version is not None and version.etag == stitched.etag
            updated = version.at if version is not None and is_known else self._at
            before = live.get(ref)
            if before is None or before.etag != stitched.etag or before.updated != updated:
                publish.append((stitched, updated))
            if not is_known:
                is_new = version is None or not version.etag
                yield ChangedEntity(ref, "added" if is_new else "updated", stitched.etag)
        self._tx.drop_entities(drop)
        self._tx.put_entities(publish)
        for ref in refs:
            version = known.get(ref)
            if ref not in processed and version is not None and version.etag:
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
