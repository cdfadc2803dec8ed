"""The figures in the form that Prometheus reads: every metric that there is, with what it means."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from syncd.api.ports.sql import SqlState
from syncd.api.ports.standing import LocationState, Status
from syncd.metrics.meters import Meters
from syncd.metrics.tally import BUCKETS, Tally, Times

OVERDUE = 3
"""Poll intervals after which a location that was not read again is overdue."""
LOCATIONS = 1000
"""Locations with a sample of their own: those that were read longest ago. `_max` and the counts are of all."""

COUNTED: Mapping[str, tuple[str, str]] = {
    "git_started": ("Git processes that were begun.", ""),
    "git_killed": (
        "Git processes that were ended before their time: by a clock, for their size, by the stop, of an earlier life.",
        "reason",
    ),
    "sync_retries": ("Looks at repositories whose look before had failed.", ""),
    "sync_coalesced": ("Rings of repositories that were to be looked at already.", ""),
    "parse_errors": ("Documents that could not be read, by the code of the error.", "code"),
    "parser_ended": ("Parser processes that ended before their time: crashed, timeout.", "reason"),
    "parser_unexpected": ("Exceptions of the parser that nobody expected: a bug of ours.", ""),
    "sql_killed": ("Processes for SQL that were ended because an interrupt did not stop them.", ""),
    "index_rebuilds": ("How often the index was built from the mirrors and the log.", ""),
    "refused": ("Calls that found no place in a pool and its queue.", "queue"),
}
"""Counters that the parts of the daemon keep (`Meters.counted`): what they mean, and their label."""

Samples = Iterable[tuple[tuple[str, ...], float]]


def exposition(
    status: Status, looks: Mapping[str, LocationState], sql: SqlState, meters: Meters, polls: Mapping[str, float]
) -> bytes:
    """All metrics as text (format 0.0.4). `polls` are the intervals of polls in seconds, by location."""
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)  # memory, processor time, open files, under the names that all programs use
    registry.register(_Figures(status, looks, sql, meters, polls))
    return generate_latest(registry)


class _Figures(Collector):
    """The figures of one moment."""

    def __init__(
        self,
        status: Status,
        looks: Mapping[str, LocationState],
        sql: SqlState,
        meters: Meters,
        polls: Mapping[str, float],
    ) -> None:
        self._status = status
        self._looks = looks
        self._sql = sql
        self._meters = meters
        self._polls = polls

    def collect(self) -> Iterator[Metric]:
        """Every family, also those without a sample yet."""
        yield from self._held()
        yield from self._locations()
        meters = self._meters
        yield _gauge("queue_length", "What waits, by the name of its queue.", _called(meters.waiting), "queue")
        yield _gauge("running", "What is under way: git children, looks, SQL.", _called(meters.running), "what")
        yield _gauge("sql_workers", "Processes that answer SQL, busy or not.", [((), self._sql.workers)])
        yield _gauge("hosts", "Hosts by their breaker: closed, open, half_open.", _counts(meters.breakers), "breaker")
        for name, (meaning, label) in COUNTED.items():
            yield _total(name, meaning, label, meters.counted.get(name, dict)())
        yield _histogram(
            "syncs", "Looks at repositories by result: ok, or the code of the error.", meters.syncs, "result"
        )
        yield _histogram(
            "http_requests", "Requests by route and status; no route where the path has none.", meters.requests,
            "method", "route", "status",
        )  # fmt: skip
        yield _counter(
            "webhook_deliveries", "What came of bodies that webhooks were sent.", meters.deliveries, "result"
        )

    def _held(self) -> Iterator[Metric]:
        now = self._status
        yield _gauge("info", "Always 1; the labels are the versions.", [((now.version, now.git), 1)], "version", "git")
        states = ("ready", "starting", "degraded", "readonly")
        yield _gauge(
            "state", "1 for the state that the daemon is in.", [((s,), s == now.state) for s in states], "state"
        )
        yield _gauge("uptime_seconds", "Since the daemon began.", [((), now.uptime_seconds)])
        kinds = [((kind,), count) for kind, count in sorted(now.kinds.items())]
        yield _gauge("entities", "Entities by kind.", kinds, "kind")
        yield _gauge("problems", "What is wrong in the sources.", [((), now.problems)])
        yield _gauge("log_seq", "Number of the last change in the log.", [((), now.log_seq)])
        yield _gauge("index_seq", "Number of the last change that can be asked for.", [((), now.index_seq)])
        yield _gauge("generation", "How often the index moved since the start.", [((), now.generation)])
        yield _gauge("disk_free_bytes", "Free on the disk of the state directory.", [((), now.disk.free)])
        yield _gauge("disk_floor_bytes", "Below this nothing is written.", [((), now.disk.floor)])

    def _locations(self) -> Iterator[Metric]:
        now = time.time()
        ages = {
            id_: max(0.0, now - _moment(look.last_success)) for id_, look in self._looks.items() if look.last_success
        }
        oldest = sorted(ages.items(), key=lambda one: -one[1])
        counts = {
            "all": self._status.locations,
            "failing": sum(bool(look.failures or look.error_code) for look in self._looks.values()),
            "overdue": sum(id_ in self._polls and age > OVERDUE * self._polls[id_] for id_, age in ages.items()),
            "never_read": len(self._looks) - len(ages),
        }
        yield _gauge(
            "locations", "Locations by how it goes.", [((what,), count) for what, count in counts.items()], "which"
        )
        yield _gauge(
            "location_last_success_age_seconds", "Since a location was last read, by its id.",
            [((id_,), age) for id_, age in oldest[:LOCATIONS]], "location",
        )  # fmt: skip
        longest = [((), oldest[0][1])] if oldest else []
        yield _gauge("location_last_success_age_seconds_max", "The largest of all locations.", longest)


def _called(depths: Mapping[str, Callable[[], int]]) -> Samples:
    return [((name,), float(depth())) for name, depth in sorted(depths.items())]


def _gauge(name: str, help_: str, samples: Samples, *labels: str) -> Metric:
    family = GaugeMetricFamily(f"catalog_{name}", help_, labels=labels)
    for values, value in samples:
        family.add_metric(values, float(value))
    return family


def _counter(name: str, help_: str, tally: Tally, *labels: str) -> Metric:
    family = CounterMetricFamily(f"catalog_{name}", help_, labels=labels)
    for values, times in tally.all().items():
        family.add_metric(values, times.count)
    return family


def _total(name: str, help_: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(f"catalog_{name}", help_, labels=[label] if label else [])
    for value, count in sorted(counts.items()):
        family.add_metric([value] if label else [], count)
    return family


def _counts(ask: Callable[[], Mapping[str, int]]) -> Samples:
    return [((value,), float(count)) for value, count in ask().items()]


def _histogram(name: str, help_: str, tally: Tally, *labels: str) -> Metric:
    family = HistogramMetricFamily(f"catalog_{name}_duration_seconds", help_, labels=labels)
    for values, times in tally.all().items():
        family.add_metric(values, _cumulative(times), times.seconds)
    return family


def _cumulative(times: Times) -> list[tuple[str, float]]:
    bounds, total = [*map(str, BUCKETS), "+Inf"], 0
    found: list[tuple[str, float]] = []
    for bound, count in zip(bounds, times.buckets, strict=True):
        total += count
        found.append((bound, total))
    return found


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).astimezone(UTC).timestamp()
