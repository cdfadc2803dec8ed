"""Custom properties by Harness's calls (H14-H59, H79, H80): real HTTP, a real daemon, a real repository."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon import wait_until
from tests.support.harness import ENTITIES, WAREHOUSE, Ingestion, counts

SHELF = "component:default/shelf"
ROUND = "component:edge/round"
SCOPED = "component:account.org.project/warehouse"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingestion]:
    """One daemon for the module; each test begins without custom properties."""
    ingestion = Ingestion.begin(tmp_path_factory.mktemp("ingestion"))
    yield ingestion
    ingestion.daemon.stop()


@pytest.fixture
def ingestion(shared: Ingestion) -> Ingestion:
    shared.clear()
    return shared


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Ingestion]:
    """A daemon of the test's own."""
    ingestion = Ingestion.begin(tmp_path)
    yield ingestion
    ingestion.daemon.stop()


# Values and refs


@pytest.mark.parametrize("value", [33, 48.27, "33", False, [1, "a"], {"a": {"b": 1}}], ids=lambda v: f"h004-{v!r}")
def test_h004_values_keep_their_type(ingestion: Ingestion, value: object) -> None:
    ingestion.set("metadata.codeCoverageScore", value)
    found = ingestion.entity()["metadata"]["codeCoverageScore"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text", ["warehouse", "component:warehouse", "default/warehouse", "Component:Default/Warehouse"]
)
def test_h014_all_forms_of_a_ref_name_one_record(ingestion: Ingestion, text: str) -> None:
    ingestion.set("metadata.a", 1)
    ingestion.set("metadata.a", 2, ref=text)
    assert ingestion.recorded(text) == [{"property": "metadata.a", "value": 2, "mode": "replace"}]
    assert [item["ref"] for item in ingestion.own("/api/own/properties")["items"]] == [WAREHOUSE]


def test_h015_a_scope_is_a_namespace(ingestion: Ingestion) -> None:
    ref = "component:account.org.project/warehouse"
    ingestion.set("metadata.a", 1, ref=ref)
    entity = ingestion.entity(ref)
    assert (entity["metadata"]["a"], entity["metadata"]["title"]) == (1, "The scoped one")
    assert entity["spec"] == {"type": "service", "owner": "team-a", "lifecycle": "experimental"}
    assert ingestion.recorded("warehouse") == []


@pytest.mark.parametrize("text", ["a:b:c/d/e", "a/b/c", ":x", "component:", ""], ids=lambda text: f"h016-{text!r}")
def test_h016_a_malformed_ref_names_its_field(ingestion: Ingestion, text: str) -> None:
    answer = ingestion.post("/entity", {"entity_ref": text, "property": "metadata.a", "value": 1})
    assert answer.status_code == 400
    assert "entity_ref" in answer.json()["message"]
    many = {"property": "metadata.a", "value": 1, "entity_refs": [{"entity_ref": "warehouse"}, {"entity_ref": text}]}
    answer = ingestion.post("/property", many)
    assert answer.status_code == 400
    assert "entity_refs[1]" in answer.json()["message"]
    assert ingestion.recorded() == []


def test_h017_an_unknown_entity_is_not_made(ingestion: Ingestion) -> None:
    answer = ingestion.post("/entity", {"entity_ref": "nobody", "property": "metadata.a", "value": 1})
    assert answer.status_code == 404
    assert answer.json()["code"] == "ENTITY_NOT_FOUND"
    assert ingestion.own("/api/own/properties")["items"] == []
    assert "nobody" not in ingestion.refs("kind=component")


# One entity


def test_h018_one_record_comes_back_with_its_mode(ingestion: Ingestion) -> None:
    ingestion.set("metadata.codeCoverageScore", 33)
    assert ingestion.recorded() == [{"property": "metadata.codeCoverageScore", "value": 33, "mode": "replace"}]
    answer = ingestion.call("GET", "/property", params={"property": "metadata.codeCoverageScore"})
    assert answer.json() == {"entity_refs": [{"entity_ref": WAREHOUSE, "value": 33}], "mode": "replace"}
    assert ingestion.call("GET", "/property", params={"entity_ref": "warehouse"}).json()["properties"]
    assert ingestion.call("GET", "/entity", params={"entity_ref": "nobody"}).status_code == 404
    assert ingestion.recorded("shelf") == []


