"""What the daemon can do, for whoever asks it by whatever API."""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Literal

from syncd.activity.records import Activity
from syncd.api.tokens import Tokens
from syncd.blueprints.book import blueprint_ref
from syncd.blueprints.computing import Computing
from syncd.blueprints.register import Register
from syncd.clients import Clients
from syncd.config import Settings
from syncd.disk import Disk
from syncd.edits.desk import EditDesk
from syncd.errors import ConflictError, DiskFullError, InputError, NotFoundError, ReadOnlyError, UnavailableError
from syncd.history.desk import HistoryDesk
from syncd.ingest.yaml_worker import YamlWorker
from syncd.jq.runner import JqRunner
from syncd.locations import Registry
from syncd.metrics.meters import Meters
from syncd.model.change import Applied, Change
from syncd.model.finding import Check, FindingPage
from syncd.model.json import Json, JsonObject
from syncd.model.location import Location
from syncd.model.problem import Problem
from syncd.model.ref import RefError, parse_ref
from syncd.model.token import TokenRecord
from syncd.model.uid import uid_of
from syncd.overlay.applier import Applier
from syncd.overlay.path import parse_path
from syncd.preview import Comparison, Preview
from syncd.reconcile import Reconciler
from syncd.sql.desk import SqlDesk
from syncd.standing import LocationState, StateName, Status
from syncd.stitch.publication import Publication
from syncd.stitch.publisher import Publisher
from syncd.stitch.write import Entry, Write
from syncd.store.catalog import PATIENCE_SECONDS, Catalog
from syncd.store.clients import StoredClients
from syncd.store.departure import Departure
from syncd.store.documents import StoredDocuments
from syncd.store.overlay import StoredOverlay
from syncd.store.reports import StoredProblem, placed
from syncd.store.state import LoggedChange, State
from syncd.store.story import Stories
from syncd.store.webhooks import StoredWebhooks
from syncd.subscriptions import Subscription, Subscriptions
from syncd.trial import Trial, Trials
from syncd.unprocessed import Backlog, Unprocessed
from syncd.vault import Vault
from syncd.watch.doorbell import Doorbell
from syncd.watch.mailbox import Mailbox, Ticket
from syncd.watch.webhooks import Webhooks

VERSION = version("git-catalog")


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


