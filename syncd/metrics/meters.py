"""The meters that parts of the daemon count with, and what they have waiting."""

from collections.abc import Callable, Mapping

from syncd.metrics.tally import Tally


class Meters:
    """One a daemon. Labels are bounded: routes, states, codes; never a URL, a path or the name of an entity (R92)."""

    def __init__(self) -> None:
        self.requests = Tally()
        """Requests by method, route as it is declared ("" where there is none) and status."""
        self.syncs = Tally()
        """Looks at repositories by `ok` or the code of the error."""
        self.deliveries = Tally()
        """Bodies that webhooks were sent, by what came of them."""
        self.counted: dict[str, Callable[[], Mapping[str, int]]] = {}
        """What the parts count themselves, by metric: how often, by the value of its label ("" where it has none)."""
        self.breakers: Callable[[], Mapping[str, int]] = dict
        """Hosts by the state of their breaker."""
        self.waiting: dict[str, Callable[[], int]] = {}
        """Lengths of queues by their names."""
        self.running: dict[str, Callable[[], int]] = {}
        """How many of something there are at this moment: git children, looks."""
