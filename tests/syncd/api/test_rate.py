"""The bucket of requests that each token has (R59), and what its bearer is told of it (P77)."""

import math

import pytest

from syncd.api import rate
from syncd.api.rate import Allowance, RateLimit
from syncd.config import LimitSettings

LIMITS = LimitSettings(requests_per_second=2, request_burst=5)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr(rate, "time", standing)
    return standing


def test_p077_the_figures_follow_the_bucket(clock: Clock) -> None:
    limit = RateLimit(LIMITS)
    assert Allowance.whole(LIMITS) == Allowance(5, 3, 5, 0)
    assert [limit.take("a") for _ in range(6)] == [
        Allowance(5, 3, 4, 1), Allowance(5, 3, 3, 1), Allowance(5, 3, 2, 2), Allowance(5, 3, 1, 2),
        Allowance(5, 3, 0, 3), Allowance(5, 3, 0, 3, wait=1),
    ]  # fmt: skip
    assert limit.take("b").remaining == 4
    clock.now += 1
    assert limit.take("a") == Allowance(5, 3, 1, 2)
    clock.now += 3600
    assert limit.take("a") == Allowance(5, 3, 4, 1)


@pytest.mark.parametrize("per_second", [1, 3, 1000])
def test_p077_who_waits_as_told_is_granted(clock: Clock, per_second: int) -> None:
    limit = RateLimit(LimitSettings(requests_per_second=per_second, request_burst=1))
    limit.take("a")
    refused = limit.take("a")
    assert refused.wait == math.ceil(1 / per_second)
    clock.now += refused.wait
    assert limit.take("a").wait == 0


def test_r059_buckets_of_tokens_that_are_gone_are_forgotten(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "_MANY", 10)
    limit = RateLimit(LIMITS)
    for number in range(30):
        limit.take(f"old{number}")
        clock.now += 1
    assert len(limit._buckets) <= 10
    while not limit.take("busy").wait:
        pass
    for number in range(30):
        limit.take(f"new{number}")
    assert limit.take("busy").wait > 0
