"""Sending activity records to a daemon, and reading them back."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import httpx

ACCOUNT = "/integration/api/v1/accounts/acme"
OWN = "/api/own"

MINIMAL: Mapping[str, Mapping[str, Any]] = {
    "build": {
        "identifier": "b-1",
        "name": "checkout #1",
        "timestamp": "2026-05-26T09:50:00Z",
        "branch": "main",
        "sha": "a1b2c3d4",
        "repositoryUrl": "https://git.example.test/acme/checkout",
    },
    "deployment": {
        "identifier": "d-1",
        "name": "release 1",
        "timestamp": 1779803700000,
        "status": "SUCCESS",
        "environment": "production",
    },
    "incidents": {"identifier": "i-1", "name": "payments time out"},
    "quality": {"identifier": "q-1", "name": "nightly analysis"},
    "security_issues": {"identifier": "v-1", "name": "SQL injection", "timestamp": 1779803700000},
    "security_scan": {"identifier": "s-1", "timestamp": "2026-08-04T10:00:00+02:00"},
    "custom": {},
}
"""Of each schema what a record must hold."""


def record(schema: str, **fields: Any) -> dict[str, Any]:
    """The least record of a schema, and more."""
    return {**MINIMAL[schema], **fields}


def send(client: httpx.Client, integration: str, schema: str, *records: Any) -> httpx.Response:
    """Post records."""
    return client.post(f"{ACCOUNT}/integrations/{integration}/data/{schema}", json={"records": list(records)})


def sent(client: httpx.Client, integration: str, schema: str, *records: Any) -> Any:
    """Post records that are taken; the answer."""
    answer = send(client, integration, schema, *records)
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(client: httpx.Client, **filters: Any) -> list[dict[str, Any]]:
    """The records that the filters mean, newest first."""
    answer = client.get(f"{OWN}/activity", params=filters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def identifiers(client: httpx.Client, **filters: Any) -> list[str]:
    """The identifiers of those records."""
    return [item["identifier"] for item in listed(client, **filters)]


def integration(client: httpx.Client, identifier: str, **terms: Any) -> dict[str, Any]:
    """Make an integration; the answer, with its secret where it is signed."""
    answer = client.post(f"{OWN}/integrations", json={"id": identifier, "way": "API", **terms})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def signature(content: bytes, secret: str, algorithm: str = "sha256") -> str:
    """What a sender that knows the secret writes into the header."""
    return f"{algorithm}={hmac.new(secret.encode(), content, getattr(hashlib, algorithm)).hexdigest()}"
