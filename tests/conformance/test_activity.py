"""Activity records by API: H74, H75, H77, H80; durable (R34) and bounded (R45, R59)."""

import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncd.activity.schemas import SCHEMAS
from syncd.store.state import State
from syncd.store.state_file import SCRIPTS
from tests.support.activity import ACCOUNT, MINIMAL, OWN, identifiers, integration, listed, record, send, sent
from tests.support.daemon import Daemon, wait_until
from tests.support.shop import Backstage, Forge, component


@pytest.fixture
def owner(workshop: Backstage) -> httpx.Client:
    """The owner of a daemon that holds what the tests of this module sent it."""
    return workshop.daemon.owner


# H74: the schemas ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda name: f"h074-{name}")
def test_a_record_that_breaks_its_schema_is_rejected_by_index(owner: httpx.Client, schema: str) -> None:
    complete = record(schema)
    lacking = [{name: value for name, value in complete.items() if name != left} for left in complete]
    unknown = {**complete, "colour": "blue"}
    answer = sent(owner, f"h74-{schema}", schema, *lacking, unknown, complete)
    assert [one["index"] for one in answer["rejected"]] == list(range(len(lacking) + 1))
    assert [one["field"] for one in answer["rejected"]] == [*complete, "colour"]
    assert answer["rejected"][-1]["reason"].startswith(f"colour is not a field of {schema}")
    assert all(one["reason"] == f"{one['field']} is missing" for one in answer["rejected"][:-1])
    assert (answer["accepted"], answer["created"], answer["updated"]) == (1, 1, 0)
    assert [item["fields"] for item in listed(owner, integration=f"h74-{schema}")] == [complete]


def test_h074_the_required_fields_are_those_of_the_specification() -> None:
    assert {name: set(schema.required) for name, schema in SCHEMAS.items()} == {
        name: set(fields) for name, fields in MINIMAL.items()
    }


WRONG = [
    pytest.param({"timestamp": "yesterday"}, "timestamp", id="h074-time"),
    pytest.param({"timestamp": -1}, "timestamp", id="h074-time-before-all"),
    pytest.param({"timestamp": True}, "timestamp", id="h074-time-of-a-truth-value"),
    pytest.param({"identifier": ""}, "identifier", id="h074-empty-identifier"),
    pytest.param({"identifier": 7}, "identifier", id="h074-number-as-identifier"),
    pytest.param({"identifier": "x" * 513}, "identifier", id="h074-long-identifier"),
    pytest.param({"status": ["SUCCESS"]}, "status", id="h074-list-as-text"),
    pytest.param({"durationInSec": "10"}, "durationInSec", id="h074-text-as-number"),
    pytest.param({"customData": []}, "customData", id="h074-list-as-object"),
    pytest.param({"tags": {"a": {}}}, "tags", id="h074-tags-of-objects"),
    pytest.param({"entity_ref": "component:"}, "entity_ref", id="h074-ref"),
    pytest.param({"environment": None}, "environment", id="h074-null-is-absent"),
]


@pytest.mark.parametrize(("fields", "named"), WRONG)
def test_a_value_that_its_field_cannot_hold_is_rejected(owner: httpx.Client, fields: Any, named: str) -> None:
    answer = sent(owner, "h74-wrong", "deployment", record("deployment"), record("deployment", **fields))
    assert [(one["index"], one["field"]) for one in answer["rejected"]] == [(1, named)]


@pytest.mark.parametrize("value", [None, 1, "x", [], [{}]], ids=str)
def test_h074_what_is_no_object_is_rejected(owner: httpx.Client, value: Any) -> None:
    answer = sent(owner, "h74-wrong", "deployment", value, record("deployment"))
    assert answer["rejected"] == [
        {"index": 0, "identifier": None, "field": "", "reason": "the record is not an object"}
    ]