def test_h019_several_properties_are_one_transaction(ingestion: Ingestion) -> None:
    items = [{"property": f"metadata.{name}", "value": number} for number, name in enumerate("abc")]
    before = ingestion.own("/api/own/status")["index_seq"]
    assert ingestion.post("/entity", {"entity_ref": "warehouse", "properties": items}).status_code == 200
    assert [item["value"] for item in ingestion.recorded()] == [0, 1, 2]
    assert ingestion.own("/api/own/status")["index_seq"] == before + 1


@pytest.mark.parametrize(
    "bad",
    [
        {"property": "metadata.name", "value": "x"},
        {"property": "metadata.tags", "value": {"a": 1}},
        {"property": "metadata.b"},
        {"property": "metadata.b", "value": None},
        {"value": 1},
        {"property": "metadata.b", "value": 1, "mode": "other"},
    ],
    ids=["h020-identity", "h020-schema", "h020-h022-no-value", "h020-h022-null", "h020-no-path", "h020-h041-mode"],
)
def test_h020_one_bad_item_refuses_all(ingestion: Ingestion, bad: dict[str, Any]) -> None:
    items = [{"property": "metadata.a", "value": 1}, bad, {"property": "metadata.c", "value": 3}]
    answer = ingestion.post("/entity", {"entity_ref": "warehouse", "properties": items})
    assert answer.status_code == 400, answer.text
    assert ingestion.recorded() == []


@pytest.mark.parametrize(
    "body",
    [
        {"property": "metadata.a", "value": 1, "properties": [{"property": "metadata.b", "value": 1}]},
        {},
        {"properties": []},
    ],
    ids=["h021-both", "h021-neither", "h021-empty"],
)
def test_h021_property_or_properties(ingestion: Ingestion, body: dict[str, Any]) -> None:
    assert ingestion.post("/entity", {"entity_ref": "warehouse", **body}).status_code == 400


@pytest.mark.parametrize("body", [{}, {"value": None}], ids=["h022-missing", "h022-null"])
def test_h022_a_value_is_needed(ingestion: Ingestion, body: dict[str, Any]) -> None:
    answer = ingestion.post("/entity", {"entity_ref": "warehouse", "property": "metadata.a", **body})
    assert answer.status_code == 400
    assert "value" in answer.json()["message"]
    if "value" in body:
        assert "DELETE" in answer.text


def test_h023_a_longer_path_lies_over_a_shorter_one(ingestion: Ingestion) -> None:
    items = [{"property": "metadata.a.b", "value": 2}, {"property": "metadata.a", "value": {"b": 1, "c": 3}}]
    assert ingestion.post("/entity", {"entity_ref": "warehouse", "properties": items}).status_code == 200
    assert ingestion.entity()["metadata"]["a"] == {"b": 2, "c": 3}


# Many entities


def test_h024_own_values_win_over_the_common_one(ingestion: Ingestion) -> None:
    body = {
        "property": "metadata.a",
        "value": "all",
        "entity_refs": [{"entity_ref": "warehouse", "value": "own"}, {"entity_ref": "shelf"}],
    }
    assert ingestion.post("/property", body).status_code == 200
    assert ingestion.entity()["metadata"]["a"] == "own"
    assert ingestion.entity(SHELF)["metadata"]["a"] == "all"


def test_h025_an_item_without_any_value_refuses_all(ingestion: Ingestion) -> None:
    body = {"property": "metadata.a", "entity_refs": [{"entity_ref": "warehouse", "value": 1}, {"entity_ref": "shelf"}]}
    answer = ingestion.post("/property", body)
    assert answer.status_code == 400
    assert "entity_refs[1]" in answer.json()["message"]
    assert ingestion.recorded() == []


