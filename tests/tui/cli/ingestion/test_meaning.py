"""What cells, words and columns mean."""

import json
import re
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.tui.cli.test_formats import JSON
from tui.cli.assignment import read_assignments
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.ingestion.cell import NOTHING, REMOVE, cell_value
from tui.cli.ingestion.columns import Columns, RowFault, read_mapping
from tui.cli.ingestion.record import Record
from tui.cli.yaml_text import yaml_text
from tui.model.yaml_values import Values, YamlFault, documents

COLUMNS = Columns(None, "component", {}, frozenset(), frozenset(), "replace")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["metadata.a=1"], [("metadata.a", 1)], id="json"),
        pytest.param(["metadata.a=one"], [("metadata.a", "one")], id="text"),
        pytest.param(["metadata.a", "b=c"], [("metadata.a", "b=c")], id="two-words"),
        pytest.param(["metadata.a", "-5"], [("metadata.a", -5)], id="negative"),
        pytest.param(["metadata.a=b=c", "metadata.d=true"], [("metadata.a", "b=c"), ("metadata.d", True)],
                     id="several"),
        pytest.param(['metadata."a=b".c=x'], [('metadata."a=b".c', "x")], id="a-sign-in-quotes"),
        pytest.param(["metadata['a=b']=x"], [("metadata['a=b']", "x")], id="a-sign-in-brackets"),
        pytest.param(["metadata.a="], [("metadata.a", "")], id="empty-text"),
        pytest.param(['metadata.a="33"'], [("metadata.a", "33")], id="quoted-text"),
        pytest.param(['metadata.a="@x"'], [("metadata.a", "@x")], id="quoted-sign"),
        pytest.param(["metadata.a=007"], [("metadata.a", "007")], id="leading-zeros-are-text"),
        pytest.param(["metadata.a=NaN"], [("metadata.a", "NaN")], id="no-json"),
        pytest.param(["metadata.a=1e999"], [("metadata.a", "1e999")], id="beyond-all-bounds"),
        pytest.param(["metadata.a=123456789012345678901"], [("metadata.a", "123456789012345678901")], id="too-exact"),
        pytest.param(["metadata.a=" + "[" * 100_000], [("metadata.a", "[" * 100_000)], id="too-deep"),
        pytest.param(['metadata.a={"b": [1, null]}'], [("metadata.a", {"b": [1, None]})], id="map"),
    ],
)  # fmt: skip
def test_assignments(words: list[str], expected: list[tuple[str, Any]]) -> None:
    found = read_assignments(words)
    assert [(one.path, one.value) for one in found] == expected
    assert [type(one.value) for one in found] == [type(value) for _, value in expected]


@pytest.mark.parametrize("words", [[], ["metadata.a"], ["=1"], ["metadata.a=1", "metadata.b"], ["metadata.a=null"]])
def test_what_is_no_assignment_is_bad_usage(words: list[str]) -> None:
    with pytest.raises(Failure) as caught:
        read_assignments(words)
    assert caught.value.code == ExitCode.USAGE
    assert caught.value.next_step


def test_values_from_files_and_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "value.json").write_bytes(b"\xef\xbb\xbf[1, 2]\n")
    assert read_assignments([f"metadata.a=@{tmp_path}/value.json"])[0].value == [1, 2]
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"two\nlines\n")))
    assert read_assignments(["metadata.a", "-"])[0].value == "two\nlines"
    (tmp_path / "bytes").write_bytes(b"\xff")
    with pytest.raises(Failure, match="UTF-8"):
        read_assignments([f"metadata.a=@{tmp_path}/bytes"])


@pytest.mark.parametrize(
    ("cell", "table", "as_text"),
    [
        ("33", 33, "33"),
        ("48.27", 48.27, "48.27"),
        ("true", True, "true"),
        ("1.10", 1.1, "1.10"),
        ("007", "007", "007"),
        ("null", "null", "null"),
        ('["a", "b"]', ["a", "b"], '["a", "b"]'),
        ("a, b", "a, b", "a, b"),
        (" x ", " x ", " x "),
        ("", NOTHING, NOTHING),
        ("  ", NOTHING, NOTHING),
        (r"\N", REMOVE, REMOVE),
        ("123456789012345678901", "123456789012345678901", "123456789012345678901"),
    ],
    ids=lambda value: f"p075-{value!r}",
)
def test_p075_cells_of_a_table(cell: str, table: Any, as_text: Any) -> None:
    found = cell_value(cell, is_table=True, as_text=False)
    assert (found, type(found)) == (table, type(table))
    assert cell_value(cell, is_table=True, as_text=True) == as_text


@pytest.mark.parametrize(
    ("cell", "value"), [(None, REMOVE), ("", ""), ("33", "33"), (0, 0), ({"a": None}, {"a": None})]
)
def test_json_and_yaml_have_types_of_their_own(cell: Any, value: Any) -> None:
    assert cell_value(cell, is_table=False, as_text=False) == value


