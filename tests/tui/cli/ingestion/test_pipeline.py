"""Batches, halves and their order, without a daemon."""

import threading
from collections.abc import Iterable, Sequence

import pytest

from tui.cli.ingestion.pipeline import BATCH_BYTES, Outcome, Unit, carried_out
from tui.client import ApiProblem, DaemonUnreachable


def units(count: int, *, size: int = 10) -> list[Unit]:
    return [Unit(f"component:default/c{number}", number, size) for number in range(count)]


class Door:
    """Refuses batches that hold a bad unit; keeps what it stored, in order."""

    def __init__(self, bad: Iterable[int] = (), status: int = 400) -> None:
        self.bad = set(bad)
        self.status = status
        self.stored: list[int] = []
        self.calls = 0
        self.most = 0
        self._under_way: set[str] = set()
        self.clash = False
        self._lock = threading.Lock()

    def send(self, batch: Sequence[Unit]) -> list[Outcome]:
        refs = {unit.ref for unit in batch}
        with self._lock:
            self.calls += 1
            self.clash = self.clash or bool(self._under_way & refs)
            self._under_way |= refs
            self.most = max(self.most, len(batch))
        try:
            if at_fault := [unit.body for unit in batch if unit.body in self.bad]:
                raise ApiProblem(self.status, {"code": "input", "detail": f"{at_fault[0]} is bad"})
            with self._lock:
                self.stored += [unit.body for unit in batch]
            return [Outcome(unit, ["added"]) for unit in batch]
        finally:
            with self._lock:
                self._under_way -= refs


@pytest.mark.parametrize("bad", [[], [0], [99], [3, 4, 50], list(range(100))], ids=lambda bad: f"{len(bad)}-bad")
@pytest.mark.parametrize("in_flight", [1, 4])
def test_p075_all_but_the_bad_units_are_stored(bad: list[int], in_flight: int) -> None:
    door = Door(bad)
    outcomes = list(carried_out(units(100), door.send, most=16, in_flight=in_flight))
    assert [outcome.unit.body for outcome in outcomes] == list(range(100))
    assert [outcome.unit.body for outcome in outcomes if outcome.reason] == bad
    assert sorted(door.stored) == sorted(set(range(100)) - set(bad))
    assert all(outcome.reason == f"{outcome.unit.body} is bad" for outcome in outcomes if outcome.reason)


def test_one_bad_unit_costs_a_few_requests() -> None:
    door = Door([700])
    list(carried_out(units(1000), door.send, most=500))
    assert door.calls <= 2 + 2 * 10


def test_stop_ends_with_the_first_that_is_refused() -> None:
    door = Door([5, 7])
    outcomes = list(carried_out(units(100), door.send, most=10, stop=True))
    assert [outcome.unit.body for outcome in outcomes] == [0, 1, 2, 3, 4, 5]
    assert door.stored == [0, 1, 2, 3, 4]


def test_batches_are_bounded_by_count_and_by_bytes() -> None:
    door = Door()
    list(carried_out(units(100), door.send, most=30))
    assert door.most == 30
    door = Door()
    list(carried_out(units(10, size=BATCH_BYTES // 2), door.send, most=30))
    assert door.most == 2
    door = Door()
    list(carried_out(units(2, size=2 * BATCH_BYTES), door.send, most=30))
    assert door.most == 1


def test_units_of_one_entity_are_never_under_way_together() -> None:
    door = Door()
    same = [Unit(f"component:default/c{number % 7}", number, 10) for number in range(200)]
    list(carried_out(same, door.send, most=7, in_flight=4))
    assert not door.clash
    for entity in range(7):
        mine = [number for number in door.stored if number % 7 == entity]
        assert mine == sorted(mine)


@pytest.mark.parametrize("status", [401, 403, 500, 503])
@pytest.mark.parametrize("in_flight", [1, 4])
def test_what_is_not_about_the_rows_ends_the_work(status: int, in_flight: int) -> None:
    door = Door([25], status)
    seen: list[int] = []
    outcomes = carried_out(units(100), door.send, most=10, in_flight=in_flight)
    with pytest.raises(ApiProblem) as caught:
        seen.extend(outcome.unit.body for outcome in outcomes)
    assert caught.value.status == status
    assert sorted(seen) == sorted(door.stored)


def test_a_daemon_that_is_gone_ends_the_work() -> None:
    def send(batch: Sequence[Unit]) -> list[Outcome]:
        raise DaemonUnreachable("unix:/x", "gone")

    with pytest.raises(DaemonUnreachable):
        list(carried_out(units(100), send, most=10))
