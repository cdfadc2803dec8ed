"""The daemon's care for its index: healed or replaced when it fails, brought in step with the log, and then settled."""

import logging
import threading
from collections.abc import Callable

from syncd.disk import Disk
from syncd.errors import CatalogError
from syncd.held_index import HeldIndex
from syncd.model.host import Hosts
from syncd.replay import replay
from syncd.service import Service
from syncd.stitch.publication import Publication
from syncd.stitch.publisher import Publisher
from syncd.store.index import Index
from syncd.store.state import State
from syncd.watch.mailbox import Mailbox

LOG = logging.getLogger("syncd.caretaker")
FIRST_LOOKS_SECONDS = 3600.0
"""How long the first looks at all sources are waited for before the index is checked."""


class Caretaker:
    """The publisher's keeper: what it asks for when something is wrong, or when nothing is to be done."""

    def __init__(
        self,
        held: HeldIndex,
        state: State,
        hosts: Hosts,
        service: Service,
        mailbox: Mailbox,
        disk: Disk,
        fail: Callable[[CatalogError], None],
    ) -> None:
        """`fail` ends the process, for its supervisor to start another (R39)."""
        self.disk = disk
        self._held = held
        self._state = state
        self._hosts = hosts
        self._service = service
        self._mailbox = mailbox
        self._fail = fail
        self._settlers: list[threading.Thread] = []

    def replay(self, publication: Publication, index: Index) -> None:
        """Bring to the index what the log has and the index has not."""
        replay(publication, index, self._state, self._hosts)

    def rebuilt(self, reason: CatalogError) -> Index:
        """Another index, built from the mirrors (R38)."""
        return self._held.replace(reason)

    def healed(self, index: Index) -> None:
        """Answer questions again."""
        self._service.catalog.serve(index)
        self._service.readiness.recover()

    def no_index(self, reason: CatalogError) -> None:
        """Answer no question until there is room for an index."""
        self._service.catalog.serve(None)
        self._service.readiness.become("degraded", f"there is no index to ask: {reason}")

    def caught_up(self) -> None:
        """Look at everything again, and take over locations that were registered in vain for their caller."""
        self._held.fell_behind()
        settler = threading.Thread(target=self._settle_again, name="settler", daemon=True)
        self._settlers.append(settler)
        settler.start()

    def idle(self) -> None:
        """Nothing waits: forget activity records whose time is over."""
        engine = self._service.readiness.engine
        if engine is not None:
            self._service.activity.prune(engine.publisher)

    def give_up(self, reason: CatalogError) -> None:
        """End the process."""
        self._service.catalog.serve(None)
        if self._held.stopping:  # a stop that cuts a rebuild short is in order: the next start builds the index
            LOG.warning("the index is left as it is: %s", reason)
            return
        LOG.error("giving up: %s", reason)
        self._fail(reason)

    def refuse_writes(self, reason: CatalogError) -> None:
        """Go on for reading only."""
        LOG.error("reading only from now on: %s", reason)
        self._service.readiness.become("readonly", str(reason))

    def settle(self, publisher: Publisher) -> None:
        """Wait for the first looks, then check the index; nothing that goes wrong here ends a daemon that serves."""
        self._mailbox.wait(self._mailbox.pending(), FIRST_LOOKS_SECONDS)
        try:
            if not self._held.stopping:
                self._held.settle(publisher)
        except Exception as error:
            if not self._held.stopping:
                LOG.warning("the index is not in step with the log yet: %s", error)

    def join(self) -> None:
        """Wait for what is being settled; the mailbox is closed by then."""
        for settler in self._settlers:
            settler.join()

    def _settle_again(self) -> None:
        engine = self._service.readiness.engine
        if engine is None:
            return
        try:
            engine.registry.reload()
        except CatalogError as error:
            LOG.warning("some locations are not taken over yet: %s", error)
        try:
            engine.reconciler.renew(self._held.known_walks())
        except CatalogError as error:
            LOG.warning("what was read is asked again when the index is healed: %s", error)
            return
        self._mailbox.ring(engine.reconciler.repositories())
        self.settle(engine.publisher)
