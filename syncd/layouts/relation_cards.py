"""Cards that list the entities at the other end of some relation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from syncd.layouts.card import Card, Item
from syncd.layouts.subject import Subject
from syncd.layouts.writer import Writer
from syncd.model.json import JsonObject, text_at

MAX_LISTED = 50
"""Entities that one card lists; the rest is counted."""


@dataclass(frozen=True, slots=True)
class RelationCard:
    """Which relation a card follows, to which kinds (none: to any), and what it says where there is none."""

    title: str
    types: tuple[str, ...]
    kinds: tuple[str, ...] = ()


RELATIONS: Mapping[str, RelationCard] = {
    "EntityProvidedApisCard": RelationCard("Provided APIs", ("providesApi",)),
    "EntityConsumedApisCard": RelationCard("Consumed APIs", ("consumesApi",)),
    "EntityProvidingComponentsCard": RelationCard("Providers", ("apiProvidedBy",)),
    "EntityConsumingComponentsCard": RelationCard("Consumers", ("apiConsumedBy",)),
    "EntityDependsOnComponentsCard": RelationCard("Depends on components", ("dependsOn",), ("component",)),
    "EntityDependsOnResourcesCard": RelationCard("Depends on resources", ("dependsOn",), ("resource",)),
    "EntityDependencyOfComponentsCard": RelationCard("Components that depend on it", ("dependencyOf",), ("component",)),
    "EntityHasSubcomponentsCard": RelationCard("Subcomponents", ("hasPart",), ("component",)),
    "EntityHasComponentsCard": RelationCard("Components", ("hasPart",), ("component",)),
    "EntityHasResourcesCard": RelationCard("Resources", ("hasPart",), ("resource",)),
    "EntityHasApisCard": RelationCard("APIs", ("hasPart",), ("api",)),
    "EntityHasSystemsCard": RelationCard("Systems", ("hasPart",), ("system",)),
    "EntityHasSubdomainsCard": RelationCard("Subdomains", ("hasPart",), ("domain",)),
    "EntityMembersListCard": RelationCard("Members", ("hasMember",)),
    "EntityOwnershipCard": RelationCard("Owns", ("ownerOf",)),
}
"""By component."""


def maker(name: str) -> Callable[[Subject, JsonObject, Writer], Card]:
    """The maker of one of these cards."""
    card = RELATIONS[name]

    def make(subject: Subject, props: JsonObject, writer: Writer) -> Card:
        refs = subject.targets(card.types, card.kinds)
        found = subject.reader.documents(refs[:MAX_LISTED]) if refs else []
        items = [_item(ref, document) for ref, document in zip(refs, found, strict=False)]
        if len(refs) > MAX_LISTED:
            items.append(Item("", note=f"+{len(refs) - MAX_LISTED} more"))
        text = "" if refs else "None."
        return Card(writer.text(props.get("title")) or card.title, text=text, items=tuple(items))

    return make


def _item(ref: str, document: JsonObject | None) -> Item:
    if document is None:
        return Item(ref, note="not in the catalog")
    about = (text_at(document, "metadata", "title"), text_at(document, "spec", "type"), _lifecycle(document))
    return Item(ref, note=" · ".join(filter(None, about)))


def _lifecycle(document: JsonObject) -> str | None:
    return text_at(document, "spec", "lifecycle")
