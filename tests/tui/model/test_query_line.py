"""The query line as text that keys and clicks edit: what is theirs changes, what the person wrote stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.dialects.line import parse_line
from query.errors import QueryError
from tui.model.query_line import (
    Sign,
    conditions,
    conditions_end,
    directive,
    signs,
    terms,
    unquoted,
    with_conditions,
    with_directive,
    with_sign,
    without_unfinished,
    written,
)

IN, OUT = Sign.INCLUDED, Sign.EXCLUDED


@pytest.mark.parametrize(
    ("line", "field", "value", "sign", "edited"),
    [
        ("", "kind", "api", IN, "kind:api"),
        ("kind:api", "kind", "group", IN, "kind:api,group"),
        ("kind:api,Group", "kind", "group", None, "kind:api"),
        ("kind:api", "kind", "api", OUT, "-kind:api"),
        ("-tag:old x", "tag", "java", IN, "-tag:old x tag:java"),
        ("-tag:old", "tag", "older", OUT, "-tag:old,older"),
        ("-tag:old", "tag", "old", None, ""),
        ("pay sort:-owner", "tag", "two words", IN, 'pay tag:"two words" sort:-owner'),
        ('tag:"two words",java', "tag", "two words", None, "tag:java"),
        ("a or b sort:name", "kind", "api", IN, "(a or b) kind:api sort:name"),
        ("updated<7d (tag:a or tag:b)", "tag", "c", IN, "updated<7d (tag:a or tag:b) tag:c"),
        ("type:a -type:b", "type", "b", IN, "type:a,b"),
        ("kind:api kind:group", "kind", "user", IN, "kind:api,user kind:group"),
    ],
)
def test_a_facet_edits_the_line(line: str, field: str, value: str, sign: Sign | None, edited: str) -> None:
    assert with_sign(line, field, value, sign) == edited


def test_what_a_line_says_of_values() -> None:
    line = 'kind:API,group -lifecycle:"old one" owner:x* (type:a) sort:-owner'
    assert signs(line, "kind") == {"api": IN, "group": IN}
    assert signs(line, "lifecycle") == {"old one": OUT}
    assert signs(line, "type") == {}
    assert signs("kind:api or kind:group", "kind") == {}


def test_directives_are_told_from_conditions() -> None:
    line = 'sort:-a,b name:"sort:x y" cols:name,"a b" (x sort:no) -group:no'
    assert conditions(line) == 'name:"sort:x y" (x sort:no) -group:no'
    assert directive(line, "sort") == ("-a", "b")
    assert directive(line, "cols") == ("name", '"a b"')
    assert with_directive(line, "sort", ()) == 'name:"sort:x y" (x sort:no) -group:no cols:name,"a b"'
    assert with_directive("pay", "group", ("owner",)) == "pay group:owner"
    assert with_conditions("pay cols:name", "kind:api") == "kind:api cols:name"


def test_typing_replaces_the_conditions_and_leaves_the_rest() -> None:
    assert conditions_end("kind:api pay sort:name cols:a") == len("kind:api pay")
    assert conditions_end("sort:name pay") == len("sort:name pay")
    assert conditions_end("sort:name") == 0
    assert conditions_end("pay") == 3


@given(st.text(max_size=30))
def test_a_value_is_written_as_the_daemon_reads_it(value: str) -> None:
    line = with_sign("kind:api", "tag", value, IN)
    assert unquoted(written(value)) == value
    assert terms(line)[-1].values == (written(value),)
    if value and value.isprintable():
        assert value.lower() in repr(parse_line(line)).lower() or "\\" in repr(value) or not value.isascii()


@given(st.text(alphabet='ab:,-() "\\sortcls<>=', max_size=40))
def test_nothing_that_is_typed_is_lost(line: str) -> None:
    joined = "".join(term.text for term in terms(line))
    assert joined.replace(" ", "") == "".join(line.split())
    try:
        before = parse_line(line)
    except QueryError:
        return
    assert parse_line(with_directive(line, "group", ())).where == before.where


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("owner:", "      "),
        ("kind:api -owner: x", "kind:api         x"),
        ("tier> sort:", "      sort:"),
        ("owner:a,", "owner:a,"),
        ('owner:""', 'owner:""'),
        ("a or owner:", "a or owner:"),
        ("kind:api", "kind:api"),
    ],
)
def test_a_condition_without_a_value_yet_is_not_asked_for(line: str, asked: str) -> None:
    assert without_unfinished(line) == asked
