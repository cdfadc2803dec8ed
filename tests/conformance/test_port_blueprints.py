"""Blueprints by Port's calls (P47-P51, P55): real HTTP, a real daemon, a real repository."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.blueprints import SERVICE, changed
from tests.support.port import KIND, REGION, SHELF, Port

CARD: dict[str, Any] = {"identifier": "card", "title": "Card", "schema": {"properties": {"text": {"type": "string"}}}}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    port = Port.begin(tmp_path_factory.mktemp("port"))
    yield port
    port.stop()


@pytest.fixture
def port(shared: Port) -> Port:
    """The shared daemon without entities made by API, and without the blueprint `card`."""
    shared.clear()
    answer = shared.call("DELETE", "/blueprints/card/all-entities?delete_blueprint=true")
    assert answer.status_code in (200, 404)
    return shared


# A definition through its life


def test_p047_a_blueprint_through_its_life(port: Port) -> None:
    made = port.ok("POST", "/blueprints", CARD, status=201)["blueprint"]
    assert made["schema"] == {"properties": {"text": {"type": "string"}}, "required": []}
    assert made["createdBy"] == "test"
    assert made["createdAt"] == made["updatedAt"]
    assert port.ok("GET", "/blueprints/card")["blueprint"] == made
    assert "card" in [one["identifier"] for one in port.ok("GET", "/blueprints/")["blueprints"]]
    replaced = port.ok("PUT", "/blueprints/card", {**made, "title": "Postcard", "schema": {"properties": {}}})
    assert replaced["blueprint"]["title"] == "Postcard"
    assert replaced["blueprint"]["schema"]["properties"] == {}
    assert replaced["blueprint"]["createdAt"] == made["createdAt"]
    assert replaced["blueprint"]["updatedAt"] > made["updatedAt"]
    assert port.ok("DELETE", "/blueprints/card?delete_actions=false") == {"ok": True}
    assert port.refused(404, "GET", "/blueprints/card").startswith("there is no blueprint card")


def test_p047_a_patch_changes_the_given_parts(port: Port) -> None:
    port.ok("POST", "/blueprints?create_catalog_page=false", CARD, status=201)
    new = {"title": "Postcard", "schema": {"properties": {"stamp": {"type": "boolean"}}}}
    patched = port.ok("PATCH", "/blueprints/card", new)["blueprint"]
    assert patched["title"] == "Postcard"
    assert patched["schema"]["properties"] == {"text": {"type": "string"}, "stamp": {"type": "boolean"}}
    gone = port.ok("PATCH", "/blueprints/card", {"schema": {"properties": {"text": None}}})["blueprint"]
    assert gone["schema"]["properties"] == {"stamp": {"type": "boolean"}}


@pytest.mark.parametrize("identifier", ["card", "component", "Tool"])
def test_p047_a_duplicate_is_a_conflict(port: Port, identifier: str) -> None:
    port.ok("POST", "/blueprints", CARD, status=201)
    assert identifier in port.refused(409, "POST", "/blueprints", {**CARD, "identifier": identifier})


@pytest.mark.parametrize("identifier", ["Card", "Component", "TOOL", "blueprint"])
def test_p047_two_that_differ_by_case_only_are_refused(port: Port, identifier: str) -> None:
    port.ok("POST", "/blueprints", CARD, status=201)
    assert "case" in port.refused(422, "POST", "/blueprints", {**CARD, "identifier": identifier})


@pytest.mark.parametrize("identifier", ["a/b", "a:b", "größe", "x+y", "@one.two"])
def test_p047_odd_identifiers_round_trip(port: Port, identifier: str) -> None:
    port.ok("POST", "/blueprints", {"identifier": identifier}, status=201)
    port.post(identifier.replace("/", "%2F").replace("+", "%2B"), "x/y", title="One")
    assert port.get(identifier, "x/y")["blueprint"] == identifier
    path = port.path(identifier, "").partition("/entities")[0]
    assert port.ok("GET", path)["blueprint"]["identifier"] == identifier
    port.ok("DELETE", f"{path}/all-entities?delete_blueprint=true")


def test_p047_a_blueprint_outlives_a_restart(tmp_path: Path) -> None:
    port = Port.begin(tmp_path)
    try:
        port.post("region", "north", properties={"code": "n"})
        port.restart()
        assert port.ok("GET", "/blueprints/region")["blueprint"]["title"] == "Region"
        assert port.get("region", "north")["properties"] == {"code": "n"}
    finally:
        port.stop()


# What rests on a definition


def test_p048_a_blueprint_with_entities_stays(port: Port) -> None:
    port.ok("POST", "/blueprints", CARD, status=201)
    port.post("card", "one")
    assert "has 1 entity" in port.refused(422, "DELETE", "/blueprints/card")
    port.ok("DELETE", "/blueprints/card/entities/one")
    port.ok("DELETE", "/blueprints/card")


def test_p048_a_blueprint_that_another_leads_to_stays(port: Port) -> None:
    message = port.refused(422, "DELETE", "/blueprints/region")
    assert "has a relation to region" in message
    assert port.ok("GET", "/blueprints/region")


@pytest.mark.parametrize(
    ("relation", "where"),
    [
        ({"target": "region", "many": True, "required": True}, "many and required"),
        ({"target": "nowhere", "many": True}, "no blueprint nowhere"),
    ],
    ids=["p049-many-and-required", "p049-no-target"],
)
def test_p049_a_relation_that_cannot_be(port: Port, relation: dict[str, Any], where: str) -> None:
    answer = port.call("POST", "/blueprints", {**CARD, "relations": {"at": relation}})
    assert answer.status_code == 422
    assert where in answer.json()["message"]
    assert answer.json()["details"][0]["field"].startswith("relations.at")


def test_p049_a_blueprint_may_lead_to_itself(port: Port) -> None:
    port.ok("POST", "/blueprints", {**CARD, "relations": {"reply": {"target": "card"}}}, status=201)
    port.post("card", "one", relations={"reply": "one"})
    assert port.get("card", "one")["relations"] == {"reply": "one"}


def test_p051_a_property_keeps_its_type(port: Port) -> None:
    port.ok("POST", "/blueprints", CARD, status=201)
    number = {"schema": {"properties": {"text": {"type": "number"}}}}
    assert "keeps its type" in port.refused(422, "PATCH", "/blueprints/card", number)
    assert "keeps its type" in port.refused(422, "PUT", "/blueprints/card", {**CARD, **number})
    assert port.ok("GET", "/blueprints/card")["blueprint"]["schema"]["properties"] == {"text": {"type": "string"}}


# Names that change


def test_p050_a_property_is_renamed_with_its_data(port: Port) -> None:
    port.ok("POST", "/blueprints", {**CARD, "schema": {**CARD["schema"], "required": ["text"]}}, status=201)
    port.ok(
        "PATCH",
        "/blueprints/card",
        {
            "relations": {"reply": {"target": "card"}},
            "mirrorProperties": {"answered": {"path": "reply.text"}},
            "calculationProperties": {
                "loud": {"type": "string", "calculation": '.properties.text + .properties["text"] + .properties.texts'}
            },
        },
    )
    port.post("card", "one", properties={"text": "hello"})
    renamed = port.ok("PATCH", "/blueprints/card/properties/text/rename", {"newPropertyName": "words"})["blueprint"]
    assert renamed["schema"] == {"properties": {"words": {"type": "string"}}, "required": ["words"]}
    assert renamed["mirrorProperties"]["answered"]["path"] == "reply.words"
    program = renamed["calculationProperties"]["loud"]["calculation"]
    assert program == ".properties.words + .properties.words + .properties.texts"
    assert port.get("card", "one", "?exclude_calculated_properties=true")["properties"] == {"words": "hello"}


def test_p050_a_relation_is_renamed_with_its_data_and_the_paths_of_others(port: Port) -> None:
    port.ok(
        "POST",
        "/blueprints",
        {
            **CARD,
            "relations": {"on": {"target": "shelf"}},
            "mirrorProperties": {"where": {"path": "on.region.$title"}},
        },
        status=201,
    )
    port.post("region", "north")
    port.post("shelf", "top", properties={"label": "Top"}, relations={"region": "north"})
    try:
        path = "/blueprints/shelf/relations/region/rename"
        renamed = port.ok("PATCH", path, {"newRelationIdentifier": "home"})["blueprint"]
        assert "region" not in renamed["relations"]
        assert renamed["mirrorProperties"]["place"]["path"] == "home.$title"
        assert port.get("shelf", "top")["relations"] == {"home": "north", "regions": []}
        card = port.ok("GET", "/blueprints/card")["blueprint"]
        assert card["mirrorProperties"]["where"]["path"] == "on.home.$title"
    finally:
        port.ok("PATCH", "/blueprints/shelf/relations/home/rename", {"newRelationIdentifier": "region"})


def test_p050_a_mirror_is_renamed(port: Port) -> None:
    path = "/blueprints/shelf/mirror/{}/rename"
    renamed = port.ok("PATCH", path.format("place"), {"newMirrorName": "site"})["blueprint"]
    assert renamed["mirrorProperties"] == {"site": SHELF["mirrorProperties"]["place"]}
    port.ok("PATCH", path.format("site"), {"newMirrorName": "place"})


@pytest.mark.parametrize(
    ("status", "part", "old", "body"),
    [
        (409, "properties", "height", {"newPropertyName": "label"}),
        (409, "properties", "height", {"newPropertyName": "place"}),
        (404, "properties", "width", {"newPropertyName": "depth"}),
        (422, "properties", "height", {"newPropertyName": "a b"}),
        (422, "properties", "height", {"newName": "depth"}),
        (409, "relations", "region", {"newRelationIdentifier": "regions"}),
    ],
)
def test_p050_a_name_that_cannot_be(port: Port, status: int, part: str, old: str, body: dict[str, str]) -> None:
    port.refused(status, "PATCH", f"/blueprints/shelf/{part}/{old}/rename", body)
    assert port.ok("GET", "/blueprints/shelf")["blueprint"]["schema"]["properties"] == SHELF["schema"]["properties"]


# Definitions of git


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/blueprints/Tool", {"identifier": "Tool"}),
        ("PATCH", "/blueprints/Tool", {"title": "x"}),
        ("DELETE", "/blueprints/Tool", None),
        ("PATCH", "/blueprints/Tool/properties/price/rename", {"newPropertyName": "cost"}),
    ],
)
def test_p055_a_definition_of_git_is_not_changed_by_api(port: Port, method: str, path: str, body: Any) -> None:
    message = port.refused(422, method, path, body)
    assert "blueprints.yaml:1" in message
    assert port.repository.path.name in message
    assert port.ok("GET", "/blueprints/Tool")["blueprint"]["title"] == "Tool"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_p055_kinds_of_backstage_are_not_changed(port: Port, method: str) -> None:
    body = None if method == "DELETE" else {"title": "x"}
    assert "Backstage" in port.refused(422, method, "/blueprints/component", body)


def test_p055_entities_that_do_not_fit_stay_and_are_reported(port: Port) -> None:
    found = {(one["ref"], one["path"], one["line"]): one["message"] for one in port.problems("entity.unfit")}
    saw = [
        message for (ref, path, line), message in found.items() if ref == "tool:default/saw" and path == "things.yaml"
    ]
    assert saw != []
    told = [one["message"] for one in port.problems("entity.unfit") if one["ref"] == "tool:default/saw"]
    assert any("price" in message for message in told)
    assert any("colour" in message for message in told)
    assert any("maker" in message for message in told)
    assert [one["message"] for one in port.problems("entity.unfit") if one["ref"] == "nothing:default/lost"] == [
        "there is no blueprint Nothing"
    ]
    assert all(one["line"] > 1 for one in port.problems("entity.unfit"))
    assert port.identifiers("Tool") == ["hammer", "saw"]


def test_p055_a_changed_file_holds_the_entities_against_it_again(tmp_path: Path) -> None:
    port = Port.begin(tmp_path)
    try:
        changed_kind = KIND.replace("price: {type: number}", "price: {type: string}").replace("required: [maker]", "")
        port.repository.commit({"blueprints.yaml": changed_kind})
        port.daemon.sync()
        told = {one["ref"]: one["message"] for one in port.problems("entity.unfit")}
        assert "price" in told["tool:default/hammer"]
        assert "colour" in told["tool:default/saw"]
        assert port.identifiers("Tool") == ["hammer", "saw"]
        port.repository.commit(
            {"blueprints.yaml": KIND.replace("maker: {type", "colour: {type: string}\n      maker: {type")}
        )
        port.daemon.sync()
        told = {one["ref"]: one["message"] for one in port.problems("entity.unfit")}
        assert "tool:default/hammer" not in told
        port.repository.commit({"blueprints.yaml": None})
        port.daemon.sync()
        told = {one["ref"]: one["message"] for one in port.problems("entity.unfit")}
        assert told["tool:default/hammer"] == "there is no blueprint Tool"
        assert port.own("/api/catalog/entities/by-name/tool/default/hammer")["spec"]["properties"]["price"] == 12
        port.refused(404, "GET", "/blueprints/Tool/entities")
    finally:
        port.stop()


def test_p055_a_file_wins_over_what_the_api_made_before(tmp_path: Path) -> None:
    port = Port.begin(tmp_path)
    try:
        port.ok("POST", "/blueprints", CARD, status=201)
        port.post("card", "one", properties={"text": "hello"})
        text = (
            "apiVersion: git-catalog/v1\nkind: Blueprint\nmetadata: {name: card}\n"
            "spec: {identifier: card, title: From the file, schema: {properties: {words: {type: string}}}}\n"
        )
        port.repository.commit({"card.yaml": text})
        port.daemon.sync()
        found = port.ok("GET", "/blueprints/card")["blueprint"]
        assert (found["title"], [*found["schema"]["properties"]]) == ("From the file", ["words"])
        assert "card.yaml" in port.refused(422, "PATCH", "/blueprints/card", {"title": "x"})
        assert port.get("card", "one")["properties"] == {"text": "hello"}
        assert [one["ref"] for one in port.problems("entity.unfit") if one["ref"].startswith("card")] == [
            "card:default/one"
        ]
    finally:
        port.stop()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("spec: {identifier: Other}", "metadata.name"),
        ("spec: {identifier: Thing, relations: {a: {target: x, many: true, required: true}}}", "many and required"),
        ("spec: {identifier: Thing, colour: red}", "colour"),
        ("spec: []", "spec"),
    ],
)
def test_p055_a_file_with_a_wrong_definition_is_a_problem(port: Port, line: str, reason: str) -> None:
    text = f"apiVersion: git-catalog/v1\nkind: Blueprint\nmetadata: {{name: Thing}}\n{line}\n"
    port.repository.commit({"wrong.yaml": text})
    port.daemon.sync()
    try:
        told = [one for one in port.problems() if one["path"] == "wrong.yaml"]
        assert reason in told[0]["message"]
        assert told[0]["line"] == 4
        port.refused(404, "GET", "/blueprints/Thing")
    finally:
        port.repository.commit({"wrong.yaml": None})
        port.daemon.sync()


def test_p055_a_wish_of_the_api_survives_in_the_definitions_of_others(port: Port) -> None:
    """A blueprint of git names the renamed part: the file would break, so the renaming is refused."""
    mirror = KIND + "  mirrorProperties: {code: {path: region.code}}\n"
    port.repository.commit({"blueprints.yaml": mirror})
    port.daemon.sync()
    try:
        message = port.refused(422, "PATCH", "/blueprints/region/properties/code/rename", {"newPropertyName": "sign"})
        assert "blueprints.yaml" in message
        assert (
            port.ok("GET", "/blueprints/region")["blueprint"]["schema"]["properties"] == REGION["schema"]["properties"]
        )
    finally:
        port.repository.commit({"blueprints.yaml": KIND})
        port.daemon.sync()


def test_p080_a_broken_definition_names_each_field(port: Port) -> None:
    broken = changed(SERVICE, "schema", "properties", "language", "type", value="text")
    answer = port.call("POST", "/blueprints", {**broken, "identifier": "other", "colour": 1})
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["details"]} >= {"schema.properties.language.type", "colour"}


def test_p080_parts_of_port_that_are_not_here_say_so(port: Port) -> None:
    for path in (
        "/actions",
        "/webhooks",
        "/teams",
        "/users/a@example.org",
        "/scorecards",
        "/blueprints/region/actions",
    ):
        answer = port.call("GET", path)
        assert (answer.status_code, answer.json()["ok"], answer.json()["error"]) == (404, False, "not_supported"), path
    assert port.call("GET", "/nowhere").json()["error"] == "not_found"
    assert port.ok("GET", "/organization")["organization"]["id"]


def test_things_of_git_are_as_the_file_says(port: Port) -> None:
    assert port.get("Tool", "hammer")["properties"] == {"price": 12, "maker": "Smith"}
