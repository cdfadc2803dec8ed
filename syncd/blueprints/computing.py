"""Computed properties for whoever reads entities: of several at once, and what went wrong with them of late."""

import threading
from collections.abc import Mapping, Sequence
from typing import Final

from query.ast import Node
from query.dialects.rules import Asker
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.computed import Computation, Computed, Jq
from syncd.blueprints.reader import AT_ONCE, Reader
from syncd.blueprints.reply import Stamps
from syncd.model.json import JsonObject
from syncd.model.problem import Problem

MAX_PROBLEMS: Final = 1_000
"""Properties whose latest problem is remembered."""


class Computing:
    """Computes, and remembers of each property one entity for which it fails (P53). Thread-safe."""

    def __init__(self, jq: Jq) -> None:
        self._jq = jq
        self._problems: dict[tuple[str, str], Problem] = {}
        self._looked = -1
        """The generation of the catalog for which the problems hold."""
        self._lock = threading.Lock()

    def of(
        self, reader: Reader, entities: Sequence[JsonObject], asker: Asker | None = None, *, identified: bool = False
    ) -> dict[str, JsonObject]:
        """The computed properties of published entities, by ref; with `identified` a mirrored title is
        `{identifier, title}`."""
        computation = self.computation(reader, asker, identified=identified)
        refs = [reader.ref_in(entity) for entity in entities]
        computation.prepare(zip(refs, entities, strict=True))
        found = {ref: computation.of(ref) for ref in refs}
        for ref, computed in found.items():
            self._remember(ref, computed)
        return {ref: computed.values for ref, computed in found.items()}

    def computation(self, reader: Reader, asker: Asker | None = None, *, identified: bool = False) -> Computation:
        """Who computes for one entity after the other, from now on for a moment."""
        return Computation(_View(reader), self._jq, asker, title_identifiers=identified)

    @property
    def failing(self) -> int:
        """How many properties failed when they were last computed."""
        return len(self._problems)

    def problems(self, reader: Reader) -> tuple[Problem, ...]:
        """One problem of each computed property that failed for somebody who read it and fails still, by blueprint and
        property. What failed is computed again where the catalog has changed since."""
        generation = reader.generation
        with self._lock:
            refs = [] if self._looked == generation else sorted({one.ref for one in self._problems.values()})
        if refs:
            there = [entity for some in _portions(refs) for entity in reader.entities(some).values()]
            found = self.of(reader, there)
            for ref in refs:
                if ref not in found:
                    self._remember(ref, Computed({}))
        with self._lock:
            self._looked = generation
            return tuple(problem for _, problem in sorted(self._problems.items(), key=lambda item: item[0]))

    def _remember(self, ref: str, computed: Computed) -> None:
        kind = ref.partition(":")[0]
        with self._lock:
            for key, known in list(self._problems.items()):
                if known.ref == ref and key[1] not in computed.problems:
                    del self._problems[key]
            for name, problem in computed.problems.items():
                if (kind, name) in self._problems or len(self._problems) < MAX_PROBLEMS:
                    self._problems[kind, name] = problem


class _View:
    """The entities of a reader, as computed properties ask for them."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def blueprints(self) -> Mapping[str, Blueprint]:
        return {one.identifier: one for one in self._reader.book.all()}

    def entities(self, refs: Sequence[str]) -> Mapping[str, JsonObject]:
        return {ref: entity for some in _portions(refs) for ref, entity in self._reader.entities(some).items()}

    def meant(self, refs: Sequence[str], where: Node) -> set[str]:
        return {ref for some in _portions(refs) for ref in self._reader.present(some, where)}

    def stamps(self, entities: Sequence[JsonObject]) -> Mapping[str, Stamps]:
        return self._reader.stamps(entities)


def _portions(refs: Sequence[str]) -> list[Sequence[str]]:
    return [refs[start : start + AT_ONCE] for start in range(0, len(refs), AT_ONCE)]
