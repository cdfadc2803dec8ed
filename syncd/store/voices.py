"""Who speaks for which ref, and what stitching asks and publishes, within one transaction."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import orjson

from syncd.model.json import JsonObject
from syncd.model.problem import Problem
from syncd.model.relation import Relation
from syncd.model.retained import Retention
from syncd.model.source import Branch, Source
from syncd.stitch.entity import StitchedEntity
from syncd.store.absorption import Arrow, Touched
from syncd.store.heard import Heard, Spoken
from syncd.store.memory import IndexMemory
from syncd.store.pending import Published
from syncd.store.served.journal import Delta, Version
from syncd.store.statements import among
from syncd.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Claim:
    """A document that would speak for a ref."""

    document_id: int
    ref: str
    location_id: str
    source: Source
    url: str
    parent: str
    index: int
    line: int
    retained: Retention
    entity: str
    """What it says, as JSON, where that was asked for."""


class Voices:
    """Decides nothing itself: it finds the claims in their order, records the winners, publishes entities."""

    def __init__(self, transaction: Transaction, memory: IndexMemory, touched: Touched, delta: Delta | None) -> None:
        self._db = transaction
        self._memory = memory
        self._touched = touched
        self._delta = delta
        self._kept: dict[str, Heard] = {}
        """What was asked to be remembered: within this transaction all of it, however much."""

    def claims(self, refs: Sequence[str], *, with_entity: bool = False) -> dict[str, list[Claim]]:
        """All documents that claim these refs, the winner first (C109): live before orphaned, then by the location's
        priority, its registration, the path, the place in the file."""
        about, parameters = among("entity_ref", refs)
        entity = "entity" if with_entity else "''"
        rows = self._db.rows(
            "SELECT document_id, entity_ref, location_id, repository, git_ref, path, url, parent, idx, line, retained, "
            f"{entity} FROM core.documents WHERE outcome = 'entity' AND {about}",
            *parameters,
        )
        found: dict[str, list[Claim]] = {}
        for id_, ref, location_id, repository, git_ref, path, *rest in rows:
            claim = Claim(id_, ref, location_id, Source(Branch(repository, git_ref), path), *rest)
            found.setdefault(ref, []).append(claim)
        for claims in found.values():
            claims.sort(key=self._rank)
        return found

    def _rank(self, claim: Claim) -> tuple[object, ...]:
        source = claim.source
        return (
            claim.retained == "orphan",
            self._memory.ranks[claim.location_id],
            source.path,
            claim.index,
            source.branch.repository,
            source.branch.ref,
            claim.retained,
        )

    def set_winners(self, refs: Sequence[str], winners: Mapping[str, int]) -> None:
        """Record who speaks for each ref; the peers whose relations differ by it are touched."""
        before = self._winners(refs)
        changed = [ref for ref in refs if before.get(ref) != winners.get(ref)]
        if not changed:
            return
        told = self._arrows({said[ref] for said in (before, winners) for ref in changed if ref in said})
        for ref in changed:
            then, now = (told.get(said.get(ref, 0), frozenset()) for said in (before, winners))
            self._touched.peers.update(source for source, _, _ in then ^ now)
        old = [ref for ref in changed if ref in before]
        if old:
            about, parameters = among("entity_ref", old)
            self._db.run(f"DELETE FROM core.winners WHERE {about}", *parameters)
        self._db.insert("core.winners", [(ref, winners[ref]) for ref in changed if ref in winners], "VARCHAR INTEGER")

    def _winners(self, refs: Sequence[str]) -> dict[str, int]:
        about, parameters = among("entity_ref", refs)
        return dict(self._db.rows(f"SELECT entity_ref, document_id FROM core.winners WHERE {about}", *parameters))

    def _arrows(self, ids: Set[int]) -> dict[int, frozenset[Arrow]]:
        """The relations of documents as they are, or were when they went; none where all peers are touched anyway."""
        found = {id_: self._touched.gone[id_] for id_ in ids & self._touched.gone.keys()}
        for id_ in ids & self._touched.new.keys():
            found[id_] = frozenset((one.source, one.type, one.target) for one in self._touched.new[id_])
        held = self._relations_of(sorted(id_ for id_ in ids - found.keys() if id_ < self._touched.before))
        return found | {id_: frozenset(arrows) for id_, arrows in held.items()}

    def _relations_of(self, ids: Sequence[int]) -> dict[int, set[Arrow]]:
        """The relations that each of these documents has in the index."""
        held: dict[int, set[Arrow]] = {document_id: set() for document_id in ids}
        if ids:
            ours, parameters = among("document_id", ids, "INTEGER")
            for document_id, *arrow in self._db.rows(
                f"SELECT document_id, source_ref, type, target_ref FROM core.relations WHERE {ours}", *parameters
            ):
                held[document_id].add((arrow[0], arrow[1], arrow[2]))
        return held

    def heard(self, refs: Sequence[str], *, remember: bool = False) -> dict[str, Heard]:
        """All that stitching asks about these refs; of some of them it is remembered for the next time."""
        known = {ref: found for ref in refs if (found := self._heard_before(ref)) is not None}
        unknown = [ref for ref in refs if ref not in known]
        spoken, relations = self._spoken(unknown) if unknown else ({}, {})
        if spoken:
            relations |= self.relations([ref for ref in spoken if ref not in relations])
            errors = self.errors(spoken)
            for ref, said in spoken.items():
                known[ref] = Heard(said, relations.get(ref, ()), errors.get(ref, ()))
                if remember:
                    self._kept[ref] = known[ref]
                    self._memory.heard.put(ref, known[ref])
        return known

    def _heard_before(self, ref: str) -> Heard | None:
        return self._memory.heard.get(ref) or self._kept.get(ref)

    def forget(self, refs: Iterable[str]) -> None:
        """What was heard of these refs may be otherwise now."""
        for ref in refs:
            self._kept.pop(ref, None)
            self._memory.heard.drop(ref)

    def spoken(self, refs: Sequence[str]) -> dict[str, Spoken]:
        """What each ref's winner says, beside what is published; refs that nobody speaks for are left out."""
        return self._spoken(refs)[0]

    def _spoken(self, refs: Sequence[str]) -> tuple[dict[str, Spoken], dict[str, Sequence[tuple[str, str]]]]:
        """What `spoken` tells, and the relations of those whose relations are the published ones."""
        published = self._db.published(refs)
        found: dict[str, Spoken] = {}
        relations: dict[str, Sequence[tuple[str, str]]] = {}
        moved = self._touched.peers | self._touched.heard | self._memory.flawed
        for ref, claims in self.claims(refs, with_entity=True).items():
            etag, updated, doc = published.get(ref, ("", "", ""))
            said = claims[0]
            found[ref] = Spoken(said.entity, said.retained, etag, updated, said.location_id)
            if doc and ref not in moved:
                relations[ref] = [(one["type"], one["targetRef"]) for one in orjson.loads(doc)["relations"]]
        return found, relations

    def relations(self, refs: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
        """(type, target) of every relation that starts at each ref, from whichever winner said it."""
        if not refs:
            return {}
        about, parameters = among("source_ref", refs)
        rows = self._db.rows(
            f"SELECT document_id, source_ref, type, target_ref FROM core.relations WHERE {about}", *parameters
        )
        speaking = self._speaking({row[0] for row in rows})
        found: dict[str, dict[tuple[str, str], None]] = {}
        for document_id, source, type_, target in rows:
            if document_id in speaking:
                found.setdefault(source, {})[type_, target] = None
        return {source: list(relations) for source, relations in found.items()}

    def _speaking(self, ids: Set[int]) -> set[int]:
        """Which of these documents speak for a ref."""
        ours, parameters = among("document_id", sorted(ids), "INTEGER")
        return {row[0] for row in self._db.rows(f"SELECT document_id FROM core.winners WHERE {ours}", *parameters)}

    def documents(self, ids: Sequence[int]) -> dict[int, JsonObject]:
        """What these documents say."""
        ours, parameters = among("document_id", ids, "INTEGER")
        rows = self._db.rows(f"SELECT document_id, entity FROM core.documents WHERE {ours}", *parameters)
        return {document_id: orjson.loads(entity) for document_id, entity in rows}

    def set_relations(self, wanted: Mapping[int, Sequence[Relation]]) -> None:
        """Make these the relations of each document; the entities at both ends of those that differ are touched."""
        held = self._relations_of(list(wanted))
        said = {id_: {(r.source, r.type, r.target) for r in relations} for id_, relations in wanted.items()}
        changed = [document_id for document_id in wanted if held[document_id] != said[document_id]]
        if not changed:
            return
        ours, parameters = among("document_id", changed, "INTEGER")
        self._db.run(f"DELETE FROM core.relations WHERE {ours}", *parameters)
        arrows = [(document_id, *arrow) for document_id in changed for arrow in sorted(said[document_id])]
        self._db.insert("core.relations", arrows, "INTEGER VARCHAR VARCHAR VARCHAR")
        moved = {arrow for document_id in changed for arrow in held[document_id] ^ said[document_id]}
        self._touched.peers.update(source for source, _, _ in moved)

    def errors(self, spoken: Mapping[str, Spoken]) -> dict[str, list[Problem]]:
        """What each entity's status has to say: the problems of the files that a Location entity asked for, and, for
        an entity that is kept because its file is broken, what is wrong with that file (C91, C94, C95)."""
        parents = [ref for ref in spoken if ref in self._memory.problem_parents]
        broken = [ref for ref, said in spoken.items() if said.retained == "broken"]
        if not parents and not broken:
            return {}
        asked, parents_asked = among("p.parent", parents)
        about, broken_asked = among("w.entity_ref", broken)
        columns = "p.code, p.message, p.path, p.line, p.col, p.hint, p.entity_ref, p.error_name"
        rows = self._db.rows(
            f"SELECT p.parent, {columns}, p.repository, p.idx FROM core.problems p WHERE {asked} "
            f"UNION SELECT w.entity_ref, {columns}, p.repository, p.idx "
            "FROM core.winners w JOIN core.documents d USING (document_id) JOIN core.problems p ON "
            "p.location_id = d.location_id AND p.repository = d.repository AND p.git_ref = d.git_ref "
            "AND p.path = d.path AND p.code <> 'conflict' AND p.entity_ref IN ('', w.entity_ref) "
            f"WHERE d.retained = 'broken' AND {about} ORDER BY ALL",
            *parents_asked,
            *broken_asked,
        )
        found: dict[str, list[Problem]] = {}
        for ref, code, message, path, line, column, hint, about, name, *_ in rows:
            problem = Problem(code, message, path, line, column, hint, about, name)
            if problem not in found.setdefault(ref, []):
                found[ref].append(problem)
        return found

    def refs_of(self, kind: str) -> list[str]:
        """Every ref of a kind, as refs write it, that somebody speaks for."""
        rows = self._db.rows("SELECT entity_ref FROM core.winners WHERE starts_with(entity_ref, ?)", f"{kind}:")
        return [row[0] for row in rows]

    def published_refs(self) -> set[str]:
        """Every ref that is published."""
        return self._db.published_refs()

    def put_entities(self, entities: Sequence[tuple[StitchedEntity, str]]) -> None:
        """Publish entities with the time of their last change, each under a new eid, which its search rows carry."""
        for entity, updated in entities:
            eid = self._memory.next_eid
            self._memory.next_eid += 1
            self._db.put(Published(eid, entity, updated))
            heard = self._memory.heard.get(entity.ref)
            if heard is not None:
                spoken = replace(heard.spoken, etag=entity.etag, updated=updated)
                self._memory.heard.put(entity.ref, replace(heard, spoken=spoken))
            if self._delta is not None:
                self._delta.put(Version(eid, entity.ref, updated, entity.document, entity.rows))

    def drop_entities(self, refs: Sequence[str]) -> None:
        """Take entities out of sight."""
        if refs:
            self._db.drop(refs)
            if self._delta is not None:
                self._delta.drop(refs)

    def set_meta(self, key: str, value: str) -> None:
        """Another value of `core.meta`, which has every key from the beginning."""
        self._db.set_meta(key, value)