def test_h026_unknown_refs_are_skipped_and_named(ingestion: Ingestion) -> None:
    body = {"property": "metadata.a", "value": 1, "entity_refs": [{"entity_ref": "nobody"}, {"entity_ref": "shelf"}]}
    answer = ingestion.post("/property", body)
    assert answer.status_code == 200
    assert "skipped 1" in answer.json()["message"]
    assert "component:default/nobody" in answer.json()["message"]
    assert ingestion.recorded("shelf")
    body["entity_refs"] = [{"entity_ref": "nobody"}, {"entity_ref": "none"}]
    assert ingestion.post("/property", body).status_code == 404


def test_h027_the_shape_tells_not_the_path(ingestion: Ingestion) -> None:
    body = {"property": "metadata.a", "value": 1, "entity_refs": [{"entity_ref": "warehouse"}, {"entity_ref": "shelf"}]}
    assert ingestion.post("/entity", body).status_code == 200
    assert ingestion.recorded("shelf")


def test_h028_a_kind_alone_selects_all_of_it(ingestion: Ingestion) -> None:
    answer = ingestion.post("", {"property": "metadata.a", "value": 1, "filter": {"kind": "component"}})
    assert answer.status_code == 200
    assert counts(answer.json()) == [[SCOPED, SHELF, WAREHOUSE, ROUND], []]
    assert answer.json()["property"] == "metadata.a"
    assert "a" not in ingestion.entity("api:default/warehouse")["metadata"]


def test_h028_a_declared_kind_is_a_kind(ingestion: Ingestion) -> None:
    ask = ingestion.daemon.owner.request
    assert ask("POST", "/v1/blueprints", json={"identifier": "Robot"}).status_code == 201
    assert ask("POST", "/v1/blueprints/Robot/entities", json={"identifier": "r2"}).status_code == 201
    for kind in ("Robot", "robot"):
        answer = ingestion.post("", {"property": "metadata.a", "value": kind, "filter": {"kind": kind}})
        assert answer.json()["entities_with_additions" if kind == "Robot" else "entities_with_updates"]["count"] == 1
    assert ingestion.post("", {"property": "metadata.a", "value": 1, "filter": {"kind": "r2"}}).status_code == 400
    ingestion.clear()
    assert ask("DELETE", "/v1/blueprints/Robot/all-entities?delete_blueprint=true").status_code == 200


SCOPE = "accountIdentifier=acme&routingId=acme&orgIdentifier=&projectIdentifier=shop"


def test_what_clients_of_harness_send_with_every_call_is_taken(ingestion: Ingestion) -> None:
    body = {"entity_ref": "warehouse", "property": "metadata.a", "value": 1}
    assert ingestion.post(f"/entity?{SCOPE}", body).status_code == 200
    answer = ingestion.call("GET", f"/entity?{SCOPE}&entity_ref=warehouse")
    assert [one["value"] for one in answer.json()["properties"]] == [1]
    assert ingestion.call("DELETE", f"/entity?{SCOPE}&dry_run=true", body).status_code == 200
    account = "/integration/api/v1/accounts/acme"
    for path, records in (("integrations/x/data/custom", {"records": [{}]}), ("metrics/y", {"metrics": []})):
        answer = ingestion.daemon.owner.post(f"{account}/{path}?{SCOPE}", json=records)
        assert "query parameter" not in answer.text
    assert ingestion.post("/entity?account=acme", body).status_code == 400


