"""What the API asks of the daemon. Every call may block and may come from any thread."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol, Unpack

from syncd.activity.records import Activity
from syncd.api.ports.catalog import Catalog, Departure, StoredProblem
from syncd.api.ports.overlay import Overlay, Stories
from syncd.api.ports.sql import Sql
from syncd.api.ports.standing import Standing
from syncd.api.tokens import Tokens
from syncd.blueprints.register import Register
from syncd.config import Settings
from syncd.edits.desk import EditDesk
from syncd.history.desk import HistoryDesk
from syncd.metrics.meters import Meters
from syncd.model.change import Applied, Change
from syncd.model.client import ClientRecord
from syncd.model.finding import Check, FindingPage
from syncd.model.json import Json, JsonObject
from syncd.model.location import Adjustment, Location
from syncd.model.token import TokenRecord
from syncd.preview import Preview
from syncd.watch.doorbell import Doorbell
from syncd.watch.webhooks import Webhooks


class LoggedChange(Protocol):
    """One row of the log of changes."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def detail(self) -> Mapping[str, Any]: ...
    @property
    def added(self) -> Sequence[str]: ...
    @property
    def updated(self) -> Sequence[str]: ...
    @property
    def removed(self) -> Sequence[str]: ...


class Unprocessed(Protocol):
    """Something registered that is not visible as its author meant it; `errors` are (name, message)."""

    @property
    def id(self) -> str: ...
    @property
    def ref(self) -> str: ...
    @property
    def location(self) -> Location: ...
    @property
    def entity(self) -> JsonObject: ...
    @property
    def processed(self) -> JsonObject | None: ...
    @property
    def errors(self) -> Sequence[tuple[str, str]]: ...
    def is_owned_by(self, owner: str) -> bool: ...


class Trial(Protocol):
    """What a location would bring, were it registered."""

    @property
    def location(self) -> Location: ...
    @property
    def exists(self) -> bool: ...
    @property
    def entities(self) -> Sequence[JsonObject]: ...


class TrialProgress(Protocol):
    """What a trial does now, and how far, 0 to 99, the fetch under way is."""

    @property
    def phase(self) -> str: ...
    @property
    def percent(self) -> int | None: ...


class Subscription(Protocol):
    """Tells that the log has grown; `get` waits up to `timeout` seconds and gives None when nothing came."""

    def get(self, timeout: float) -> object | None: ...
    def close(self) -> None: ...


class AccessToken(Protocol):
    """What a client got for its secret, and the seconds that are left of its life."""

    @property
    def text(self) -> str: ...
    @property
    def expires_in(self) -> int: ...


class Clients(Protocol):
    """Programs that exchange a secret for access tokens; the secret is in no answer but that of its making."""

    def all(self) -> Sequence[ClientRecord]: ...
    def create(self, name: str, scopes: Sequence[str], *, actor: str) -> tuple[ClientRecord, str]: ...
    def rotate(self, client_id: str, *, actor: str) -> tuple[ClientRecord, str]: ...
    def disable(self, client_id: str, *, actor: str) -> ClientRecord: ...
    def exchange(self, client_id: str, secret: str) -> AccessToken: ...


class Issuer(Protocol):
    """Makes tokens, and ends them at once; the text of one is shown this once."""

    def create(
        self, name: str, scopes: Sequence[str], expires: datetime | None, read: str | None = None, *, actor: str
    ) -> tuple[TokenRecord, str]: ...
    def revoke(self, token_id: str, *, actor: str) -> None: ...


class Readiness(Protocol):
    """Whether the daemon can do what is asked of it."""

    def reasons(self) -> Sequence[str]:
        """Why it cannot answer yet, a sentence each; nothing when it can."""


class Deletion(Protocol):
    """An orphan goes for good; everything else is read again from its source."""

    def entity(self, uid: str, *, actor: str) -> None: ...
    def orphan(self, ref: str, *, actor: str) -> None: ...
    def unprocessed(self, entity_id: str, *, actor: str) -> None: ...


