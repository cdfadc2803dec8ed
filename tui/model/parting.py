"""What is to leave the catalog, as it is shown before a key confirms it: with a location, or orphans by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from tui.model.location_source import Departure, Pointer
from tui.model.orphan import is_orphan
from tui.model.registration import confirmation_word
from tui.model.source import LocationItem, RefusedError, Source
from tui.safe_text import safe_text

LONGEST_WORD = 40
"""Characters of the word that has to be typed."""
MOST_ORPHANS = 200
"""Orphans that are forgotten at once."""


@dataclass(frozen=True, slots=True)
class Parting:
    """`title` names it; `word` has to be typed where more than one entity would leave. `protected` says why it cannot
    go, empty where it can, and `advice` what to do then. `refs` are the orphans, none for a location."""

    title: str
    word: str
    departure: Departure
    protected: str = ""
    advice: str = ""
    refs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def of_location(source: Source, location_id: str) -> Parting:
    """What would leave with a location; RefusedError where there is none of this id."""
    found: LocationItem | None = next((item for item in source.locations() if item.id == location_id), None)
    if found is None:
        raise RefusedError(f"there is no location {location_id} any more")
    protected = "it stands in [[locations]] of the configuration" if found.configured else ""
    word = safe_text(confirmation_word(found.target), limit=LONGEST_WORD)
    return Parting(found.target, word, source.departure(location_id), protected, "take it out there")


def of_orphans(source: Source, refs: Sequence[str]) -> Parting:
    """What would leave when these are forgotten, and what would point at nothing then; what has a source stays."""
    if len(refs) > MOST_ORPHANS:
        raise RefusedError(f"{len(refs):,} are marked: at most {MOST_ORPHANS} are forgotten at once")
    going: list[str] = []
    staying: list[str] = []
    for ref in refs:
        (going if is_orphan(source.entity(ref).entity) else staying).append(ref)
    pointers: list[Pointer] = []
    left_off = 0
    for ref in going:
        graph = source.graph(ref, "in", 1)
        left_off += sum(node["hidden"] for node in graph["nodes"] if node["ref"] == ref)
        pointers += [
            Pointer(edge["source"], edge["type"], ref)
            for edge in graph["edges"]
            if edge["target"] == ref and edge["source"] not in going
        ]
    notes = (f"{len(staying):,} of the marked have a source: they stay",) if staying else ()
    departure = Departure(tuple(going), len(going), (), tuple(pointers), len(pointers) + left_off)
    title = going[0] if len(going) == 1 else f"{len(going):,} orphans"
    protected = "" if going else "each of them has a source"
    return Parting(title, "orphans", departure, protected, "unregister its location", tuple(going), notes)
