"""Times as people read them."""

from datetime import UTC, datetime

_STEPS = (
    (60, "s", 1),
    (3600, "m", 60),
    (86_400, "h", 3600),
    (7 * 86_400, "d", 86_400),
    (365 * 86_400, "w", 7 * 86_400),
)


def seconds_ago(seconds: float) -> str:
    """`42s`, `3m`, `5h`, `2d`, `7w`, `1y`: one unit, rounded down; never negative."""
    seconds = max(0.0, seconds)
    for below, unit, size in _STEPS:
        if seconds < below:
            return f"{int(seconds // size)}{unit}"
    return f"{int(seconds // (365 * 86_400))}y"


def parse(text: str) -> datetime | None:
    """An ISO 8601 time with zone, or None when it is not one."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def ago(text: str, now: datetime) -> str:
    """How long before `now` an ISO time was; another text comes back as it is."""
    moment = parse(text)
    return seconds_ago((now - moment).total_seconds()) if moment else text


def until(text: str, now: datetime) -> str:
    """How long after `now` an ISO time is; `now` when it has passed."""
    moment = parse(text)
    if moment is None:
        return text
    left = (moment - now).total_seconds()
    return f"in {seconds_ago(left)}" if left >= 1 else "now"
