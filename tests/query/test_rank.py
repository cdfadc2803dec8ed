"""Numbers, versions and times as texts that sort as they do (U2)."""

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.rank import NUMBER, TIME, VERSION, Operator, is_time, number_rank, ranges, rank, time_text

_VERSIONS = (
    "0.9", "1.0-1", "1.0-2", "1.0-10", "1.0-alpha", "1.0-alpha.2", "1.0-alpha.10", "1.0-rc", "1.0-rc1", "1.0-rc2",
    "1.0-rc10", "1.0", "1.0.1", "1.9", "1.9.9", "1.10-rc", "1.10", "1.10.2", "v2", "10", "99999999999999999999999",
)  # fmt: skip
_TIMES = (
    "0001-01-01", "2025-12-31", "2026-01-01T00:30:00+01:00", "2026-01-01", "2026-01-01T00:00:00.001Z",
    "2026-01-01T01:00+00:30", "2026-01-01 01:00", "2026-01-01T01:00:01.5Z", "2026-01-01T01:00:02-0000", "9999-12-31",
)  # fmt: skip


def _rank(text: str) -> str:
    found = rank(text.lower(), None)
    assert found is not None
    return found


@pytest.mark.parametrize(("texts", "first"), [(_VERSIONS, VERSION), (_TIMES, TIME)])
def test_ranks_sort_as_what_they_stand_for(texts: tuple[str, ...], first: str) -> None:
    ranks = [_rank(text) for text in texts]
    assert ranks == sorted(set(ranks))
    assert {found[0] for found in ranks} == {first}


@pytest.mark.parametrize(
    "texts",
    [
        ("1.9", "1.9.0", "v1.9", "01.9.00", "1.9+build.7"),
        ("1.0-rc1", "1.0.0-rc.1", "v1.0-RC-01"),
        ("2026-01-01", "2026-01-01T00:00Z", "2026-01-01t01:00:00+01:00", "2026-01-01 00:00:00.000999"),
    ],
)
def test_spellings_of_one_value_have_one_rank(texts: tuple[str, ...]) -> None:
    assert len({_rank(text) for text in texts}) == 1


@pytest.mark.parametrize(
    "text",
    ["", "v", "x1", "1.", "1..2", "-1", "1e5", "12-ab", "2026-02-30", "2026-13-01", "2026-01-01T24:00", "10:30", "1,5",
     "2026-01-01T10:00:00.1234567890Z", "0001-01-01T00:00+01:00", "2026-01-01T00:00+25:00", "١", "80%", "7d"],
)  # fmt: skip
def test_all_else_is_text(text: str) -> None:
    assert rank(text.lower(), None) is None
    assert rank(None, None) is None


@given(numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_sort_as_numbers(numbers: list[float]) -> None:
    assert [number_rank(number) for number in sorted(numbers)] == sorted(map(number_rank, numbers))
    assert number_rank(-0.0) == number_rank(0.0)
    assert all(rank("anything", number) == number_rank(number) for number in numbers)


def _stands(value: str | float, operator: Operator, literal: str) -> bool:
    found = rank(None, value) if isinstance(value, float) else rank(value.lower(), None)
    return found is not None and any(low <= found < high for low, high in ranges(operator, literal.lower()))


@pytest.mark.parametrize(
    ("value", "literal", "relations"),
    [
        (85.0, "80", "> >="),
        (80.0, "80.0", "<= = >="),
        (-3.0, "-2.5", "< <="),
        (1000.0, "1e3", "<= = >="),
        (3.0, "2026-01-01", ""),
        (3.0, "1.10.2", ""),
        ("85", "9", "> >="),
        ("1.10.2", "1.9", "> >="),
        ("1.10", "1.9", "> >="),
        (1.10, "1.9", "< <="),
        ("1.9-rc1", "1.9", "< <="),
        ("-5", "9", ""),
        ("2026-01-01T23:59:59.999Z", "2026-01-01", "<= = >="),
        ("2026-01-02", "2026-01-01", "> >="),
        ("2025-12-31", "2026-01-01", "< <="),
        ("2026-01-01T10:00:30Z", "2026-01-01T10:00", "<= = >="),
        ("2026-01-01T10:00:30.5Z", "2026-01-01T10:00:30", "<= = >="),
        ("9999-12-31T10:00", "9999-12-31", "<= = >="),
        ("9999-12-31", "9999-12-30", "> >="),
        ("gold", "80", ""),
        ("2026-01-01", "2026", ""),
    ],
)
def test_u002_relations(value: str | float, literal: str, relations: str) -> None:
    operators: tuple[Operator, ...] = ("<", "<=", "=", ">", ">=")
    assert " ".join(operator for operator in operators if _stands(value, operator, literal)) == relations


def test_a_number_beyond_all_is_no_number() -> None:
    assert math.isinf(float("1e999"))
    assert ranges(">", "1e999") == ()
    assert rank("x", 1e308) is not None
    assert NUMBER < VERSION < TIME


def test_moments_are_written_as_ranks_are() -> None:
    written = time_text(datetime(2026, 1, 2, 3, 4, 5, 678_900, tzinfo=UTC))
    assert written == "2026-01-02T03:04:05.678Z"
    assert rank(written.lower(), None) == TIME + written
    assert is_time("2026-01-02T03:04")
    assert not is_time("1.9")
