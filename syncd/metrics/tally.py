"""What is counted as it happens: how often, and how long it took. Cheap enough for every request."""

import threading
from bisect import bisect_left
from dataclasses import dataclass, replace

BUCKETS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0)
"""Upper bounds of durations in seconds; what took longer is in one bucket more."""

Labels = tuple[str, ...]


@dataclass(slots=True)
class Times:
    """How often something took how long."""

    buckets: list[int]
    """How often, by `BUCKETS`; not cumulative."""
    seconds: float = 0.0
    """All durations together."""

    @property
    def count(self) -> int:
        """How often altogether."""
        return sum(self.buckets)


class Tally:
    """Durations by labels, of which there must be few. Thread-safe."""

    def __init__(self) -> None:
        self._times: dict[Labels, Times] = {}
        self._lock = threading.Lock()

    def add(self, labels: Labels, seconds: float = 0.0) -> None:
        """Once more, and this long."""
        with self._lock:
            times = self._times.get(labels)
            if times is None:
                times = self._times[labels] = Times([0] * (len(BUCKETS) + 1))
            times.buckets[bisect_left(BUCKETS, seconds)] += 1
            times.seconds += seconds

    def all(self) -> dict[Labels, Times]:
        """Everything so far, in the order of the labels."""
        with self._lock:
            copies = {labels: replace(times, buckets=list(times.buckets)) for labels, times in self._times.items()}
        return dict(sorted(copies.items()))