def test_h074_where_not_one_fits_all_reasons_are_told_and_nothing_is_made(owner: httpx.Client) -> None:
    answer = send(owner, "h74-none", "quality", {"identifier": "q"}, {"name": "n", "colour": 1})
    assert answer.status_code == 400
    assert "record 0: name is missing" in answer.text
    assert "record 1: identifier is missing; colour is not a field of quality" in answer.text
    assert owner.get(f"{OWN}/integrations/h74-none").status_code == 404


def test_h074_custom_records_may_hold_fields_that_the_integration_declares(owner: httpx.Client) -> None:
    integration(owner, "h74-reviews", schema="custom", fields=["reviewer", "approved"])
    review = {"identifier": "r-1", "reviewer": "mira", "approved": True}
    answer = sent(owner, "h74-reviews", "custom", review, {**review, "stars": 5})
    assert [(one["index"], one["field"]) for one in answer["rejected"]] == [(1, "stars")]
    assert listed(owner, integration="h74-reviews")[0]["fields"] == review


@pytest.mark.parametrize(
    ("identifier", "schema", "status"),
    [
        pytest.param("ok", "nonsense", 400, id="a schema that is none"),
        pytest.param("ok", "metric", 400, id="metrics have a path of their own"),
        pytest.param("-x", "build", 400, id="a name that is none"),
        pytest.param("x" * 64, "build", 400, id="a long name"),
        pytest.param("h74-taken", "build", 409, id="an integration of another schema"),
    ],
)
def test_where_records_cannot_be_sent(owner: httpx.Client, identifier: str, schema: str, status: int) -> None:
    sent(owner, "h74-taken", "custom", {"identifier": "one"})
    assert send(owner, identifier, schema, record("build")).status_code == status


# H75: the key of updates, and removal --------------------------------------------------------------------------------


def test_h075_the_same_identifier_updates(owner: httpx.Client) -> None:
    first = sent(owner, "h75", "deployment", record("deployment", status="RUNNING"))
    second = sent(owner, "h75", "deployment", record("deployment", status="SUCCESS", type="ROLLBACK"))
    assert (first["created"], first["updated"], second["created"], second["updated"]) == (1, 0, 0, 1)
    [item] = listed(owner, integration="h75")
    assert (item["fields"]["status"], item["type"]) == ("SUCCESS", "ROLLBACK")


def test_h075_twice_in_one_request_the_last_one_stays(owner: httpx.Client) -> None:
    answer = sent(owner, "h75-twice", "quality", record("quality", score=1), record("quality", score=2))
    assert answer["accepted"] == 2
    assert [item["fields"]["score"] for item in listed(owner, integration="h75-twice")] == [2]


def test_h075_the_same_identifier_of_another_integration_is_another_record(owner: httpx.Client) -> None:
    for name in ("h75-one", "h75-two"):
        assert sent(owner, name, "incidents", record("incidents"))["created"] == 1
        assert len(listed(owner, integration=name)) == 1


def test_h075_without_identifier_each_record_is_one_more(owner: httpx.Client) -> None:
    for _ in range(2):
        assert sent(owner, "h75-custom", "custom", {"name": "again"})["created"] == 1
    assert len(listed(owner, integration="h75-custom")) == 2


@pytest.mark.parametrize(
    ("selector", "left"),
    [
        pytest.param({"identifiers": ["a", "nobody"]}, ["c", "b"], id="h075-by-identifier"),
        pytest.param({"filter": {"entity_refs": ["Component:default/One"]}}, ["c", "b"], id="h075-by-entity"),
        pytest.param({"filter": {"entity_refs": ["one", "component:two"]}}, ["c"], id="h075-by-entities"),
        pytest.param({"filter": {"types": ["ROLLBACK"]}}, ["c", "a"], id="h075-by-type"),
        pytest.param({"identifiers": []}, ["c", "b", "a"], id="h075-by-nothing"),
    ],
)
def test_records_are_removed_by_one_selector(owner: httpx.Client, selector: Any, left: list[str]) -> None:
    owner.delete(f"{OWN}/integrations/h75-removal")
    sent(
        owner,
        "h75-removal",
        "deployment",
        record("deployment", identifier="a", entity_ref="component:default/one", timestamp=1),
        record("deployment", identifier="b", entity_ref="component:default/two", type="ROLLBACK", timestamp=2),
        record("deployment", identifier="c", timestamp=3),
    )
    answer = owner.request("DELETE", f"{ACCOUNT}/integrations/h75-removal/data/deployment", json=selector)
    assert (answer.status_code, answer.json()) == (200, {"deleted": 3 - len(left)})
    assert identifiers(owner, integration="h75-removal") == left


