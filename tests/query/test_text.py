"""Text as search rows hold it (spec 2.12)."""

import pytest

from query.text import fold, is_searchable, number_text, scalar_text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.5, "1.5"),
        (8080, "8080"),
        (2.0, "2"),
        (-0.0, "0"),
        (0, "0"),
        (-7, "-7"),
        (99.95, "99.95"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (123456789012345680000, "123456789012345680000"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (-2.5e-8, "-2.5e-8"),
        (1e-7, "1e-7"),
        (0.000001, "0.000001"),
        (0.00012, "0.00012"),
        (5e-324, "5e-324"),
        (9007199254740993, "9007199254740992"),
        (2**70, "1.1805916207174113e+21"),
        (10**400, None),
        (float("inf"), None),
        (float("nan"), None),
    ],
)
def test_numbers_print_as_javascript_prints_them(number: float, text: str | None) -> None:
    assert number_text(number) == text


def test_scalars_have_a_text() -> None:
    assert [scalar_text(value) for value in ("A", True, False, 1, 1.0)] == ["A", "true", "false", "1", "1"]


@pytest.mark.parametrize("letters", ["Straße", "ΑΣ.Σ", "İx", "ÅÉ"])
def test_folding_a_path_is_folding_its_pieces(letters: str) -> None:
    assert fold(f"{letters}.{letters}") == f"{fold(letters)}.{fold(letters)}"
    assert fold(fold(letters)) == fold(letters)


@pytest.mark.parametrize(
    ("text", "searchable"), [("x" * 200, True), ("x" * 201, False), ("😀" * 100, True), ("😀" * 101, False)]
)
def test_length_is_counted_in_utf16_units(text: str, searchable: bool) -> None:
    assert is_searchable(text) is searchable
