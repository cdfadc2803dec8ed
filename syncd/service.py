"""What the daemon can do, for whoever asks it by whatever API."""

from collections.abc import Collection, Sequence
from typing import Literal, Unpack

from syncd.activity.records import Activity
from syncd.api.tokens import Tokens
from syncd.blueprints.book import blueprint_ref
from syncd.blueprints.computing import Computing
from syncd.blueprints.register import Register
from syncd.clients import Clients
from syncd.config import Settings
from syncd.deletion import Deletion
from syncd.disk import Disk
from syncd.edits.desk import EditDesk
from syncd.errors import ConflictError, DiskFullError, InputError, NotFoundError
from syncd.history.desk import HistoryDesk
from syncd.ingest.yaml_worker import YamlWorker
from syncd.issuer import Issuer
from syncd.jq.runner import JqRunner
from syncd.metrics.meters import Meters
from syncd.model.change import Applied, Change
from syncd.model.finding import Check, FindingPage
from syncd.model.json import Json, JsonObject
from syncd.model.location import Adjustment, Location
from syncd.model.problem import Problem
from syncd.model.ref import RefError, parse_ref
from syncd.overlay.path import parse_path
from syncd.preview import Comparison, Preview
from syncd.readiness import Readiness
from syncd.sql.desk import SqlDesk
from syncd.standing import Standing
from syncd.stitch.write import Write
from syncd.store.catalog import Catalog
from syncd.store.clients import StoredClients
from syncd.store.departure import Departure
from syncd.store.documents import StoredDocuments
from syncd.store.overlay import StoredOverlay
from syncd.store.reports import StoredProblem, placed
from syncd.store.state import LoggedChange, State
from syncd.store.story import Stories
from syncd.store.webhooks import StoredWebhooks
from syncd.subscriptions import Subscription, Subscriptions
from syncd.trial import Trial, TrialProgress
from syncd.unprocessed import Unprocessed
from syncd.vault import Vault
from syncd.watch.doorbell import Doorbell
from syncd.watch.mailbox import Mailbox, Ticket
from syncd.watch.webhooks import Webhooks


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
        self.readiness = Readiness()
        self.activity = Activity(state, vault, settings.limits, lambda: self.readiness.wait().publisher)
        self.issuer = Issuer(tokens, self._submit)
        self.clients = Clients(StoredClients(state), tokens, settings.auth, self._submit)
        self.doorbell = doorbell
        self.webhooks = Webhooks(StoredWebhooks(state), vault, settings.limits, doorbell, self._submit)
        self.overlay = StoredOverlay(state)
        self.documents = StoredDocuments(state)
        self.stories = Stories(state)
        self.computing = Computing(jq.first)
        self.register = Register.over(
            catalog, self.documents, self.stories, self.overlay.of, self.apply, self.computing, jq.fault
        )
        self.standing = Standing(self.readiness, catalog, mailbox, self.computing, disk, git_version)
        self.deletion = Deletion(catalog, state, self.readiness, self.refresh)
        self._bodies = bodies
        self._state = state
        self._mailbox = mailbox
        self._subscriptions = Subscriptions()

    def announce(self, change: LoggedChange) -> None:
        """A change is visible: tell who listens."""
        self.catalog.generation += 1
        self._subscriptions.announce(change)

    # Reading

    def read_yaml(self, content: bytes) -> Json:
        """The value of a YAML document that a client sent; `InputError` for what is not exactly one."""
        value = self._bodies.values(content)
        if isinstance(value, Problem):
            place = f" at line {value.line}, column {value.column}" if value.line else ""
            raise InputError(f"the body is not YAML: {value.message}{place}", hint=value.hint)
        return value

    def locations(self) -> list[Location]:
        """All registered locations in registration order."""
        if self.readiness.only_reads:
            return sorted(self.readiness.copies, key=lambda location: (location.order, location.id))
        return self.readiness.wait().registry.all()

    def location(self, location_id: str) -> Location:
        """One location; NotFoundError for an unknown id."""
        if self.readiness.only_reads:
            found = next((copy for copy in self.readiness.copies if copy.id == location_id), None)
            if found is None:
                raise NotFoundError(f"location {location_id} not found", hint="catalog location list shows the ids")
            return found
        return self.readiness.wait().registry.get(location_id)

    def changes(self, since: int, limit: int) -> list[LoggedChange]:
        """The log from `since` on, as far as the index has come."""
        return self._state.changes(since, self.readiness.wait().publisher.index_seq, limit)

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
        return self.readiness.wait().backlog.failed()

    def pending_entities(self) -> list[Unprocessed]:
        """What was not read yet; see `Backlog.pending`."""
        engine = self.readiness.wait()
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
        **adjustment: Unpack[Adjustment],
    ) -> Location:
        """Register; `owner` tells that the socket's owner asks, who may name any local path."""
        registry = self.readiness.wait().registry
        return registry.add(
            type, target, ref=ref, paths=paths, priority=priority, actor=actor, owner=owner, **adjustment
        )

    def try_location(self, target: str, *, owner: bool) -> Trial:
        """What a URL leads to, without registering it; see `Trials.location`."""
        return self.readiness.wait().trials.location(target, owner=owner)

    def preview_location(self, location: Location, *, trial: str = "", owner: bool) -> Preview:
        """What a location would bring beside what is there; nothing is stored. Raises what `Trials.reading` raises.

        By the name `trial`, `trial_progress` tells meanwhile how far it is.
        """
        engine = self.readiness.wait()
        priorities = {one.id: one.priority for one in engine.registry.all()}
        comparison = Comparison(
            self.catalog.details, self.catalog.said, lambda id_: priorities.get(id_, 0), self.present
        )
        reading = engine.trials.reading(location, name=trial, owner=owner)
        return comparison.of(location, engine.registry.same(location), reading)

    def trial_progress(self, trial: str) -> TrialProgress:
        """How far a preview under way is; see `Trials.progress`."""
        return self.readiness.wait().trials.progress(trial)

    def try_entity(self, data: JsonObject, url: str, *, owner: bool) -> None:
        """Process an entity as if it stood in the file at `url`; see `Trials.entity`."""
        self.readiness.wait().trials.entity(data, url, owner=owner)

    def change_location(self, location_id: str, target: str, *, actor: str, owner: bool) -> Location:
        """Let a location lead elsewhere; see `Registry.change`."""
        return self.readiness.wait().registry.change(location_id, target, actor=actor, owner=owner)

    def departure(self, location_id: str) -> Departure:
        """What would leave with a location; NotFoundError for an unknown id."""
        return self.catalog.departure(self.location(location_id).id)

    def findings(self, checks: Sequence[Check], *, limit: int, offset: int = 0) -> FindingPage:
        """What checks across the whole catalog find."""
        return self.catalog.findings(checks, limit=limit, offset=offset)

    def adjust_location(self, location_id: str, *, actor: str, **adjustment: Unpack[Adjustment]) -> Location:
        """Deal with a location otherwise; see `Registry.adjust`."""
        return self.readiness.wait().registry.adjust(location_id, actor=actor, **adjustment)

    def remove_location(self, location_id: str, *, actor: str) -> None:
        """Unregister; see `Registry.remove`."""
        self.readiness.wait().registry.remove(location_id, actor=actor)

    def refresh(self, location_ids: Sequence[str] | None) -> Ticket:
        """Ring these locations (None: all); the answer is what `wait` takes."""
        engine = self.readiness.wait()
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
        return self.readiness.wait().applier.apply(
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
        return self.readiness.wait().edits

    def _submit(self, write: Write) -> None:
        try:
            self.readiness.wait().publisher.submit(write).result()
        except DiskFullError:
            self.tokens.reload()  # what was not written has not happened
            self.clients.reload()
            self.webhooks.reload()
            raise
