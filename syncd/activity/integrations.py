"""Integrations: made, changed and deleted by administrators, or made by the first records that name one."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from syncd.activity.links import correlated
from syncd.activity.paths import segments
from syncd.activity.schemas import SCHEMAS, known_fields
from syncd.activity.webhook import check_mapping
from syncd.config import LimitSettings
from syncd.errors import ConflictError, InputError, LimitError, NotFoundError
from syncd.model.integration import (
    DEFAULT_RETENTION_DAYS,
    METRIC,
    Algorithm,
    Correlation,
    Integration,
    IntegrationState,
    Signing,
    Way,
)
from syncd.model.json import Json
from syncd.stitch.publication import Publication
from syncd.stitch.publisher import Publisher
from syncd.stitch.write import Entry
from syncd.store.activity import StoredActivity, Wanted
from syncd.store.integrations import StoredIntegrations
from syncd.store.state import now
from syncd.vault import Vault

SECRET_BYTES = 32
SHORTEST_SECRET = 8
SIGNATURE_HEADER = "X-Hub-Signature-256"

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class Signature:
    """How a webhook is to be signed; without a secret, the one that it has stays, or one is made."""

    header: str = SIGNATURE_HEADER
    algorithm: Algorithm = "sha256"
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What an administrator says of an integration. What is left out of a change stays as it is."""

    state: IntegrationState | None = None
    retention_days: int | None = None
    correlation: Correlation | None = None
    mapping: Mapping[str, str] | None = None
    signature: Signature | None = None
    given: frozenset[str] = frozenset()
    """Which of them a change holds: None takes away a correlation or a signature that is among them."""


class Integrations:
    """All integrations of a state; each call that changes one is durable when it returns (R34)."""

    def __init__(
        self,
        stored: StoredIntegrations,
        records: StoredActivity,
        vault: Vault,
        limits: LimitSettings,
        publisher: Callable[[], Publisher],
    ) -> None:
        self._stored = stored
        self._records = records
        self._vault = vault
        self._limits = limits
        self._publisher = publisher

    def all(self) -> list[Integration]:
        """Every integration, by id."""
        self._publisher()
        return self._stored.all()

    def get(self, integration_id: str) -> Integration:
        """One of them; NotFoundError for an unknown id."""
        self._publisher()
        found = self._stored.get(integration_id)
        if found is None:
            raise NotFoundError(
                f"integration {integration_id} not found", hint="catalog integration list shows the ids"
            )
        return found

    def find(self, integration_id: str) -> Integration | None:
        """One of them, None for an unknown id."""
        return self._stored.get(integration_id)

    def secret(self, signing: Signing) -> str:
        """The secret of a webhook; raises `VaultError`."""
        return self._vault.open(signing.sealed)

    def create(
        self, integration_id: str, way: Way, schema: str, fields: Sequence[str], terms: Terms, *, actor: str
    ) -> tuple[Integration, str | None]:
        """A new integration, and the secret of its signature, which is told this once."""
        _check_new(integration_id, way, schema, fields, terms)
        self._refuse_second(integration_id)
        made = Integration(integration_id, way, schema, now(), fields=tuple(fields))
        made = self._changed(made, terms)
        secret = self.secret(made.signing) if made.signing is not None else None

        def write(_: Publication) -> Entry:
            self._refuse_second(integration_id)
            self.insert(made)
            return Entry(actor, "integration.created", integration_id, {"way": way, "schema": schema})

        self._publisher().submit(write).result()
        return made, secret

    def change(self, integration_id: str, terms: Terms, *, actor: str) -> Integration:
        """Another state, retention, rule, mapping or signature; its way in, schema and fields are fixed."""
        self.get(integration_id)
        changed: list[Integration] = []

        def write(_: Publication) -> Entry:
            before = self.get(integration_id)
            _check_terms(before, terms)
            after = self._changed(before, terms)
            self._stored.put(after)
            if after.correlation != before.correlation:
                self._records.correlate(integration_id, partial(correlated, after.correlation))
            changed.append(after)
            what: list[Json] = [*sorted(terms.given)]
            return Entry(actor, "integration.changed", integration_id, {"changed": what, "state": after.state})

        self._publisher().submit(write).result()
        return changed[-1]

    def delete(self, integration_id: str, *, actor: str) -> None:
        """Forget an integration and all its records."""
        self.get(integration_id)

        def write(_: Publication) -> Entry:
            self.get(integration_id)
            gone = self._records.delete(Wanted(integration_id))
            self._stored.drop(integration_id)
            return Entry(actor, "integration.deleted", integration_id, {"records": gone})

        self._publisher().submit(write).result()

    def by_api(self, integration_id: str, schema: str) -> Integration:
        """The integration that records of a schema are sent to by API, as it is or as it would be made.

        Raises ConflictError where it takes other records, or none.
        """
        found = self._stored.get(integration_id)
        if found is None:
            _check_id(integration_id)
            return Integration(integration_id, "API", schema, now())
        if found.way != "API":
            raise ConflictError(
                f"integration {integration_id} takes records by webhook", hint="choose another id for records by API"
            )
        if found.schema != schema:
            raise ConflictError(
                f"integration {integration_id} takes records of {found.schema}, not of {schema}",
                hint="an integration has one schema: choose another id for this one",
            )
        require_enabled(found)
        return found

    def insert(self, integration: Integration) -> None:
        """Within a write: add one, LimitError beyond `integrations`."""
        if self._stored.count() >= self._limits.integrations:
            raise LimitError(
                f"there are {self._limits.integrations} integrations already (limit integrations)",
                hint="delete one that is not used any more: catalog integration list",
            )
        self._stored.put(integration)

    def _refuse_second(self, integration_id: str) -> None:
        if self._stored.get(integration_id) is not None:
            raise ConflictError(
                f"there is an integration {integration_id} already", hint="choose another id, or delete that one"
            )

    def _changed(self, before: Integration, terms: Terms) -> Integration:
        return replace(
            before,
            state=terms.state or before.state,
            retention_days=terms.retention_days or before.retention_days,
            correlation=_canonical(terms.correlation) if "correlation" in terms.given else before.correlation,
            mapping=before.mapping if terms.mapping is None else dict(terms.mapping),
            signing=self._signing(before, terms.signature) if "signature" in terms.given else before.signing,
        )

    def _signing(self, before: Integration, wanted: Signature | None) -> Signing | None:
        if wanted is None:
            return None
        if wanted.secret is None and before.signing is not None:
            sealed = before.signing.sealed
        else:
            sealed = self._vault.seal(wanted.secret or secrets.token_hex(SECRET_BYTES))
        return Signing(wanted.header, wanted.algorithm, sealed)


