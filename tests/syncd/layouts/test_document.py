"""The page on layouts names what there is."""

from pathlib import Path

import pytest

from syncd.expressions.calls import FUNCTIONS, METHODS
from syncd.expressions.comparison import OPERATORS, WORDS
from syncd.expressions.parser import MAX_DEPTH, MAX_TEXT
from syncd.expressions.values import MAX_RESULT
from syncd.layouts.components import COMPONENTS
from tests.support.layouts import TUTORIAL_CARD

DOCUMENT = (Path(__file__).parents[3] / "docs" / "layouts.md").read_text()


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCUMENT


@pytest.mark.parametrize("written", [*OPERATORS, *WORDS, *(f".{name}" for name in METHODS)])
def test_every_operator_and_method_is_documented(written: str) -> None:
    assert f"`{written}`" in DOCUMENT


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_documented(name: str) -> None:
    assert f"`{name}(x)`" in DOCUMENT


def test_the_limits_are_documented() -> None:
    assert f"{MAX_TEXT}\ncharacters and {MAX_DEPTH} operations" in DOCUMENT
    assert f"{MAX_RESULT:,} characters" in DOCUMENT


def test_the_card_of_the_tutorial_stands_there_as_it_is() -> None:
    assert TUTORIAL_CARD in DOCUMENT
