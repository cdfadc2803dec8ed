"""The components that a layout may name: what each shows, and which props it heeds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from syncd.layouts import activity_cards, entity_cards, info_cards, relation_cards
from syncd.layouts.card import Card
from syncd.layouts.subject import Subject
from syncd.layouts.writer import Writer
from syncd.model.json import JsonObject

LOOKS = frozenset({"variant", "height", "item", "gridSizes", "className", "refreshIntervalMs"})
"""Props that say how a browser draws a component: taken and not heeded."""

Make = Callable[[Subject, JsonObject, Writer], Card | None]


@dataclass(frozen=True, slots=True)
class Component:
    """`make` gives the card of a component; None where there is nothing to be said."""

    make: Make
    props: frozenset[str] = frozenset()


def _table() -> Mapping[str, Component]:
    table = {
        "EntityOrphanWarning": Component(entity_cards.orphan),
        "EntityRelationWarning": Component(entity_cards.absent_relations),
        "EntityProcessingErrorsPanel": Component(entity_cards.errors),
        "EntityAboutCard": Component(entity_cards.about),
        "EntityLinksCard": Component(entity_cards.links, frozenset({"title"})),
        "EntityLabelsCard": Component(entity_cards.labels, frozenset({"title"})),
        "EntityCatalogGraphCard": Component(entity_cards.graph, frozenset({"title", "maxDepth"})),
        "EntityGroupProfileCard": Component(entity_cards.profile),
        "EntityUserProfileCard": Component(entity_cards.profile),
        "EntityApiDefinitionCard": Component(entity_cards.definition),
        "EntityTechdocsContent": Component(entity_cards.documentation),
        "EntityAdditionalInfoCard": Component(info_cards.additional_info, info_cards.ADDITIONAL_INFO),
        "EntityIframeContent": Component(info_cards.iframe, frozenset({"title", "url"})),
        "StatsCard": Component(info_cards.stats, frozenset({"title", "subtitle", "value"})),
        "CustomIntegrationTab": Component(activity_cards.records, activity_cards.RECORDS),
        "CustomMetricsTab": Component(activity_cards.metrics, activity_cards.METRICS),
        "EmptyState": Component(info_cards.empty, frozenset({"title", "description", "missing", "action"})),
    }
    for name in relation_cards.RELATIONS:
        table[name] = Component(relation_cards.maker(name), frozenset({"title"}))
    for name in info_cards.NOTHING_YET:
        table[name] = Component(info_cards.nothing_yet(name), frozenset({"title", "type"}))
    return table


COMPONENTS: Mapping[str, Component] = _table()
"""By name."""
