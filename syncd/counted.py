"""What the parts of the daemon count, under the names that metrics have (R80, R92)."""

from collections import Counter
from collections.abc import Callable

from syncd.git import Mirrors
from syncd.ingest.yaml_worker import YamlWorker
from syncd.metrics.meters import Meters
from syncd.sql.desk import SqlDesk
from syncd.watch.mailbox import Mailbox
from syncd.watch.places import Places


def count_parts(
    meters: Meters,
    *,
    mailbox: Mailbox,
    places: Places,
    mirrors: Mirrors,
    parsers: tuple[YamlWorker, ...],
    sql: SqlDesk,
    retries: Callable[[], int],
    rebuilds: Callable[[], int],
) -> None:
    """Let the meters look at the parts whenever somebody asks; nothing is counted twice."""
    meters.breakers = places.breakers
    meters.counted |= {
        "git_started": lambda: {"": mirrors.started},
        "git_killed": lambda: mirrors.killed,
        "sync_retries": lambda: {"": retries()},
        "sync_coalesced": lambda: {"": mailbox.coalesced},
        "parse_errors": lambda: sum((one.counters.problems.copy() for one in parsers), Counter()),
        "parser_ended": lambda: {
            "crashed": sum(one.counters.crashes for one in parsers),
            "timeout": sum(one.counters.timeouts for one in parsers),
        },
        "parser_unexpected": lambda: {"": sum(one.counters.internal for one in parsers)},
        "sql_killed": lambda: {"": sql.killed},
        "index_rebuilds": lambda: {"": rebuilds()},
    }
    meters.waiting |= {"looks": lambda: mailbox.waiting, "sql": lambda: sql.state().waiting}
    meters.running |= {
        "git": lambda: mirrors.children,
        "looks": lambda: len(mailbox.running),
        "sql": lambda: sql.state().running,
    }
