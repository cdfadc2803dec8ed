"""One publication: readings go in, the stitched entities that changed come out, all in one index transaction."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import replace

import orjson

from query.rows import RowsError
from syncd.model.api_document import ApiDocument
from syncd.model.json import JsonObject
from syncd.model.location import API_LOCATION, Location
from syncd.model.problem import Problem
from syncd.model.reading import DocumentReading, FileReading, Reading
from syncd.model.source import NOWHERE, Source
from syncd.process.judgement import api_entity, relations
from syncd.process.own_kinds import RESERVED, is_declared
from syncd.stitch.effective import Effective, effective, makes_relations
from syncd.stitch.entity import StitchedEntity, stitch
from syncd.stitch.fit import Fit, declared_kind, has_identifiers
from syncd.store.absorption import Absorption, Touched, problem_row
from syncd.store.documents import StoredDocuments
from syncd.store.heard import Spoken
from syncd.store.memory import MISFIT, UNFIT, UNSEARCHABLE, IndexMemory
from syncd.store.overlay import StoredOverlay
from syncd.store.served.journal import Delta
from syncd.store.state import ChangedEntity, State
from syncd.store.transaction import Transaction
from syncd.store.voices import Claim, Voices

CHUNK = 2_000
"""Entities stitched at a time: bounds memory during a first load."""


class Publication:
    """Collects what changes, then stitches what is touched. Use: any of the verbs, then `finish` once."""

    def __init__(
        self, transaction: Transaction, memory: IndexMemory, state: State, at: str, delta: Delta | None = None
    ) -> None:
        """`at` is the time of what changes; `delta` is told what becomes of entities, if anybody wants to know."""
        self.memory = memory
        self._touched = Touched()
        self._absorption = Absorption(transaction, memory, self._touched)
        self._voices = Voices(transaction, memory, self._touched, delta)
        self._fit = Fit(self._voices)
        self._state = state
        self._overlaid: set[str] = set()
        """Refs of which nothing but custom properties differs, and these make no relations."""
        self._related: set[str] = set()
        """Refs whose custom properties make relations, or did until now."""
        self._known: dict[str, Effective] = {}
        """What is said of refs of which nothing but custom properties differs."""
        self._overlay = StoredOverlay(state)
        self._documents = StoredDocuments(state)
        self.at = at

    def said(self, refs: Sequence[str]) -> dict[str, Spoken]:
        """What the documents that speak for these refs say, the overlay left out, as it was before this publication."""
        return {ref: heard.spoken for ref, heard in self._voices.heard(refs, remember=True).items()}

    def touch(self, places: Collection[tuple[str, str]], told: Mapping[str, Effective] | None = None) -> None:
        """What the overlay holds at these (ref, path) places may differ; `told` is what is said of the entities with
        it, where that was found out already."""
        for ref in {ref for ref, _ in places}:
            self._known.pop(ref, None)
        self._known.update(told or {})
        for ref, path in places:
            if makes_relations(path):
                self._related.add(ref)
                self._touched.refs.add(ref)
            else:
                self._overlaid.add(ref)

    def put_documents(self, documents: Sequence[ApiDocument]) -> None:
        """Documents made by API are new or other than before."""
        if not documents:
            return
        files = tuple(map(_file_of, documents))
        self.absorb([Reading(API_LOCATION, files=files, replaced=tuple(file.source for file in files))])

    def drop_documents(self, refs: Sequence[str]) -> None:
        """Documents made by API are gone."""
        if not refs:
            return
        self.absorb([Reading(API_LOCATION, replaced=tuple(Source(NOWHERE, ref) for ref in refs))])

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
        for kind in filter(None, map(declared_kind, tuple(self._touched.refs))):
            self._touched.refs |= self._identifying(kind)
        # Blueprints first: they say what the relations of all others lead to.
        for chunk in _chunks(sorted(self._touched.refs, key=lambda ref: (not declared_kind(ref), ref))):
            self._decide(chunk)
        heard_of = self._touched.refs | self._touched.peers
        self._voices.forget(heard_of)
        changes = {change.ref: change for change in self._stitch_all(heard_of | self._overlaid)}
        for kind in filter(None, map(declared_kind, self._touched.refs)):
            self._look_again(kind, heard_of)
        self._voices.forget(self._touched.peers)
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
        self._touched.heard |= self._touched.peers
        self._touched.peers.clear()
        return [change for chunk in _chunks(refs) for change in self._stitch(chunk)]

    def _refuse(self, ref: str, error: RowsError) -> None:
        claim = self._voices.claims([ref])[ref][0]
        problem = Problem(UNSEARCHABLE, str(error), claim.source.path, claim.line, ref=ref)
        self._absorption.put_problems(
            [problem_row(claim.location_id, claim.source.branch, claim.url, claim.parent, claim.index, problem)]
        )

    def _identifying(self, kind: str) -> set[str]:
        """Entities of a declared kind that name others by their identifiers, so that its Blueprint says which."""
        found: set[str] = set()
        for refs in _chunks(self._voices.refs_of(kind)):
            found.update(ref for ref, said in self._voices.spoken(refs).items() if has_identifiers(said.entity))
        return found

    def _look_again(self, kind: str, seen: Set[str]) -> None:
        """Hold all entities of a declared kind against its Blueprint, those aside that were stitched just now (P55)."""
        for refs in _chunks(sorted(set(self._voices.refs_of(kind)) - seen)):
            spoken = self._voices.spoken(refs)
            said = {ref: (one.location_id, one.entity) for ref, one in spoken.items()}
            told = self._told(refs, said)
            self._absorption.drop_flaws(refs, (MISFIT,))
            for ref, (_, entity) in said.items():
                self._hold(ref, told[ref].entity if ref in told else entity)

    def _hold(self, ref: str, entity: JsonObject) -> None:
        """Show what of an entity of a declared kind does not fit its Blueprint."""
        if is_declared(entity):
            self._show(ref, [(MISFIT, one.message, one.hint) for one in self._fit.violations(entity)])

    def _report(self, ref: str, told: Effective) -> None:
        """Show the custom properties that do not fit now."""
        hint = "change the file, or the property: {} set it at {}"
        self._show(
            ref, [(UNFIT, f"{one.path}: {why}", hint.format(one.set_by, one.set_at)) for one, why in told.set_aside]
        )

    def _show(self, ref: str, flaws: Sequence[tuple[str, str, str]]) -> None:
        """Record flaws (code, message, hint) of an entity, at the entity and where it was read."""
        if not flaws:
            return
        claim = self._voices.claims([ref])[ref][0]
        problems = [
            Problem(code, message, claim.source.path, claim.line, hint=hint, ref=ref) for code, message, hint in flaws
        ]
        self._absorption.put_problems(
            [
                problem_row(claim.location_id, claim.source.branch, claim.url, claim.parent, claim.index, problem)
                for problem in problems
            ]
        )

    def _told(self, refs: Sequence[str], said: Mapping[str, tuple[str, JsonObject]]) -> dict[str, Effective]:
        """What is said of those refs of which more than their document says something."""
        found = {ref: self._known[ref] for ref in refs if ref in self._known and ref not in self._touched.refs}
        asked = [ref for ref in refs if ref not in found]
        properties, documents = self._overlay.of(asked), self._documents.of(asked)
        for ref, (location_id, entity) in said.items():
            if ref in found:
                continue
            is_file = location_id != API_LOCATION.id and not declared_kind(ref)
            beneath = documents.get(ref) if is_file else None  # of two definitions the file's is in force (Port 17.1)
            if ref in properties or beneath is not None:
                found[ref] = effective(entity, properties.get(ref, ()), beneath)
        return found

    def _relate(self, refs: Sequence[str], claims: Mapping[str, Sequence[Claim]]) -> None:
        """Have the relations of each document be those of what is said of its entity, as long as it speaks for it."""
        properties = self._overlay.of(refs)
        documents = self._documents.of([ref for ref in refs if len(claims.get(ref, ())) > 1])
        related = {ref for ref, found in properties.items() if any(makes_relations(one.path) for one in found)}
        related |= self._related.union(documents)
        concerned = [ref for ref in refs if ref in related or _may_identify(ref, claims.get(ref, ()))]
        ids = [claim.document_id for ref in concerned for claim in claims.get(ref, ())]
        if not ids:
            return
        entities = self._voices.documents(ids)
        winners = {ref: claims[ref][0] for ref in concerned if claims.get(ref)}
        said = {ref: (claim.location_id, entities[claim.document_id]) for ref, claim in winners.items()}
        told = self._told(list(said), said)
        wanted = {document_id: relations(self._fit.whole(entity)) for document_id, entity in entities.items()}
        wanted |= {winners[ref].document_id: relations(self._fit.whole(one.entity)) for ref, one in told.items()}
        self._voices.set_relations(wanted)

    def _decide(self, refs: Sequence[str]) -> None:
        claims = self._voices.claims(refs)
        self._voices.set_winners(refs, {ref: found[0].document_id for ref, found in claims.items()})
        self._relate(refs, claims)
        self._absorption.drop_conflicts(refs)
        conflicts = [entry for found in claims.values() for entry in _conflicts(found)]
        self._absorption.put_problems(
            [
                problem_row(claim.location_id, claim.source.branch, claim.url, claim.parent, claim.index, problem)
                for claim, problem in conflicts
            ]
        )

    def _stitch(self, refs: Sequence[str]) -> Iterator[ChangedEntity]:
        heard = self._voices.heard(refs)
        spoken = {ref: found.spoken for ref, found in heard.items()}
        known = self._state.known_versions(refs)
        publish: list[tuple[StitchedEntity, str]] = []
        self._absorption.drop_flaws(refs)
        entities = {ref: said.entity for ref, said in spoken.items()}
        told = self._told(list(spoken), {ref: (said.location_id, entities[ref]) for ref, said in spoken.items()})
        for ref, said in spoken.items():
            entity = self._fit.whole(told[ref].entity if ref in told else entities[ref])
            if ref in told and told[ref].set_aside:
                self._report(ref, told[ref])
            self._hold(ref, entity)
            try:
                stitched = stitch(
                    ref, entity, heard[ref].relations, heard[ref].errors, orphan=said.retained == "orphan"
                )
            except RowsError as error:  # its final form cannot be indexed: the old one stays (C145)
                self._refuse(ref, error)
                continue
            version = known.get(ref)
            is_known = version is not None and version.etag == stitched.etag
            updated = version.at if version is not None and is_known else self.at
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


def _may_identify(ref: str, claims: Sequence[Claim]) -> bool:
    """Whether a file says the entity, and its kind is declared: then its relations may hold identifiers."""
    return ref.partition(":")[0] not in RESERVED and any(claim.location_id != API_LOCATION.id for claim in claims)


def _conflicts(claims: Sequence[Claim]) -> Iterator[tuple[Claim, Problem]]:
    """Each losing claim from another place, shown at the loser and at the winner (C109)."""
    winner = claims[0]
    seen = {(winner.source, winner.index)}
    for claim in claims[1:]:
        place = (claim.source, claim.index)
        if place in seen or claim.retained == "orphan":
            continue
        seen.add(place)
        if claim.location_id == API_LOCATION.id:
            yield winner, _beneath(winner)
            continue
        yield claim, _conflict(claim, winner, f"{claim.ref} is already defined by {_place(winner)}, which wins")
        yield winner, _conflict(winner, claim, f"{claim.ref} is also defined by {_place(claim)}, which loses")


def _conflict(here: Claim, other: Claim, message: str) -> Problem:
    hint = f"rename one of the two, or give one up: {here.source.path}:{here.line} and {_place(other)}"
    return Problem("conflict", message, here.source.path, here.line, hint=hint, ref=here.ref, name="ConflictError")


def _beneath(winner: Claim) -> Problem:
    message = f"{winner.ref} was made by API before this file was there: what the API said lies over what the file says"
    hint = "take over in the file what the API said, then let the API replace (PUT) what it said by nothing"
    if declared_kind(winner.ref):
        message = f"{winner.ref} was made by API before this file was there: the file is in force"
        hint = "take over in the file what the API said"
    return Problem(
        "conflict",
        message,
        winner.source.path,
        winner.line,
        hint=hint,
        ref=winner.ref,
        name="ConflictError",
    )


def _file_of(document: ApiDocument) -> FileReading:
    processed = api_entity(document)
    entity = orjson.dumps(processed.entity)
    reading = DocumentReading(0, 0, "entity", document.etag, document.ref, entity, processed.relations)
    return FileReading(Source(NOWHERE, document.ref), document.etag, "", "", (reading,), {})


def _place(claim: Claim) -> str:
    return f"{claim.source.branch.repository} {claim.source.path}:{claim.line}"


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
