"""Intervals as people write them."""

import pytest

from tui.model.interval import EXAMPLES, interval_text, parse_interval


@pytest.mark.parametrize(
    ("text", "seconds", "shown"),
    [
        ("configured", None, "configured"),
        (" Configured ", None, "configured"),
        ("90", 90, "90s"),
        ("1.5s", 1.5, "1.5s"),
        ("5 min", 300, "5m"),
        ("300s", 300, "5m"),
        ("90m", 5400, "90m"),
        ("2H", 7200, "2h"),
        ("7d", 604_800, "7d"),
        ("1234567.25s", 1_234_567.25, "1234567.25s"),
    ],
)
def test_what_is_written_is_read_and_shown(text: str, seconds: float | None, shown: str) -> None:
    assert parse_interval(text) == seconds
    assert interval_text(seconds) == shown
    assert parse_interval(shown) == seconds


@pytest.mark.parametrize(
    "text", ["", "soon", "-5m", "5 weeks", "500ms", "0", "0.9s", "5m5", "1e3s", "\u0665m", "nan", "3651d"]
)
def test_what_is_no_interval_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no interval|less than a second|more than ten years"):
        parse_interval(text)


def test_what_is_offered_can_be_read() -> None:
    assert [interval_text(parse_interval(text)) for text in EXAMPLES] == list(EXAMPLES)
