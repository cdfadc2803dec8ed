"""One statement that only reads, judged before it runs (R69). The engine's own parser takes it apart."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import duckdb

from syncd.sql_worker.failure import QuestionError

TABLE_FUNCTIONS = frozenset(
    {
        "unnest", "range", "generate_series", "repeat", "repeat_row", "json_each", "json_tree", "summary", "histogram",
        "histogram_values", "pragma_table_info", "pragma_version", "duckdb_columns", "duckdb_constraints",
        "duckdb_functions", "duckdb_keywords", "duckdb_tables", "duckdb_types", "duckdb_views", "icu_calendar_names",
        "pg_timezone_names",
    }
)  # fmt: skip
"""Functions that may stand in FROM: none of them shows a path, a setting or a file, and none takes SQL as a text."""

SCALARS = frozenset(
    {
        "current_setting", "getenv", "json_execute_serialized_sql", "write_log", "sleep_ms", "pg_sleep", "query",
        "query_table", "which_secret", "force_checkpoint", "checkpoint", "enable_logging", "disable_logging",
        "enable_profiling", "disable_profiling", "stats", "vector_type", "nextval", "currval", "setseed",
        "extension_versions", "user_agent",
    }
)  # fmt: skip
"""Functions that are refused wherever they stand."""

SHOWN = frozenset({"tables", ""})
"""What SHOW may show; "" is a table, a view or a question."""

CHANGING = {f"{verb}_QUERY_NODE": verb for verb in ("INSERT", "UPDATE", "DELETE", "MERGE_INTO", "MERGE")}
"""A question that changes data inside WITH counts as a SELECT for the engine's parser."""

_EXPLAIN = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*explain\b", re.IGNORECASE | re.DOTALL)
_HIDDEN = re.compile(r"(duckdb|pragma|pg_catalog\.pg_settings|pg_settings)")


class Statement(NamedTuple):
    """What may run: `text` is a SELECT without a semicolon, at `offset` bytes of what was asked."""

    text: str
    offset: int
    explain: bool


def read_statement(connection: duckdb.DuckDBPyConnection, asked: str) -> Statement:
    """The one statement of `asked`. Raises QuestionError, and the engine's own errors for what it cannot parse."""
    offset, explain = 0, False
    match connection.extract_statements(asked):
        case []:
            raise QuestionError("sql.syntax", "there is no statement", hint="write one SELECT")
        case [one] if one.type == duckdb.StatementType.SELECT:
            text = asked
        case [one] if one.type == duckdb.StatementType.EXPLAIN:
            explain = True
            text, offset = _explained(connection, asked)
        case [one]:
            raise QuestionError("sql.refused", f"{one.type.name} is refused: only SELECT and EXPLAIN run", hint=_ONLY)
        case several:
            raise QuestionError(
                "sql.refused", f"there are {len(several)} statements", hint="ask one question at a time", position=0
            )
    text = _without_semicolon(text)
    _judge(connection, text)
    return Statement(text, offset, explain)


_ONLY = "what is read here is a copy of the catalog; nothing can be changed by SQL"


def _explained(connection: duckdb.DuckDBPyConnection, asked: str) -> tuple[str, int]:
    """The question behind EXPLAIN; what the engine would run (ANALYZE) or does not take for a SELECT is refused."""
    refused = QuestionError("sql.refused", "only EXPLAIN SELECT … is explained, without options", hint=_ONLY)
    found = _EXPLAIN.match(asked)
    if found is None:
        raise refused
    inner = asked[found.end() :]
    try:
        statements = connection.extract_statements(inner)
    except duckdb.Error:
        raise refused from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise refused
    return inner, len(asked[: found.end()].encode())


def _without_semicolon(text: str) -> str:
    whole = text.encode()
    for offset, kind in reversed(duckdb.tokenize(text)):
        if kind == duckdb.token_type.comment:
            continue
        if whole[offset : offset + 1] != b";":
            break
        whole = whole[:offset]
    return whole.decode()


def _judge(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    row = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchone()
    tree = json.loads(row[0]) if row else {}
    if tree.get("error", True):
        raise QuestionError(
            "sql.refused", "this form of SELECT is not taken", hint=str(tree.get("error_message", ""))[:300] or _ONLY
        )
    for node in _nodes(tree["statements"]):
        _judge_node(node)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    todo = [tree]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            yield one
            todo.extend(one.values())
        elif isinstance(one, list):
            todo.extend(one)


def _judge_node(node: dict[str, Any]) -> None:
    kind = node.get("type")
    function = node.get("function")
    if kind == "TABLE_FUNCTION" and isinstance(function, dict):
        name = str(function.get("function_name", "")).lower()
        if name not in TABLE_FUNCTIONS:
            raise _refused(f"the table function {name}", node)
    elif kind == "FUNCTION" and str(node.get("function_name", "")).lower() in SCALARS:
        raise _refused(f"the function {node['function_name']}", node)
    elif kind == "BASE_TABLE" and _HIDDEN.match(str(node.get("table_name", "")).lower()):
        raise _refused(f"the table {node['table_name']}", node)
    elif isinstance(kind, str) and kind in CHANGING:
        raise QuestionError("sql.refused", f"{CHANGING[kind]} is refused, also inside WITH", hint=_ONLY)
    elif kind == "SHOW_REF":
        shown = str(node.get("table_name", "")).strip('"').lower()
        if node.get("show_type") not in ("DESCRIBE", "SUMMARY") and shown not in SHOWN:
            raise _refused(f"SHOW {shown}", node)


def _refused(what: str, node: dict[str, Any]) -> QuestionError:
    at = node.get("query_location")
    known = isinstance(at, int) and at < 1 << 31
    return QuestionError(
        "sql.refused",
        f"{what} is refused: it would show or reach what is not the catalog",
        hint="docs/sql.md lists what can be asked",
        position=at if known else None,
    )