@pytest.mark.parametrize(
    ("chosen", "refs"),
    [
        ({"type": "service"}, [SCOPED, SHELF, WAREHOUSE]),
        ({"owners": ["team-a"]}, [WAREHOUSE, ROUND]),
        ({"owners": ["team-a", "group:default/team-b"], "scopes": ["default", "edge"]}, [SHELF, WAREHOUSE, ROUND]),
        ({"lifecycle": ["production"]}, [WAREHOUSE, ROUND]),
        ({"lifecycle": ["production", "experimental"]}, [SCOPED, SHELF, WAREHOUSE, ROUND]),
        ({"tags": ["java"]}, [SHELF, WAREHOUSE]),
        ({"tags": ["java", "grpc"]}, [SHELF]),
        ({"scopes": ["edge"]}, [ROUND]),
        ({"scopes": ["account.org.project"]}, [SCOPED]),
        ({"type": "service", "owners": ["team-a"], "lifecycle": ["production"], "tags": ["java"]}, [WAREHOUSE]),
    ],
    ids=lambda value: f"h029-{'-'.join(value)}" if isinstance(value, dict) else "",
)
def test_h029_a_filter_selects_the_intersection(ingestion: Ingestion, chosen: dict[str, Any], refs: list[str]) -> None:
    answer = ingestion.post("", {"property": "metadata.a", "value": 1, "filter": {"kind": "Component", **chosen}})
    assert answer.status_code == 200, answer.text
    assert counts(answer.json()) == [refs, []]


@pytest.mark.parametrize("chosen", [{"type": "service"}, {"kind": "Nothing"}, {"kind": ""}], ids=lambda c: f"h030-{c}")
def test_h030_a_known_kind_is_needed(ingestion: Ingestion, chosen: dict[str, Any]) -> None:
    assert ingestion.post("", {"property": "metadata.a", "value": 1, "filter": chosen}).status_code == 400


def test_h031_skipped_entities_are_left_alone(ingestion: Ingestion) -> None:
    body = {"property": "metadata.a", "value": 1, "filter": {"kind": "component"}, "skip_entity_refs": ["shelf"]}
    assert counts(ingestion.post("", body).json()) == [[SCOPED, WAREHOUSE, ROUND], []]
    assert ingestion.recorded("shelf") == []


def test_h032_additions_then_updates_then_neither(ingestion: Ingestion) -> None:
    body: dict[str, Any] = {"property": "metadata.a", "value": 1, "filter": {"kind": "component", "type": "service"}}
    both = [SCOPED, SHELF, WAREHOUSE]
    assert counts(ingestion.post("", body).json()) == [both, []]
    assert counts(ingestion.post("", body).json()) == [[], []]
    assert counts(ingestion.post("", {**body, "value": 2}).json()) == [[], both]


def test_h033_the_older_body_answers_with_a_list(ingestion: Ingestion) -> None:
    item = {
        "field": "metadata.a",
        "filter": {"kind": "Component", "type": "service", "owners": ["team-a", "team-b"]},
        "value": "all",
        "value_overrides": [{"entity_ref": "warehouse", "override_value": "own"}],
    }
    answer = ingestion.post("", {"properties": [item]})
    assert answer.status_code == 200, answer.text
    (reply,) = answer.json()
    assert reply["field"] == "metadata.a"
    assert counts(reply) == [[SHELF, WAREHOUSE], []]
    assert ingestion.entity()["metadata"]["a"] == "own"
    assert ingestion.entity(SHELF)["metadata"]["a"] == "all"
    gone = ingestion.call("DELETE", "", {"properties": [{"field": "metadata.a", "filter": item["filter"]}]})
    assert counts(gone.json()[0], ["deletion"]) == [[SHELF, WAREHOUSE]]


def test_h034_a_filter_that_selects_none_is_no_mistake(ingestion: Ingestion) -> None:
    answer = ingestion.post("", {"property": "metadata.a", "value": 1, "filter": {"kind": "domain"}})
    assert (answer.status_code, counts(answer.json())) == (200, [[], []])


# Modes


