"""Many writes in few requests: batches, several of them under way, and bad ones found by halving."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.client import ApiProblem, DaemonUnreachable

if TYPE_CHECKING:
    from concurrent.futures import Future

    from tui.cli.ingestion.record import Record

BATCH_BYTES = 400_000
"""Bytes of one request; the daemon takes 1 MiB unless it is configured otherwise."""

IN_FLIGHT = 4
"""Requests under way at the same time: the daemon commits together what waits."""

_REFUSALS = (400, 404, 409, 413, 422)
"""Answers that are about what was sent; any other concerns the daemon or the caller, and ends the work."""


class Unit(NamedTuple):
    """What is stored or refused as one: a row of a file, or an entity of a selection."""

    ref: str
    """The entity that it is about; units of one entity are sent in their order."""
    body: Any
    size: int
    """About how many bytes it takes in a request."""
    weight: int = 1
    """How many changes it holds."""
    record: "Record | None" = None
    """The row it was made of."""


class Outcome(NamedTuple):
    """What became of a unit: effects by their names, or the reason why it was refused."""

    unit: Unit
    effects: Sequence[str] = ()
    reason: str = ""
    answers: Sequence[Any] = ()
    """What the daemon said of each change."""


Send = Callable[[Sequence[Unit]], list[Outcome]]
"""One request: the outcome of each unit, or `ApiProblem` where all are refused because of one."""


def carried_out(
    units: Iterable[Unit], send: Send, *, most: int, in_flight: int = IN_FLIGHT, stop: bool = False
) -> Iterator[Outcome]:
    """Send all of them and give what became of each, in their order.

    A batch holds `most` changes at most. Where it is refused its halves are tried, down to the unit at fault: all
    others are stored. `stop` ends the work with the first unit that is refused, and sends one batch at a time, so that
    nothing behind it is stored. Raises what `send` raises for other reasons, after the outcomes that are known by then.
    """
    batches = _batches(units, most)
    if stop or in_flight == 1:
        for batch in batches:
            outcomes = _tried(batch, send, stop=stop)
            yield from outcomes
            if stop and any(outcome.reason for outcome in outcomes):
                return
        return
    yield from _side_by_side(batches, send, in_flight)


def _side_by_side(batches: Iterable[list[Unit]], send: Send, in_flight: int) -> Iterator[Outcome]:
    from concurrent.futures import ThreadPoolExecutor

    under_way: deque[tuple[Future[list[Outcome]], set[str]]] = deque()
    with ThreadPoolExecutor(in_flight) as pool:
        try:
            for batch in batches:
                refs = {unit.ref for unit in batch}
                while under_way and (len(under_way) >= in_flight or any(refs & others for _, others in under_way)):
                    yield from under_way.popleft()[0].result()
                under_way.append((pool.submit(_tried, batch, send), refs))
            while under_way:
                yield from under_way.popleft()[0].result()
        except (ApiProblem, DaemonUnreachable):
            for future, _ in under_way:
                with suppress(ApiProblem, DaemonUnreachable):
                    yield from future.result()
            raise


def _tried(units: Sequence[Unit], send: Send, *, stop: bool = False) -> list[Outcome]:
    try:
        return send(units)
    except ApiProblem as problem:
        if problem.status not in _REFUSALS:
            raise
        if len(units) == 1:
            return [Outcome(units[0], reason=problem.message)]
    middle = len(units) // 2
    outcomes = _tried(units[:middle], send, stop=stop)
    if stop and any(outcome.reason for outcome in outcomes):
        return outcomes
    return outcomes + _tried(units[middle:], send, stop=stop)


def _batches(units: Iterable[Unit], most: int) -> Iterator[list[Unit]]:
    batch: list[Unit] = []
    size = weight = 0
    for unit in units:
        if batch and (weight + unit.weight > most or size + unit.size > BATCH_BYTES):
            yield batch
            batch, size, weight = [], 0, 0
        batch.append(unit)
        size += unit.size
        weight += unit.weight
    if batch:
        yield batch
