"""`safe_text` is the one door through which outside text reaches a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.cli.hostile import FORBIDDEN, PARAMETERS, raw
from tui.safe_text import LONGEST, safe_text


@pytest.mark.parametrize("text", PARAMETERS)
def test_r071_hostile_text_becomes_visible(text: str) -> None:
    shown = safe_text(text)
    assert raw(shown, allowed="") == []
    shown.encode("utf-8")


@given(st.text(st.characters(), max_size=80))
def test_r071_nothing_forbidden_passes(text: str) -> None:
    shown = safe_text(text)
    assert raw(shown, allowed="") == []
    shown.encode("utf-8")


@pytest.mark.parametrize("character", sorted(FORBIDDEN - {chr(code) for code in range(0xD801, 0xDFFF)}), ids=ascii)
def test_r071_the_escape_names_the_character(character: str) -> None:
    assert safe_text(f"a{character}b").encode().decode("unicode_escape") == f"a{character}b"


@pytest.mark.parametrize(
    "text", ["plain", "naïve café", "日本語", "emoji 🎉", "русский", "العربية", "e\u0301", "-- [bold]x[/bold] %s {y}"]
)
def test_r071_ordinary_text_stays(text: str) -> None:
    assert safe_text(text) == text


def test_r071_newlines_and_tabs_only_where_allowed() -> None:
    assert safe_text("a\n\tb\r") == "a\\n\\tb\\r"
    assert safe_text("a\n\tb\r", multiline=True) == "a\n\tb\\r"


def test_r071_length_is_limited() -> None:
    assert safe_text("x" * 50, limit=10) == "x" * 10 + "…"
    assert len(safe_text("x" * 10 * LONGEST)) == LONGEST + 1


def test_r071_marks_do_not_pile_up() -> None:
    shown = safe_text("Z" + "\u0300" * 60 + "a" + "\u0300")
    assert sum(unicodedata.category(character) == "Mn" for character in shown) <= 5
    assert shown.endswith("a\u0300")
