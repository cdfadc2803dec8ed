"""Who asks, and when: what a query line can mean beside its text."""

from dataclasses import dataclass, field
from datetime import UTC, datetime


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Asker:
    """`me` are the refs that `@me` stands for, lower-case: the user and the groups they are a member of, the user
    first; empty where nobody is known. Ages such as `7d` are counted from `now`."""

    me: tuple[str, ...] = ()
    now: datetime = field(default_factory=_now)