@pytest.mark.parametrize(
    ("path", "steps", "effective"),
    [
        ("metadata.l", [([1], "replace"), ([2, 1], "append")], [1, 2, 1]),
        ("metadata.l", [([1], "replace"), (2, "append")], [1, 2]),
        ("metadata.tags", [(["go"], "append")], ["java", "go"]),
        ("metadata.labels", [({"tier": "silver", "x": "1"}, "append")], {"tier": "silver", "x": "1"}),
        ("metadata.m", [({"a": 1, "b": 1}, "replace"), ({"b": 2}, "append")], {"a": 1, "b": 2}),
        ("metadata.m", [({"a": 1}, "replace"), ([{"b": 2}, {"c": 3}], "append")], {"a": 1, "b": 2, "c": 3}),
        ("metadata.tags", [(["go"], "replace"), (["rust"], "append")], ["go", "rust"]),
        ("metadata.s", [("a", "replace"), ("b", "append")], "b"),
        ("metadata.s", [("a", "append")], "a"),
        ("metadata.tags", [(["java", "go"], "union")], ["java", "go"]),
        ("metadata.l", [([1], "replace"), ([1, 2], "union")], [1, 2]),
        ("metadata.s", [("a", "replace"), ([1], "append")], [1]),
    ],
    ids=[
        "h035-list", "h035-scalar-on-list", "h036-first-append-to-git", "h037-map-of-git", "h037-map",
        "h037-one-key-maps", "h038-replace-then-append", "h039-scalar", "h039-first-scalar", "h040-git", "h040-record",
        "h039-mismatch",
    ],
)  # fmt: skip
def test_h035_to_h040_modes(ingestion: Ingestion, path: str, steps: list[Any], effective: object) -> None:
    head = ingestion.repository.head()
    for value, mode in steps:
        ingestion.set(path, value, mode=mode)
    assert ingestion.entity()["metadata"][path.partition(".")[2]] == effective
    assert ingestion.repository.head() == head


def test_h037_one_key_maps_go_into_the_annotations_of_git(ingestion: Ingestion) -> None:
    ingestion.set("metadata.annotations", [{"a.test/x": "1"}, {"a.test/y": "2"}], mode="append")
    annotations = ingestion.entity()["metadata"]["annotations"]
    assert (annotations["a.test/x"], annotations["a.test/y"]) == ("1", "2")
    assert annotations["backstage.io/techdocs-ref"] == "dir:."


def test_h041_an_unknown_mode_is_refused(ingestion: Ingestion) -> None:
    body = {"entity_ref": "warehouse", "property": "metadata.a", "value": 1, "mode": "merge"}
    assert ingestion.post("/entity", body).status_code == 400


# Paths


def test_h042_a_key_with_dots_stands_in_quotes(ingestion: Ingestion) -> None:
    ingestion.set('metadata.annotations."harness.io/idp-test"', "yes")
    assert ingestion.entity()["metadata"]["annotations"]["harness.io/idp-test"] == "yes"


def test_h043_maps_between_are_made(ingestion: Ingestion) -> None:
    ingestion.set("metadata.a.b.c", 1)
    assert ingestion.entity()["metadata"]["a"] == {"b": {"c": 1}}


@pytest.mark.parametrize(
    "path",
    [
        "kind", "apiVersion", "metadata", "metadata.name", "metadata.namespace", "metadata.uid", "relations", "status",
        "", "KIND", "Metadata.Name", "METADATA", "status.items", "relations.ownedBy", "metadata.name.x", "other",
    ],
    ids=lambda path: f"h044-{path or 'empty'}",
)  # fmt: skip
def test_h044_identity_and_what_the_catalog_makes_are_refused(ingestion: Ingestion, path: str) -> None:
    answer = ingestion.post("/entity", {"entity_ref": "warehouse", "property": path, "value": "x"})
    assert answer.status_code == 400, answer.text
    assert ingestion.recorded() == []


def test_h045_spec_is_closed_unless_it_is_opened(ingestion: Ingestion, tmp_path: Path) -> None:
    body = {"entity_ref": "warehouse", "property": "spec.type", "value": "website"}
    answer = ingestion.post("/entity", body)
    assert answer.status_code == 400
    assert "open_prefixes" in answer.text
    opened = Ingestion.begin(tmp_path, '[overlay]\nopen_prefixes = ["spec.type", "spec.owner"]\n')
    try:
        assert opened.post("/entity", body).status_code == 200
        assert opened.refs("spec.type=website") == ["warehouse"]
        opened.set("spec.owner", "team-z")
        assert [r["targetRef"] for r in opened.entity()["relations"]] == ["group:default/team-z"]
        assert opened.refs("relations.ownedBy=group:default/team-z") == ["warehouse"]
        assert opened.post("/entity", {**body, "property": "spec.lifecycle"}).status_code == 400
    finally:
        opened.daemon.stop()


