"""Entities by how well they answer to some words, as sets: there are few totals, and many entities."""

from collections.abc import Iterable, Iterator

from pyroaring import BitMap

from syncd.store.served.sets import WordSet


class Ranking:
    """The members of an answer; every one has one total, 0 where no word is its own."""

    def __init__(self, members: BitMap, words: Iterable[WordSet]) -> None:
        self._tiers = {0: members}
        for word in words:
            self._add(word)

    def best_first(self) -> Iterator[BitMap]:
        """The members of each total, the highest total first."""
        return (self._tiers[total] for total in sorted(self._tiers, reverse=True))

    def total(self, eid: int) -> int | None:
        """How well a member answers to all words together; None where it has none of them."""
        return next((total for total, tier in self._tiers.items() if total and eid in tier), None)

    def _add(self, word: WordSet) -> None:
        tiers: dict[int, BitMap] = {}
        for total, members in self._tiers.items():
            for score, eids in word.tiers.items():
                found = members & eids
                if found:
                    tiers[total + score] = tiers[total + score] | found if total + score in tiers else found
            rest = members - word.eids
            if rest:
                tiers[total] = tiers[total] | rest if total in tiers else rest
        self._tiers = tiers
