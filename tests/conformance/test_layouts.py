"""H65-H71: layouts from git, and what they say of an entity."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from syncd.layouts import BUILT_IN, Item, choose, resolve
from syncd.layouts.card import Replaced
from syncd.model.json import JsonObject
from tests.support.activity import ACCOUNT, integration, record, sent
from tests.support.catalog import CatalogHarness
from tests.support.daemon import Daemon
from tests.support.layouts import SERVICE_LAYOUT, TUTORIAL_CARD, WAREHOUSE, Flaw, page, subject
from tests.support.repository import RepoBuilder
from tests.syncd.process.scene import Scene
from tests.tui.cli.program import catalog

WAREHOUSE_YAML = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: warehouse
  coverage: 33
  tags: [go]
spec: {type: service, lifecycle: production, owner: harness_account_all_users, system: project-x}
"""


def processed(text: str) -> JsonObject:
    """The Layout entity that a document becomes."""
    outcome = Scene(content=text.encode()).outcomes()[0]
    assert not isinstance(outcome, list), outcome
    return outcome.entity


def test_h065_the_card_of_the_tutorial_is_inserted_as_it_stands() -> None:
    layout = processed(SERVICE_LAYOUT + TUTORIAL_CARD)
    found = resolve(choose(WAREHOUSE, [("layout:default/service", layout)]), subject())
    assert found.warnings == ()
    _, card = found.tabs[0].cards
    assert (card.component, card.title, dict(card.grid)) == (
        "EntityAdditionalInfoCard",
        "Additional Info Card",
        {"md": 6},
    )
    assert card.items == (Item("33", "Code Coverage Score", style=("bold",)),)
    assert found.replaced == (Replaced("metadata.additionalInfo.codeCoverageScore", "metadata.codeCoverageScore"),)


def test_h065_a_page_that_was_copied_whole_is_taken_with_its_own_key() -> None:
    lines = SERVICE_LAYOUT.split("\n")
    at = lines.index("  page:")
    nested = ["  page:", "    page:", *(f"  {line}" for line in lines[at + 1 :])]
    layout = processed("\n".join([*lines[:at], *nested]))
    found = resolve(choose(WAREHOUSE, [("layout:default/service", layout)]), subject())
    assert [card.component for card in found.tabs[0].cards] == ["EntityAboutCard"]


def test_h066_the_card_is_empty_where_the_fallback_is_off() -> None:
    found = page(TUTORIAL_CARD, subject(fallback=False))
    assert found.tabs[0].cards[0].items == (
        Item("—", "Code Coverage Score", style=("bold",), note="no value at metadata.additionalInfo.codeCoverageScore"),
    )


def test_h067_what_has_no_value_is_a_dash_with_its_path_and_is_listed() -> None:
    items = "[{label: a, value: 'x <+metadata.x> <+spec.type>'}, {label: b, value: '<+1 / 0>'}]"
    found = page(f"- {{component: EntityAdditionalInfoCard, specs: {{props: {{items: {items}}}}}}}")
    assert found.tabs[0].cards[0].items == (
        Item("x — service", "a", note="no value at metadata.x"),
        Item("—", "b", note="a division by zero"),
    )
    assert found.unresolved == ("metadata.x",)


LINKS = """
- component: EntityAdditionalInfoCard
  specs:
    props:
      title: About <+metadata.title>
      headerItems:
      - {icon: SaveRounded, label: Details, url: 'https://x.example.test/<+metadata.name>'}
      - {label: Nowhere, url: 'https://x.example.test/<+metadata.nothing>'}
      items:
      - {label: Board, value: 'https://x.example.test/<+metadata.name>/board', type: link, text: The board}
      - {label: Bare, value: 'https://x.example.test', type: link, style: {bold: true, italic: true, underline: true}}
      - {label: Gone, value: 'https://x.example.test/<+metadata.nothing>', type: link, text: Gone}
"""


def test_h068_links_have_a_text_and_an_address() -> None:
    card = page(LINKS).tabs[0].cards[0]
    assert card.title == "About Warehouse"
    assert [(link.label, link.url, link.icon) for link in card.header] == [
        ("Details", "https://x.example.test/warehouse", "SaveRounded"),
        ("Nowhere", None, ""),
    ]
    assert card.items == (
        Item("The board", "Board", "link", "https://x.example.test/warehouse/board"),
        Item("https://x.example.test", "Bare", "link", "https://x.example.test", ("bold", "italic", "underline")),
        Item("—", "Gone", "link", None, note="no value at metadata.nothing"),
    )


