"""Whether the daemon can do what is asked of it, and why not."""

import threading
from dataclasses import dataclass
from typing import Literal

from syncd.edits.desk import EditDesk
from syncd.errors import ReadOnlyError, UnavailableError
from syncd.locations import Registry
from syncd.model.location import Location
from syncd.overlay.applier import Applier
from syncd.reconcile import Reconciler
from syncd.stitch.publisher import Publisher
from syncd.store.catalog import PATIENCE_SECONDS
from syncd.trial import Trials
from syncd.unprocessed import Backlog

StateName = Literal["ready", "starting", "degraded", "readonly"]


@dataclass(slots=True)
class Engine:
    """The parts that are there once the daemon has opened its data."""

    publisher: Publisher
    registry: Registry
    reconciler: Reconciler
    trials: Trials
    backlog: Backlog
    applier: Applier
    edits: EditDesk


class Readiness:
    """The state of the daemon and, once its data is open, the engine behind it. Thread-safe."""

    def __init__(self) -> None:
        self.engine: Engine | None = None
        """None until the data is open, and while it can only be read."""
        self.state: StateName = "starting"
        self.why = "the daemon is opening its data"
        """The reason of a state other than `ready`."""
        self.copies: list[Location] = []
        """The locations that the index remembers, where there is no engine to ask."""
        self._opened = threading.Event()

    def begin(self, engine: Engine) -> None:
        """The data is open: everything can be asked from now on."""
        self.engine = engine
        self.become("ready", "")
        self._opened.set()

    def read_only(self, why: str, locations: list[Location]) -> None:
        """Nothing can be changed; these locations are what the index remembers of them (R90)."""
        self.copies = locations
        self.become("readonly", why)
        self._opened.set()

    def become(self, state: StateName, why: str) -> None:
        """What `status` and `/readyz` say."""
        self.state, self.why = state, why

    def recover(self) -> None:
        """What was degraded is ready again; what can only be read stays so."""
        if self.state == "degraded":
            self.become("ready", "")

    @property
    def only_reads(self) -> bool:
        """Whether the data could be opened for reading and for no more."""
        return self.engine is None and self.state == "readonly"

    def reasons(self) -> tuple[str, ...]:
        """Why the daemon cannot answer yet, a sentence each; nothing when it can."""
        return () if self.state == "ready" else (self.why,)

    def wait(self) -> Engine:
        """The engine; waits a little for a daemon that is starting, as Backstage does.

        Raises `ReadOnlyError`, `UnavailableError`.
        """
        if self.engine is None:
            self._opened.wait(PATIENCE_SECONDS)
        if self.only_reads:
            raise ReadOnlyError(self.why, hint="reading goes on; python -m syncd repair saves what can be read")
        if self.engine is None:
            raise UnavailableError(self.why, hint="try again in a few seconds; see catalog status")
        return self.engine
