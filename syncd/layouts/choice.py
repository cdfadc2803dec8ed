"""Which layout an entity has: one for its kind and type, else one for its kind, else the built-in one (H70)."""

from collections.abc import Sequence
from dataclasses import dataclass

from syncd.layouts.builtin import builtin_page
from syncd.model.json import Json, JsonObject, text_at
from syncd.process.layout import page_of

BUILT_IN = "built-in"
"""What the layout that needs no file is called."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The layout of an entity by its ref, or `BUILT_IN`; the warnings name those that were not chosen."""

    ref: str
    page: JsonObject
    warnings: tuple[str, ...] = ()


def choose(entity: JsonObject, layouts: Sequence[tuple[str, JsonObject]]) -> Chosen:
    """The layout for an entity among Layout entities, given with their refs. Of several the ref decides."""
    kind, type_ = text_at(entity, "kind") or "", text_at(entity, "spec", "type") or ""
    specs = sorted(((ref, _spec(layout)) for ref, layout in layouts), key=lambda found: found[0])
    for place, wanted in ((f"{kind} {type_}", True), (kind, False)):
        found = [one for one in specs if bool(one[1].get("type")) is wanted and _is_for(one[1], kind, type_)]
        if found:
            (first, spec), *others = found
            warnings = tuple(f"{ref} is for {place}, too, and is not used: {first} comes first" for ref, _ in others)
            return Chosen(first, page_of(spec), warnings)
    return Chosen(BUILT_IN, builtin_page(kind))


def _is_for(spec: JsonObject, kind: str, type_: str) -> bool:
    return _same(spec.get("kind"), kind) and (not spec.get("type") or _same(spec["type"], type_))


def _same(value: Json, wanted: str) -> bool:
    return isinstance(value, str) and value.casefold() == wanted.casefold()


def _spec(layout: JsonObject) -> JsonObject:
    spec = layout.get("spec")
    return spec if isinstance(spec, dict) else {}