def test_h046_the_schema_holds_for_custom_properties(ingestion: Ingestion) -> None:
    answer = ingestion.post("/entity", {"entity_ref": "warehouse", "property": "metadata.tags", "value": {"a": 1}})
    assert answer.status_code == 400
    assert "metadata.tags must be a list" in answer.json()["message"]
    ingestion.set("metadata.tags", ["go", "rust"])
    assert ingestion.entity()["metadata"]["tags"] == ["go", "rust"]


def test_h047_of_metadata_apis_only_enrichments_are_open(ingestion: Ingestion) -> None:
    answer = ingestion.post("/entity", {"entity_ref": "warehouse", "property": "metadata.apis.x", "value": 1})
    assert answer.status_code == 400
    ingestion.set('metadata.apis.paths."GET /pets".enrichments.owner', "team-a")
    assert ingestion.entity()["metadata"]["apis"]["paths"]["GET /pets"]["enrichments"] == {"owner": "team-a"}


def test_h048_two_spellings_are_one_record(ingestion: Ingestion) -> None:
    ingestion.set("metadata['a']", 1)
    ingestion.set('metadata."a"', 2)
    assert ingestion.recorded() == [{"property": "metadata.a", "value": 2, "mode": "replace"}]


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ('metadata."a', 9),
        ("metadata..a", 9),
        (".metadata", 0),
        ("metadata.", 9),
        ('metadata.a"b', 10),
        ("metadata[0]", 8),
    ],
    ids=lambda value: f"h049-{value}",
)
def test_h049_what_is_no_path_is_told_with_its_position(ingestion: Ingestion, path: str, position: int) -> None:
    answer = ingestion.post("/entity", {"entity_ref": "warehouse", "property": path, "value": 1})
    assert answer.status_code == 400
    assert f"at {position}" in answer.json()["message"]


# Dry run and delete


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/entity", {"entity_ref": "warehouse", "property": "metadata.a", "value": 2}),
        ("POST", "/property", {"property": "metadata.a", "value": 2, "entity_refs": [{"entity_ref": "warehouse"}]}),
        ("POST", "", {"property": "metadata.a", "value": 2, "filter": {"kind": "component"}}),
        ("POST", "/entity", {"entity_ref": "warehouse", "property": "metadata.tags", "value": 2}),
        ("DELETE", "/entity", {"entity_ref": "warehouse", "property": "metadata.a"}),
        ("DELETE", "/property", {"property": "metadata.a", "entity_refs": ["warehouse", "nobody"]}),
        ("DELETE", "", {"property": "metadata.a", "filter": {"kind": "component"}}),
    ],
    ids=[
        "h050-entity",
        "h050-property",
        "h050-filter",
        "h050-refused",
        "h050-d-entity",
        "h050-d-property",
        "h050-d-filter",
    ],
)
def test_h050_a_dry_run_answers_alike_and_changes_nothing(
    ingestion: Ingestion, method: str, path: str, body: dict[str, Any]
) -> None:
    ingestion.set("metadata.a", 1)
    seq, before = ingestion.own("/api/own/status")["index_seq"], ingestion.own("/api/own/properties")
    dry = ingestion.call(method, path, body, params={"dry_run": "true"})
    assert ingestion.own("/api/own/status")["index_seq"] == seq
    assert ingestion.own("/api/own/properties") == before
    real = ingestion.call(method, path, body)
    assert (dry.status_code, without_ids(dry)) == (real.status_code, without_ids(real))


def without_ids(answer: Any) -> Any:
    content = answer.json()
    if isinstance(content, dict):
        content.pop("error_metadata", None)
        content.pop("request_id", None)
    return content