@pytest.mark.parametrize(
    "selector",
    [
        {},
        {"filter": {}},
        {"identifiers": ["a"], "filter": {"types": ["b"]}},
        {"filter": {"types": ["b"], "entity_refs": ["component:default/one"]}},
        {"identifiers": ["a"], "filter": {"entity_refs": ["one"], "types": ["b"]}},
        {"identifiers": "a"},
        {"filter": {"entity_refs": ["component:"]}},
        {"everything": True},
    ],
    ids=str,
)
def test_h075_any_other_selection_is_400(owner: httpx.Client, selector: Any) -> None:
    sent(owner, "h75-kept", "quality", record("quality", type="b"))
    answer = owner.request("DELETE", f"{ACCOUNT}/integrations/h75-kept/data/quality", json=selector)
    assert answer.status_code == 400, answer.text
    assert len(listed(owner, integration="h75-kept")) == 1


@pytest.mark.parametrize("path", ["h75-nobody/data/quality", "h75-kept/data/build", "h75-kept/data/nonsense"])
def test_what_is_not_there_cannot_be_removed(owner: httpx.Client, path: str) -> None:
    sent(owner, "h75-kept", "quality", record("quality"))
    assert owner.request("DELETE", f"{ACCOUNT}/integrations/{path}", json={"identifiers": []}).status_code == 404


# H77: links ----------------------------------------------------------------------------------------------------------


def test_h077_a_record_without_entity_is_kept_unlinked_until_there_is_one(workshop: Backstage, forge: Forge) -> None:
    owner = workshop.daemon.owner
    sent_records = [
        record("build", identifier="h77-named", entity_ref="Component:default/Late", timestamp=2),
        record("build", identifier="h77-nothing", timestamp=1),
    ]
    assert sent(owner, "h77", "build", *sent_records)["unlinked"] == 2
    assert identifiers(owner, integration="h77", unlinked="true") == ["h77-named", "h77-nothing"]
    assert [item["entity_ref"] for item in listed(owner, integration="h77")] == [None, None]
    workshop.daemon.register(forge.file("h77", component("late")))
    assert identifiers(owner, integration="h77", unlinked="true") == ["h77-nothing"]
    [item] = owner.get(f"{OWN}/entities/component:default%2Flate/activity").json()["items"]
    assert (item["identifier"], item["entity_ref"], item["fields"]["entity_ref"]) == (
        "h77-named",
        "component:default/late",
        "Component:default/Late",
    )


