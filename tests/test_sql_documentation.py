"""`docs/sql.md` names every view and every column that there is, with its type, and nothing else."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.store.index import Index

DOCUMENT = (Path(__file__).parents[1] / "docs" / "sql.md").read_text()
VIEW = re.compile(r"^\| `(\w+)` \| [^|]+ \| ((?:`\w+` ?)+) \|$", re.MULTILINE)
COLUMN = re.compile(r"^\| ((?:`\w+` ?)+) \| ([A-Z]+(?:\[\]|\([A-Z, ]+\))?) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An empty index with its views."""
    made = Index.create(tmp_path_factory.mktemp("views") / "index.duckdb")
    yield made
    made.close()


def columns(index: Index) -> list[tuple[str, str, str]]:
    """View, column, type, in their order."""
    return (
        index.cursor()
        .execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() "
            "WHERE schema_name = 'main' AND NOT internal ORDER BY table_name, column_index"
        )
        .fetchall()
    )


def test_every_view_is_documented_with_its_columns(index: Index) -> None:
    there = defaultdict(list)
    for view, column, _ in columns(index):
        there[view].append(column)
    assert {view: re.findall(r"\w+", names) for view, names in VIEW.findall(DOCUMENT)} == there


def test_every_column_is_documented_with_its_type(index: Index) -> None:
    told = {name: kind for names, kind in COLUMN.findall(DOCUMENT) for name in re.findall(r"\w+", names)}
    assert {name: kind for view, name, kind in columns(index) if (view, name) != ("changes", "updated")} == told
