"""Reading commands against a real daemon, in a pipe."""

import csv
import json
import subprocess
from io import StringIO
from pathlib import Path

import pytest
import yaml

from tests.tui.cli.conftest import HOSTILE
from tests.tui.cli.hostile import raw
from tests.tui.cli.program import COMMAND, catalog, environment, in_terminal
from tui.cli.formats import FORMATS


def test_list_in_a_pipe_is_tsv_with_a_header(state: Path) -> None:
    done = catalog(state, "list", "kind:component", "name:ledger", "namespace:default")
    header, row = done.out.splitlines()
    assert header.split("\t") == ["kind", "name", "owner", "type", "lifecycle", "description"]
    assert row.split("\t") == ["Component", "ledger", "team-a", "service", "production", ""]
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "refs"),
    [
        pytest.param(["tag:java", "-tag:legacy"], ["component:default/wide"], id="exclusion-is-no-option"),
        pytest.param(["-tag:java name:payments"], ["api:default/payments"], id="exclusion-first"),
        pytest.param(
            ["name:payments", "--sort=-kind"], ["component:default/payments", "api:default/payments"], id="sort"
        ),
        pytest.param(["name:none"], [], id="nothing"),
    ],
)
def test_list_takes_a_query_line(state: Path, arguments: list[str], refs: list[str]) -> None:
    done = catalog(state, "list", *arguments, "-o", "name")
    assert (done.code, done.out.splitlines()) == (0, refs)


def test_a_limit_is_announced(state: Path) -> None:
    done = catalog(state, "list", "name:payments", "--limit", "1", "-o", "name", "--quiet")
    assert done.out == "api:default/payments\n"
    assert done.err == "showing 1 of 2; --limit -1 shows all\n"
    assert catalog(state, "list", "name:payments", "--limit", "-1", "-o", "name").err == ""


def test_any_field_is_a_column(state: Path) -> None:
    done = catalog(
        state, "list", "name:ledger", "--columns", "namespace,metadata.annotations.acme.test/pager", "--no-header"
    )
    assert done.out == "default\tP-17\nedge\t\n"


def test_list_gives_whole_entities_to_programs(state: Path) -> None:
    line = "kind:component name:payments"
    listed = json.loads(catalog(state, "list", line, "-o", "json").out)
    assert [one["metadata"]["name"] for one in listed] == ["payments"]
    assert json.loads(catalog(state, "list", line, "-o", "jsonl").out) == listed[0]
    assert yaml.safe_load(catalog(state, "list", line, "-o", "yaml").out) == listed[0]
    chosen = json.loads(catalog(state, "list", line, "-o", "json", "--columns", "name,tags").out)
    assert chosen == [{"name": "payments", "tags": "java, legacy"}]


def test_table_and_csv_of_list_agree(state: Path) -> None:
    rows = list(csv.reader(StringIO(catalog(state, "list", "-o", "csv").out)))
    table = catalog(state, "list", "-o", "table").out.splitlines()
    assert [line.split() for line in table[1:]] == [" ".join(row).split() for row in rows[1:]]


def test_the_format_of_the_environment(state: Path) -> None:
    assert catalog(state, "list", "name:payments", CATALOG_OUTPUT="name").out.startswith("api:default/payments\n")
    assert catalog(state, "list", "name:payments", "-o", "csv", CATALOG_OUTPUT="name").out.startswith("kind,name")
    wrong = catalog(state, "list", CATALOG_OUTPUT="jsno")
    assert wrong.code == 2
    assert "where: CATALOG_OUTPUT" in wrong.err
    assert "did you mean json?" in wrong.err
    assert catalog(state, "errors", CATALOG_OUTPUT="parquet").code == 2


def test_parquet_may_be_the_format_of_the_environment(state: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "list", "name:payments"], env=environment(state, CATALOG_OUTPUT="parquet"), capture_output=True
    )
    assert (done.returncode, done.stdout[:4]) == (0, b"PAR1")


def test_a_wrong_query_points_at_the_place(state: Path) -> None:
    done = catalog(state, "list", "kind:component", "ownr:x")
    assert done.code == 2
    assert done.err.splitlines()[1:3] == ["where: kind:component ownr:x", " " * len("where: kind:component ") + "^"]
    assert "did you mean owner?" in done.err