ODD = """
- component: EntityWizIssues
  specs: {props: {variant: gridItem}, gridProps: {md: 4}}
- component: EntityLinksCard
  specs: {props: {colour: red, variant: gridItem}}
- component: EntityAdditionalInfoCard
  specs: {props: {items: [{label: a, value: b, size: 3, type: chart, style: {blink: true}}, nonsense]}}
"""


def test_h069_what_is_unknown_is_a_warning_and_the_rest_is_drawn() -> None:
    found = page(ODD)
    unknown, links, info = found.tabs[0].cards
    assert (unknown.component, unknown.title, dict(unknown.grid)) == ("EntityWizIssues", "EntityWizIssues", {"md": 4})
    assert [item.value for item in links.items] == ["Wiki"]
    assert info.items == (Item("b", "a"),)
    assert found.warnings == (
        "the component EntityWizIssues is not known here",
        "EntityLinksCard: the prop colour is not known and does nothing",
        "EntityAdditionalInfoCard: items must be a list of mappings; what is none is left out",
        "EntityAdditionalInfoCard: items has a key size that does nothing",
        "EntityAdditionalInfoCard: style has a key blink that does nothing",
        "EntityAdditionalInfoCard: the type chart is not known; it is shown as string",
    )


def layout_for(kind: str, type_: str = "") -> JsonObject:
    spec: JsonObject = {"kind": kind, "page": {"tabs": [{"name": f"{kind} {type_}".strip(), "contents": []}]}}
    return {"spec": {**spec, "type": type_} if type_ else spec}


@pytest.mark.parametrize(
    ("layouts", "chosen", "warnings"),
    [
        pytest.param([("b", layout_for("Component")), ("c", layout_for("component", "Service"))], "c", 0, id="type"),
        pytest.param([("b", layout_for("Component")), ("c", layout_for("Component", "website"))], "b", 0, id="kind"),
        pytest.param([("b", layout_for("API")), ("c", layout_for("Component", "website"))], BUILT_IN, 0, id="built-in"),
        pytest.param([("c", layout_for("Component")), ("b", layout_for("Component"))], "b", 1, id="first-ref"),
    ],
)
def test_h070_kind_and_type_beat_kind_beats_built_in(
    layouts: list[tuple[str, JsonObject]], chosen: str, warnings: int
) -> None:
    found = choose(WAREHOUSE, layouts)
    assert (found.ref, len(found.warnings)) == (chosen, warnings)
    assert all("c is for Component, too, and is not used: b comes first" in warning for warning in found.warnings)


SWITCH = """
- component: EntitySwitch
  specs:
    gridProps: {{md: 3}}
    cases:
    - if: {condition}
      content: {{component: EmptyState, specs: {{props: {{title: first}}}}}}
    - if: spec.type == 'service'
      content: [{{component: EmptyState, specs: {{props: {{title: second}}, gridProps: {{md: 9}}}}}}]
    - content: {{component: EmptyState, specs: {{props: {{title: last}}}}}}
"""


@pytest.mark.parametrize(
    ("condition", "title", "columns", "warnings"),
    [
        pytest.param("metadata.codeCoverageScore > 30", "first", 3, 0, id="h071-expression"),
        pytest.param("<+metadata.codeCoverageScore> > 30", "first", 3, 0, id="h071-brackets"),
        pytest.param("'<+metadata.codeCoverageScore > 40>'", "second", 9, 0, id="h071-first-fails"),
        pytest.param("metadata.nothing > 1", "second", 9, 0, id="h071-no-value"),
        pytest.param("true", "first", 3, 0, id="h071-true"),
        pytest.param("false", "second", 9, 0, id="h071-false"),
        pytest.param("hasCatalogProcessingErrors", "first", 3, 0, id="h071-named"),
        pytest.param("isOrphan", "second", 9, 0, id="h071-named-that-fails"),
        pytest.param("isGithubActionsAvailable", "second", 9, 1, id="h071-unknown-name"),
    ],
)
def test_h071_the_first_case_that_holds_is_shown(condition: str, title: str, columns: int, warnings: int) -> None:
    found = page(SWITCH.format(condition=condition), subject(flaws=[Flaw("spec.owner is empty")]))
    assert [(card.title, dict(card.grid)) for card in found.tabs[0].cards] == [(title, {"md": columns})]
    assert len(found.warnings) == warnings


def test_h071_the_case_without_a_condition_is_the_last_resort() -> None:
    website: JsonObject = {**WAREHOUSE, "spec": {"type": "website"}}
    assert page(SWITCH.format(condition="false"), subject(website)).tabs[0].cards[0].title == "last"


# -- in a catalog


