"""API tokens: `gcat_<id>_<secret><checksum>`, shown once, kept only as a hash (R55)."""

import hashlib
import hmac
import re
import secrets
import threading
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from query.ast import Node
from syncd.api.conditions import condition_node
from syncd.api.scopes import Principal, known_scopes
from syncd.errors import AuthenticationError, InputError, NotFoundError
from syncd.model.token import TokenRecord

PREFIX = "gcat"
SECRET_BYTES = 32
TOUCH_INTERVAL = timedelta(minutes=1)
"""Last use is noted at most this often, so that reading costs no write."""

_TOKEN = re.compile(rf"{PREFIX}_([0-9a-f]{{16}})_([0-9a-f]{{{SECRET_BYTES * 2}}})([0-9a-f]{{8}})")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,62}")


class TokenStore(Protocol):
    """Where tokens are kept; each call is durable when it returns (R34)."""

    def insert(self, record: TokenRecord) -> None:
        """Add a token."""

    def all(self) -> list[TokenRecord]:
        """Every token, the oldest first."""

    def revoke(self, token_id: str, at: datetime) -> None:
        """Mark as revoked."""

    def drop(self, token_id: str) -> None:
        """Forget a token that opens nothing any more."""

    def touch(self, token_id: str, at: datetime) -> None:
        """Note the last use."""


class Tokens:
    """All tokens of a state. This process alone changes them, so they are checked in memory; thread-safe."""

    def __init__(self, store: TokenStore, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._records = {record.id: record for record in store.all()}
        self._conditions = _conditions(self._records.values())
        self._on_revoked: list[Callable[[], None]] = []

    def create(
        self,
        name: str,
        scopes: Iterable[str],
        expires: datetime | None = None,
        read: str | None = None,
        client: str | None = None,
    ) -> tuple[TokenRecord, str]:
        """Make a token; the text is shown this once. InputError for a bad name, scope or time.

        `read` is a condition in the form of `condition_text`, `client` the id of the client that it is for.
        """
        check_name(name, "a token")
        if expires is not None and expires <= self._clock():
            raise InputError("a token must expire in the future")
        token_id = secrets.token_hex(8)
        text = token_text(token_id)
        known = known_scopes(scopes)
        if read is not None and "admin" in known:
            raise InputError(
                "a token with the scope admin makes tokens that read everything",
                hint="leave the read condition or the scope admin away",
            )
        record = TokenRecord(
            token_id, name, _hash(_secret(text)), known, self._clock(), expires, None, None, read, client
        )
        with self._lock:
            self._store.insert(record)
            self._records[token_id] = record
            self._conditions |= _conditions([record])
        return record, text

    def reload(self) -> None:
        """Forget what was not stored: a change that failed."""
        with self._lock:
            self._records = {record.id: record for record in self._store.all()}
            self._conditions = _conditions(self._records.values())

    def check(self, text: str) -> Principal:
        """Who a token stands for; AuthenticationError when it is malformed, unknown, expired or revoked."""
        match = _TOKEN.fullmatch(text)
        if match is None or _checksum(match[1], match[2]) != match[3]:
            raise AuthenticationError("this is not a token of this catalog", hint=_HINT)
        record = self._records.get(match[1])
        known = record.hash if record is not None else "0" * 64
        if not hmac.compare_digest(_hash(match[2]), known) or record is None:
            raise AuthenticationError("the token is not known", hint=_HINT)
        if not record.active(self._clock()):
            raise AuthenticationError(f"the token {record.name} is {_why_inactive(record)}", hint=_HINT)
        return Principal(
            record.name, frozenset(record.scopes), record.id, record.expires, self._conditions.get(record.id)
        )

    def active(self, token_id: str) -> bool:
        """Whether a token that was checked before still opens anything."""
        record = self._records.get(token_id)
        return record is not None and record.active(self._clock())

    def used(self, token_id: str) -> bool:
        """Note the use of a token that was checked; whether it is time to `touch` it."""
        now, last = self._clock(), self._records[token_id].last_used
        if last is not None and now - last < TOUCH_INTERVAL:
            return False
        self._change(token_id, last_used=now)
        return True

    def touch(self, token_id: str) -> None:
        """Store the last use that was noted."""
        record = self._records.get(token_id)
        if record is not None and record.last_used is not None:
            self._store.touch(token_id, record.last_used)

    def all(self) -> list[TokenRecord]:
        """Every token that a person made and nobody revoked, the oldest first."""
        shown = [one for one in list(self._records.values()) if one.revoked is None and one.client is None]
        return sorted(shown, key=lambda record: record.created)

    def revoke(self, token_id: str) -> TokenRecord:
        """End a token; it opens nothing from now on, and open streams end. NotFoundError for an unknown id."""
        record = self._records.get(token_id)
        if record is None or record.revoked is not None:
            raise NotFoundError(f"token {token_id} not found")
        self._revoke([token_id])
        return self._records[token_id]

    def end(self, client: str) -> None:
        """Revoke the tokens of a client."""
        self._revoke([one.id for one in self._of(client) if one.revoked is None])

    def forget(self, client: str) -> None:
        """Forget the tokens of a client that open nothing any more."""
        for record in self._of(client):
            if not record.active(self._clock()):
                self._store.drop(record.id)
                with self._lock:
                    del self._records[record.id]

    def last_use(self, client: str) -> datetime | None:
        """When a token of a client was last used, as far as it is remembered."""
        return max((one.last_used for one in self._of(client) if one.last_used is not None), default=None)

    def on_revoked(self, notify: Callable[[], None]) -> None:
        """Call `notify`, from any thread, after a token was revoked."""
        self._on_revoked.append(notify)

    def _of(self, client: str) -> list[TokenRecord]:
        return [one for one in list(self._records.values()) if one.client == client]

    def _revoke(self, token_ids: Iterable[str]) -> None:
        at = self._clock()
        for token_id in token_ids:
            self._store.revoke(token_id, at)
            self._change(token_id, revoked=at)
        for notify in self._on_revoked:
            notify()

    def _change(
        self, token_id: str, *, last_used: datetime | None = None, revoked: datetime | None = None
    ) -> TokenRecord:
        with self._lock:
            old = self._records[token_id]
            new = replace(old, last_used=last_used or old.last_used, revoked=revoked or old.revoked)
            self._records[token_id] = new
            return new


_HINT = "send a token as Authorization: Bearer gcat_…; the daemon's owner makes one with catalog token create"


def check_name(name: str, what: str) -> None:
    """Raise InputError for a name that `what` cannot have."""
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot name {what}", hint="1 to 63 letters, digits and _ . @ -, beginning with a letter or digit"
        )


def token_text(token_id: str) -> str:
    """The text of a token with a new secret."""
    secret = secrets.token_hex(SECRET_BYTES)
    return f"{PREFIX}_{token_id}_{secret}{_checksum(token_id, secret)}"


def _secret(text: str) -> str:
    return text.rpartition("_")[2][: 2 * SECRET_BYTES]


def _conditions(records: Iterable[TokenRecord]) -> dict[str, Node]:
    return {record.id: condition_node(record.read) for record in records if record.read is not None}


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


def _checksum(token_id: str, secret: str) -> str:
    return f"{zlib.crc32(f'{token_id}{secret}'.encode('ascii')):08x}"


def _why_inactive(record: TokenRecord) -> str:
    return "revoked" if record.revoked is not None else "expired"