def test_h077_a_rule_links_to_every_entity_with_the_same_value(workshop: Backstage, forge: Forge) -> None:
    owner = workshop.daemon.owner
    slug = "github.com/project-slug"
    made = {"ingested_path": "customData.repo", "catalog_path": f'metadata.annotations."{slug}"'}
    shown = integration(owner, "h77-rule", schema="deployment", correlation=made)
    assert shown["correlation"]["catalog_path"] == f"metadata.annotations.{slug}"

    def deployed(identifier: str, repo: Any, **more: Any) -> dict[str, Any]:
        return record("deployment", identifier=identifier, customData={"repo": repo}, **more)

    answer = sent(
        owner,
        "h77-rule",
        "deployment",
        deployed("mono", "acme/mono", timestamp=5),
        deployed("case", "ACME/Mono", timestamp=4),
        deployed("other", "acme/other", timestamp=3),
        deployed("list", ["acme/mono"], timestamp=2),
        deployed("named", "acme/mono", entity_ref="component:default/nobody", timestamp=1),
    )
    assert answer["unlinked"] == 5
    file = [component(name, annotations={slug: "acme/mono"}) for name in ("left", "right")]
    workshop.daemon.register(forge.file("h77-rule", "\n---\n".join(file)))
    links = {item["identifier"]: item["entity_refs"] for item in listed(owner, integration="h77-rule")}
    assert links == {
        "mono": ["component:default/left", "component:default/right"],
        "case": [],
        "other": [],
        "list": [],
        "named": [],
    }
    assert identifiers(owner, integration="h77-rule", unlinked="true") == ["case", "other", "list", "named"]
    assert identifiers(owner, integration="h77-rule", unlinked="false") == ["mono"]
    assert identifiers(owner, entity="component:default/right") == ["mono"]
    assert identifiers(owner, entity="component:default/nobody") == ["named"]
    assert sent(owner, "h77-rule", "deployment", deployed("more", "acme/mono"))["unlinked"] == 0


def test_h077_another_rule_links_what_was_received_before(workshop: Backstage, forge: Forge) -> None:
    owner = workshop.daemon.owner
    workshop.daemon.register(forge.file("h77-change", component("changed", labels={"number": "7"})))
    sent(owner, "h77-change", "build", record("build", service="Changed", customData={"n": 7}))
    path = f"{OWN}/integrations/h77-change"
    rules = [("service", "metadata.name", 0), ("customData.n", "metadata.labels.number", 1), (None, None, 0)]
    for ingested, catalog, linked in rules:
        rule = {"ingested_path": ingested, "catalog_path": catalog} if ingested else None
        assert owner.patch(path, json={"correlation": rule}).status_code == 200
        assert len(listed(owner, integration="h77-change", unlinked="false")) == linked


def test_removing_by_entity_removes_what_a_rule_links_to_it(workshop: Backstage, forge: Forge) -> None:
    owner = workshop.daemon.owner
    workshop.daemon.register(forge.file("h75-rule", component("ruled")))
    rule = {"ingested_path": "service", "catalog_path": "metadata.name"}
    integration(owner, "h75-rule", schema="incidents", correlation=rule)
    sent(owner, "h75-rule", "incidents", record("incidents", service="ruled"))
    answer = owner.request(
        "DELETE", f"{ACCOUNT}/integrations/h75-rule/data/incidents", json={"filter": {"entity_refs": ["ruled"]}}
    )
    assert answer.json() == {"deleted": 1}


# Reading -------------------------------------------------------------------------------------------------------------


def test_records_come_newest_first_and_by_filter(owner: httpx.Client) -> None:
    now = int(time.time() * 1000)
    rows = [("old", now - 8 * 86_400_000), ("new", now), ("same", now)]
    sent(owner, "reading", "quality", *(record("quality", identifier=i, timestamp=t, type=i) for i, t in rows))
    assert identifiers(owner, integration="reading") == ["same", "new", "old"]
    assert identifiers(owner, integration="reading", since="7d") == ["same", "new"]
    assert identifiers(owner, integration="reading", since=str(now + 1)) == []
    assert identifiers(owner, integration="reading", since="1970-01-01T00:00:00Z", type="old") == ["old"]
    assert identifiers(owner, integration="reading", schema="build") == []
    answer = owner.get(f"{OWN}/activity", params={"integration": "reading", "limit": 2}).json()
    assert (len(answer["items"]), answer["more"]) == (2, True)
    assert identifiers(owner, integration="reading", limit=2, offset=2) == ["old"]


def test_a_record_without_a_time_has_the_time_of_its_receipt(owner: httpx.Client) -> None:
    before = int(time.time() * 1000)
    sent(owner, "timeless", "custom", {"name": "now"})
    [item] = listed(owner, integration="timeless")
    assert before <= item["timestamp"] == item["received"] <= int(time.time() * 1000)