def require_enabled(integration: Integration) -> None:
    """Raise ConflictError for a suspended integration."""
    if integration.state == "suspended":
        raise ConflictError(
            f"integration {integration.id} is suspended and takes no records",
            hint=f"catalog integration enable {integration.id}",
        )


def _check_new(integration_id: str, way: Way, schema: str, fields: Sequence[str], terms: Terms) -> None:
    _check_id(integration_id)
    if schema not in SCHEMAS and not (schema == METRIC and way == "API"):
        raise InputError(
            f"{schema[:100]!r} is not a schema of a {way} integration",
            hint=f"schemas are {', '.join(SCHEMAS)}, and {METRIC} by API",
        )
    if fields and schema != "custom":
        raise InputError("fields: only the schema custom has fields of its own", hint="use customData")
    for name in fields:
        if not _FIELD.fullmatch(name):
            raise InputError(f"fields: {name[:100]!r} cannot name a field", hint="letters, digits, _ and -")
    _check_terms(Integration(integration_id, way, schema, "", fields=tuple(fields)), terms)


def _check_terms(integration: Integration, terms: Terms) -> None:
    if integration.way == "API" and (terms.mapping or terms.signature):
        raise InputError("a mapping and a signature belong to webhooks", hint="this integration takes records by API")
    if terms.mapping:
        check_mapping(integration.schema, integration.fields, terms.mapping)
    if terms.correlation is not None:
        _check_rule(integration, terms.correlation)
    if terms.signature is not None:
        _check_signature(terms.signature)


def _check_rule(integration: Integration, rule: Correlation) -> None:
    if integration.schema == METRIC:
        raise InputError("metrics have no fields to find an entity by", hint="send entity_ref with them")
    known = known_fields(integration.schema, integration.fields)
    first = segments(rule.ingested_path)[0]
    if first not in known:
        raise InputError(
            f"correlation: {first[:100]} is not a field of {integration.schema}",
            hint=f"begin the ingested path with one of {', '.join(known)}",
        )
    segments(rule.catalog_path)


def _check_signature(signature: Signature) -> None:
    if not _HEADER.fullmatch(signature.header):
        raise InputError(f"signature: {signature.header[:100]!r} is not the name of a header")
    if signature.header.lower() in ("authorization", "x-api-key"):
        raise InputError(f"signature: {signature.header} is for keys", hint=f"such as {SIGNATURE_HEADER}")
    if signature.secret is not None and not SHORTEST_SECRET <= len(signature.secret) <= 1000:
        raise InputError(
            f"signature: a secret has {SHORTEST_SECRET} to 1000 characters", hint="leave it out, and one is made"
        )


def _check_id(integration_id: str) -> None:
    if not _ID.fullmatch(integration_id):
        raise InputError(
            f"{integration_id[:100]!r} cannot name an integration",
            hint="1 to 63 letters, digits and _ . -, beginning with a letter or digit",
        )


def _canonical(rule: Correlation | None) -> Correlation | None:
    """The catalog path as the catalog's keys are spelled, without quotes."""
    return rule and Correlation(rule.ingested_path, ".".join(segments(rule.catalog_path)))


__all__ = ["DEFAULT_RETENTION_DAYS", "Integrations", "Signature", "Terms", "require_enabled"]
