"""How often a source is looked at, as people write it: `90s`, `5m`, or `configured`."""

import re

CONFIGURED = "configured"
"""Stands for the interval that the daemon's configuration says."""
EXAMPLES = (CONFIGURED, "10s", "1m", "5m", "15m", "1h")

_SECONDS = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
_LONGEST = 10 * 365 * 86_400
_LARGEST_FIRST = (("d", 86_400), ("h", 3_600), ("m", 60))
_WRITTEN = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([a-z]*)")


def parse_interval(text: str) -> float | None:
    """Seconds, None for `configured`; ValueError for anything else, less than a second, and more than ten years."""
    written = text.strip().lower()
    if written == CONFIGURED:
        return None
    match = _WRITTEN.fullmatch(written)
    if match is None or match[2] not in _SECONDS:
        raise ValueError(f"{text!r} is no interval: write 90s, 5m, 1h, or {CONFIGURED}")
    seconds = float(match[1]) * _SECONDS[match[2]]
    if seconds < 1:
        raise ValueError(f"{text!r} is less than a second")
    if seconds > _LONGEST:
        raise ValueError(f"{text!r} is more than ten years")
    return seconds


def interval_text(seconds: float | None) -> str:
    """As `parse_interval` reads it: `5m`, `90s`, `configured`."""
    if seconds is None:
        return CONFIGURED
    for unit, size in _LARGEST_FIRST:
        if seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds:.12g}s"


def interval_choices(now: float | None, usual: float) -> list[tuple[str, str]]:
    """What may be chosen, each with what is to be said of it: the usual ones and the one that holds `now`.

    `usual` is what the configuration says, in seconds; 0 where nobody knows.
    """
    held = interval_text(now)
    texts = [*EXAMPLES, *([] if held in EXAMPLES else [held])]
    about = {CONFIGURED: f"every {interval_text(usual)}"} if usual else {}
    return [(text, about.get(text, "")) for text in texts]