@pytest.mark.parametrize(
    "filters",
    [
        {"since": "yesterday"},
        {"entity": "nobody"},
        {"unlinked": "maybe"},
        {"colour": "x"},
        {"entity": "component:a/b", "unlinked": "true"},
    ],
    ids=str,
)
def test_filters_that_cannot_be_read_are_400(owner: httpx.Client, filters: Any) -> None:
    assert owner.get(f"{OWN}/activity", params=filters).status_code == 400


def test_activity_of_no_entity_is_404(owner: httpx.Client) -> None:
    assert owner.get(f"{OWN}/entities/component:default%2Fnowhere/activity").status_code == 404


# Metrics -------------------------------------------------------------------------------------------------------------


def test_metrics_are_only_ever_added(owner: httpx.Client) -> None:
    body = {
        "entity_ref": "component:default/metered",
        "tags": {"unit": "ms"},
        "metrics": [{"value": 12.5, "timestamp": 2000}, {"value": 13, "timestamp": 1000}, {"value": "x"}],
    }
    for _ in range(2):
        answer = owner.post(f"{ACCOUNT}/metrics/latency", json=body).json()
        assert (answer["created"], answer["updated"], answer["rejected"][0]["index"]) == (2, 0, 2)
    items = listed(owner, entity="component:default/metered", schema="metric")
    assert [(item["timestamp"], item["fields"]["value"]) for item in items] == [
        (2000, 12.5), (2000, 12.5), (1000, 13), (1000, 13)
    ]  # fmt: skip
    assert items[0]["fields"]["tags"] == {"unit": "ms"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"metrics": []}, 400),
        ({"metrics": [{"value": 1}]}, 400),
        ({"metrics": [{"value": 1, "timestamp": 1}], "entity_ref": "a:"}, 400),
        ({"metrics": [{"value": 1, "timestamp": 1}], "tags": {"a": []}}, 400),
        ({"metrics": [{"value": 1, "timestamp": 1}], "tags": ["x" * 5000]}, 400),
        ({}, 400),
    ],
    ids=lambda value: str(value)[:80],
)
def test_metrics_that_cannot_be_read_are_400(owner: httpx.Client, body: Any, status: int) -> None:
    assert owner.post(f"{ACCOUNT}/metrics/wrong", json=body).status_code == status


# Who may, and how much -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scope", "send_status", "read_status"), [("properties:write", 200, 403), ("read", 403, 200)])
def test_r056_sending_needs_one_scope_and_reading_another(
    workshop: Backstage, scope: str, send_status: int, read_status: int
) -> None:
    with workshop.daemon.stranger(workshop.daemon.token(scope)) as client:
        assert send(client, "scoped", "custom", {"name": "x"}).status_code == send_status
        assert client.get(f"{OWN}/activity").status_code == read_status
        assert client.get(f"{OWN}/integrations").status_code == 403


def test_r059_records_of_a_request_and_their_size_are_bounded(start: Callable[[str], Daemon]) -> None:
    limits = "activity_records = 3\nactivity_record_size = 200\nintegrations = 2\n"
    owner = start(f"[limits]\n{limits}").owner
    assert send(owner, "a", "custom", *([{}] * 4)).status_code == 413
    answer = sent(owner, "a", "custom", {"name": "x" * 200}, {"name": "y"})
    assert "activity_record_size" in answer["rejected"][0]["reason"]
    sent(owner, "b", "custom", {})
    refused = send(owner, "c", "custom", {})
    assert (refused.status_code, "limit integrations" in refused.text) == (413, True)
    assert sent(owner, "b", "custom", {})["created"] == 1


