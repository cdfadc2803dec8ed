"""Port's search over HTTP (P38, P39, P41-P44): the rules themselves are in test_port_rules.py."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.port import Port

PROPERTIES = {"size": {"type": "number"}, "team_name": {"type": "string"}, "live": {"type": "boolean"}}
BOX: dict[str, Any] = {
    "identifier": "box",
    "title": "Box",
    "schema": {"properties": PROPERTIES},
    "relations": {"inside": {"target": "box", "required": False, "many": False}},
}
BOXES = [
    {"identifier": "a", "properties": {"size": 1, "live": True}, "relations": {}},
    {"identifier": "b", "properties": {"size": 2, "live": False}, "relations": {"inside": "a"}},
    {"identifier": "c", "properties": {"size": 10}, "relations": {"inside": "b"}},
]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    """Three boxes, each in the next larger one."""
    platform = Port.begin(tmp_path_factory.mktemp("search"))
    assert platform.call("POST", "/blueprints", BOX).status_code == 201
    for box in BOXES:
        assert platform.call("POST", "/blueprints/box/entities", box).status_code == 201
    yield platform
    platform.stop()


def rule(property_: str, operator: str, value: object = None) -> dict[str, Any]:
    return {"property": property_, "operator": operator, **({} if value is None else {"value": value})}


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    assert answer.json()["ok"] is True
    return sorted(entity["identifier"] for entity in answer.json()["entities"])


QUERIES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "p038-greater": ({"combinator": "and", "rules": [rule("size", ">", 1)]}, ["b", "c"]),
    "p038-boolean": ({"combinator": "and", "rules": [rule("live", "=", False)]}, ["b"]),
    "p038-empty": ({"combinator": "and", "rules": [rule("live", "isEmpty")]}, ["c"]),
    "p039-or": ({"combinator": "or", "rules": [rule("size", "=", 1), rule("size", "=", 10)]}, ["a", "c"]),
    "p039-nested": (
        {
            "combinator": "and",
            "rules": [
                {"combinator": "or", "rules": [{"combinator": "and", "rules": [rule("size", "<", 5)]}]},
                rule("$identifier", "!=", "a"),
            ],
        },
        ["b"],
    ),
    "p039-no-rules": ({"combinator": "and", "rules": []}, ["a", "b", "c"]),
    "p041-upstream": (
        {
            "combinator": "and",
            "rules": [{"operator": "relatedTo", "blueprint": "box", "value": "c", "direction": "upstream"}],
        },
        ["a", "b"],
    ),
    "p041-downstream": (
        {
            "combinator": "and",
            "rules": [{"operator": "relatedTo", "blueprint": "box", "value": "a", "direction": "downstream"}],
        },
        ["b", "c"],
    ),
    "p042-match-any": (
        {"combinator": "and", "rules": [{"property": {"path": ["inside"]}, "operator": "matchAny", "value": "a"}]},
        ["b"],
    ),
}


@pytest.mark.parametrize(("query", "expected"), QUERIES.values(), ids=QUERIES.keys())
def test_p038_p039_p041_p042_both_searches_answer(platform: Port, query: dict[str, Any], expected: list[str]) -> None:
    assert names(platform.call("POST", "/blueprints/box/entities/search", {"query": query})) == expected
    of_boxes = {"combinator": "and", "rules": [rule("$blueprint", "=", "box"), query]}
    if "matchAny" not in str(query):  # a path without a beginning starts at the searched blueprint
        answer = platform.call("POST", "/entities/search", of_boxes)
        assert names(answer) == expected
        assert answer.json()["matchingBlueprints"] == ["box"]


def test_p041_a_cycle_ends(platform: Port) -> None:
    changed = {"relations": {"inside": "c"}}
    assert platform.call("PATCH", "/blueprints/box/entities/a", changed).status_code == 200
    query = QUERIES["p041-upstream"][0]
    assert names(platform.call("POST", "/blueprints/box/entities/search", {"query": query})) == ["a", "b", "c"]
    assert platform.call("PATCH", "/blueprints/box/entities/a", {"relations": {"inside": None}}).status_code == 200


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({"combinator": "xor", "rules": []}, "combinator"),
        ({"combinator": "and", "rules": [rule("nothing", "=", 1)]}, "rules[0]"),
        ({"combinator": "and", "rules": [rule("size", "=", 1), rule("size", "~", 1)]}, "rules[1].operator"),
        ({"combinator": "and", "rules": [{"combinator": "and", "rules": [rule("size", "?", 1)]}]}, "rules[0].rules[0]"),
        ({"combinator": "and"}, "rules"),
    ],
    ids=["p044-combinator", "p044-property", "p044-operator", "p044-nested", "p044-no-rules"],
)
def test_p044_what_is_wrong_is_told_with_its_place(platform: Port, query: dict[str, Any], place: str) -> None:
    answer = platform.call("POST", "/blueprints/box/entities/search", {"query": query})
    assert answer.status_code == 422
    assert answer.json()["ok"] is False
    assert place in answer.json()["message"]


def test_p043_pages_visit_each_entity_once_while_others_are_written(platform: Port) -> None:
    for number in range(60):
        body = {"identifier": f"page-{number:03}", "properties": {"size": number}}
        assert platform.call("POST", "/blueprints/box/entities", body).status_code == 201
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            body = {"identifier": f"new-{number:03}", "properties": {}}
            assert platform.call("POST", "/blueprints/box/entities", body).status_code == 201

    writer = threading.Thread(target=write)
    writer.start()
    seen: list[str] = []
    asked: dict[str, Any] = {"limit": 7, "query": {"combinator": "and", "rules": [rule("size", ">=", 0)]}}
    try:
        while True:
            answer = platform.call("POST", "/blueprints/box/entities/search", asked)
            assert answer.status_code == 200, answer.text
            seen += [entity["identifier"] for entity in answer.json()["entities"]]
            if "next" not in answer.json():
                break
            asked["from"] = answer.json()["next"]
    finally:
        stop.set()
        writer.join()
    assert len(seen) == len(set(seen))
    assert {f"page-{number:03}" for number in range(60)} <= set(seen)
    assert platform.call("POST", "/blueprints/box/entities/search", {"from": "nonsense"}).status_code == 422
    assert platform.call("POST", "/blueprints/box/entities/search", {"limit": 1001}).status_code == 422


def test_p033_a_search_takes_only_what_is_asked_for(platform: Port) -> None:
    body = {"query": {"combinator": "and", "rules": [rule("$identifier", "=", "a")]}, "include": ["properties.size"]}
    answer = platform.call("POST", "/blueprints/box/entities/search", body)
    assert answer.json()["entities"] == [{"properties": {"size": 1}}]
