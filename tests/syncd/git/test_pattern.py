"""Path patterns: what they match, what they refuse, and how long it takes (R32)."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.model.pattern import Pattern, PatternError


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("catalog-info.yaml", "catalog-info.yaml", True),
        ("catalog-info.yaml", "Catalog-Info.yaml", False),
        ("catalog-info.yaml", "a/catalog-info.yaml", False),
        ("**/catalog-info.yaml", "catalog-info.yaml", True),
        ("**/catalog-info.yaml", "a/b/catalog-info.yaml", True),
        ("**/catalog-info.yaml", "a/b/catalog-info.yaml/c", False),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "ab", False),
        ("a/**", "a/x/y", True),
        ("a/**", "a", True),
        ("**/a/**/b", "x/a/y/a/b", True),
        ("*/c.yaml", "a/c.yaml", True),
        ("*/c.yaml", "a/b/c.yaml", False),
        ("*.yaml", ".yaml", True),
        ("*.yaml", "a/b.yaml", False),
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("a**b", "axb", True),
        ("a**b", "a/b", False),
        ("?.yaml", "é.yaml", True),
        ("?.yaml", ".yaml", False),
        ("[a-c]x", "bx", True),
        ("[a-c]x", "dx", False),
        ("[!a-c]x", "dx", True),
        ("[]]x", "]x", True),
        ("[a-]x", "-x", True),
    ],
)
def test_r032_a_pattern_matches(pattern: str, path: str, expected: bool) -> None:
    assert Pattern.parse(pattern).matches(path) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "/a",
        "a//b",
        "a/",
        "a/../b",
        "./a",
        ".git/config",
        "a/.GIT/x",
        "a\\b",
        "a\0b",
        "a\nb",
        "[ab",
        "x" * 513,
        "*" + "a*" * 16,
    ],
)
def test_r032_a_pattern_is_refused(text: str) -> None:
    with pytest.raises(PatternError):
        Pattern.parse(text)


@pytest.mark.parametrize(
    ("text", "is_exact", "prefix"),
    [
        ("a/b/c.yaml", True, "a/b"),
        ("c.yaml", True, ""),
        ("a/b/*.yaml", False, "a/b"),
        ("a/*/c.yaml", False, "a"),
        ("**/c.yaml", False, ""),
    ],
)
def test_a_walk_may_start_at_the_literal_folder(text: str, is_exact: bool, prefix: str) -> None:
    pattern = Pattern.parse(text)
    assert (pattern.is_exact, pattern.prefix) == (is_exact, prefix)


def test_an_exact_pattern_takes_brackets_as_they_are() -> None:
    pattern = Pattern.exact("app/[id]/catalog-info.yaml")
    assert pattern.is_exact
    assert pattern.matches("app/[id]/catalog-info.yaml")
    assert not pattern.matches("app/i/catalog-info.yaml")


def test_r032_no_pattern_makes_matching_slow() -> None:
    started = time.perf_counter()
    assert not Pattern.parse("*a" * 15 + "*b").matches("a" * 4000)
    assert not Pattern.parse("**/a/" * 8 + "b").matches("/".join(["a"] * 2000))
    assert time.perf_counter() - started < 1


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_r032_one_segment_agrees_with_a_regular_expression(pattern: str, name: str) -> None:
    if pattern and pattern != "**" and name:
        expression = "".join({"*": ".*", "?": "."}.get(character, character) for character in pattern)
        assert Pattern.parse(pattern).matches(name) is bool(re.fullmatch(expression, name))


@given(
    st.lists(st.sampled_from(["**", "a", "b", "*"]), min_size=1, max_size=6),
    st.lists(st.sampled_from("ab"), min_size=1, max_size=6),
)
def test_r032_segments_agree_with_a_regular_expression(segments: list[str], names: list[str]) -> None:
    expression = "".join({"**": "(?:[ab]/)*", "*": "[ab]/"}.get(segment, f"{segment}/") for segment in segments)
    found = Pattern.parse("/".join(segments)).matches("/".join(names))
    assert found is bool(re.fullmatch(expression, "/".join(names) + "/"))
