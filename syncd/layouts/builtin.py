"""The layout of a kind for which nobody wrote one: what the catalog knows of it, most wanted first."""

from collections.abc import Mapping

from syncd.model.json import Json, JsonObject

_WARNINGS = ("EntityOrphanWarning", "EntityRelationWarning", "EntityProcessingErrorsPanel")
_HALF = 6

_OVERVIEWS: Mapping[str, tuple[str, ...]] = {
    "API": ("EntityProvidingComponentsCard", "EntityConsumingComponentsCard"),
    "System": ("EntityHasComponentsCard", "EntityHasApisCard", "EntityHasResourcesCard"),
    "Domain": ("EntityHasSystemsCard", "EntityHasSubdomainsCard"),
    "Group": ("EntityGroupProfileCard", "EntityMembersListCard", "EntityOwnershipCard"),
    "User": ("EntityUserProfileCard", "EntityOwnershipCard"),
}
"""What the overview of a kind shows beside the cards that all kinds have."""

_TABS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Component": {
        "APIs": ("EntityProvidedApisCard", "EntityConsumedApisCard"),
        "Dependencies": (
            "EntityDependsOnComponentsCard",
            "EntityDependsOnResourcesCard",
            "EntityDependencyOfComponentsCard",
            "EntityHasSubcomponentsCard",
        ),
    },
    "Resource": {"Dependencies": ("EntityDependsOnResourcesCard", "EntityDependencyOfComponentsCard")},
    "API": {"Definition": ("EntityApiDefinitionCard",)},
}


def builtin_page(kind: str) -> JsonObject:
    """The page of a kind, as a layout would hold it."""
    cards = ("EntityAboutCard", "EntityLinksCard", *_OVERVIEWS.get(kind, ()), "EntityCatalogGraphCard")
    overview: list[Json] = [*map(_whole, _WARNINGS), *map(_half, cards)]
    tabs: list[Json] = [_tab("Overview", "/", overview)]
    for title, components in _TABS.get(kind, {}).items():
        tabs.append(_tab(title, f"/{title.lower()}", [*map(_half, components)]))
    return {"name": "built-in", "tabs": tabs}


def _tab(title: str, path: str, contents: list[Json]) -> JsonObject:
    return {"name": title.lower(), "title": title, "path": path, "contents": contents}


def _whole(component: str) -> JsonObject:
    return {"component": component}


def _half(component: str) -> JsonObject:
    return {"component": component, "specs": {"gridProps": {"md": _HALF}}}
