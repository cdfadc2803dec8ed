"""No expression and no entity makes evaluation long, deep or fail."""

import time
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.expressions import Allowance, ExpressionError, Scope, evaluate, parse, parse_template, path_text
from syncd.expressions.parser import MAX_TEXT
from syncd.model.json import JsonObject

WORDS = (
    "metadata kind .name [0] ['a'] ( ) [ ] <+ > < >= == =~ !~ ! && || and or not + - * / % ? : ?: ?? , 1 2.5 'x' "
    '"y" null true size( empty( .contains( .split( .replace( .length() .keySet() .matches( = ; { -> \\ \''
)
PIECES = st.sampled_from(WORDS.split())
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES).map(" ".join))
ENTITY: JsonObject = {
    "kind": "Component",
    "metadata": {"name": "a" * 5000, "a": [1, None, {"b": "c"}], "n": 10**400, "f": 1e308, "empty": ""},
}


@given(TEXTS)
def test_any_text_is_evaluated_or_refused_with_a_position(text: str) -> None:
    for read in (lambda: evaluate(parse(text), Scope(ENTITY)), lambda: parse_template(text).render(Scope(ENTITY))):
        refusal = refusal_of(read)
        assert refusal is None or (0 <= refusal.position <= len(text) and refusal.message)


def refusal_of(read: Callable[[], object]) -> ExpressionError | None:
    try:
        read()
    except ExpressionError as refusal:
        return refusal
    return None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * 1500 + "kind" + ")" * 1500, id="parentheses"),
        pytest.param("!" * 3000 + "kind", id="negations"),
        pytest.param("kind" + ".a" * 1500, id="steps"),
        pytest.param("[" * 1500 + "]" * 1500, id="lists"),
        pytest.param("kind ? 1 : " * 300 + "2", id="choices"),
        pytest.param("k" * (MAX_TEXT + 1), id="length"),
        pytest.param("1e999", id="number"),
    ],
)
def test_what_is_too_large_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_many_operations_beside_each_other_are_no_depth() -> None:
    assert evaluate(parse(" || ".join(["kind == 'x'"] * 200) + " || true"), Scope(ENTITY)).value is True
    assert evaluate(parse(" + ".join(["1"] * 500)), Scope(ENTITY)).value == 500


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("1 / 0", "a division by zero", id="division"),
        pytest.param("1 % 0", "a division by zero", id="remainder"),
        pytest.param("metadata.f * 10", "the result of * is beyond all numbers", id="beyond"),
        pytest.param("'x'.replace('', metadata.name.replace('', metadata.name))", "more than 65536", id="growth"),
        pytest.param("metadata.name.keySet()", "keySet needs a mapping", id="wrong-receiver"),
        pytest.param("'a' - 1", "- needs numbers on both sides", id="no-number"),
        pytest.param("'x' =~ metadata.name", "a regular expression has at most 200 characters", id="long-pattern"),
        pytest.param("'x' =~ ('(' + kind)", "no regular expression", id="pattern-of-the-entity"),
    ],
)
def test_what_has_no_result_says_why(text: str, fault: str) -> None:
    result = evaluate(parse(text), Scope(ENTITY))
    assert result.value is None
    assert fault in result.fault


def test_a_regular_expression_cannot_go_back() -> None:
    entity: JsonObject = {"metadata": {"name": "a" * 50_000}}
    started = time.perf_counter()
    assert evaluate(parse("metadata.name =~ '(a|a)*(a|a)*(a|a)*b'"), Scope(entity)).value is False
    assert time.perf_counter() - started < 2


def test_expressions_of_one_layout_share_an_allowance() -> None:
    scope = Scope(ENTITY, allowance=Allowance(20_000))
    counted = parse("size(metadata.name)")
    found = [evaluate(counted, scope) for _ in range(5)]
    assert [result.value for result in found] == [5000, 5000, 5000, None, None]
    assert found[-1].fault == "evaluating this takes too long"


def test_text_is_read_in_time_that_grows_with_it() -> None:
    started = time.perf_counter()
    for text in ("<+" * 2000, "<+a > " * 600, "<+'" * 1300, "<+" + "'a\\" * 1300, "a ? " * 900):
        assert refusal_of(partial(parse_template, text)) or refusal_of(partial(parse, text))
    assert time.perf_counter() - started < 2


def test_a_path_is_spelled_as_it_is_read() -> None:
    path = ("metadata", "links", 0, "a/b", "it's")
    assert path_text(path) == "metadata.links[0]['a/b']['it\\'s']"
    entity: JsonObject = {"metadata": {"links": [{"a/b": {"it's": 7}}]}}
    assert evaluate(parse(path_text(path)), Scope(entity)).value == 7


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a <+ 5 > 3> b", "a true b", id="greater-has-blanks-around-it"),
        pytest.param("<+metadata.a[0]>5>", "15>", id="else-it-ends-the-expression"),
        pytest.param("<+ 5 >= 5 >.", "true.", id="at-least"),
        pytest.param("<b><+kind></b>", "<b>Component</b>", id="markup-around"),
        pytest.param("<+'a>b'>", "a>b", id="quoted"),
        pytest.param("a < b, 5 > 4", "a < b, 5 > 4", id="no-expression"),
        pytest.param("<+metadata.a>", '[1, null, {"b": "c"}]', id="nested-as-json"),
        pytest.param("<+[1, true, 'x', 2.5]>", "1, true, x, 2.5", id="plain-values-with-commas"),
        pytest.param("<+metadata.empty>", "", id="empty-is-a-value"),
    ],
)
def test_expressions_stand_in_text(text: str, shown: str) -> None:
    assert parse_template(text).render(Scope(ENTITY)).text == shown


def test_a_text_that_grows_too_long_is_a_dash_with_a_reason() -> None:
    rendering = parse_template("<+metadata.name>" * 100).render(Scope(ENTITY))
    assert (rendering.text, rendering.whole) == ("—", False)
    assert "more than 65536" in rendering.faults[0]
