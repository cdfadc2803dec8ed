"""Clients: programs that exchange a secret for access tokens of a few hours, as Port's do (P1-P8).

A secret has 256 random bits, so a salted hash of one round keeps it: there is nothing to guess. Access tokens are
tokens like any other, stored as hashes; the text of the newest one of each client is kept in memory, to be given again.
"""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from syncd.api.scopes import Scope, known_scopes
from syncd.api.tokens import Tokens, check_name, token_text
from syncd.config.settings import AuthSettings
from syncd.errors import AuthenticationError, ConflictError, NotFoundError
from syncd.model.client import ClientRecord
from syncd.stitch.publication import Publication
from syncd.stitch.write import Entry, Write

DEFAULT_SCOPES: tuple[Scope, ...] = ("read", "entities:write", "properties:write")
SECRET_PREFIX = "gcatsec_"  # noqa: S105 - by which scanners for secrets know it
SECRET_BYTES = 32
LEAST_LIFE = timedelta(seconds=60)
"""A token that lives no longer than this is not given again."""


class ClientStore(Protocol):
    """Where clients are kept; each call is durable when it returns (R34)."""

    def put(self, record: ClientRecord) -> None:
        """Add a client, or replace the one of this id."""

    def all(self) -> list[ClientRecord]:
        """Every client, the oldest first."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """The text of an access token, and the whole seconds that are left of its life."""

    text: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class _Live:
    text: str
    expires: datetime


class Clients:
    """All clients of a state. This process alone changes them, so they are checked in memory; thread-safe."""

    def __init__(
        self,
        store: ClientStore,
        tokens: Tokens,
        settings: AuthSettings,
        submit: Callable[[Write], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`submit` carries out a write together with its row in the log, one after the other."""
        self._store = store
        self._tokens = tokens
        self._settings = settings
        self._submit = submit
        self._clock = clock
        self._lock = threading.Lock()
        self._records = {record.id: record for record in store.all()}
        self._live: dict[str, _Live] = {}

    def all(self) -> list[ClientRecord]:
        """Every client, the oldest first; `last_used` tells of its tokens too."""
        with self._lock:
            records = list(self._records.values())
        return [replace(one, last_used=_latest(one.last_used, self._tokens.last_use(one.id))) for one in records]

    def reload(self) -> None:
        """Forget what was not stored: a change that failed."""
        with self._lock:
            self._records = {record.id: record for record in self._store.all()}

    def create(self, name: str, scopes: Sequence[str], *, actor: str) -> tuple[ClientRecord, str]:
        """Make a client; its secret is shown this once. InputError for a bad name or scope, ConflictError for a name
        that an enabled client has."""
        check_name(name, "a client")
        salt, secret, hash_ = _new_secret()
        record = ClientRecord(
            secrets.token_hex(16), name, salt, hash_, known_scopes(scopes or DEFAULT_SCOPES), self._clock()
        )

        def write(_: Publication) -> Entry:
            if any(one.name == name and one.disabled is None for one in self._records.values()):
                raise ConflictError(f"a client {name} is there already", hint="choose another name, or disable it")
            self._put(record)
            return Entry(actor, "client.created", record.id, {"name": name, "scopes": list(record.scopes)})

        self._submit(write)
        return record, secret

    def rotate(self, client_id: str, *, actor: str) -> tuple[ClientRecord, str]:
        """Give a client another secret; the old one and its access tokens end at once (P6)."""
        salt, secret, hash_ = _new_secret()
        changed: list[ClientRecord] = []

        def write(_: Publication) -> Entry:
            old = self._enabled(client_id)
            changed.append(replace(old, salt=salt, hash=hash_, rotated=self._clock()))
            self._end(changed[0])
            return Entry(actor, "client.rotated", client_id, {"name": old.name})

        self._submit(write)
        return changed[0], secret

    def disable(self, client_id: str, *, actor: str) -> ClientRecord:
        """End a client, its secret and its access tokens at once."""
        changed: list[ClientRecord] = []

        def write(_: Publication) -> Entry:
            old = self._enabled(client_id)
            changed.append(replace(old, disabled=self._clock()))
            self._end(changed[0])
            return Entry(actor, "client.disabled", client_id, {"name": old.name})

        self._submit(write)
        return changed[0]

    def exchange(self, client_id: str, secret: str) -> AccessToken:
        """The access token of a client: the live one where it lives long enough (P4), else another.

        Raises `AuthenticationError`, the same and after the same work for a wrong secret and an unknown id (P2). In
        open mode anybody gets a token: nobody asks for it there.
        """
        try:
            record = self._verified(client_id, secret)
        except AuthenticationError:
            if self._settings.mode == "open":
                return AccessToken(token_text(secrets.token_hex(8)), self._life_seconds)
            raise
        return self._given_again(record) or self._made(record)

    def _verified(self, client_id: str, secret: str) -> ClientRecord:
        record = self._records.get(client_id)
        salt, known = (record.salt, record.hash) if record is not None else (_NOBODYS_SALT, _NOBODYS_HASH)
        is_right = hmac.compare_digest(_hash(salt, secret), known)
        if record is None or not is_right or record.disabled is not None:
            raise AuthenticationError("the client id or the client secret is wrong", hint=_HINT)
        return record

    def _given_again(self, record: ClientRecord) -> AccessToken | None:
        with self._lock:
            live = self._live.get(record.id)
        left = live.expires - self._clock() if live is not None else timedelta(0)
        return AccessToken(live.text, int(left.total_seconds())) if live is not None and left > LEAST_LIFE else None

    def _made(self, asking: ClientRecord) -> AccessToken:
        made: list[AccessToken] = []

        def write(_: Publication) -> None:
            record = self._records[asking.id]
            if record.hash != asking.hash or record.disabled is not None:  # it ended while this waited
                raise AuthenticationError("the client id or the client secret is wrong", hint=_HINT)
            if again := self._given_again(record):  # somebody else was quicker
                made.append(again)
                return
            expires = self._clock() + self._settings.access_token_life
            self._tokens.forget(record.id)
            text = self._tokens.create(record.name, record.scopes, expires, client=record.id)[1]
            self._put(replace(record, last_used=self._clock()))
            with self._lock:
                self._live[record.id] = _Live(text, expires)
            made.append(AccessToken(text, self._life_seconds))

        self._submit(write)
        return made[0]

    @property
    def _life_seconds(self) -> int:
        return int(self._settings.access_token_life.total_seconds())

    def _enabled(self, client_id: str) -> ClientRecord:
        record = self._records.get(client_id)
        if record is None or record.disabled is not None:
            raise NotFoundError(f"client {client_id} not found", hint="catalog client list shows the ids")
        return record

    def _put(self, record: ClientRecord) -> None:
        self._store.put(record)
        with self._lock:
            self._records[record.id] = record

    def _end(self, record: ClientRecord) -> None:
        self._put(record)
        with self._lock:
            self._live.pop(record.id, None)
        self._tokens.end(record.id)


_HINT = "the daemon's owner makes a client with catalog client create, and another secret with catalog client rotate"


def _new_secret() -> tuple[str, str, str]:
    """Salt, secret and hash."""
    salt, secret = secrets.token_hex(16), SECRET_PREFIX + secrets.token_hex(SECRET_BYTES)
    return salt, secret, _hash(salt, secret)


def _hash(salt: str, secret: str) -> str:
    return hashlib.sha256(f"{salt}{secret}".encode()).hexdigest()


def _latest(*times: datetime | None) -> datetime | None:
    return max((time for time in times if time is not None), default=None)


_NOBODYS_SALT, _, _NOBODYS_HASH = _new_secret()