def test_h051_the_overlay_wins_until_it_is_deleted(ingestion: Ingestion) -> None:
    ingestion.set("metadata.tags", ["go"])
    assert ingestion.refs("metadata.tags=go", "kind=api") == ["round", "warehouse", "warehouse"]
    answer = ingestion.call("DELETE", "/entity", {"entity_ref": "warehouse", "properties": ["metadata.tags"]})
    assert answer.json()["status"] == "SUCCESS"
    assert ingestion.entity()["metadata"]["tags"] == ["java"]


@pytest.mark.parametrize("given", ["body", "query"])
def test_h052_what_only_git_holds_cannot_be_deleted(ingestion: Ingestion, given: str) -> None:
    before = ingestion.entity()
    asked = {"entity_ref": "warehouse", "property": "metadata.tags"}
    arguments: dict[str, Any] = {"body": asked} if given == "body" else {"params": asked}
    answer = ingestion.call("DELETE", "/entity", **arguments)
    assert answer.status_code == 200
    assert "nothing was stored" in answer.json()["message"]
    assert ingestion.entity() == before


# Durability


def test_h053_a_value_survives_everything(alone: Ingestion) -> None:
    alone.set("metadata.codeCoverageScore", 33)

    def holds(what: str) -> None:
        alone.daemon.sync()
        assert alone.entity()["metadata"].get("codeCoverageScore") == 33, what

    holds("refresh")
    alone.restart()
    holds("restart")
    alone.repository.commit({"catalog-info.yaml": ENTITIES.replace("tags: [java]", "tags: [kotlin]")})
    holds("changed file")
    (location,) = alone.own("/api/own/locations")["items"]
    assert alone.daemon.owner.delete(f"/api/own/locations/{location['id']}").status_code == 204
    assert alone.refs("kind=component") == []
    alone.daemon.register(alone.repository.url, type="git")
    holds("registered again")
    alone.repository.commit({"catalog-info.yaml": ENTITIES.split("---\n", 1)[1]})
    alone.daemon.sync()
    assert "warehouse" not in alone.refs("kind=component,metadata.namespace=default")
    alone.repository.commit({"catalog-info.yaml": ENTITIES})
    holds("gone and back")
    assert alone.daemon.stop() == 0
    (alone.daemon.state / "index.duckdb").unlink()
    alone.restart()
    holds("rebuild")


def test_h054_what_does_not_fit_any_more_is_set_aside_and_shown(alone: Ingestion) -> None:
    alone.set("metadata.labels", [{"region": "eu"}], mode="append")
    alone.set("metadata.note", "kept")
    without = ENTITIES.replace("  labels: {tier: gold}\n", "")

    def problems() -> list[str]:
        alone.daemon.sync()
        return [item["message"] for item in alone.own("/api/own/problems", code="property.unfit")["items"]]

    assert alone.entity()["metadata"]["labels"] == {"tier": "gold", "region": "eu"}
    for fix in ("file", "property"):
        alone.repository.commit({"catalog-info.yaml": without})
        (message,) = problems()
        assert message.startswith("metadata.labels: ")
        assert "labels" not in alone.entity()["metadata"]
        assert alone.entity()["metadata"]["note"] == "kept"
        if fix == "file":
            alone.repository.commit({"catalog-info.yaml": ENTITIES})
        else:
            alone.call("DELETE", "/entity", {"entity_ref": "warehouse", "property": "metadata.labels"})
        assert problems() == []
        if fix == "file":
            assert alone.entity()["metadata"]["labels"] == {"tier": "gold", "region": "eu"}


def test_h055_records_of_a_renamed_entity_are_listed_as_unattached(alone: Ingestion) -> None:
    alone.set("metadata.a", 1)
    alone.repository.commit({"catalog-info.yaml": ENTITIES.replace("name: warehouse\n  tags", "name: depot\n  tags")})
    alone.daemon.sync()
    unattached = alone.own("/api/own/properties", unattached="true")["items"]
    assert [(item["ref"], item["path"], item["value"]) for item in unattached] == [(WAREHOUSE, "metadata.a", 1)]
    assert "a" not in alone.entity("component:default/depot")["metadata"]


# Reach


