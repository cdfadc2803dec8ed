"""Webhooks: git hosts tell of pushes, and what they tell is only ever a reason to look (R62-R65)."""

import logging
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from syncd.config import LimitSettings
from syncd.errors import AuthenticationError, ConflictError, InputError, NotFoundError
from syncd.model.json import Json
from syncd.model.text import shown
from syncd.model.webhook import Provider, Webhook, WebhookSecret
from syncd.signature import STANDARD_PREFIX, standard_key
from syncd.stitch.publication import Publication
from syncd.stitch.write import Entry, Write
from syncd.store.webhooks import StoredWebhooks
from syncd.vault import Vault
from syncd.watch.deliveries import Deliveries
from syncd.watch.doorbell import Doorbell
from syncd.watch.providers import FORMS, Form, Headers

LOG = logging.getLogger("syncd.webhooks")
KEEP = timedelta(hours=24)
"""How long the secret before a new one goes on to be valid, unless something else is said."""
SECRET_BYTES = 32
SHORTEST_SECRET = 16
LONGEST_NAME = 200
"""Characters of the name that a host gives a delivery."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")


@dataclass(frozen=True, slots=True)
class Proven:
    """A delivery whose sender knew a secret; its body was not looked at yet."""

    webhook: Webhook
    secret: str
    """The id of that secret."""
    headers: Headers


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a delivery: how many repositories rang, or why none did."""

    rung: int
    reason: str = ""