@pytest.mark.parametrize(
    ("said", "ref"),
    [
        ("warehouse", "component:default/warehouse"),
        ("API:Stock", "api:default/stock"),
        ("edge/round", "component:edge/round"),
        (" warehouse ", "component:default/warehouse"),
        ("component:edge/round", "component:edge/round"),
    ],
)
def test_a_bare_name_is_a_component(said: str, ref: str) -> None:
    assert COLUMNS.full_ref(said) == ref
    assert COLUMNS._replace(kind="api").full_ref("stock") == "api:default/stock"


@pytest.mark.parametrize("said", ["", "  ", None, 3, ":", "a/", "/b"])
def test_a_row_that_names_no_entity(said: Any) -> None:
    with pytest.raises(RowFault):
        COLUMNS.full_ref(said)


@pytest.mark.parametrize(
    ("columns", "names", "paths"),
    [
        pytest.param(COLUMNS, ["name", "ref", "metadata.a"], None, id="the-first-of-the-known-names"),
        pytest.param(COLUMNS, ["ref", "metadata.a", "spec['x']"],
                     {"metadata.a": "metadata.a", "spec['x']": "spec['x']"}, id="paths"),
        pytest.param(COLUMNS, ["metadata.a"], None, id="nothing-names-the-entity"),
        pytest.param(COLUMNS._replace(ref="service"), ["service", "metadata.a"], {"metadata.a": "metadata.a"},
                     id="ref"),
        pytest.param(COLUMNS._replace(mapping={"cov": "metadata.a", "note": ""}), ["ref", "cov", "note"],
                     {"cov": "metadata.a"}, id="map"),
        pytest.param(COLUMNS._replace(only=frozenset(["metadata.b"])), ["ref", "metadata.a", "metadata.b", "?"],
                     {"metadata.b": "metadata.b"}, id="only"),
        pytest.param(COLUMNS, ["ref", "reject_line", "reject_reason", "metadata.a"], {"metadata.a": "metadata.a"},
                     id="what-rejects-added"),
    ],
)  # fmt: skip
def test_columns_are_paths(columns: Columns, names: list[str], paths: dict[str, str] | None) -> None:
    if paths is None:
        with pytest.raises(RowFault) as caught:
            columns.paths(names)
        assert caught.value.hint
    else:
        assert columns.paths(names) == paths


def test_changes_of_a_row() -> None:
    columns = COLUMNS._replace(op="append", text=frozenset(["metadata.v"]))
    record = Record(2, {"ref": "x", "metadata.a": r"\N", "metadata.b": "", "metadata.v": "1.10", "metadata.c": "[1]"})
    paths = columns.paths(list(record.fields))
    assert columns.changes(record, paths, is_table=True) == [
        {"ref": "component:default/x", "path": "metadata.a", "op": "remove"},
        {"ref": "component:default/x", "path": "metadata.v", "op": "append", "value": "1.10"},
        {"ref": "component:default/x", "path": "metadata.c", "op": "append", "value": [1]},
    ]


def test_a_mapping_from_words_and_files(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text('coverage: metadata.codeCoverageScore\nnote:\n"a=b": metadata.c\n')
    assert read_mapping(["x = metadata.x", str(tmp_path / "map.yaml"), "y="]) == {
        "x": "metadata.x",
        "coverage": "metadata.codeCoverageScore",
        "note": "",
        "a=b": "metadata.c",
        "y": "",
    }
    (tmp_path / "list.yaml").write_text("- a\n")
    with pytest.raises(Failure) as caught:
        read_mapping([str(tmp_path / "list.yaml")])
    assert caught.value.where.endswith("list.yaml:1")


@given(JSON, st.floats(allow_nan=False, allow_infinity=False))
def test_yaml_that_is_written_reads_back_exactly(value: Any, number: float) -> None:
    whole = {"value": value, "number": number}
    text = json.dumps(whole, ensure_ascii=False)
    assume(not re.search("[\ud800-\udfff]", text))  # halves of characters are in no JSON that the daemon sends
    (document,) = documents(yaml_text(whole))
    assert json.dumps(Values().value(document), ensure_ascii=False) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e3", 1000.0), ("0o17", 15), ("0x1F", 31), ("yes", "yes"), ("'1'", "1"), ("!!str 1", "1"), ("!!int '1'", 1),
     ("2026-01-02", "2026-01-02"), ("1_000", "1_000"), ("~", None), ("", None), (".5", 0.5), ("12:30", "12:30")],
)  # fmt: skip
def test_scalars_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    (document,) = documents(f"a: {text}\n")
    found = Values().value(document)["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", ["a: !x 1", "a: 1e999", "? [a]\n: b", "a: " + "[" * 80 + "]" * 80])
def test_yaml_that_is_no_json_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(YamlFault) as caught:
        [Values().value(document) for document in documents(text)]
    assert caught.value.line == 1
