"""Whatever is sent to a parser, it answers with a tree or with QueryError, in time that grows with the input alone."""

import base64
import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from query.cursor import decode
from query.dialects.filter import parse_filter
from query.dialects.line import Asker, parse_line, print_line
from query.dialects.predicate import parse_predicate
from query.errors import QueryError
from query.fields import parse_fields
from query.order import parse_order_fields, parse_orders, read_order_by
from query.pattern import fits, normal
from query.rank import ranges, rank

_words = st.sampled_from(
    [
        *(
            "kind",
            "owner",
            "spec.a",
            "has",
            "ref",
            "sort",
            "cols",
            "group",
            "updated",
            "affectedby",
            "label.x",
            "or",
            "and",
        ),
        *("@me", "7d", "1.10.2", "2026-01-01", "~", "~3", ":", ">", ">=", "=", "<", ",", "-", "(", ")", '"', "\\", "*"),
        *("?", " ", "/", "é😀", "label.x"),
    ]
)
lines = st.one_of(st.text(max_size=40), st.lists(_words, max_size=24).map("".join))
_scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6))
_keys = st.one_of(
    st.sampled_from(("$all", "$any", "$not", "$in", "$exists", "$contains", "$hasPrefix", "type", "targetRef", "key")),
    st.sampled_from(("kind", "query", "filter", "orderFields", "field", "order", "allOf", "anyOf", "not", "values")),
    st.sampled_from(("orderFieldValues", "firstSortFieldValues", "isPrevious", "totalItems", "fullTextFilter", "term")),
    st.sampled_from(("relations", "")) | st.text(max_size=4),
)
values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=10,
)
many = settings(max_examples=300)


def _refusal(read: Callable[[], object]) -> QueryError | None:
    try:
        read()
    except QueryError as error:
        return error
    return None


def _survives(read: Callable[[], object]) -> None:
    refused = _refusal(read)
    assert refused is None or (refused.message and (refused.position or 0) >= 0)


@many
@given(text=lines)
def test_lines(text: str) -> None:
    _survives(lambda: print_line(parse_line(text, Asker(("user:default/a", "group:default/b")))))


@many
@given(texts=st.lists(st.one_of(st.text(max_size=20), lines), max_size=3))
def test_texts(texts: list[str]) -> None:
    _survives(lambda: parse_filter(texts))
    _survives(lambda: parse_fields(texts))
    _survives(lambda: parse_order_fields(texts))
    _survives(lambda: parse_orders(texts))


@many
@given(value=values)
def test_json(value: object) -> None:
    _survives(lambda: parse_predicate(value))
    _survives(lambda: read_order_by(value))


@many
@given(content=st.one_of(values, st.dictionaries(_keys, values, max_size=6)), noise=st.text(max_size=3))
def test_cursors(content: object, noise: str) -> None:
    text = base64.b64encode(json.dumps(content).encode()).decode()
    _survives(lambda: decode(text))
    _survives(lambda: decode(noise + text))
    _survives(lambda: decode(noise))


@many
@given(pattern=st.text(alphabet="*?\\ab", max_size=30), value=st.text(alphabet="ab*?\\", max_size=30))
def test_patterns(pattern: str, value: str) -> None:
    _survives(lambda: fits(normal(pattern), value))


@many
@given(text=st.text(alphabet="0123456789-:.tzv+re ", max_size=40))
def test_literals(text: str) -> None:
    rank(text, None)
    ranges(">", text)


HEAVY: dict[str, Callable[[int], object]] = {
    "words": lambda size: parse_line("a " * (size // 2)),
    "brackets": lambda size: parse_line("(a) " * (size // 4)),
    "open-brackets": lambda size: parse_line("(" * size),
    "quotes": lambda size: parse_line('"a"' * (size // 3)),
    "backslashes": lambda size: parse_line('"' + "\\" * size),
    "values": lambda size: parse_line("kind:" + "a," * (size // 2)),
    "alternatives": lambda size: parse_line("a or " * (size // 5) + "a"),
    "dashes": lambda size: parse_line("-" * size),
    "digits": lambda size: parse_line("spec.a>" + "1" * size),
    "dots": lambda size: parse_line("spec.a>" + "1." * (size // 2) + "1"),
    "names": lambda size: parse_line("x" * (size - 2) + ":y"),
    "tildes": lambda size: parse_line("owner:" + "~" * (size - 6)),
    "filter": lambda size: parse_filter(["a=b," * (size // 4)]),
    "fields": lambda size: parse_fields(["a.b," * (size // 4)]),
    "order": lambda size: parse_order_fields(["a" * size]),
    "cursor": lambda size: decode("A" * size),
    "predicate": lambda size: parse_predicate({"$all": [{"a": "b"}] * (size // 10)}),
    "stars": lambda size: fits("*a" * 32 + "b", "a" * size),
    "marks": lambda size: fits("*" + "?" * 31 + "b", "a" * size),
}


@pytest.mark.parametrize("read", HEAVY.values(), ids=HEAVY.keys())
def test_time_grows_with_the_input_alone(read: Callable[[int], object]) -> None:
    """Sixteen times the input may take sixteen times as long; the rest is for a busy machine. Its square is 256."""
    small, large = (min(_seconds(read, size) for _ in range(3)) for size in (1_000, 16_000))
    assert large < max(small, 0.0005) * 16 * 8


def _seconds(read: Callable[[int], object], size: int) -> float:
    begun = time.process_time()
    _survives(lambda: read(size))
    return time.process_time() - begun