def test_r034_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    with Daemon(tmp_path / "daemon") as daemon:
        for number in range(20):
            sent(daemon.owner, "killed", "quality", record("quality", identifier=f"q-{number}", timestamp=number))
        daemon.process.send_signal(signal.SIGKILL)
        daemon.process.wait()
    with Daemon(tmp_path / "daemon") as daemon:
        assert identifiers(daemon.owner, integration="killed") == [f"q-{number}" for number in reversed(range(20))]


def test_a_request_makes_one_row_in_the_log(owner: httpx.Client) -> None:
    before = owner.get(f"{OWN}/status").json()["index_seq"]
    sent(owner, "logged", "quality", record("quality"), record("quality", identifier="q-2"), {"name": "bad"})
    [row] = owner.get(f"{OWN}/changes", params={"since": before}).json()["items"]
    assert (row["what"], row["target"]) == ("activity.received", "logged")
    assert row["detail"] == {"schema": "quality", "created": 2, "updated": 0, "rejected": 1}


def test_r045_records_go_when_their_time_is_over_or_there_are_too_many(tmp_path: Path) -> None:
    config = "[limits]\nactivity_kept = 3\n"
    with Daemon(tmp_path / "daemon", config) as daemon:
        integration(daemon.owner, "short", schema="custom", retention_days=1)
        integration(daemon.owner, "long", schema="custom", retention_days=3)
        for name in ("short", "long"):
            sent(daemon.owner, name, "custom", {"identifier": "old"}, {"identifier": "new"})
        sent(daemon.owner, "many", "custom", *({"identifier": f"m-{number}"} for number in range(5)))
    with closing(sqlite3.connect(daemon.state / "state.sqlite")) as state:
        state.execute("UPDATE activity SET received = received - 2 * 86400000 WHERE identifier = 'old'")
        state.commit()
    with Daemon(tmp_path / "daemon", config) as daemon:
        wait_until(lambda: len(listed(daemon.owner)) == 6, "the daemon has forgotten what is too old")
        assert identifiers(daemon.owner, integration="short") == ["new"]
        assert sorted(identifiers(daemon.owner, integration="long")) == ["new", "old"]
        assert identifiers(daemon.owner, integration="many") == ["m-4", "m-3", "m-2"]

        def rows() -> list[Any]:
            changes = daemon.owner.get(f"{OWN}/changes").json()["items"]
            return [one["detail"] for one in changes if one["actor"] == "retention"]

        wait_until(lambda: rows() == [{"short": 1, "many": 2}], "the log has it")


# SQL -----------------------------------------------------------------------------------------------------------------


def test_records_can_be_asked_for_in_sql(workshop: Backstage, forge: Forge) -> None:
    owner = workshop.daemon.owner
    workshop.daemon.register(forge.file("sql", component("asked")))
    fields = {"entity_ref": "component:default/asked", "timestamp": "2026-05-26T13:55:00Z", "status": "FAILED"}
    sent(owner, "sql", "deployment", record("deployment", **fields), record("deployment", identifier="d-2"))
    question = (
        "SELECT strftime(time, '%Y-%m-%dT%H:%M:%S'), identifier, ref, refs, status, fields->>'$.environment' "
        "FROM activity WHERE integration = 'sql' ORDER BY identifier"
    )

    def rows() -> Any:
        return owner.post(f"{OWN}/sql", json={"sql": question}).json()["rows"]

    wait_until(lambda: len(rows()) == 2, "a snapshot has the records")
    assert rows() == [
        ["2026-05-26T13:55:00", "d-1", "component:default/asked", ["component:default/asked"], "FAILED", "production"],
        ["2026-05-26T13:55:00", "d-2", None, [], "SUCCESS", "production"],
    ]


# H80, and the file format --------------------------------------------------------------------------------------------


def test_r043_an_older_state_gets_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(path)) as plain:
        scripts = "".join(script.read_text() for number, script in SCRIPTS.items() if number <= 3)
        plain.executescript(f"{scripts}PRAGMA user_version = 3;")
    with closing(State(path)) as state:
        assert state.read("SELECT count(*) FROM activity") == [(0,)]
