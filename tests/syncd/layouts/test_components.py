"""Each component shows what the catalog knows, and says so where that is nothing."""

from typing import Any

import pytest
import yaml

from syncd.layouts import Card, Item, Subject, remarks
from syncd.layouts.builtin import builtin_page
from syncd.layouts.components import COMPONENTS
from syncd.layouts.info_cards import NOTHING_YET
from syncd.layouts.relation_cards import MAX_LISTED
from syncd.model.json import JsonObject
from tests.support.layouts import WAREHOUSE, Around, Flaw, page, subject
from tests.syncd.process.scene import SPECS

SPECIFIED = """
EntityOrphanWarning EntityRelationWarning EntityProcessingErrorsPanel EntityAboutCard EntityCatalogGraphCard
EntityLinksCard EntityScoreCard EntityScorecardContent EntityAdditionalInfoCard EntityIframeContent StatsCard
CustomIntegrationTab CustomMetricsTab AggregatedTable EmptyState EntityProvidedApisCard EntityConsumedApisCard
EntityDependsOnComponentsCard EntityDependsOnResourcesCard EntityMembersListCard EntityTechdocsContent
"""


def card(name: str, of: Subject | None = None, props: str = "{}") -> Card:
    [found] = page(f"[{{component: {name}, specs: {{props: {props}}}}}]", of).tabs[0].cards
    return found


def absent(name: str, of: Subject | None = None) -> bool:
    return page(f"[{{component: {name}}}]", of).tabs[0].cards == ()


def with_metadata(**metadata: Any) -> JsonObject:
    found = WAREHOUSE["metadata"]
    assert isinstance(found, dict)
    return {**WAREHOUSE, "metadata": {**found, **metadata}}


def test_every_component_of_the_specification_is_known() -> None:
    assert set(SPECIFIED.split()) - set(COMPONENTS) == set()


@pytest.mark.parametrize("name", COMPONENTS)
def test_no_component_fails_on_an_entity_with_nothing(name: str) -> None:
    bare: JsonObject = {"kind": "Thing", "metadata": {"name": "bare"}}
    found = page(f"[{{component: {name}}}]", subject(bare, []))
    assert found.warnings == ()
    assert all(card.text or card.items or name == "EmptyState" for card in found.tabs[0].cards)


@pytest.mark.parametrize("name", COMPONENTS)
def test_no_component_fails_on_an_entity_of_odd_shapes(name: str) -> None:
    odd: JsonObject = {
        "kind": "Thing",
        "metadata": {"name": "odd", "links": [3, {"title": "x"}], "labels": {"a": 1}, "tags": [{"b": 2}]},
        "spec": {"profile": [], "definition": {"a": 1}, "owner": 5, "system": {}},
        "relations": [3, {"type": "dependsOn"}, {"type": 4, "targetRef": "component:default/x"}],
        "status": {"items": [{"level": "error"}, 7]},
    }
    props = "{title: 3, items: 4, headerItems: {}, maxDepth: many, url: [1], value: null}"
    page(f"[{{component: {name}, specs: {{props: {props}}}}}]", subject(odd, []))


def test_the_about_card_says_what_it_is_and_whose() -> None:
    about = card("EntityAboutCard")
    assert (about.title, about.text) == ("Warehouse", "Knows what is where.")
    assert [(item.label, item.value) for item in about.items] == [
        ("kind", "Component"),
        ("type", "service"),
        ("lifecycle", "production"),
        ("owner", "group:default/harness_account_all_users"),
        ("tags", "go"),
    ]


def test_an_orphan_is_warned_of() -> None:
    assert absent("EntityOrphanWarning")
    orphan = subject(with_metadata(annotations={"backstage.io/orphan": "true"}))
    assert card("EntityOrphanWarning", orphan).tone == "warning"


def test_relations_that_lead_nowhere_are_named() -> None:
    assert card("EntityRelationWarning").items == (Item("component:default/gone", note="not in the catalog"),)
    assert absent("EntityRelationWarning", subject({**WAREHOUSE, "relations": []}))


def test_errors_are_listed_with_their_place() -> None:
    assert absent("EntityProcessingErrorsPanel")
    flawed = subject(flaws=[Flaw("spec.owner is empty", "a.yaml", 7, "give it a value")])
    assert card("EntityProcessingErrorsPanel", flawed).items == (
        Item("spec.owner is empty", "a.yaml:7", note="give it a value"),
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("EntityProvidedApisCard", [("api:default/stock", "Stock · grpc · production")]),
        ("EntityDependsOnResourcesCard", [("resource:default/stock-db", "")]),
        ("EntityDependsOnComponentsCard", [("component:default/gone", "not in the catalog")]),
        ("EntityConsumedApisCard", []),
    ],
)
def test_a_relation_card_lists_the_other_ends(name: str, values: list[tuple[str, str]]) -> None:
    found = card(name)
    assert [(item.value, item.note) for item in found.items] == values
    assert found.text == ("" if values else "None.")