def test_h064_a_bad_expression_is_a_problem_with_its_line_and_the_last_good_layout_stays(tmp_path: Path) -> None:
    origin = RepoBuilder(tmp_path / "shop.git")
    origin.commit({"layouts/catalog-info.yaml": SERVICE_LAYOUT + TUTORIAL_CARD})
    with CatalogHarness(tmp_path / "state") as catalog:
        catalog.add(origin.url)
        good = catalog.entity("layout:default/service")["spec"]
        broken = SERVICE_LAYOUT + TUTORIAL_CARD.replace("codeCoverageScore>", "codeCoverageScore = 3>")
        origin.commit({"layouts/catalog-info.yaml": broken})
        catalog.sync()
        assert catalog.entity("layout:default/service")["spec"] == good
        [problem] = catalog.problems()
        assert (problem.code, problem.path) == ("layout.expression", "layouts/catalog-info.yaml")
        assert problem.line == 1 + broken.split("\n").index(
            "                  value: <+metadata.additionalInfo.codeCoverageScore = 3>"
        )
        assert "= cannot stand here (character 45 of the text)" in problem.message
        origin.commit({"layouts/catalog-info.yaml": SERVICE_LAYOUT})
        catalog.sync()
        assert catalog.problems() == []


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon that has read the warehouse and its layout."""
    folder = tmp_path_factory.mktemp("layouts")
    origin = RepoBuilder(folder / "shop.git")
    card = TUTORIAL_CARD.replace("additionalInfo.codeCoverageScore", "coverage")
    origin.commit({"catalog-info.yaml": WAREHOUSE_YAML, "layouts/catalog-info.yaml": SERVICE_LAYOUT + card})
    with Daemon(folder, '[git]\nprotocols = ["file"]\npoll_interval = "1h"\n') as daemon:
        daemon.register(origin.url, type="git")
        yield daemon


TUTORIAL = {"entity_ref": "warehouse", "property": "metadata.codeCoverageScore", "value": 33}


@pytest.mark.parametrize(
    ("setting", "shown", "note"),
    [
        pytest.param("true", "33", "", id="h066-on"),
        pytest.param("false", "—", "no value at metadata.additionalInfo.codeCoverageScore", id="h066-off"),
    ],
)
def test_h065_the_tutorial_from_its_call_to_its_card(
    tmp_path: Path, start: Callable[[str], Daemon], setting: str, shown: str, note: str
) -> None:
    origin = RepoBuilder(tmp_path / "shop.git")
    origin.commit({"catalog-info.yaml": WAREHOUSE_YAML, "layouts/catalog-info.yaml": SERVICE_LAYOUT + TUTORIAL_CARD})
    git = '[git]\nprotocols = ["file"]\npoll_interval = "1h"\n'
    daemon = start(f"{git}[expressions]\nadditional_info_fallback = {setting}\n")
    daemon.register(origin.url, type="git")
    before = layout_of(daemon, "component:default/warehouse")["tabs"][0]["cards"][1]["items"][0]
    assert (before["value"], before["note"]) == ("—", "no value at metadata.additionalInfo.codeCoverageScore")
    answer = daemon.owner.post("/gateway/v1/catalog/custom-properties/entity/", json=TUTORIAL)
    assert answer.json()["status"] == "SUCCESS"
    after = layout_of(daemon, "component:default/warehouse")["tabs"][0]["cards"][1]["items"][0]
    assert (after["value"], after["note"], after["style"]) == (shown, note, ["bold"])
    drawn = catalog(daemon.state, "layout", "show", "warehouse", COLUMNS="100")
    assert f"Code Coverage Score  {shown}" in drawn.out
    told = "metadata.additionalInfo.codeCoverageScore is the ingested metadata.codeCoverageScore"
    assert (told in drawn.err) is (shown == "33")


def layout_of(daemon: Daemon, ref: str) -> Any:
    answer = daemon.owner.get(f"/api/own/entities/{quote(ref, safe='')}/layout")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_h065_the_api_answers_with_evaluated_cards(warehouse: Daemon) -> None:
    found = layout_of(warehouse, "Component:default/Warehouse")
    assert (found["ref"], found["layout"]) == ("component:default/warehouse", "layout:default/service")
    assert found["tabs"][0]["title"] == "Overview"
    assert found["tabs"][0]["cards"][1] == {
        "component": "EntityAdditionalInfoCard",
        "title": "Additional Info Card",
        "tone": "plain",
        "text": "",
        "header": [],
        "items": [
            {
                "value": "33",
                "label": "Code Coverage Score",
                "type": "string",
                "url": None,
                "style": ["bold"],
                "note": "",
                "series": [],
            }
        ],
        "graph": None,
        "grid": {"md": 6},
    }
    assert (found["warnings"], found["unresolved"], found["replaced"]) == ([], [], [])


REPORTED = """\
        - component: CustomIntegrationTab
          specs: {props: {title: Deployments, type: deployment}}
        - component: CustomIntegrationTab
          specs: {props: {type: hotfix, integration: ci}}
        - component: CustomIntegrationTab
        - component: CustomMetricsTab
        - component: CustomMetricsTab
          specs: {props: {type: nothing}}
