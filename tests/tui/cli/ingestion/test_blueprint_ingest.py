"""Entities of a blueprint from files, against a real daemon: made, changed, refused, exported and taken back."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon import Daemon
from tests.tui.cli.conftest import CONFIG
from tests.tui.cli.ingestion.test_blueprint_rows import BLUEPRINT
from tests.tui.cli.program import COMMAND, catalog, environment

SERVICE = BLUEPRINT | {
    "relations": BLUEPRINT["relations"] | {"system": {"target": "platform"}},
    "mirrorProperties": {"platformName": {"path": "system.$title"}},
    "calculationProperties": {"spare": {"type": "number", "calculation": "(.properties.replicas // 0) - 1"}},
}
ROWS = """\
identifier,title,Main Language,replicas,onCall,links,config,system,depends on
pay,Payments,go,3,yes,https://a.test;https://b.test,"{""tier"": ""gold""}",core,
cart,,1.10,0.5,no,,,core,pay
ledger,,,1,,,,,
shop,,go,many,,,,,
desk,,go,,,,,nowhere,
"""


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon with two blueprints and one platform."""
    with Daemon(tmp_path_factory.mktemp("port") / "daemon", CONFIG) as daemon:
        for blueprint in ({"identifier": "platform", "schema": {"properties": {}}}, SERVICE):
            answer = daemon.owner.post("/v1/blueprints", json=blueprint)
            assert answer.status_code == 201, answer.text
        answer = daemon.owner.post("/v1/blueprints/platform/entities", json={"identifier": "core"})
        assert answer.status_code == 201, answer.text
        yield daemon


def entities(daemon: Daemon) -> dict[str, Any]:
    """The entities of the blueprint by identifier, without their stamps."""
    kept = ("title", "team", "properties", "relations")
    return {name: {part: one[part] for part in kept} for name, one in whole_entities(daemon).items()}


def whole_entities(daemon: Daemon, query: str = "?exclude_calculated_properties=true") -> dict[str, Any]:
    """The entities of the blueprint by identifier, stamps and all."""
    answer = daemon.owner.get(f"/v1/blueprints/service/entities{query}")
    assert answer.status_code == 200, answer.text
    return {one["identifier"]: one for one in answer.json()["entities"]}


def changes(daemon: Daemon) -> int:
    """How many rows the log has."""
    return int(daemon.owner.get("/api/own/changes").json()["index_seq"])


def test_p075_rows_become_entities_and_bad_ones_are_told(daemon: Daemon) -> None:
    options = ["--blueprint", "service", "--upsert", "-o", "json"]
    tried = catalog(daemon.state, "ingest", "-", *options, "--dry-run", input_text=ROWS)
    assert entities(daemon) == {}
    done = catalog(daemon.state, "ingest", "-", *options, input_text=ROWS)
    told = json.loads(done.out)
    assert done.code == tried.code == 7
    assert (told["rows"], told["added"], told["rejected"]) == (5, 2, 3)
    reasons = {one["line"]: one["reason"] for one in told["not_taken"]}
    assert reasons.keys() == {4, 5, 6}
    assert "language" in reasons[4]
    assert reasons[5] == "replicas: 'many' is no number"
    assert "nowhere" in reasons[6]
    # A dry run stores nothing, so what a row before would have made is not there for the next one.
    assert [one["line"] for one in json.loads(tried.out)["not_taken"]] == [3, 4, 5, 6]
    found = entities(daemon)
    assert found.keys() == {"pay", "cart"}
    assert found["pay"]["properties"] == {
        "language": "go",
        "replicas": 3,
        "onCall": True,
        "links": ["https://a.test", "https://b.test"],
        "config": {"tier": "gold"},
    }
    assert found["cart"]["properties"] == {"language": "1.10", "replicas": 0.5, "onCall": False}
    assert found["cart"]["relations"] == {"system": "core", "needs": ["pay"]}


def test_merge_changes_the_given_values_only(daemon: Daemon) -> None:
    catalog(daemon.state, "ingest", "-", "--blueprint", "service", "--upsert", input_text=ROWS)
    changed = "id,replicas,config\npay,4,\\N\n"
    again = catalog(daemon.state, "ingest", "-", "--blueprint", "service", input_text="id,language\npay,go\n")
    assert (again.code, "--upsert" in again.out or "upsert" in again.out) == (4, True)
    done = catalog(daemon.state, "ingest", "-", "--blueprint", "service", "--merge", input_text=changed)
    assert done.err == "1 row: 0 added, 1 updated, 0 same, 0 unknown, 0 rejected\n"
    found = entities(daemon)["pay"]["properties"]
    assert (found["replicas"], found["language"], "config" in found and found["config"] is not None) == (4, "go", False)
    made = "id,language,system\nnew,go,not-yet\n"
    missing = catalog(
        daemon.state, "ingest", "-", "--blueprint", "service", "--upsert", "--create-missing", input_text=made
    )
    assert missing.code == 0, missing.out
    assert entities(daemon)["new"]["relations"]["system"] == "not-yet"


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "yaml"])
def test_p076_export_then_import_changes_nothing(daemon: Daemon, tmp_path: Path, ending: str) -> None:
    catalog(daemon.state, "ingest", "-", "--blueprint", "service", "--upsert", input_text=ROWS)
    before, seq = whole_entities(daemon, ""), changes(daemon)
    assert before["pay"]["properties"]["spare"] == 2
    file, again = tmp_path / f"services.{ending}", tmp_path / f"again.{ending}"
    assert catalog(daemon.state, "export", "--blueprint", "service", "-o", str(file)).code == 0
    done = catalog(daemon.state, "ingest", str(file), "--blueprint", "service", "--upsert")
    assert done.code == 0, done.out
    assert (whole_entities(daemon, ""), changes(daemon)) == (before, seq)
    assert catalog(daemon.state, "export", "--blueprint", "service", "-o", str(again)).code == 0
    assert again.read_bytes() == file.read_bytes()


def test_a_blueprint_that_is_not_there(daemon: Daemon) -> None:
    done = catalog(daemon.state, "ingest", "-", "--blueprint", "none", input_text="id\nx\n")
    assert (done.code, "none" in done.err) == (1, True)


@pytest.mark.slow  # half a minute
def test_p075_ten_thousand_rows_within_a_minute(daemon: Daemon, tmp_path: Path) -> None:
    rows = [f"row-{number},{'many' if number == 5_000 else number},go" for number in range(10_000)]
    file = tmp_path / "rows.csv"
    file.write_text("\n".join(["identifier,replicas,language", *rows]))
    command = [*COMMAND, "ingest", str(file), "--blueprint", "service", "--upsert", "-o", "json"]
    began = time.monotonic()
    done = subprocess.run(
        command, env=environment(daemon.state), capture_output=True, text=True, timeout=300, check=False
    )
    took = time.monotonic() - began
    told = json.loads(done.stdout)
    assert (done.returncode, told["added"], told["rejected"]) == (7, 9_999, 1)
    assert [one["line"] for one in told["not_taken"]] == [5_002]
    assert len([name for name in entities(daemon) if name.startswith("row-")]) == 9_999
    assert took < 60