def test_a_long_list_is_cut_and_counted() -> None:
    relations: Any = [{"type": "hasMember", "targetRef": f"user:default/u{number}"} for number in range(MAX_LISTED + 7)]
    group = subject({**WAREHOUSE, "kind": "Group", "relations": relations})
    found = card("EntityMembersListCard", group)
    assert (len(found.items), found.items[-1]) == (MAX_LISTED + 1, Item("", note="+7 more"))
    assert isinstance(group.reader, Around)
    assert [len(asked) for asked in group.reader.asked] == [MAX_LISTED]


def test_links_and_labels_are_shown() -> None:
    assert card("EntityLinksCard").items == (Item("Wiki", type="link", url="https://wiki.example.test/warehouse"),)
    assert card("EntityLabelsCard", subject(with_metadata(labels={"tier": "gold"}))).items == (Item("gold", "tier"),)
    assert card("EntityLabelsCard").text == "It has no labels."


def test_the_graph_is_that_of_the_api() -> None:
    graph = card("EntityCatalogGraphCard", props="{maxDepth: 99}").graph
    assert graph is not None
    assert (graph["root"], graph["depth"]) == ("component:default/warehouse", 4)
    assert card("EntityCatalogGraphCard", subject({**WAREHOUSE, "relations": []})).text == "It has no relations."


def test_figures_addresses_and_empty_places() -> None:
    stats = card("StatsCard", props="{title: Coverage, subtitle: of lines, value: '<+metadata.codeCoverageScore> %'}")
    assert (stats.title, stats.items) == ("Coverage", (Item("33 %", "of lines", style=("bold",)),))
    iframe = card("EntityIframeContent", props="{title: Board, url: 'https://x.example.test/<+metadata.name>'}")
    address = "https://x.example.test/warehouse"
    assert iframe.items == (Item(address, type="link", url=address),)
    empty = card("EmptyState", props="{title: No CI, missing: info, description: 'Annotate <+metadata.name>.'}")
    assert (empty.title, empty.text) == ("No CI", "Annotate warehouse.")


@pytest.mark.parametrize("name", NOTHING_YET)
def test_what_is_not_filled_says_so(name: str) -> None:
    found = card(name)
    assert (found.tone, found.items) == ("quiet", ())
    assert found.text.endswith("here yet.")


def test_documentation_names_its_place() -> None:
    documented = subject(with_metadata(annotations={"backstage.io/techdocs-ref": "dir:."}))
    assert card("EntityTechdocsContent", documented).items == (Item("dir:.", "techdocs-ref"),)
    addons = "[{component: EntityTechdocsContent, specs: {children: [{component: TechDocsAddons}]}}]"
    assert page(addons).warnings == ()


def test_children_are_drawn_after_their_parent() -> None:
    nested = "[{component: EntityLinksCard, specs: {children: [{component: EntityLabelsCard}]}}]"
    assert [one.component for one in page(nested).tabs[0].cards] == ["EntityLinksCard", "EntityLabelsCard"]


@pytest.mark.parametrize("kind", [*SPECS, "Layout", "Widget"])
def test_a_built_in_page_names_known_components_only(kind: str) -> None:
    tabs: Any = builtin_page(kind)["tabs"]
    assert tabs[0]["title"] == "Overview"
    assert {content["component"] for tab in tabs for content in tab["contents"]} <= set(COMPONENTS)


def test_a_page_is_remarked_on_as_a_whole() -> None:
    switch = """
tabs:
- contents:
  - component: EntitySwitch
    specs:
      cases:
      - {if: isWizAvailable, content: {component: EntityWizIssues}}
      - {content: [{component: EntityLinksCard, specs: {props: {colour: red}, children: [{component: Other}]}}]}
  - {component: EntityAdditionalInfoCard, specs: {props: {items: [{label: <+metadata.x>, size: 3}]}}}
"""
    assert remarks(yaml.safe_load(switch)) == (
        "the condition isWizAvailable is not known here and does not hold",
        "the component EntityWizIssues is not known here",
        "EntityLinksCard: the prop colour is not known and does nothing",
        "the component Other is not known here",
        "EntityAdditionalInfoCard: items has a key size that does nothing",
    )