"""


def test_activity_records_and_metrics_stand_on_their_cards(tmp_path: Path, start: Callable[[str], Daemon]) -> None:
    """H77 from the other end: a record is on the page of the entity that it belongs to, by ref or by rule."""
    origin = RepoBuilder(tmp_path / "shop.git")
    origin.commit({"catalog-info.yaml": WAREHOUSE_YAML, "layouts/catalog-info.yaml": SERVICE_LAYOUT + REPORTED})
    daemon = start('[git]\nprotocols = ["file"]\npoll_interval = "1h"\n')
    daemon.register(origin.url, type="git")
    ref, owner = "component:default/warehouse", daemon.owner
    cards = layout_of(daemon, ref)["tabs"][0]["cards"][1:]
    assert [card["tone"] for card in cards] == ["quiet"] * 5
    assert cards[0]["text"] == "There are no records of deployment of it."
    at = 1_779_803_700_000
    correlation = {"ingested_path": "service", "catalog_path": "metadata.name"}
    integration(owner, "jenkins", schema="build", correlation=correlation)
    sent(owner, "jenkins", "build", record("build", service="warehouse", status="FAILED"))
    sent(
        owner,
        "ci",
        "deployment",
        record("deployment", entity_ref=ref, url="https://ci.example.test/1"),
        record("deployment", identifier="d-2", name="release 2", entity_ref=ref, timestamp=at + 60_000, type="hotfix"),
        record("deployment", identifier="d-3", entity_ref="component:default/other"),
    )
    rows = [{"value": value, "timestamp": at + 1000 * second} for second, value in enumerate((3, 1, 2.5))]
    body = {"entity_ref": ref, "tags": {"quantile": "p99"}, "metrics": rows}
    assert owner.post(f"{ACCOUNT}/metrics/latency", json=body).status_code == 200
    deployments, hotfixes, activity, metrics, nothing = layout_of(daemon, ref)["tabs"][0]["cards"][1:]
    assert deployments["title"] == "Deployments"
    assert [(item["label"], item["value"], item["url"], item["note"]) for item in deployments["items"]] == [
        ("2026-05-26 13:56", "release 2", None, "SUCCESS, production, hotfix, ci"),
        ("2026-05-26 13:55", "release 1", "https://ci.example.test/1", "SUCCESS, production, ci"),
    ]
    assert [item["value"] for item in hotfixes["items"]] == ["release 2"]
    assert [item["value"] for item in activity["items"]] == ["release 2", "release 1", "checkout #1"]
    assert activity["items"][2]["note"] == "FAILED, main, jenkins"
    [latency] = metrics["items"]
    assert (latency["label"], latency["value"], latency["note"]) == ("latency quantile=p99", "2.5", "2026-05-26 13:55")
    assert latency["series"] == [3, 1, 2.5]
    assert nothing["text"] == "There are no metrics of it."
    drawn = catalog(daemon.state, "layout", "show", "warehouse", COLUMNS="100")
    assert "release 2  SUCCESS, production, hotfix, ci" in drawn.out
    assert "█▁▆" in drawn.out


def test_h070_what_has_no_layout_of_its_own_has_the_built_in_one(warehouse: Daemon) -> None:
    found = layout_of(warehouse, "layout:default/service")
    assert found["layout"] == "built-in"
    assert [card["component"] for card in found["tabs"][0]["cards"]] == [
        "EntityAboutCard",
        "EntityLinksCard",
        "EntityCatalogGraphCard",
    ]


@pytest.mark.parametrize(("ref", "status"), [("component:default/nope", 404), ("nope", 400)])
def test_an_entity_that_is_not_there_has_no_layout(warehouse: Daemon, ref: str, status: int) -> None:
    answer = warehouse.owner.get(f"/api/own/entities/{quote(ref, safe='')}/layout")
    assert answer.status_code == status


def test_a_conditional_token_sees_the_layouts_that_it_may_read(warehouse: Daemon) -> None:
    created = warehouse.owner.post(
        "/api/own/tokens", json={"name": "narrow", "scopes": ["read"], "read": "kind:component"}
    )
    with warehouse.stranger(created.json()["token"]) as client:
        answer = client.get("/api/own/entities/component:default%2Fwarehouse/layout")
        assert (answer.status_code, answer.json()["layout"]) == (200, "built-in")
        assert client.get("/api/own/entities/layout:default%2Fservice/layout").status_code == 404
