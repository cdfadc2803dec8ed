"""The engine's own settings, the judgement of a statement, and rows on their way out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from syncd.sql_worker.engine import Run, open_engine
from syncd.sql_worker.failure import QuestionError
from syncd.sql_worker.formats import cell, distinct

MEMORY = 64 << 20
CHANGING = "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT i, 'x' || i AS s FROM range(3) r(i)")
    return path


@pytest.fixture
def engine(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_engine(str(file), MEMORY)
    yield connection
    connection.close()


def ask(connection: duckdb.DuckDBPyConnection, sql: str, form: str = "json", **changed: Any) -> tuple[Any, bytes, Any]:
    """Columns, content, end."""
    pieces: list[bytes] = []
    columns: list[Any] = []
    question = {"sql": sql, "format": form, "rows": 100, "bytes": 1 << 20, "columns": 20, "limited": False} | changed
    end = Run(connection, question).answer(columns.extend, pieces.append)
    return columns, b"".join(pieces), end


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        pytest.param("enable_external_access", False, id="r068-enable_external_access"),
        pytest.param("autoload_known_extensions", False, id="r068-autoload_known_extensions"),
        pytest.param("autoinstall_known_extensions", False, id="r068-autoinstall_known_extensions"),
        pytest.param("allow_community_extensions", False, id="r068-allow_community_extensions"),
        pytest.param("python_enable_replacements", False, id="r068-python_enable_replacements"),
        pytest.param("memory_limit", "64.0 MiB", id="r068-memory_limit"),
        pytest.param("threads", 1, id="r068-threads"),
        pytest.param("temp_directory", "", id="r068-temp_directory"),
        pytest.param("max_temp_directory_size", "0 bytes", id="r068-max_temp_directory_size"),
        pytest.param("lock_configuration", True, id="r068-lock_configuration"),
        pytest.param("access_mode", "read_only", id="r068-read_only"),
    ],
)
def test_settings_of_the_engine(engine: duckdb.DuckDBPyConnection, setting: str, value: object) -> None:
    assert engine.execute("SELECT current_setting(?)", [setting]).fetchone() == (value,)


@pytest.mark.parametrize(
    "sql",
    ["SET threads = 2", "SET enable_external_access = true", "RESET lock_configuration", "SET errors_as_json = false"],
)
def test_r068_no_setting_can_be_changed(engine: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        engine.execute(sql)


def test_r069_a_data_changing_cte_counts_as_select(engine: duckdb.DuckDBPyConnection) -> None:
    [statement] = engine.extract_statements(CHANGING)
    assert statement.type == duckdb.StatementType.SELECT
    with pytest.raises(QuestionError, match="DELETE is refused"):
        ask(engine, CHANGING)


def test_r069_the_read_only_file_alone_stops_it(file: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as connection, pytest.raises(duckdb.Error, match="read-only"):
        connection.execute(CHANGING)


def test_r069_the_read_only_transaction_alone_stops_it(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("BEGIN TRANSACTION READ ONLY")
        with pytest.raises(duckdb.Error, match="read-only"):
            connection.execute(CHANGING)
    with duckdb.connect(str(file)) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (3,)


def test_r069_a_question_runs_in_a_read_only_transaction(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("SET errors_as_json = true")
        run = Run(
            connection, {"sql": "SELECT 1", "format": "json", "rows": 1, "bytes": 9, "columns": 1, "limited": False}
        )

        def write(*_: object) -> None:
            with pytest.raises(duckdb.Error, match="read-only"):
                connection.execute("DELETE FROM t")

        with pytest.raises(QuestionError):  # the transaction is lost by that
            run.answer(write, lambda _: None)
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (3,)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM t; ",
        "SELECT * FROM t ;; -- a comment; with a semicolon",
        "-- first\nSELECT * FROM t /* ; */",
        "FROM t",
        "TABLE t",
        "WITH a AS (SELECT * FROM t) SELECT * FROM a",
        "(SELECT * FROM t)",
        "SELECT * FROM t ORDER BY i LIMIT 10",
    ],
)
def test_ways_to_write_a_question(engine: duckdb.DuckDBPyConnection, sql: str) -> None:
    columns, content, end = ask(engine, sql)
    assert columns == [("i", "BIGINT"), ("s", "VARCHAR")]
    assert json.loads(b"[" + content + b"]") == [[0, "x0"], [1, "x1"], [2, "x2"]]
    assert (end["rows"], end["truncated"]) == (3, None)


@pytest.mark.parametrize(
    "sql", ["SHOW TABLES", "DESCRIBE t", "SUMMARIZE t", "EXPLAIN SELECT 1", "-- a\nexplain FROM t;"]
)
def test_questions_about_the_catalog_of_the_engine(engine: duckdb.DuckDBPyConnection, sql: str) -> None:
    assert ask(engine, sql)[2]["rows"] > 0


@pytest.mark.parametrize(
    ("sql", "position", "hint"),
    [
        ("SELECT ii FROM t", (1, 8), "did you mean i?"),
        ("SELECT i,\n  sss FROM t", (2, 3), "did you mean s?"),
        ("SELECT 'ä', ii FROM t", (1, 13), "did you mean i?"),
        ("EXPLAIN SELECT ii FROM t", (1, 16), "did you mean i?"),
        ("SELEC 1", (1, 1), ""),
    ],
)
def test_errors_name_the_place_and_the_nearest_name(
    engine: duckdb.DuckDBPyConnection, sql: str, position: tuple[int, int], hint: str
) -> None:
    with pytest.raises(QuestionError) as raised:
        ask(engine, sql)
    told = raised.value.content(sql)
    assert (told["line"], told["column"]) == position
    assert told["hint"] == hint


def test_parameters_are_bound_never_spliced(engine: duckdb.DuckDBPyConnection) -> None:
    hostile = "x0' OR 1=1 --"
    assert ask(engine, "SELECT i FROM t WHERE s = $1", params=[hostile])[2]["rows"] == 0
    assert (
        ask(engine, "SELECT $a || s FROM t WHERE i = $b", params={"a": hostile, "b": 1})[1]
        == f'["{hostile}x1"]'.encode()
    )


@pytest.mark.parametrize(
    ("sql", "bounds", "rows", "cut"),
    [
        ("FROM range(1000)", {"rows": 10}, 10, "sql_rows"),
        ("FROM range(10)", {"rows": 10}, 10, None),
        ("SELECT repeat('x', 100) FROM range(1000)", {"bytes": 1000}, 9, "sql_bytes"),
        ("SELECT repeat('x', 5000)", {"bytes": 1000}, 0, "sql_bytes"),
    ],
)
def test_r070_answers_are_cut(
    engine: duckdb.DuckDBPyConnection, sql: str, bounds: dict[str, int], rows: int, cut: str | None
) -> None:
    _, content, end = ask(engine, sql, "json", **bounds)
    assert (end["rows"], end["truncated"]) == (rows, cut)
    assert len(json.loads(b"[" + content + b"]")) == rows


def test_r070_too_many_columns_are_refused(engine: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QuestionError, match="11 columns"):
        ask(engine, "SELECT " + ", ".join(map(str, range(11))), columns=10)


def test_values_that_json_has_not(engine: duckdb.DuckDBPyConnection) -> None:
    big = 170141183460469231731
    sql = f"SELECT 'nan'::DOUBLE, '-inf'::DOUBLE, DATE '2026-01-02', [1, NULL], {{'a': 'NaN'}}, NULL, {big}"
    assert json.loads(ask(engine, sql)[1]) == [
        "NaN", "-Infinity", "2026-01-02", [1, None], {"a": "NaN"}, None, big
    ]  # fmt: skip


def test_lines_and_cells(engine: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT i, i AS i, s || ',\"' AS q, ['a', 'b'] AS l, NULL AS n, true AS b FROM t WHERE i = 1"
    assert ask(engine, sql, "csv")[1].decode() == 'i,i_1,q,l,n,b\n1,1,"x1,""","a, b",,true\n'
    assert list(json.loads(ask(engine, sql, "jsonl")[1])) == ["i", "i_1", "q", "l", "n", "b"]


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (["a", "b"], "a, b"), (["a", 1], '["a",1]'), (1.5, "1.5"), (False, "false")]
)
def test_cells(value: object, text: str) -> None:
    assert cell(value) == text


def test_names_are_made_distinct() -> None:
    assert distinct(["a", "A", "a_2", "a", "b"]) == ["a", "A_1", "a_2", "a_3", "b"]
