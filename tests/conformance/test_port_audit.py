"""The audit log (P78): a known story, told by its filters."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.port import ENTITIES, Port


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    """A blueprint and an entity are made, changed and deleted; a tool of git is written over, and its file changes."""
    port = Port.begin(tmp_path_factory.mktemp("port"))
    port.ok("POST", "/blueprints", {"identifier": "card", "schema": {"properties": {"n": {"type": "number"}}}}, 201)
    port.post("card", "One", properties={"n": 1})
    port.ok("PATCH", port.path("card", "One"), {"properties": {"n": 2}})
    port.ok("PATCH", "/blueprints/card", {"title": "Card"})
    port.ok("DELETE", port.path("card", "One"))
    port.ok("DELETE", "/blueprints/card")
    port.ok("PATCH", port.path("Tool", "hammer"), {"properties": {"price": 20}})
    port.repository.commit({"things.yaml": ENTITIES.replace("title: Hammer", "title: Mallet")})
    port.daemon.sync()
    yield port
    port.stop()


def audits(port: Port, query: str) -> list[Any]:
    return list(port.ok("GET", f"/audit-log?{query}")["audits"])


def steps(found: list[Any]) -> list[tuple[str, str, str]]:
    """Resource, identifier and action, the oldest first."""
    return [(one["resourceType"], one["identifier"], one["action"]) for one in reversed(found)]


CARD_STORY = [
    ("blueprint", "card", "CREATE"),
    ("entity", "One", "CREATE"),
    ("entity", "One", "UPDATE"),
    ("blueprint", "card", "UPDATE"),
    ("entity", "One", "DELETE"),
    ("blueprint", "card", "DELETE"),
]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("identifier=card", [step for step in CARD_STORY if step[0] == "blueprint"]),
        ("identifier=card&resources=entity", []),
        ("blueprint=card&resources=blueprint", [step for step in CARD_STORY if step[0] == "blueprint"]),
        ("identifier=card&action=CREATE", [("blueprint", "card", "CREATE")]),
        ("identifier=card&status=SUCCESS&action=DELETE", [("blueprint", "card", "DELETE")]),
        ("identifier=card&status=FAILURE", []),
        ("resources=run&resources=webhook", []),
        ("blueprint=Tool&entity=hammer&origin=API", [("entity", "hammer", "UPDATE")]),
        ("blueprint=Tool&entity=hammer&origin=GIT", [("entity", "hammer", "CREATE"), ("entity", "hammer", "UPDATE")]),
        (
            "blueprint=Tool&entity=hammer&origin=GIT&origin=API",
            [("entity", "hammer", "CREATE"), ("entity", "hammer", "UPDATE"), ("entity", "hammer", "UPDATE")],
        ),
        ("identifier=card&from=2999-01-01T00:00:00Z", []),
        ("identifier=card&to=2001-01-01", []),
        ("identifier=card&limit=1", [("blueprint", "card", "DELETE")]),
    ],
    ids=lambda value: f"p078-{value}" if isinstance(value, str) else "",
)
def test_p078_filters(port: Port, query: str, wanted: list[tuple[str, str, str]]) -> None:
    assert steps(audits(port, query)) == wanted


def test_p078_a_blueprint_that_is_gone_still_has_its_entities_in_the_log(port: Port) -> None:
    found = audits(port, "blueprint=card&resources=entity")
    assert [one["action"] for one in reversed(found)] == ["CREATE", "UPDATE", "DELETE"]
    assert len(audits(port, "resources=entity&resources=blueprint&limit=1000")) >= len(CARD_STORY)


def test_p078_a_row_tells_before_and_after(port: Port) -> None:
    port.ok("POST", "/blueprints", {"identifier": "note", "schema": {"properties": {"n": {"type": "number"}}}}, 201)
    port.post("note", "One", properties={"n": 1})
    port.ok("PATCH", port.path("note", "One"), {"properties": {"n": 2}})
    row, made = audits(port, "blueprint=note&entity=One")
    assert (row["trigger"]["by"], row["trigger"]["origin"]) == ({"userId": "test"}, "API")
    assert row["trigger"]["at"] >= made["trigger"]["at"]
    assert row["context"] == {"entity": "One", "blueprint": "note"}
    assert (row["diff"]["before"]["properties"], row["diff"]["after"]["properties"]) == ({"n": 1}, {"n": 2})
    assert made["diff"]["before"] is None
    assert row["additionalData"]["requestId"]
    since = row["trigger"]["at"].replace("Z", "%2B00:00")
    assert audits(port, f"blueprint=note&entity=One&from={since}") == [row]
    (narrow,) = audits(port, "blueprint=note&entity=One&action=UPDATE&includes=action&includes=trigger.origin")
    assert narrow == {"action": "UPDATE", "trigger": {"origin": "API"}}


def test_p078_what_was_laid_over_an_entity_of_git(port: Port) -> None:
    (row,) = audits(port, "blueprint=Tool&entity=hammer&origin=API")
    assert row["diff"] == {"before": None, "after": {"properties": {"price": 20}}}


@pytest.mark.parametrize(
    "query", ["action=MAKE", "status=MAYBE", "from=yesterday", "limit=0", "colour=red", "origin=UI"]
)
def test_p078_a_wrong_filter_is_named(port: Port, query: str) -> None:
    assert query.partition("=")[0] in port.refused(422, "GET", f"/audit-log?{query}")