@pytest.mark.parametrize(
    ("ref", "found"),
    [
        pytest.param("wide", "component:default/wide", id="name"),
        pytest.param("WIDE", "component:default/wide", id="any-case"),
        pytest.param("edge/ledger", "component:edge/ledger", id="namespace"),
        pytest.param("component:ledger", "component:default/ledger", id="default-namespace-wins"),
        pytest.param("api:default/payments", "api:default/payments", id="full"),
    ],
)
def test_get_completes_a_ref(state: Path, ref: str, found: str) -> None:
    done = catalog(state, "get", ref)
    assert (done.code, done.out.splitlines()[0]) == (0, f"# {found}")
    assert catalog(state, "get", ref, "-o", "name").out == f"{found}\n"


@pytest.mark.parametrize(
    ("ref", "candidates"),
    [
        pytest.param("payments", ["api:default/payments", "component:default/payments"], id="kinds"),
        pytest.param("ledger", ["component:default/ledger", "component:edge/ledger"], id="namespaces"),
    ],
)
def test_an_ambiguous_ref_lists_candidates(state: Path, ref: str, candidates: list[str]) -> None:
    done = catalog(state, "get", ref)
    assert (done.code, done.out) == (1, "")
    assert [line.strip() for line in done.err.splitlines() if line.startswith("  ")] == candidates


@pytest.mark.parametrize(
    ("ref", "code"), [("nothing", 1), ("component:default/nothing", 1), ('we"ird\\', 1), (":", 2), ("a/", 2), ("/x", 2)]
)
def test_a_ref_that_names_nothing(state: Path, ref: str, code: int) -> None:
    done = catalog(state, "get", ref)
    assert (done.code, done.out) == (code, "")
    assert " next: " in done.err


def test_get_of_several_is_partly_done(state: Path) -> None:
    done = catalog(state, "get", "wide", "nothing", "-o", "json")
    assert done.code == 7
    assert [one["metadata"]["name"] for one in json.loads(done.out)] == ["wide"]
    assert "there is no entity 'nothing'" in done.err


def test_get_as_yaml_is_the_entity_with_its_source(state: Path) -> None:
    shown = catalog(state, "get", "wide").out
    assert "catalog-info.yaml:" in shown
    assert yaml.safe_load(shown) == json.loads(catalog(state, "get", "wide", "-o", "json").out)


def test_facets_count(state: Path) -> None:
    done = catalog(state, "facets", "tag:java", "--facet", "metadata.tags", "-o", "jsonl")
    assert [json.loads(line) for line in done.out.splitlines()] == [
        {"facet": "metadata.tags", "value": "java", "count": 2},
        {"facet": "metadata.tags", "value": "legacy", "count": 1},
    ]


def test_errors_tell_file_line_and_what_next(state: Path) -> None:
    done = catalog(state, "errors")
    assert done.code == 1
    assert any(line.startswith("broken/catalog-info.yaml:") for line in done.out.splitlines())
    assert "    next  " in done.out
    rows = json.loads(catalog(state, "errors", "-o", "json").out)
    assert {row["path"] for row in rows} == {"broken/catalog-info.yaml"}
    assert catalog(state, "errors", "--code", "no.such").code == 0


def test_status_in_figures(state: Path) -> None:
    done = catalog(state, "status", "-o", "json")
    status = json.loads(done.out)
    assert (done.code, status["state"], status["kinds"]["API"]) == (0, "ready", 1)
    assert f"entities\t{status['entities']}\n" in catalog(state, "status").out


def test_versions(state: Path) -> None:
    versions = json.loads(catalog(state, "version", "-o", "json").out)
    assert versions["catalog"] == versions["daemon"]
    assert versions["output"] == 1


@pytest.mark.parametrize("output_format", FORMATS)
def test_r074_hostile_entities_reach_no_pipe_raw(state: Path, output_format: str) -> None:
    columns = [] if output_format in ("json", "jsonl", "yaml") else ["--columns", "name,title,description"]
    done = catalog(state, "list", "name:hostile*", "-o", output_format, *columns)
    assert done.code == 0
    assert all(f"hostile-{name}" in done.out for name in HOSTILE)
    assert raw(done.out, allowed="\n\t" if output_format == "tsv" else "\n") == []


