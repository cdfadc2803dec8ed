"""Each format against its golden file, and the promises that all formats share."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.support.golden import kept
from tests.tui.cli.hostile import PARAMETERS, TEXTS, raw
from tui.cli.formats import FORMATS, Style, lines_of
from tui.cli.json_text import json_text
from tui.cli.listing import Listing, Row
from tui.cli.table import table_lines
from tui.cli.yaml_text import yaml_text

GOLDEN = Path(__file__).parents[2] / "data" / "golden" / "cli"

COLUMNS = ("kind", "name", "type", "description")
ENTITIES: list[dict[str, Any]] = [
    {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "name": "payments",
            "description": 'Takes card payments, "fast" | safe',
            "tags": ["java", "grpc"],
            "annotations": {"build": "0o17", "when": "2026-01-02", "on": "yes", "exp": "1e3", "empty": ""},
        },
        "spec": {"type": "service", "replicas": 3, "ratio": 0.5, "on": True, "nothing": None, "text": "a\nb\n"},
    },
    {"kind": "API", "metadata": {"name": "日本", "description": "".join(TEXTS.values())}, "spec": {}},
    {"kind": "Group", "metadata": {"name": "leer"}},
]


def listing(entities: list[dict[str, Any]] = ENTITIES, *, single: bool = False) -> Listing:
    def cells(one: dict[str, Any]) -> list[str | None]:
        metadata = one["metadata"]
        return [one["kind"], metadata["name"], one.get("spec", {}).get("type"), metadata.get("description")]

    def rows() -> list[Row]:
        return [Row(f"{one['kind']}:default/{one['metadata']['name']}".lower(), cells(one)) for one in entities]

    return Listing(COLUMNS, rows, lambda: entities, single)


def text_in(output_format: str, found: Listing | None = None, style: Style | None = None) -> str:
    return "".join(line + "\n" for line in lines_of(found or listing(), output_format, style or Style()))


@pytest.mark.parametrize("output_format", FORMATS)
def test_golden(output_format: str) -> None:
    text = text_in(output_format)
    assert text == kept(GOLDEN / f"list.{output_format}", text)


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("text", PARAMETERS)
def test_r074_no_format_lets_a_control_through(output_format: str, text: str) -> None:
    hostile = listing([{"kind": text, "metadata": {"name": text, "description": text, text: [text]}}])
    shown = text_in(output_format, hostile, Style(width=80, colour=False))
    assert raw(shown, allowed="\n\t" if output_format == "tsv" else "\n") == []
    shown.encode("utf-8")


def test_table_and_csv_agree_cell_for_cell() -> None:
    read = list(csv.reader(StringIO(text_in("csv"))))
    tsv = [line.split("\t") for line in text_in("tsv").splitlines()]
    assert read == tsv
    table = text_in("table").splitlines()
    for line, cells in zip(table[1:], read[1:], strict=True):
        assert line.split() == " ".join(cells).split()


def test_json_is_a_list_or_the_one_thing() -> None:
    assert json.loads(text_in("json")) == ENTITIES
    assert json.loads(text_in("json", listing(ENTITIES[:1], single=True))) == ENTITIES[0]
    assert [json.loads(line) for line in text_in("jsonl").splitlines()] == ENTITIES


def test_header_can_be_left_out() -> None:
    for output_format in ("table", "tsv", "csv"):
        with_header = text_in(output_format).splitlines()
        assert text_in(output_format, style=Style(header=False)).splitlines() == with_header[1:]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.text(max_size=20)
    | st.sampled_from([*TEXTS.values()]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_r074_json_reads_back_exactly(value: Any) -> None:
    for indent in (None, 2):
        text = json_text(value, indent=indent)
        assert json.loads(text) == value
        assert raw(text) == []


@given(JSON)
def test_r074_yaml_reads_back_exactly(value: Any) -> None:
    text = yaml_text(value)
    assert raw(text, allowed="\n\t") == []
    assert yaml.safe_load(text) == value


@pytest.mark.parametrize(
    "text", ["0o17", "1e3", "0x1F", ".5", "+1", "yes", "on", "null", "~", "2026-01-02", "1_000", ""]
)
def test_text_that_looks_like_something_else_is_quoted(text: str) -> None:
    assert yaml_text({"a": text}) == f"a: '{text}'\n"


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_a_table_keeps_to_the_width(width: int) -> None:
    rows = [["Component", "payments", "日本語" * 20, "x" * 300], ["API", "p", "", ""]]
    lines = list(table_lines(COLUMNS, rows, width=width))
    assert max(sum(2 if ord(character) > 0x2FFF else 1 for character in line) for line in lines) <= width
    assert any("…" in line for line in lines)


def test_colour_changes_nothing_but_colour() -> None:
    rows = [["Component", "payments", "", "x"]]
    plain = list(table_lines(COLUMNS, rows))
    coloured = list(table_lines(COLUMNS, rows, colour=True))
    assert plain != coloured
    stripped = [line.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "") for line in coloured]
    assert stripped == plain
