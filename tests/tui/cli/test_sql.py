"""Questions in SQL and exports, from the shell: formats, places of mistakes, exit codes; Parquet agrees with CSV."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.support.golden import kept
from tests.tui.cli.program import catalog, in_terminal
from tui.answers import SqlAnswer
from tui.cli.commands.sql import listing_of
from tui.cli.formats import FORMATS, Style, lines_of

GOLDEN = Path(__file__).parents[2] / "data" / "golden" / "cli"

ANSWER: SqlAnswer = {
    "columns": [
        {"name": "ref", "type": "VARCHAR"},
        {"name": "n", "type": "BIGINT"},
        {"name": "share", "type": "DOUBLE"},
        {"name": "tags", "type": "VARCHAR[]"},
        {"name": "labels", "type": "MAP(VARCHAR, VARCHAR)"},
        {"name": "ok", "type": "BOOLEAN"},
    ],
    "rows": [
        ['component:default/pay, "fast" | safe', 3, 0.5, ["java", "grpc"], {"tier": "gold"}, True],
        ["api:default/日本\u202e\x1b[31m", 10**20, -1.25, [], None, False],
        [None, None, None, None, None, None],
    ],
    "row_count": 3,
    "truncated": False,
    "truncated_by": None,
    "index_seq": 7,
    "snapshot_age_seconds": 0.5,
    "elapsed_ms": 1.0,
}


def parquet(path: Path) -> list[dict[str, Any]]:
    """The rows of a file."""
    with duckdb.connect() as connection:
        cursor = connection.execute("FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def text_in(output_format: str) -> str:
    return "".join(line + "\n" for line in lines_of(listing_of(ANSWER), output_format, Style()))


@pytest.mark.parametrize("output_format", FORMATS)
def test_golden(output_format: str) -> None:
    assert text_in(output_format) == kept(GOLDEN / f"sql.{output_format}", text_in(output_format))


def test_table_and_csv_agree_cell_for_cell() -> None:
    read = list(csv.reader(StringIO(text_in("csv"))))
    assert read == [line.split("\t") for line in text_in("tsv").splitlines()]
    for line, cells in zip(text_in("table").splitlines()[1:], read[1:], strict=True):
        assert line.split() == " ".join(cells).split()


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        pytest.param(["SELECT 1 AS a"], "", id="argument"),
        pytest.param(["SELECT", "1", "AS", "a"], "", id="words"),
        pytest.param(["-c", "SELECT 1 AS a"], "", id="command"),
        pytest.param(["-f", "FILE"], "", id="file"),
        pytest.param(["-f", "-"], "SELECT 1 AS a", id="file-dash"),
        pytest.param(["-"], "SELECT 1 AS a;\n", id="dash"),
    ],
)
def test_ways_to_ask(state: Path, tmp_path: Path, arguments: list[str], given: str) -> None:
    (tmp_path / "FILE").write_text("-- one\nSELECT 1 AS a;\n")
    named = [str(tmp_path / "FILE") if one == "FILE" else one for one in arguments]
    done = catalog(state, "sql", *named, input_text=given)
    assert (done.code, done.out, done.err) == (0, "a\n1\n", "")


def test_a_pipe_gets_tabs_and_a_terminal_a_table(state: Path) -> None:
    asked = "SELECT kind, name FROM entities WHERE name = 'payments' ORDER BY ALL"
    assert catalog(state, "sql", asked).out == "kind\tname\nAPI\tpayments\nComponent\tpayments\n"
    code, shown = in_terminal(state, "sql", asked, width=40)
    assert (code, shown.splitlines()[0].replace("\x1b[1m", "").replace("\x1b[0m", "")) == (0, "KIND       NAME")


def test_typed_values_for_programs(state: Path) -> None:
    asked = "SELECT ref, tags, 1.5 AS n FROM components WHERE name = 'payments'"
    expected = [{"ref": "component:default/payments", "tags": ["java", "legacy"], "n": 1.5}]
    assert json.loads(catalog(state, "sql", asked, "-o", "json").out) == expected
    assert yaml.safe_load(catalog(state, "sql", asked, "-o", "yaml").out) == expected[0]
    assert catalog(state, "sql", asked, "-o", "name").out == "component:default/payments\n"


def test_parameters(state: Path) -> None:
    done = catalog(
        state, "sql", "SELECT ref FROM components WHERE name = $1 AND namespace = $2", "-p", "ledger", "-p", "edge"
    )
    assert done.out == "ref\ncomponent:edge/ledger\n"


def test_a_mistake_is_pointed_at(state: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.sql"
    file.write_text("SELECT ref\nFROM componets\n")
    done = catalog(state, "sql", "-f", str(file))
    assert done.code == 2
    what, where, mark, step = done.err.splitlines()
    assert what.startswith(f"error: {file}:2:6: ")
    assert (where, mark, step) == ("where: FROM componets", "            ^", " next: did you mean components?")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "no question"),
        (["-c", "SELECT 1", "SELECT 2"], "more than one"),
        (["DELETE FROM core.entities"], "DELETE is refused"),
        (["SELECT 1; SELECT 2"], "2 statements"),
        (["SELECT 1", "-o", "xml"], "xml"),
    ],
)
def test_what_cannot_be_asked_is_a_mistake_of_usage(state: Path, arguments: list[str], told: str) -> None:
    done = catalog(state, "sql", *arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_a_limit_is_announced(state: Path) -> None:
    done = catalog(state, "sql", "FROM range(5)", "--limit", "2")
    assert (done.code, done.out) == (0, "range\n0\n1\n")
    assert done.err.startswith("showing the first 2 rows")


def test_parquet_of_a_question(state: Path, tmp_path: Path) -> None:
    code, shown = in_terminal(state, "sql", "SELECT 1", "-o", "parquet")
    assert code == 2
    assert "nothing for a terminal" in shown
    file = tmp_path / "answer.parquet"
    run_into(file, state, "sql", "SELECT ref, tags FROM components WHERE name = 'payments'", "-o", "parquet")
    assert parquet(file) == [{"ref": "component:default/payments", "tags": ["java", "legacy"]}]


def run_into(file: Path, state: Path, *arguments: str) -> None:
    """Run it with its output redirected to a file."""
    import subprocess

    from tests.tui.cli.program import COMMAND, ROOT, environment

    with file.open("wb") as out:
        subprocess.run([*COMMAND, *arguments], stdout=out, env=environment(state), cwd=ROOT, check=True)


COLUMNS = "ref,kind,name,title,tags,description,updated,metadata.annotations.acme.test/pager"


def test_parquet_csv_and_list_agree_cell_for_cell(state: Path, tmp_path: Path) -> None:
    query = ["kind:component", "-name:hostile*", "--columns", COLUMNS, "--sort=-name"]
    for target in ("all.parquet", "all.csv", "all.jsonl"):
        assert catalog(state, "export", *query, "-o", str(tmp_path / target)).code == 0
    listed = list(csv.DictReader(StringIO(catalog(state, "list", *query, "-o", "csv", "--limit", "-1").out)))
    assert listed == list(csv.DictReader(StringIO((tmp_path / "all.csv").read_text())))
    assert listed == [{name: cell or "" for name, cell in row.items()} for row in parquet(tmp_path / "all.parquet")]
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert listed == [{name: cell or "" for name, cell in row.items()} for row in lines]
    run_into(tmp_path / "list.parquet", state, "list", *query, "-o", "parquet")
    assert parquet(tmp_path / "list.parquet") == parquet(tmp_path / "all.parquet")


def test_export_takes_all_and_leaves_no_half_file(state: Path, tmp_path: Path) -> None:
    whole = tmp_path / "all.yaml"
    assert "entities written to" in catalog(state, "export", "-o", str(whole)).err
    assert (
        len(list(yaml.safe_load_all(whole.read_text())))
        == json.loads(catalog(state, "status", "-o", "json").out)["entities"]
    )
    for arguments in (["ownr:x", "-o", "bad.csv"], ["-o", "bad.xyz"], ["-o", "bad.parquet", "--columns", "nonsense"]):
        done = catalog(state, "export", *arguments[:-1], *arguments[-1:], cwd=None)
        assert done.code == 2, arguments
    assert [path.name for path in tmp_path.iterdir()] == ["all.yaml"]


@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        ("csv", "ref,kind"),
        ("tsv", "ref\tkind"),
        ("md", "| ref |"),
        ("json", "[\n"),
        ("txt", "REF "),
        ("ndjson", '{"ref"'),
    ],
)
def test_the_ending_says_the_format(state: Path, tmp_path: Path, ending: str, begins: str) -> None:
    target = tmp_path / f"all.{ending}"
    catalog(state, "export", "name:payments", "--columns", "ref,kind", "-o", str(target))
    assert target.read_text().startswith(begins)
    forced = tmp_path / "named"
    catalog(
        state, "export", "name:payments", "--columns", "ref,kind", "-o", str(forced), "--format", "csv", "--limit", "1"
    )
    assert len(forced.read_text().splitlines()) == 2
