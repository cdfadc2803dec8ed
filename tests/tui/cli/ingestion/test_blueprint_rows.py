"""Entities of a blueprint from rows and back: typing by the definition, requests, and no loss on the way round."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.cli.program import catalog
from tests.tui.cli.scripted_daemon import Request, scripted_daemon
from tui.cli.ingestion.blueprint_rows import BULK, BlueprintColumns
from tui.cli.ingestion.columns import RowFault
from tui.cli.ingestion.record import read_records, table_line

BLUEPRINT: dict[str, Any] = {
    "identifier": "service",
    "schema": {
        "properties": {
            "language": {"type": "string", "title": "Main Language"},
            "replicas": {"type": "number"},
            "onCall": {"type": "boolean"},
            "links": {"type": "array", "items": {"type": "string"}},
            "ports": {"type": "array", "items": {"type": "number"}},
            "config": {"type": "object"},
            "since": {"type": "string", "format": "date-time"},
        },
        "required": ["language"],
    },
    "relations": {"system": {"target": "system"}, "needs": {"target": "service", "many": True, "title": "Depends On"}},
}
COLUMNS = BlueprintColumns(BLUEPRINT)


@pytest.mark.parametrize(
    ("column", "cell", "part", "name", "value"),
    [
        ("title", "Payments", "", "title", "Payments"),
        ("team", "a;b", "", "team", ["a", "b"]),
        ("language", "1.10", "properties", "language", "1.10"),
        ("MAIN language", "go", "properties", "language", "go"),
        ("properties.language", "go", "properties", "language", "go"),
        ("replicas", "3", "properties", "replicas", 3),
        ("Replicas", "0.5", "properties", "replicas", 0.5),
        ("onCall", "Yes", "properties", "onCall", True),
        ("oncall", "0", "properties", "onCall", False),
        ("links", "a; b", "properties", "links", ["a", "b"]),
        ("links", '["a;b"]', "properties", "links", ["a;b"]),
        ("ports", "80;443", "properties", "ports", [80, 443]),
        ("config", '{"a": null}', "properties", "config", {"a": None}),
        ("since", "2026-01-02T03:04:05Z", "properties", "since", "2026-01-02T03:04:05Z"),
        ("since", r"\N", "properties", "since", None),
        ("system", "pay", "relations", "system", "pay"),
        ("depends on", "a;b", "relations", "needs", ["a", "b"]),
        ("relations.needs", "a", "relations", "needs", ["a"]),
        ("needs", r"\N", "relations", "needs", None),
    ],
    ids=lambda value: f"p075-{value!r}",
)
def test_p075_cells_are_typed_by_the_blueprint(column: str, cell: str, part: str, name: str, value: Any) -> None:
    entity = COLUMNS.entity({"identifier": "x", column: cell}, is_table=True)
    found = (entity[part] if part else entity)[name]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("replicas", "three", "no number"),
        ("replicas", "true", "no number"),
        ("onCall", "maybe", "neither true nor false"),
        ("config", "[1]", "no JSON object"),
        ("ports", "80;x", "no number"),
        ("lang", "go", "no field"),
        ("identifier", "", "no identifier"),
    ],
)
def test_cells_that_do_not_fit(column: str, cell: str, reason: str) -> None:
    with pytest.raises(RowFault, match=reason):
        COLUMNS.entity({"identifier": "x", column: cell}, is_table=True)


def test_blank_is_absent_and_columns_may_be_chosen() -> None:
    assert COLUMNS.entity({"id": "x", "language": " ", "system": ""}, is_table=True) == {
        "identifier": "x", "properties": {}, "relations": {}
    }  # fmt: skip
    chosen = BlueprintColumns(BLUEPRINT, identifier="service", mapping={"lang": "language"}, only=frozenset(["lang"]))
    assert chosen.entity({"service": "x", "lang": "go", "what": "ever"}, is_table=True)["properties"] == {
        "language": "go"
    }


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\n\t"), max_size=12)
_CELL_TEXT = _TEXT.filter(lambda text: text.strip() and text != r"\N")
_NUMBER = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_JSON = st.recursive(
    st.none() | st.booleans() | _NUMBER | _TEXT, lambda inner: st.lists(inner, max_size=2), max_leaves=4
)
_ENTITIES = st.fixed_dictionaries(
    {
        "identifier": st.from_regex(r"[A-Za-z0-9@_.+:/=-]{1,12}", fullmatch=True),
        "properties": st.fixed_dictionaries(
            {"language": _CELL_TEXT},
            optional={
                "replicas": _NUMBER,
                "onCall": st.booleans(),
                "links": st.lists(_TEXT, max_size=3),
                "ports": st.lists(_NUMBER, max_size=3),
                "config": st.dictionaries(_TEXT, _JSON, max_size=3),
            },
        ),
        "relations": st.fixed_dictionaries({}, optional={"system": _CELL_TEXT, "needs": st.lists(_TEXT, max_size=3)}),
    },
    optional={"title": _CELL_TEXT, "team": st.lists(_CELL_TEXT, min_size=1, max_size=3)},
)


@given(entities=st.lists(_ENTITIES, max_size=4), delimiter=st.sampled_from(",\t"))
def test_p076_what_an_export_writes_an_import_reads_back(
    tmp_path_factory: pytest.TempPathFactory, entities: list[dict[str, Any]], delimiter: str
) -> None:
    entities = [
        {name: one[name] for name in one if name != "title" or one[name] != one["identifier"]} for one in entities
    ]
    replies = [{"icon": None, "blueprint": "service", "createdAt": "2026", "scorecards": {}, **one} for one in entities]
    assert [COLUMNS.entity(COLUMNS.whole(one), is_table=False) for one in replies] == entities
    assert [COLUMNS.entity(one, is_table=False) for one in replies] == [{"icon": None, **one} for one in entities]
    file = tmp_path_factory.getbasetemp() / ("p076.tsv" if delimiter == "\t" else "p076.csv")
    lines = [COLUMNS.columns, *(list(COLUMNS.row(one).values()) for one in replies)]
    file.write_text("".join(table_line(cells, delimiter) for cells in lines), encoding="utf-8", newline="")
    rows = read_records(str(file), None).rows
    assert [COLUMNS.entity(row.fields, is_table=True) for row in rows] == entities


class Port:
    """Port's API as far as an import needs it, over a socket."""

    def __init__(self) -> None:
        self.entities: dict[str, Any] = {}
        self.parameters: list[dict[str, list[str]]] = []

    def answer(self, request: Request) -> None:
        if request.route == "/v1/blueprints/service":
            request.json({"ok": True, "blueprint": BLUEPRINT})
        elif request.route == "/v1/blueprints/service/entities":
            listed = [{"createdAt": "2026", **one} for one in self.entities.values()]
            request.json({"ok": True, "entities": listed})
        elif request.route == "/v1/blueprints/service/entities/bulk":
            self._bulk(request)
        else:
            request.json({"ok": False, "error": "not_found", "message": f"no {request.route}"}, 404)

    def _bulk(self, request: Request) -> None:
        self.parameters.append(request.parameters)
        done, errors = [], []
        assert len(request.body["entities"]) <= BULK
        for index, one in enumerate(request.body["entities"]):
            named = {"identifier": one["identifier"], "index": index}
            if one["properties"].get("language") == "cobol":
                errors.append({**named, "statusCode": 422, "error": "invalid_request", "message": "no more of that"})
                continue
            done.append({**named, "created": one["identifier"] not in self.entities, "additionalData": {}})
            self.entities[one["identifier"]] = one
        request.json({"ok": not errors, "entities": done, "errors": errors}, 207 if errors else 200)