@pytest.mark.parametrize("name", HOSTILE)
def test_r074_json_gives_the_exact_text(state: Path, name: str) -> None:
    whole = json.loads(catalog(state, "get", f"hostile-{name}", "-o", "json").out)
    assert whole["metadata"]["title"] == HOSTILE[name]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["list", "name:hostile*", "--columns", "name,title,description"], id="list"),
        pytest.param(["list", "name:hostile*", "-o", "json"], id="json"),
        pytest.param(["list", "name:hostile*", "-o", "yaml"], id="yaml"),
        pytest.param(["get", *(f"hostile-{name}" for name in HOSTILE)], id="get"),
        pytest.param(["get", "\x1b]0;x\x07\u202e"], id="error"),
        pytest.param(["list", "na\x1bme:x"], id="query"),
        pytest.param(["\x1b[31m"], id="command"),
    ],
)
def test_r071_hostile_entities_reach_no_terminal_raw(state: Path, arguments: list[str]) -> None:
    _, shown = in_terminal(state, *arguments, width=200, NO_COLOR="1")
    assert shown
    assert raw(shown, allowed="\n") == []


@pytest.mark.parametrize(
    ("arguments", "out"),
    [
        pytest.param(["name:ledger cols:name,namespace sort:-namespace"], "ledger\tedge\nledger\tdefault\n", id="cols"),
        pytest.param(["name:ledger cols:name", "--columns", "namespace"], "default\nedge\n", id="a-flag-wins"),
        pytest.param(["name:ledger sort:-namespace cols:namespace", "--sort=namespace"], "default\nedge\n", id="sort"),
        pytest.param(["namespace:edge or name:payments group:kind"], "Component\t2\nAPI\t1\n", id="group"),
        pytest.param(["name:ledger group:kind", "--columns", "namespace"], "default\nedge\n", id="columns-not-groups"),
        pytest.param(["-(name:hostile* or tag:java)", "kind:component cols:namespace"], "default\nedge\n", id="not"),
        pytest.param(["-kind=component", "-kind=location cols:kind"], "API\n", id="not-equal"),
    ],
)  # fmt: skip
def test_a_line_says_columns_and_groups(state: Path, arguments: list[str], out: str) -> None:
    done = catalog(state, "list", *arguments, "--no-header")
    assert (done.code, done.out) == (0, out)


def test_columns_of_a_line_make_objects(state: Path) -> None:
    done = catalog(state, "list", "name:payments kind:api cols:name,title", "-o", "json")
    assert json.loads(done.out) == [{"name": "payments", "title": "Payments API"}]
    done = catalog(state, "list", "name:payments group:tag", "-o", "json")
    assert json.loads(done.out) == [
        {"tag": "java", "count": 1},
        {"tag": "legacy", "count": 1},
        {"tag": None, "count": 1},
    ]


@pytest.mark.parametrize(
    ("spelling", "out"),
    [
        ("line", "kind:component tag:java\n"),
        ("filter", "kind=component,metadata.tags=java\n"),
        ("predicate", json.dumps({"$all": [{"kind": "component"}, {"metadata.tags": "java"}]}, indent=2) + "\n"),
        (
            "sql",
            "SELECT e.ref, e.kind, e.name, e.owner, e.type, e.lifecycle\nFROM entities e\n"
            "WHERE lower(e.kind) = 'component'\n"
            "  AND e.ref IN (SELECT ref FROM properties WHERE key = 'metadata.tags' AND lower(value) = 'java')\n"
            "ORDER BY lower(e.name), e.ref\n",
        ),
    ],
)
def test_a_line_in_other_languages(state: Path, spelling: str, out: str) -> None:
    done = catalog(state, "list", "Kind:Component and (tag:Java)", "--as", spelling)
    assert (done.code, done.out, done.err) == (0, out, "")


def test_what_a_language_cannot_say_is_a_usage_failure(state: Path) -> None:
    done = catalog(state, "list", "-kind:api", "--as", "filter")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: a filter cannot say this")
    assert "where: -kind:api\n" in done.err


def test_me_is_asked_of_the_environment(state: Path) -> None:
    done = catalog(state, "list", "owner:@me kind:api", "-o", "name", CATALOG_ME="group:team-a")
    assert (done.code, done.out) == (0, "api:default/payments\n")
    done = catalog(state, "list", "kind:api owner:@me", "-o", "name")
    assert done.code == 2
    assert "where: kind:api owner:@me\n                      ^\n" in done.err
    assert "CATALOG_ME" in done.err