def test_h058_the_reply_comes_after_the_value_is_everywhere(ingestion: Ingestion) -> None:
    ingestion.set("metadata.codeCoverageScore", 33)
    assert ingestion.refs("metadata.codeCoverageScore=33") == ["warehouse"]
    page = ingestion.own("/api/catalog/entities/by-query", filter="metadata.codeCoverageScore", fields="metadata")
    assert [item["metadata"]["codeCoverageScore"] for item in page["items"]] == [33]
    ordered = ingestion.own(
        "/api/catalog/entities/by-query", filter="kind=component", orderField="metadata.codeCoverageScore,asc"
    )
    assert ordered["items"][0]["metadata"]["name"] == "warehouse"
    facets = ingestion.own("/api/catalog/entity-facets", facet="metadata.codeCoverageScore")["facets"]
    assert facets["metadata.codeCoverageScore"] == [{"value": 33, "count": 1}] or facets[
        "metadata.codeCoverageScore"
    ] == [{"value": "33", "count": 1}]
    asked = {"sql": "SELECT ref, number, set_by FROM custom_properties WHERE path = 'metadata.codeCoverageScore'"}
    answer = ingestion.daemon.owner.post("/api/own/sql", json=asked)
    assert answer.json()["rows"] == [[WAREHOUSE, 33.0, "test"]]


def test_h059_numbers_are_ordered_as_numbers(ingestion: Ingestion) -> None:
    for ref, value in (("warehouse", 100), ("shelf", 9), ("edge/round", 33)):
        ingestion.set("metadata.score", value, ref=ref)
    table = ingestion.own("/api/own/entities", q="has:metadata.score sort:metadata.score", columns="name")
    assert [row["cells"] for row in table["rows"]] == [["shelf"], ["round"], ["warehouse"]]
    assert ingestion.own("/api/own/entities", q="metadata.score>30", columns="name")["total"] == 2


# History


def test_h079_history_has_a_row_for_each_change(ingestion: Ingestion) -> None:
    path = "metadata.audited"
    request_ids = [ingestion.set(path, value).headers["x-request-id"] for value in (1, 1, 2)]
    ingestion.call("DELETE", "/entity", {"entity_ref": "warehouse", "property": path})
    ingestion.call("DELETE", "/entity", {"entity_ref": "warehouse", "property": path})
    rows = ingestion.own("/api/own/entities/component:default%2Fwarehouse/history", {"path": path})["items"]
    assert [(row["effect"], row["old"], row["new"]) for row in rows] == [
        ("removed", 2, None),
        ("updated", 1, 2),
        ("added", None, 1),
    ]
    assert {row["actor"] for row in rows} == {"test"}
    assert [row["request_id"] for row in rows][1:] == [request_ids[2], request_ids[0]]


def test_h080_no_row_line_or_error_carries_the_key(ingestion: Ingestion) -> None:
    ingestion.set("metadata.a", 1)
    ingestion.post("/entity", {"entity_ref": "nobody", "property": "metadata.a", "value": 1})
    secret = ingestion.key.rpartition("_")[2][:40]
    told = str(ingestion.own("/api/own/changes")) + ingestion.daemon.log.read_text()
    told += str(ingestion.own("/api/own/entities/component:default%2Fwarehouse/history"))
    assert secret not in told
    for file in ingestion.daemon.state.glob("state.sqlite*"):
        assert secret.encode() not in file.read_bytes()


def test_h056_two_writers_lose_nothing(ingestion: Ingestion) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: ingestion.set(f"metadata.p{n}", n), range(16)))
        list(pool.map(lambda n: ingestion.set("metadata.one", n), range(8)))
    metadata = ingestion.entity()["metadata"]
    assert [metadata[f"p{n}"] for n in range(16)] == list(range(16))
    rows = ingestion.own("/api/own/entities/component:default%2Fwarehouse/history", {"path": "metadata.one"})["items"]
    assert sorted(row["new"] for row in rows[:8]) == list(range(8))
    assert metadata["one"] == rows[0]["new"]
    wait_until(lambda: ingestion.own("/api/own/status")["idle"], "it is idle")
