"""The document of the query line says what the language is: fields and operators are all there, examples are read."""

import re
from pathlib import Path

import pytest

from query.dialects.line import FIELDS, Asker, parse_line, print_line
from query.dialects.line.fields import PREFIXES, RESERVED
from query.dialects.line.grammar import MAX_DEPTH, MAX_LENGTH
from query.dialects.line.terms import AGE_UNITS
from query.dialects.line.tokens import OPERATORS
from query.pattern import MAX_WILDCARDS
from query.rank import OPERATORS as COMPARISONS
from tests.query.conftest import Names

DOCUMENT = (Path(__file__).parents[2] / "docs" / "query.md").read_text()
MIRA = Asker(("user:default/mira", "group:default/team-cart"))


def _section(title: str) -> str:
    return DOCUMENT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def _cells(section: str, column: int) -> list[str]:
    """The code in one column of a section's tables."""
    rows = [line.split("|")[column + 1].strip() for line in section.splitlines() if line.startswith("|")]
    return [cell.strip("`") for cell in rows if cell.startswith("`")]


EXAMPLES = [
    *(line for title in ("Conditions", "Values", "Order, columns, groups") for line in _cells(_section(title), 0)),
    *_cells(_section("Fields").split("| written |")[1], 0),
    *_cells(_section("Comparisons").split("| you write |")[1], 2),
    next(line.strip() for line in DOCUMENT.splitlines() if line.startswith("    kind:")),
]


def test_the_table_of_fields_is_the_registry() -> None:
    rows = [line for line in _section("Fields").splitlines() if line.startswith("| `")]
    expected = [f"| `{one.name}` | `{one.key}` | {one.about} |" for one in FIELDS.values()]
    assert [row for row in rows if row.count("|") == 4] == expected
    assert all(f"`{prefix}." in DOCUMENT for prefix in PREFIXES)
    assert all(f"`{name}:" in DOCUMENT for name in RESERVED)


def test_the_table_of_operators_is_complete() -> None:
    assert sorted(_cells(_section("Comparisons").split("| you write |")[0], 0)) == sorted(OPERATORS)
    assert set(OPERATORS) == {":", *COMPARISONS}
    ages = next(line for line in DOCUMENT.splitlines() if line.startswith("| an age |"))
    assert all(f"`{unit}`" in ages for unit in AGE_UNITS)


def test_the_limits_are_those_in_force() -> None:
    assert f"{MAX_LENGTH:,} characters" in DOCUMENT
    assert f"up to {MAX_DEPTH} deep" in DOCUMENT
    assert f"at most {MAX_WILDCARDS} of them" in DOCUMENT


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_example_is_read_and_asked(names: Names, line: str) -> None:
    found = parse_line(line, MIRA)
    names(found.where)
    assert print_line(parse_line(print_line(found))) == print_line(found)


def test_the_examples_are_many() -> None:
    assert len(EXAMPLES) > 30


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("kind:api (tag:java or tag:go)", set()),
        ("name:*out", {"checkout"}),
        ("name:c?eck*t", {"checkout"}),
        ("title:*", {"checkout"}),
        ("has:title,description", {"checkout"}),
        ("ref:component:default/checkout", {"checkout"}),
        ("checkout money", {"checkout"}),
    ],
)
def test_examples_find_what_they_say(names: Names, line: str, expected: set[str]) -> None:
    assert line in EXAMPLES
    assert names(parse_line(line).where) == expected


def test_the_mistake_that_is_shown() -> None:
    shown = re.search(r"where: (.*)\n *\^", DOCUMENT)
    assert shown is not None
    assert shown[1] in DOCUMENT.split("catalog list '")[2]