def test_p075_rows_become_entities_twenty_a_request(tmp_path: Path) -> None:
    port = Port()
    rows = "".join(f"s{number},{'cobol' if number == 30 else 'go'},{number}\n" for number in range(45))
    text = f"identifier,language,replicas\n{rows}s45,go,many\n"
    with scripted_daemon(tmp_path, port.answer):
        done = catalog(tmp_path, "ingest", "-", "--blueprint", "service", "--merge", "-o", "json", input_text=text)
        again = catalog(tmp_path, "ingest", "-", "--blueprint", "service", "--dry-run", input_text=text)
        missing = catalog(tmp_path, "ingest", "-", "--blueprint", "none", input_text=text)
    assert done.code == 7
    told = json.loads(done.out)
    assert (told["rows"], told["added"], told["rejected"]) == (46, 44, 2)
    assert [(one["line"], one["ref"], one["reason"]) for one in told["not_taken"]] == [
        (32, "s30", "no more of that"), (47, "", "replicas: 'many' is no number")
    ]  # fmt: skip
    assert port.entities["s7"] == {"identifier": "s7", "properties": {"language": "go", "replicas": 7}, "relations": {}}
    assert "46 rows: 0 added, 44 updated, " in again.err
    assert port.parameters[0] == {"upsert": ["true"], "merge": ["true"]}
    assert port.parameters[-1] == {"validation_only": ["true"]}
    assert (missing.code, "no /v1/blueprints/none" in missing.err) == (1, True)


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "yaml"])
def test_p076_export_then_import_changes_nothing(tmp_path: Path, ending: str) -> None:
    port, file = Port(), tmp_path / f"services.{ending}"
    port.entities = {
        "a": {"identifier": "a", "title": "A, \"one\"", "properties": {"language": "go\nc", "links": ["x;y", "z"]},
              "relations": {"needs": ["b"]}},
        "b": {"identifier": "b", "properties": {"language": "1.10", "config": {"n": 1.5}}, "relations": {}},
    }  # fmt: skip
    before = json.dumps(port.entities, sort_keys=True)
    with scripted_daemon(tmp_path, port.answer):
        exported = catalog(tmp_path, "export", "--blueprint", "service", "-o", str(file))
        imported = catalog(tmp_path, "ingest", str(file), "--blueprint", "service", "--upsert")
    assert (exported.code, exported.err) == (0, f"2 entities written to {file}\n")
    assert (imported.code, imported.err) == (0, "2 rows: 0 added, 2 updated, 0 same, 0 unknown, 0 rejected\n")
    assert json.dumps(port.entities, sort_keys=True) == before


def test_an_export_of_a_blueprint_is_whole(tmp_path: Path) -> None:
    for further in (["kind:x"], ["--columns", "a"], ["--limit", "3"]):
        done = catalog(tmp_path, "export", "--blueprint", "service", "-o", f"{tmp_path}/a.csv", *further)
        assert done.code == 2
    assert catalog(tmp_path, "export", "--blueprint", "service", "-o", f"{tmp_path}/a.parquet").code == 2