class Service:
    """The acting side of the daemon. Every call may block and may come from any thread."""

    def __init__(
        self,
        settings: Settings,
        state: State,
        catalog: Catalog,
        mailbox: Mailbox,
        tokens: Tokens,
        git_version: str,
        sql: SqlDesk,
        disk: Disk,
        bodies: YamlWorker,
        vault: Vault,
        jq: JqRunner,
        doorbell: Doorbell,
        history: HistoryDesk,
        meters: Meters,
    ) -> None:
        self.settings = settings
        self.catalog = catalog
        self.tokens = tokens
        self.sql = sql
        self.history = history
        self.meters = meters
        self.activity = Activity(state, vault, settings.limits, lambda: self._ready().publisher)
        self.clients = Clients(StoredClients(state), tokens, settings.auth, self._submit)
        self.doorbell = doorbell
        self.webhooks = Webhooks(StoredWebhooks(state), vault, settings.limits, doorbell, self._submit)
        self.silent: Callable[[], Iterable[str]] = tuple
        """Which hosts are left alone now."""
        self.polled: Callable[[], Iterable[str]] = tuple
        """Which local repositories cannot be watched."""
        self.listen = ""
        self.socket = ""
        self.overlay = StoredOverlay(state)
        self.documents = StoredDocuments(state)
        self.stories = Stories(state)
        self.computing = Computing(jq.first)
        self.register = Register.over(
            catalog, self.documents, self.stories, self.overlay.of, self.apply, self.computing, jq.fault
        )
        self._bodies = bodies
        self._state = state
        self._mailbox = mailbox
        self._git = git_version
        self._disk = disk
        self._started = time.monotonic()
        self.engine: Engine | None = None
        """None until the data is open, and while it can only be read."""
        self._copies: list[Location] = []
        self._state_name: StateName = "starting"
        self._why = "the daemon is opening its data"
        self._subscriptions = Subscriptions()
        self._opened = threading.Event()

    # The daemon's side

    def run_with(self, engine: Engine) -> None:
        """The data is open: everything can be asked from now on."""
        self.engine = engine
        self.become("ready", "")
        self._opened.set()

    def read_only(self, why: str, locations: list[Location]) -> None:
        """Nothing can be changed; these locations are what the index remembers of them (R90)."""
        self._copies = locations
        self.become("readonly", why)
        self._opened.set()

    def become(self, state: StateName, why: str) -> None:
        """What `status` and `/readyz` say."""
        self._state_name, self._why = state, why

    def recover(self) -> None:
        """What was degraded is ready again; what can only be read stays so."""
        if self._state_name == "degraded":
            self.become("ready", "")

    def announce(self, change: LoggedChange) -> None:
        """A change is visible: tell who listens."""
        self.catalog.generation += 1
        self._subscriptions.announce(change)

    # Reading

    def unready(self) -> tuple[str, ...]:
        """Why the daemon cannot answer yet, a sentence each; nothing when it can."""
        return () if self._state_name == "ready" else (self._why,)

    def status(self) -> Status:
        """The daemon in figures; zeros while its data is not open."""
        engine = self.engine
        try:
            counts = self.catalog.counts()
        except UnavailableError:
            counts = None
        kinds = counts.kinds if counts else {}
        return Status(
            idle=engine is not None and self._mailbox.idle and not engine.publisher.busy,
            entities=sum(kinds.values()),
            locations=len(engine.registry.all() if engine else self._copies),
            problems=(counts.problems if counts else 0) + self.computing.failing,
            index_seq=engine.publisher.index_seq if engine else 0,
            log_seq=engine.publisher.log_seq if engine else 0,
            generation=self.catalog.generation,
            state=self._state_name,
            version=VERSION,
            kinds=kinds,
            templates=counts.templates if counts else 0,
            uptime_seconds=round(time.monotonic() - self._started, 3),
            git=self._git,
            listen=self.listen,
            socket=self.socket,
            busy=tuple(self._mailbox.running),
            silent=tuple(self.silent()),
            polled=tuple(self.polled()),
            disk=self._disk.space(),
        )

    def read_yaml(self, content: bytes) -> Json:
        """The value of a YAML document that a client sent; `InputError` for what is not exactly one."""
        value = self._bodies.values(content)
        if isinstance(value, Problem):
            place = f" at line {value.line}, column {value.column}" if value.line else ""
            raise InputError(f"the body is not YAML: {value.message}{place}", hint=value.hint)
        return value

    def locations(self) -> list[Location]:
        """All registered locations in registration order."""
        if self._read_only:
            return sorted(self._copies, key=lambda location: (location.order, location.id))
        return self._ready().registry.all()

    def location(self, location_id: str) -> Location:
        """One location; NotFoundError for an unknown id."""
        if self._read_only:
            found = next((copy for copy in self._copies if copy.id == location_id), None)
            if found is None:
                raise NotFoundError(f"location {location_id} not found", hint="catalog location list shows the ids")
            return found
        return self._ready().registry.get(location_id)

    def location_state(self, location_id: str) -> LocationState:
        """How a location fares, its repositories taken together (R95)."""
        return self._location_state(location_id, self.catalog.outcomes(location_id))

    def location_states(self) -> Callable[[str], LocationState]:
        """As `location_state`, for who wants many: what the index says of all of them is asked once."""
        counts = self.catalog.all_outcomes()
        return lambda location_id: self._location_state(location_id, counts.get(location_id, {}))

    def _location_state(self, location_id: str, counts: Mapping[str, int]) -> LocationState:
        if self._read_only:
            return LocationState(error_code="readonly", error=self._why, counts=counts)
        engine = self._ready()
        commits = engine.reconciler.commits(location_id)
        return LocationState.together(
            engine.reconciler.repository_state(location_id),
            next(iter(commits.values()), None),
            counts,
            engine.reconciler.last_change(location_id),
        )

    def looks(self) -> dict[str, LocationState]:
        """How it goes with the repositories of each location, by its id; nothing while the data is not open."""
        if self.engine is None:
            return {}
        reconciler = self.engine.reconciler
        return {
            location.id: LocationState.together(reconciler.repository_state(location.id), None, {})
            for location in self.engine.registry.all()
        }

    def changes(self, since: int, limit: int) -> list[LoggedChange]:
        """The log from `since` on, as far as the index has come."""
        return self._state.changes(since, self._ready().publisher.index_seq, limit)

    def computed_problems(self) -> list[StoredProblem]:
        """What is wrong with computed properties, each at the place of its blueprint."""
        reader = self.register.reader
        found: list[StoredProblem] = []
        for problem in self.computing.problems(reader):
            blueprint = reader.book.of_ref(problem.ref)
            details = self.catalog.details(blueprint_ref(blueprint.identifier)) if blueprint is not None else None
            found.append(placed(problem, details))
        return found

    def subscribe(self) -> Subscription:
        """The changes that are published from now on."""
        return self._subscriptions.subscribe()

    def failed_entities(self) -> list[Unprocessed]:
        """What did not become an entity as its author meant it; see `Backlog.failed`."""
        return self._ready().backlog.failed()

    def pending_entities(self) -> list[Unprocessed]:
        """What was not read yet; see `Backlog.pending`."""
        engine = self._ready()
        read = [one.id for one in engine.registry.all() if engine.reconciler.commits(one.id)]
        return engine.backlog.pending(read)

    def git_entity(self, ref: str) -> JsonObject | None:
        """What the document that speaks for a ref says, custom properties left out."""
        return self.catalog.said(ref)

    def present(self, refs: Sequence[str]) -> list[str]:
        """Those of the refs that there are entities of."""
        return list(self.catalog.updated(refs))

    # Acting

    def add_location(
        self,
        type: Literal["url", "git"],  # noqa: A002 - the word of the API
        target: str,
        *,
        ref: str = "",
        paths: Sequence[str] = (),
        priority: int = 0,
        actor: str,
        owner: bool,
    ) -> Location:
        """Register; `owner` tells that the socket's owner asks, who may name any local path."""
        registry = self._ready().registry
        return registry.add(type, target, ref=ref, paths=paths, priority=priority, actor=actor, owner=owner)

    def try_location(self, target: str, *, owner: bool) -> Trial:
        """What a URL leads to, without registering it; see `Trials.location`."""
        return self._ready().trials.location(target, owner=owner)

    def preview_location(self, location: Location, *, owner: bool) -> Preview:
        """What a location would bring beside what is there; nothing is stored. Raises what `Trials.reading` raises."""
        engine = self._ready()
        priorities = {one.id: one.priority for one in engine.registry.all()}
        comparison = Comparison(
            self.catalog.details, self.catalog.said, lambda id_: priorities.get(id_, 0), self.present
        )
        reading = engine.trials.reading(location, owner=owner)
        return comparison.of(location, engine.registry.same(location), reading)

    def try_entity(self, data: JsonObject, url: str, *, owner: bool) -> None:
        """Process an entity as if it stood in the file at `url`; see `Trials.entity`."""
        self._ready().trials.entity(data, url, owner=owner)

    def change_location(self, location_id: str, target: str, *, actor: str, owner: bool) -> Location:
        """Let a location lead elsewhere; see `Registry.change`."""
        return self._ready().registry.change(location_id, target, actor=actor, owner=owner)

    def departure(self, location_id: str) -> Departure:
        """What would leave with a location; NotFoundError for an unknown id."""
        return self.catalog.departure(self.location(location_id).id)

    def findings(self, checks: Sequence[Check], *, limit: int, offset: int = 0) -> FindingPage:
        """What checks across the whole catalog find."""
        return self.catalog.findings(checks, limit=limit, offset=offset)

    def pause_location(self, location_id: str, *, paused: bool, actor: str) -> Location:
        """Leave a location alone, or look at it again; see `Registry.pause`."""
        return self._ready().registry.pause(location_id, paused=paused, actor=actor)

    def remove_location(self, location_id: str, *, actor: str) -> None:
        """Unregister; see `Registry.remove`."""
        self._ready().registry.remove(location_id, actor=actor)

    def refresh(self, location_ids: Sequence[str] | None) -> Ticket:
        """Ring these locations (None: all); the answer is what `wait` takes."""
        engine = self._ready()
        for location_id in location_ids or ():
            if engine.registry.get(location_id).paused:
                raise ConflictError(f"location {location_id} is paused", hint="resume it; then it is read at once")
        return self._mailbox.ring(engine.reconciler.repositories(location_ids))

    def wait(self, ticket: Ticket, timeout: float) -> bool:
        """Wait until what was rung is visible, and what it led to; False when `timeout` seconds were not enough."""
        return self._mailbox.wait(ticket, timeout)

    def refresh_entity(self, ref: str) -> None:
        """Ring the location of an entity; NotFoundError for an unknown one and for an orphan."""
        try:
            details = self.catalog.details(str(parse_ref(ref)))
        except RefError as error:
            raise NotFoundError(f"entity {ref} not found: {error}") from error
        if details is None or details.retained == "orphan":
            raise NotFoundError(f"entity {ref} not found", hint="an orphan has no source to refresh it from")
        self.refresh([details.location_id])

    def ingested_paths(self, ref: str) -> Collection[tuple[str, ...]]:
        """Paths of an entity at which there are custom properties."""
        return [parse_path(record.path) for record in self.overlay.of([ref]).get(ref, [])]

    def delete_entity(self, uid: str, *, actor: str) -> None:
        """Delete an orphan for good; a live entity is read again from its source (C222, C223)."""
        engine = self._ready()
        ref = self.catalog.ref_of_uid(uid.lower())
        details = self.catalog.details(ref) if ref else None
        if ref is None or details is None:
            return
        concerned = {details.location_id}
        if details.retained == "orphan":
            with engine.reconciler.still(details.location_id):
                concerned |= self._delete_orphan(engine, ref, uid, actor)
        engine.reconciler.force(concerned)
        self.refresh(list(concerned))  # of an orphan, the file that held it is forgotten too

    def forget_orphan(self, ref: str, *, actor: str) -> None:
        """Delete an orphan for good; NotFoundError for an unknown ref, ConflictError for what has a source."""
        details = self.catalog.details(ref)
        if details is None:
            raise NotFoundError(f"No such entity: {ref} not found")
        if details.retained != "orphan":
            hint = "take it out of its file, or unregister its location"
            raise ConflictError(f"{ref} is no orphan: a source has it", hint=hint)
        self.delete_entity(uid_of(ref), actor=actor)

    def discard_unprocessed(self, entity_id: str, *, actor: str) -> None:
        """Forget what is kept of an entity, and read again whatever holds it; nothing for an unknown id."""
        self.delete_entity(entity_id, actor=actor)
        engine = self._ready()
        concerned = {one.location.id for one in engine.backlog.failed() if one.id == entity_id}
        engine.reconciler.force(concerned)
        if concerned:
            self.refresh(list(concerned))

    def _delete_orphan(self, engine: Engine, ref: str, uid: str, actor: str) -> set[str]:
        """The locations that kept it."""
        kept_by: set[str] = set()

        def write(publication: Publication) -> Entry:
            self._state.drop_orphan(ref)
            kept_by.update(publication.drop_orphan(ref))
            return Entry(actor, "entity.deleted", ref, {"uid": uid})

        engine.publisher.submit(write).result()
        return kept_by

    def apply(
        self,
        changes: Sequence[Change],
        *,
        source: str,
        request_id: str = "",
        dry_run: bool = False,
        pass_over_unknown: bool = False,
        store_unattached: bool = False,
    ) -> list[Applied]:
        """Do all of these changes or none; see `Applier.apply`."""
        return self._ready().applier.apply(
            changes,
            source=source,
            request_id=request_id,
            dry_run=dry_run,
            pass_over_unknown=pass_over_unknown,
            store_unattached=store_unattached,
        )

    @property
    def edits(self) -> EditDesk:
        """The desk for edits of descriptor files."""
        return self._ready().edits

    def create_token(
        self, name: str, scopes: Sequence[str], expires: datetime | None, read: str | None = None, *, actor: str
    ) -> tuple[TokenRecord, str]:
        """A new token and its text, which is shown this once; `read` is the condition that it carries."""
        made: list[tuple[TokenRecord, str]] = []

        def write(_: Publication) -> Entry:
            made.append(self.tokens.create(name, scopes, expires, read))
            return Entry(actor, "token.created", made[0][0].id, {"name": name, "scopes": list(scopes), "read": read})

        self._submit(write)
        return made[0]

    def revoke_token(self, token_id: str, *, actor: str) -> None:
        """End a token at once."""

        def write(_: Publication) -> Entry:
            record = self.tokens.revoke(token_id)
            return Entry(actor, "token.revoked", token_id, {"name": record.name})

        self._submit(write)

    def _submit(self, write: Write) -> None:
        try:
            self._ready().publisher.submit(write).result()
        except DiskFullError:
            self.tokens.reload()  # what was not written has not happened
            self.clients.reload()
            self.webhooks.reload()
            raise

    @property
    def _read_only(self) -> bool:
        return self.engine is None and self._state_name == "readonly"

    def _ready(self) -> Engine:
        """Wait a little for a daemon that is starting, as Backstage does."""
        if self.engine is None:
            self._opened.wait(PATIENCE_SECONDS)
        if self._read_only:
            raise ReadOnlyError(self._why, hint="reading goes on; python -m syncd repair saves what can be read")
        if self.engine is None:
            raise UnavailableError(self._why, hint="try again in a few seconds; see catalog status")
        return self.engine
