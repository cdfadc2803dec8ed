"""Entities that go: alone, with what requires them, or all of a blueprint; all or nothing (Port 8)."""

from collections.abc import Iterable, Sequence

from syncd.blueprints.asked import Apply, Asked, attempted, carry_out
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.book import Book, blueprint_ref
from syncd.blueprints.builtin import BUILT_IN
from syncd.blueprints.dependents import Dependents
from syncd.blueprints.latch import Latch
from syncd.blueprints.links import links
from syncd.blueprints.precondition import Overlay, check_tag
from syncd.blueprints.reader import Held, Reader
from syncd.blueprints.refusal import NoEntityError, OwnedByGitError, RestedUponError
from syncd.model.change import WHOLE, Change


class Removal:
    """Deletes entities; nobody else writes meanwhile, so that nothing comes to rest on what goes."""

    def __init__(self, reader: Reader, overlay: Overlay, apply: Apply, latch: Latch) -> None:
        self._reader = reader
        self._dependents = Dependents(reader, overlay)
        self._overlay = overlay
        self._apply = apply
        self._latch = latch

    def delete(self, blueprint: str, identifiers: Sequence[str], asked: Asked, *, dependents: bool) -> list[str]:
        """Delete these entities, and with `dependents` whatever requires them; the identifiers of those named.

        Raises `NoEntityError`, `OwnedByGitError`, and `RestedUponError` where something else requires one of them.
        """

        def decide() -> list[str]:
            found = self._reader.book.get(blueprint)
            named = [self._held(found, identifier, asked) for identifier in dict.fromkeys(identifiers)]
            carry_out(self._apply, self._changes(named, asked.actor, dependents), asked)
            return [held.identifier for held in named]

        with self._latch.alone():
            return attempted(decide, asked)

    def delete_all(self, blueprint: str, asked: Asked, *, and_blueprint: bool) -> int:
        """Delete every entity of a blueprint, and where it is asked for the blueprint itself; how many they were."""

        def decide() -> int:
            found = self._reader.book.get(blueprint)
            held = [one for one in self._reader.held(self._reader.refs(found)) if one is not None]
            changes = self._changes(held, asked.actor, dependents=False)
            if and_blueprint:
                changes += blueprint_removal(self._reader, found, asked.actor)
            carry_out(self._apply, changes, asked)
            return len(held)

        with self._latch.alone():
            return attempted(decide, asked)

    def _held(self, blueprint: Blueprint, identifier: str, asked: Asked) -> Held:
        held = self._reader.find(blueprint, identifier)
        if held is None:
            raise NoEntityError(blueprint.identifier, identifier)
        check_tag(self._reader, held, self._overlay, asked)
        return held

    def _changes(self, named: Iterable[Held], actor: str, dependents: bool) -> list[Change]:
        going = {held.ref: held for held in named}
        waiting = list(going.values())
        staying: dict[str, Held] = {}
        while waiting:
            held = waiting.pop()
            for other in self._dependents.of(held):
                if other.ref in going:
                    continue
                relation = _requiring(other, held.ref)
                if relation is None:
                    staying[other.ref] = other
                    continue
                if not dependents:
                    raise RestedUponError(
                        f"{held.identifier} is required by {other.blueprint.identifier} {other.identifier} "
                        f"(relation {relation})",
                        hint="delete that first, or ask with delete_dependents=true",
                    )
                going[other.ref] = other
                waiting.append(other)
        return self._gone(going, [held for ref, held in staying.items() if ref not in going], actor)

    def _gone(self, going: dict[str, Held], staying: Iterable[Held], actor: str) -> list[Change]:
        moved: dict[str, str | None] = dict.fromkeys(going)
        records = self._overlay(list(going))
        changes: list[Change] = []
        for ref, held in going.items():
            if held.is_of_git:
                raise OwnedByGitError(
                    f"{held.identifier} is owned by Git: {self._reader.file(ref)} says it",
                    hint="remove it from that file; what the API said of it goes with a PUT of nothing",
                )
            assert held.document is not None
            changes.append(Change(ref, WHOLE, "remove", None, "document", actor, held.document.etag))
            changes += [Change(ref, one.path, "remove", actor=actor) for one in records.get(ref, ())]
        for held in staying:
            changes += self._dependents.relinked(held, moved, actor)
        return changes


def blueprint_removal(reader: Reader, blueprint: Blueprint, actor: str) -> list[Change]:
    """The change that takes a blueprint away; refused where another one's relation leads to it (P48)."""
    book = reader.book
    check_changeable(book, blueprint)
    for other in book.all():
        if other.identifier != blueprint.identifier and _targets(other, blueprint.identifier):
            raise RestedUponError(
                f"blueprint {other.identifier} has a relation to {blueprint.identifier}",
                hint="remove that relation first",
            )
    ref = blueprint_ref(blueprint.identifier)
    document = reader.document(ref)
    etag = document.etag if document is not None else None
    return [Change(ref, WHOLE, "remove", None, "document", actor, etag)]


def check_changeable(book: Book, blueprint: Blueprint) -> None:
    """Raise `OwnedByGitError` for a definition that no API may change (P55)."""
    if not book.is_made_by_api(blueprint.identifier):
        raise OwnedByGitError(
            f"blueprint {blueprint.identifier} cannot be changed by API: it is {book.origin(blueprint.identifier)}",
            hint="" if blueprint.identifier in BUILT_IN else "change it in that file",
        )


def _targets(blueprint: Blueprint, identifier: str) -> bool:
    relations = any(one.target == identifier for one in blueprint.relations.values())
    return relations or any(one.target == identifier for one in blueprint.aggregations.values())


def _requiring(held: Held, ref: str) -> str | None:
    """The relation by which an entity cannot be without another."""
    for link in links(held.blueprint, held.entity):
        if ref in link.refs and held.blueprint.relations[link.relation].required:
            return link.relation
    return None
