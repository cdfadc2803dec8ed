"""The daemon put together: data opened or built, one publisher, a few workers, a watcher, and the service in front."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from syncd.api.tokens import Tokens
from syncd.blueprints.book import Book
from syncd.caretaker import Caretaker
from syncd.config import Settings
from syncd.counted import count_parts
from syncd.disk import Disk
from syncd.edits.desk import EditDesk
from syncd.edits.draft import Drafter
from syncd.errors import CatalogError, DiskFullError
from syncd.garbage import Garbage
from syncd.git import Mirrors
from syncd.git.profile import install_environment
from syncd.held_index import HeldIndex
from syncd.history.desk import HistoryDesk
from syncd.ingest.yaml_worker import YamlWorker
from syncd.jq.runner import JqRunner
from syncd.locations import Registry
from syncd.metrics.meters import Meters
from syncd.overlay.applier import Applier, Bounds
from syncd.pace import Pace
from syncd.process.context import Completion
from syncd.readiness import Engine
from syncd.reconcile import Reconciler
from syncd.service import Service
from syncd.sql.desk import SqlDesk
from syncd.sql.snapshots import Snapshots
from syncd.statedir import StateDir
from syncd.stitch.publisher import Publisher
from syncd.store.catalog import Catalog
from syncd.store.edits import StoredEdits
from syncd.store.index import Index
from syncd.store.overlay import StoredOverlay
from syncd.store.salvage import salvage
from syncd.store.snapshot import complete_copy, copy_index, newest_changes
from syncd.store.state import State
from syncd.store.state_file import StateDamagedError
from syncd.store.tokens import StoredTokens
from syncd.told import git_settings, hosts_of, parse_limits, rules_of, walk_limits
from syncd.trial import Trials
from syncd.unprocessed import Backlog
from syncd.vault import Vault
from syncd.walk.known import Known
from syncd.walk.walk import Surroundings
from syncd.watch.doorbell import Doorbell
from syncd.watch.ears import Ears
from syncd.watch.looks import Looks, lane_of
from syncd.watch.mailbox import Mailbox
from syncd.watch.places import Places

LOG = logging.getLogger("syncd.daemon")
VISIBLE_SECONDS = 20.0
"""How long an edit that was pushed is waited for; it becomes visible after that too."""
SPREAD_SECONDS = 0.05
"""For each location: over so much time the first looks at other hosts are spread after a start, at most one poll."""


class Daemon:
    """Everything but HTTP. `start` returns at once; the service says when the data is open."""

    def __init__(self, state_dir: StateDir, settings: Settings) -> None:
        """Open what is owned; raises `StateError`, `ConfigError`.

        Where `state.sqlite` is damaged and there is an index, the daemon begins all the same, for reading only (R90).
        """
        self._dir = state_dir
        self._settings = settings
        self.disk = Disk(state_dir.root, settings.limits.free_space, settings.limits.free_space_percent)
        self._hosts = hosts_of(settings)
        git = git_settings(settings)
        git = replace(git, ssh_known_hosts=git.ssh_known_hosts or state_dir.root / "known_hosts")
        state_dir.mirrors.mkdir(mode=0o700, exist_ok=True)
        install_environment(state_dir.mirrors, git)
        self._damage: StateDamagedError | None = None
        self._state = self._open_state()
        self._mirrors = Mirrors(state_dir.mirrors, git)
        self._worker = YamlWorker(parse_limits(settings))
        self._bodies = YamlWorker(parse_limits(settings))  # so that no caller waits for a large file that is synced
        self._jq = JqRunner()
        limits = settings.limits
        self._places = Places(
            limits.git_processes,
            limits.git_processes_per_host,
            first=limits.backoff_first.total_seconds(),
            longest=limits.backoff_longest.total_seconds(),
        )
        self._mailbox = Mailbox(lane_of, places=self._places)
        self._doorbell = Doorbell(self._mailbox, self._hosts)
        self._catalog = Catalog()
        self._ears = Ears(
            self._mailbox,
            self._doorbell,
            lambda url: self._mirrors.open(url).url,
            lambda url: self._mirrors.open(url).work_tree,
            events=settings.git.watch,
        )
        self._opener = threading.Thread(target=self._open, name="opener", daemon=True)
        self._looks: Looks | None = None
        self._publisher: Publisher | None = None
        self._reconciler: Reconciler | None = None
        self._trials: Trials | None = None
        self._edits: EditDesk | None = None
        self.garbage: Garbage | None = None
        """What removes what nobody needs; None until all locations are known."""
        self._meters = Meters()
        self.failed: CatalogError | None = None
        """Why the data could not be opened, once that is known."""
        self.on_failed: Callable[[CatalogError], None] = LOG.debug
        self._desk = SqlDesk(Snapshots(state_dir.snapshots, self._make_snapshot, self._moved), settings.limits)
        self._surroundings = Surroundings(
            hosts=self._hosts,
            parser=self._worker,
            mirror=self._mirrors.open,
            limits=walk_limits(settings),
            rules=rules_of(settings),
            completion=Completion(settings.catalog.codeowners, settings.catalog.scm_slug),
            jq_fault=self._jq.fault_in_git,
            keep_orphans=settings.catalog.orphan_strategy == "keep",
        )
        self._held = HeldIndex(state_dir, self._state, self._catalog, self._surroundings)
        self._held.on_rebuild = self._is_building
        history = HistoryDesk(
            self._catalog, self._state, self._mirrors, self._surroundings, self._bodies, self._held.known_walk
        )
        self.service = Service(
            settings, self._state, self._catalog, self._mailbox, Tokens(StoredTokens(self._state)),
            self._mirrors.git_version(), self._desk, self.disk, self._bodies, Vault(state_dir.secret_key),
            self._jq, self._doorbell, history, self._meters,
        )  # fmt: skip
        self._caretaker = Caretaker(
            self._held, self._state, self._hosts, self.service, self._mailbox, self.disk, self._fail
        )
        self._meters.waiting["writes"] = lambda: self._publisher.pending if self._publisher else 0
        count_parts(
            self._meters,
            mailbox=self._mailbox,
            places=self._places,
            mirrors=self._mirrors,
            parsers=(self._worker, self._bodies),
            sql=self._desk,
            retries=lambda: self._reconciler.retries if self._reconciler else 0,
            rebuilds=lambda: self._held.rebuilds,
        )
        self.service.standing.silent, self.service.standing.polled = self._places.left_alone, self._ears.polled

    @property
    def index(self) -> Index:
        """The index that is served; UnavailableError while there is none."""
        return self._held.index

    def start(self) -> None:
        """Open the data in the background, then begin to work."""
        self._opener.start()

    def rebuild(self) -> int:
        """Build the index again instead of starting; the number of entities."""
        try:
            if self._damage is not None:
                raise self._damage
            return self._held.build()
        finally:
            self.stop()

    def begin_stop(self) -> None:
        """Begin no new look; who waits for one need not wait any longer. May be called in a signal handler."""
        self._held.stopping = True
        if self._reconciler is not None:
            self._reconciler.stopping = True
        self._mailbox.close()

    def stop(self) -> None:
        """End in order: no new looks, git children ended, what waits published, files closed (R87)."""
        self.begin_stop()
        self._desk.close()
        self._ears.close()
        self._mirrors.close()
        if self._trials is not None:
            self._trials.close()
        if self._edits is not None:
            self._edits.close()
        if self._opener.is_alive():
            self._opener.join()
        self._caretaker.join()
        if self.garbage is not None:
            self.garbage.close()
        if self._looks is not None:
            self._looks.join()
        if self._publisher is not None:
            self._publisher.close()
        self._worker.close()
        self._bodies.close()
        self._jq.close()
        self._held.close(fold=self.disk.has_room())
        self._state.close()

    # What the desk for SQL asks

    def _moved(self) -> tuple[int, int]:
        publisher = self._publisher
        return (publisher.index_seq if publisher else 0), self._catalog.generation

    def _make_snapshot(self, path: Path) -> int:
        """A copy of the index between two writes; what else it needs is done beside them. Raises `DiskFullError`."""
        self.disk.require_room("a copy of the index")
        publisher = self._publisher
        if publisher is None:
            index = self._held.index  # nobody writes: the daemon only reads, or has not begun
            copy_index(index, path)
            seq = int(index.meta("index_seq") or 0)
        else:
            seq = publisher.index_seq

            def copy(index: Index) -> None:
                nonlocal seq
                copy_index(index, path)
                seq = publisher.index_seq

            publisher.hold(copy).result()
        overlay, activity = StoredOverlay(self._state).all(), self.service.activity.newest(self._catalog)
        complete_copy(path, newest_changes(self._state, seq), overlay, activity)
        return seq

    # Opening

    def _open_state(self) -> State:
        try:
            return State(self._dir.state)
        except StateDamagedError as damage:
            if not self._dir.index.exists():
                raise
            LOG.warning("reading only: %s", damage)
            self._damage = damage
            remains = State(None)
            salvage(self._dir.state, remains, ["clients", "tokens"])  # so that those who could read still can
            return remains

    def _open(self) -> None:
        try:
            if self._damage is not None:
                self._open_for_reading(self._damage)
            else:
                self._open_for_all()
        except Exception as error:
            if self._held.stopping:
                return
            if isinstance(error, CatalogError):
                LOG.critical("the data could not be opened: %s", error)
                self._fail(error)
            else:
                LOG.exception("the data could not be opened")
                self._fail(CatalogError(f"it could not be opened: {error}"))

    def _fail(self, reason: CatalogError) -> None:
        self.failed = reason
        self.service.readiness.become("degraded", str(reason))
        self.on_failed(reason)

    def _open_for_all(self) -> None:
        try:
            publisher, known = self._held.open(self.service.announce, self._caretaker)
            self._publisher = publisher
        except StateDamagedError as damage:
            self._open_for_reading(damage)
            return
        registry = Registry(self._state, publisher, self._mirrors, self._hosts, self._settings)
        pace = Pace(
            self._settings.git.poll_interval.total_seconds(),
            self._settings.limits.backoff_first.total_seconds(),
            self._settings.limits.backoff_longest.total_seconds(),
        )
        reconciler = Reconciler(
            self._mirrors, publisher, self._state, self._mailbox, self._surroundings, pace, self._places
        )
        reconciler.on_looked = lambda code, seconds: self._meters.syncs.add((code,), seconds)
        self._reconciler = reconciler
        try:
            registry.align()
        except DiskFullError as error:
            LOG.warning("the locations of the configuration are not taken over: %s", error)
        except StateDamagedError as damage:
            self._open_for_reading(damage)
            return
        self._catalog.serve(self._held.index)
        self._work(reconciler, registry, known)
        self._trials = Trials(self._mirrors, self._surroundings, registry, self._dir.trials)
        backlog = Backlog(self._catalog, registry, self._mirrors, self._surroundings)
        bounds = Bounds(self._settings.limits.property_size, self._settings.limits.properties_per_entity)
        applier = Applier(publisher, self._state, bounds)
        edits = self._edits = self._edit_desk(publisher, registry)
        self.service.readiness.begin(Engine(publisher, registry, reconciler, self._trials, backlog, applier, edits))
        edits.start()
        self.garbage = Garbage(
            self._state, self._mirrors, self._settings.limits, self.disk,
            reconciler.repositories, lambda: publisher.index_seq,
        )  # fmt: skip
        self.garbage.start()
        self._caretaker.settle(publisher)

    def _edit_desk(self, publisher: Publisher, registry: Registry) -> EditDesk:
        def visible(repository: str) -> bool:
            return self._mailbox.wait(self._mailbox.ring([repository]), VISIBLE_SECONDS)

        drafter = Drafter(self._bodies, self._surroundings)
        book = Book(self._catalog)
        journal = StoredEdits(self._state)
        return EditDesk(self._catalog, journal, publisher, self._mirrors, drafter, registry, book.like, visible)

    def _open_for_reading(self, damage: StateDamagedError) -> None:
        index = self._held.open_for_reading(damage)
        self.service.readiness.read_only(str(damage), list(index.registered().values()))

    def _is_building(self, reason: CatalogError) -> None:
        self.service.readiness.become("degraded", f"the index is being built from the mirrors: {reason}")

    def _work(self, reconciler: Reconciler, registry: Registry, known: dict[str, Known]) -> None:
        reconciler.on_repository = self._ears.add
        reconciler.on_forgotten = self._ears.remove
        registry.on_added = lambda location: reconciler.add(location, Known.nothing())
        registry.on_removed = reconciler.remove
        registry.on_changed = reconciler.change
        registry.on_adjusted = reconciler.adjust
        registry.still = reconciler.still
        spread = min(self._settings.git.poll_interval.total_seconds(), len(registry.all()) * SPREAD_SECONDS)
        for location in registry.all():
            is_current = location.id in self._held.current and location.id in known
            known_walk = known.get(location.id, Known.nothing())
            reconciler.add(location, known_walk, is_current=is_current, spread=spread)
        more_than_may_fetch = self._settings.limits.git_processes * 2  # so that one slow host holds up no other
        pause = self._settings.git.poll_interval.total_seconds()
        self._looks = Looks(self._mailbox, reconciler.look, remote=more_than_may_fetch, pause=pause)
        self._looks.start()
