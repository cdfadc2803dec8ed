"""Integrations in `state.sqlite`."""

import json
from typing import get_args

from syncd.model.integration import Algorithm, Correlation, Integration, Signing
from syncd.store.state import State

_COLUMNS = (
    "id, way, schema, state, retention_days, ingested_path, catalog_path, fields, mapping, signature_header, "
    "signature_algorithm, secret, created"
)
_ALGORITHMS: dict[str, Algorithm] = {name: name for name in get_args(Algorithm)}


class StoredIntegrations:
    """Integrations by their id; writes belong into a transaction of the state."""

    def __init__(self, state: State) -> None:
        self._state = state

    def all(self) -> list[Integration]:
        """Every integration, by id."""
        return [_integration(row) for row in self._state.read(f"SELECT {_COLUMNS} FROM integrations ORDER BY id")]

    def get(self, integration_id: str) -> Integration | None:
        """One of them."""
        rows = self._state.read(f"SELECT {_COLUMNS} FROM integrations WHERE id = ?", (integration_id,))
        return _integration(rows[0]) if rows else None

    def count(self) -> int:
        """How many there are."""
        [(count,)] = self._state.read("SELECT count(*) FROM integrations")
        return int(str(count))

    def put(self, integration: Integration) -> None:
        """Insert, or replace as a whole."""
        rule, signing = integration.correlation, integration.signing
        self._state.write(
            f"INSERT OR REPLACE INTO integrations ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                integration.id,
                integration.way,
                integration.schema,
                integration.state,
                integration.retention_days,
                rule.ingested_path if rule else None,
                rule.catalog_path if rule else None,
                json.dumps(list(integration.fields)),
                json.dumps(dict(integration.mapping)),
                signing.header if signing else None,
                signing.algorithm if signing else None,
                signing.sealed if signing else None,
                integration.created,
            ),
        )

    def drop(self, integration_id: str) -> None:
        """Forget one."""
        self._state.write("DELETE FROM integrations WHERE id = ?", (integration_id,))


def _integration(row: tuple[object, ...]) -> Integration:
    id_, way, schema, state, days, ingested, catalog, fields, mapping, header, algorithm, secret, created = map(
        _text, row
    )
    return Integration(
        id=id_,
        way="WEBHOOK" if way == "WEBHOOK" else "API",
        schema=schema,
        created=created,
        state="suspended" if state == "suspended" else "enabled",
        retention_days=int(days),
        correlation=Correlation(ingested, catalog) if ingested else None,
        fields=tuple(json.loads(fields)),
        mapping=json.loads(mapping),
        signing=Signing(header, _ALGORITHMS[algorithm], secret) if header else None,
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)