class Webhooks:
    """All webhooks of a state. This process alone changes them, so deliveries are checked in memory; thread-safe."""

    def __init__(
        self,
        store: StoredWebhooks,
        vault: Vault,
        limits: LimitSettings,
        doorbell: Doorbell,
        submit: Callable[[Write], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`submit` carries out a write together with its row in the log, one after the other."""
        self._store = store
        self._vault = vault
        self._limits = limits
        self._doorbell = doorbell
        self._submit = submit
        self._clock = clock
        self._deliveries = Deliveries(store, limits, clock)
        self.reload()

    def reload(self) -> None:
        """Forget what was not stored: a change that failed."""
        self._webhooks = {webhook.id: webhook for webhook in self._store.all()}

    def last_delivery(self, secret_id: str) -> datetime | None:
        """When the last push was told of with a secret, as far as that is remembered."""
        return self._deliveries.last(secret_id)

    def write_down(self) -> None:
        """Keep which deliveries came since; may wait for the disk."""
        self._deliveries.write_down()

    # Changing

    def all(self) -> list[Webhook]:
        """Every webhook, by id."""
        return sorted(self._webhooks.values(), key=lambda webhook: webhook.id)

    def create(self, webhook_id: str, provider: Provider, secret: str | None, *, actor: str) -> tuple[Webhook, str]:
        """A new webhook and its secret, which is told this once; without one given, one is made."""
        if not _ID.fullmatch(webhook_id):
            raise InputError(
                f"{webhook_id[:100]!r} cannot name a webhook",
                hint="1 to 63 letters, digits and _ . -, beginning with a letter or digit",
            )
        sealed, text = self._new_secret(provider, secret)
        made = Webhook(webhook_id, provider, self._clock(), (sealed,))

        def write(_: Publication) -> Entry:
            if webhook_id in self._webhooks:
                raise ConflictError(f"there is a webhook {webhook_id} already", hint="choose another name")
            self._put(made)
            return Entry(actor, "webhook.created", webhook_id, {"provider": provider, "secret": sealed.id})

        self._submit(write)
        return made, text

    def rotate(self, webhook_id: str, secret: str | None, keep: timedelta = KEEP, *, actor: str) -> tuple[Webhook, str]:
        """Give a webhook another secret; the one before stays valid for a while, an older one ends at once (R64)."""
        sealed, text = self._new_secret(self._get(webhook_id).provider, secret)
        changed: list[Webhook] = []

        def write(_: Publication) -> Entry:
            before = self._get(webhook_id)
            ends = self._clock() + keep
            kept = [replace(one, expires=min(ends, one.expires or ends)) for one in before.secrets[:1] if keep]
            changed.append(replace(before, secrets=(sealed, *kept)))
            self._put(changed[0])
            ids: list[Json] = [one.id for one in kept]
            return Entry(actor, "webhook.rotated", webhook_id, {"secret": sealed.id, "kept": ids})

        self._submit(write)
        return changed[0], text

    def revoke(self, webhook_id: str, secret_id: str, *, actor: str) -> Webhook:
        """End a secret at once; a webhook without any is not served."""
        changed: list[Webhook] = []

        def write(_: Publication) -> Entry:
            before = self._get(webhook_id)
            left = tuple(one for one in before.secrets if one.id != secret_id)
            if len(left) == len(before.secrets):
                raise NotFoundError(
                    f"webhook {webhook_id} has no secret {shown(secret_id)}", hint="catalog webhook list shows the ids"
                )
            changed.append(replace(before, secrets=left))
            self._put(changed[0])
            return Entry(actor, "webhook.secret_revoked", webhook_id, {"secret": secret_id})

        self._submit(write)
        return changed[0]

    def delete(self, webhook_id: str, *, actor: str) -> None:
        """Forget a webhook with its secrets."""

        def write(_: Publication) -> Entry:
            self._get(webhook_id)
            self._store.drop(webhook_id)
            self._webhooks = {id_: one for id_, one in self._webhooks.items() if id_ != webhook_id}
            return Entry(actor, "webhook.deleted", webhook_id, {})

        self._submit(write)

    def _get(self, webhook_id: str) -> Webhook:
        found = self._webhooks.get(webhook_id)
        if found is None:
            raise NotFoundError(f"webhook {shown(webhook_id)} not found", hint="catalog webhook list shows the names")
        return found

    def _put(self, webhook: Webhook) -> None:
        self._store.put(webhook)
        self._webhooks = {**self._webhooks, webhook.id: webhook}

    def _new_secret(self, provider: Provider, given: str | None) -> tuple[WebhookSecret, str]:
        text = given or _made(provider)
        _check_secret(provider, text)
        return WebhookSecret(secrets.token_hex(4), self._vault.seal(text), self._clock()), text

    # Taking in

    def prove(self, webhook_id: str, headers: Headers, content: bytes) -> Proven:
        """Judge the raw bytes of a delivery, before anything is read from them (R62).

        Raises NotFoundError where no secret is valid: such a webhook is not served; AuthenticationError for a signature
        that is missing, wrong or too old.
        """
        webhook = self._webhooks.get(webhook_id)
        at = self._clock()
        valid = [one for one in webhook.secrets if one.is_valid(at)] if webhook is not None else []
        if webhook is None or not valid:
            raise NotFoundError(
                f"no webhook {shown(webhook_id)} is served here",
                hint="the daemon's owner makes one, and its secret, with catalog webhook create",
            )
        form = FORMS[webhook.provider]
        matched = [one.id for one in valid if form.is_proven(headers, content, self._vault.open(one.sealed))]
        if not matched:
            raise AuthenticationError(
                f"the header {form.signature} is missing or wrong",
                hint=f"it is judged as {webhook.provider} writes it, with the secret of catalog webhook create",
            )
        self._check_time(form, headers, at)
        return Proven(webhook, matched[0], headers)

    def receive(self, proven: Proven, body: Json) -> Received:
        """Ring the repositories that a delivery names, those that are registered; returns before anybody looks (R65).

        Raises InputError for a body that is not what its provider sends.
        """
        webhook, form = proven.webhook, FORMS[proven.webhook.provider]
        if not isinstance(body, dict):
            raise InputError("the body is not an object")
        received = self._received(proven, form, form.happened(proven.headers, body), body)
        LOG.info(
            "webhook %s: signed with secret %s; %s",
            webhook.id, proven.secret, received.reason or f"{received.rung} rung",
        )  # fmt: skip
        return received

    def _received(self, proven: Proven, form: Form, event: str, body: dict[str, Json]) -> Received:
        if event not in form.moves:
            return Received(0, f"{shown(event)}: nothing to look at")
        urls = form.repositories(body)
        if not self._deliveries.is_new(proven.webhook.id, _name(proven.headers(form.delivery)), proven.secret):
            return Received(0, "this delivery was received before")
        rung = self._doorbell.ring(urls)
        return Received(len(rung), "" if rung else "no registered location reads this repository")

    def _check_time(self, form: Form, headers: Headers, at: datetime) -> None:
        if not form.timestamp:
            return
        [text] = headers(form.timestamp)
        seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
        if abs(at.timestamp() - seconds) > self._limits.webhook_tolerance.total_seconds():
            raise AuthenticationError(
                f"the delivery was signed for another time ({form.timestamp}; limit webhook_tolerance)",
                hint="set the clocks of both machines; a delivery cannot be sent again later",
            )


def _made(provider: Provider) -> str:
    if provider == "gitlab":
        from base64 import b64encode

        return STANDARD_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")
    return secrets.token_hex(SECRET_BYTES)


def _check_secret(provider: Provider, text: str) -> None:
    if not SHORTEST_SECRET <= len(text) <= 1000 or not text.isprintable() or not text.isascii():
        raise InputError(
            f"a secret has {SHORTEST_SECRET} to 1000 printable characters", hint="leave it out, and one is made"
        )
    if provider == "gitlab":
        try:
            is_key = text.startswith(STANDARD_PREFIX) and len(standard_key(text)) >= SHORTEST_SECRET
        except ValueError:
            is_key = False
        if not is_key:
            raise InputError(
                f"a signing token of GitLab begins with {STANDARD_PREFIX} and goes on in base64",
                hint="leave it out, and one is made; a secret token is for the provider gitlab-token",
            )


def _name(values: Sequence[str]) -> str:
    name = values[0] if values else ""
    if len(name) > LONGEST_NAME:
        raise InputError(f"the name of the delivery is longer than {LONGEST_NAME} characters")
    return name