class Service(Protocol):
    """The acting side of the daemon. Errors are those of `syncd.errors`; a conflict carries `existing`."""

    @property
    def catalog(self) -> Catalog: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def tokens(self) -> Tokens: ...
    @property
    def issuer(self) -> Issuer: ...
    @property
    def clients(self) -> Clients: ...
    @property
    def sql(self) -> Sql: ...
    @property
    def history(self) -> HistoryDesk:
        """Where values come from, and what happened to entities."""

    def read_yaml(self, content: bytes) -> Json:
        """The value of a YAML document that a client sent; `InputError` for what is not exactly one."""

    @property
    def activity(self) -> Activity: ...
    @property
    def webhooks(self) -> Webhooks: ...
    @property
    def doorbell(self) -> Doorbell:
        """Rings repositories by any of their URLs."""

    @property
    def readiness(self) -> Readiness: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def meters(self) -> Meters: ...
    def locations(self) -> Sequence[Location]: ...
    def location(self, location_id: str) -> Location: ...
    def add_location(
        self,
        type: Literal["url", "git"],  # noqa: A002 - the word of the API
        target: str,
        *,
        ref: str,
        paths: Sequence[str],
        priority: int,
        actor: str,
        owner: bool,
        **adjustment: Unpack[Adjustment],
    ) -> Location:
        """Register; `owner` tells that the socket's owner asks, who may name any local path."""

    def try_location(self, target: str, *, owner: bool) -> Trial: ...
    def preview_location(self, location: Location, *, trial: str, owner: bool) -> Preview:
        """What a location would bring, document by document; nothing is stored. `trial` is its name meanwhile."""

    def trial_progress(self, trial: str) -> TrialProgress:
        """How far the preview of that name is."""

    def try_entity(self, data: JsonObject, url: str, *, owner: bool) -> None: ...
    def change_location(self, location_id: str, target: str, *, actor: str, owner: bool) -> Location: ...
    def adjust_location(self, location_id: str, *, actor: str, **adjustment: Unpack[Adjustment]) -> Location: ...
    def departure(self, location_id: str) -> Departure: ...
    def findings(self, checks: Sequence[Check], *, limit: int, offset: int) -> FindingPage: ...
    def remove_location(self, location_id: str, *, actor: str) -> None: ...
    def refresh(self, location_ids: Sequence[str] | None) -> object:
        """Ring these locations (None: all); the answer is what `wait` takes."""

    def wait(self, ticket: Any, timeout: float) -> bool: ...
    def refresh_entity(self, ref: str) -> None: ...
    def ingested_paths(self, ref: str) -> Collection[tuple[str | int, ...]]:
        """Paths of an entity whose values did not come from git."""

    def failed_entities(self) -> Sequence[Unprocessed]: ...
    def pending_entities(self) -> Sequence[Unprocessed]: ...
    @property
    def deletion(self) -> Deletion: ...
    def changes(self, since: int, limit: int) -> Sequence[LoggedChange]: ...
    def computed_problems(self) -> Sequence[StoredProblem]:
        """What is wrong with computed properties; a message may tell of other entities too."""

    def subscribe(self) -> Subscription: ...
    @property
    def overlay(self) -> Overlay: ...
    @property
    def register(self) -> Register:
        """Blueprints and their entities, as Port has them."""

    @property
    def stories(self) -> Stories: ...
    def git_entity(self, ref: str) -> JsonObject | None:
        """What the document that speaks for a ref says, custom properties left out."""

    def present(self, refs: Sequence[str]) -> Sequence[str]:
        """Those of the refs that there are entities of."""

    def apply(
        self,
        changes: Sequence[Change],
        *,
        source: str,
        request_id: str = "",
        dry_run: bool = False,
        pass_over_unknown: bool = False,
        store_unattached: bool = False,
    ) -> Sequence[Applied]:
        """Do all of these changes or none of them."""

    @property
    def edits(self) -> EditDesk: ...
