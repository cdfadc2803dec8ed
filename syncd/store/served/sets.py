"""Conditions as sets of entities: a bitmap for each leaf of a tree, combined for the tree."""

from collections.abc import Iterable
from typing import Final

from pyroaring import BitMap

from query.ast import And, Everything, Leaf, Node, Not, Nothing, Or, Text
from query.match import holds
from query.terms import score
from syncd.store.recent import Recent
from syncd.store.served.journal import Version

KEPT_SETS: Final = 256
"""How many leaves have a set; at 100,000 entities one takes at most 12 KB."""


class LeafSet:
    """The entities that a leaf means, among all versions up to `seen`; dead versions may be among them."""

    def __init__(self, leaf: Node, eids: BitMap, seen: int) -> None:
        self.leaf = leaf
        self.eids = eids
        self.seen = seen

    @property
    def follows(self) -> bool:
        """Whether it can learn of new versions one by one: they alone decide whether they are meant."""
        return isinstance(self.leaf, Leaf)

    def learn(self, version: Version) -> None:
        """Take in a version if it is meant."""
        if holds(self.leaf, version.index):
            self.eids.add(version.eid)

    def forget(self, live: BitMap) -> None:
        """Let go of dead versions."""
        self.eids &= live


class WordSet(LeafSet):
    """The entities that a word of full text means, by how well they answer to it: each is in one tier."""

    def __init__(self, leaf: Text, found: Iterable[tuple[int, list[int]]], seen: int) -> None:
        """`found` are scores, each with the entities that some term gives it; the best one of an entity counts."""
        super().__init__(leaf, BitMap(), seen)
        self._word = leaf.word
        self.tiers: dict[int, BitMap] = {}
        for score_, eids in sorted(found, reverse=True):
            self.tiers[score_] = BitMap(eids) - self.eids
            self.eids |= self.tiers[score_]

    @property
    def follows(self) -> bool:
        """An entity's own terms decide."""
        return True

    def learn(self, version: Version) -> None:
        """Take in a version that has the word."""
        found = score(self._word, version.terms)
        if found:
            self.eids.add(version.eid)
            self.tiers.setdefault(found, BitMap()).add(version.eid)

    def forget(self, live: BitMap) -> None:
        """Let go of dead versions."""
        super().forget(live)
        self.tiers = {score_: eids & live for score_, eids in self.tiers.items()}


class LeafSets:
    """The sets of the leaves that were asked last. Not thread-safe."""

    def __init__(self) -> None:
        self._sets: Recent[Node, LeafSet] = Recent(KEPT_SETS)

    def get(self, leaf: Node) -> LeafSet | None:
        """The set of a leaf, if there is one."""
        return self._sets.get(leaf)

    def put(self, found: LeafSet) -> None:
        """Keep a set, and of the others those that were asked last."""
        self._sets.put(found.leaf, found)

    def members(self, node: Node, live: BitMap) -> BitMap:
        """The live entities that a tree means. Every leaf must have its set."""
        match node:
            case Everything():
                return live
            case Nothing():
                return BitMap()
            case And(parts):
                found = live
                for part in sorted(parts, key=lambda part: isinstance(part, Not)):
                    found = self._without(found, part) if isinstance(part, Not) else found & self.members(part, live)
                return found
            case Or(parts):
                return BitMap.union(*(self.members(part, live) for part in parts)) if parts else BitMap()
            case Not(part):
                return live - self.members(part, live)
            case leaf:
                return self._set(leaf).eids & live

    def word(self, word: str) -> WordSet:
        """The set of a word of full text. It must be there."""
        found = self._set(Text(word))
        assert isinstance(found, WordSet)
        return found

    def _set(self, leaf: Node) -> LeafSet:
        found = self._sets.get(leaf)
        if found is None:
            raise KeyError(leaf)
        return found

    def _without(self, found: BitMap, negation: Not) -> BitMap:
        return found - self.members(negation.part, found)


def leaves(node: Node) -> set[Node]:
    """The leaves of a tree."""
    match node:
        case Everything() | Nothing():
            return set()
        case And(parts) | Or(parts):
            return {leaf for part in parts for leaf in leaves(part)}
        case Not(part):
            return leaves(part)
        case leaf:
            return {leaf}
