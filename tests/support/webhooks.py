"""Git hosts that send webhooks: headers and bodies in the shape that each of them documents."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

HOOKS = "/api/own/hooks"
OWN = "/api/own/webhooks"
SECRET = "between the host and us, at length"
STANDARD_SECRET = "whsec_" + base64.b64encode(b"thirty-two bytes of a shared key").decode()
BEFORE, AFTER = "1" * 40, "2" * 40
ADA = {"name": "Ada", "email": "ada@example.org", "username": "ada"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery as it goes over the wire."""

    content: bytes
    headers: Mapping[str, str]


def made(client: httpx.Client, identifier: str, provider: str, secret: str | None = None) -> dict[str, Any]:
    """Make a webhook; the answer, with its secret."""
    answer = client.post(OWN, json={"id": identifier, "provider": provider, "secret": secret or secret_for(provider)})
    assert answer.status_code == 201, answer.text
    webhook: dict[str, Any] = answer.json()
    return webhook


def deliver(client: httpx.Client, identifier: str, sent: Sent, **changed: str | None) -> httpx.Response:
    """Post a delivery; headers may be changed, and None leaves one out."""
    headers = {**sent.headers, **{name.replace("_", "-"): value for name, value in changed.items()}}
    encoded = {name.encode(): value.encode("latin-1") for name, value in headers.items() if value is not None}
    return client.post(f"{HOOKS}/{identifier}", content=sent.content, headers=encoded)


def secret_for(provider: str) -> str:
    """A secret as this provider has them."""
    return STANDARD_SECRET if provider == "gitlab" else SECRET


def push(provider: str, repository: str = "shop", **how: Any) -> Sent:
    """What a provider sends after a push to `acme/REPOSITORY`."""
    event, body = PUSHES[provider](repository)
    return signed(provider, event, json.dumps(body).encode(), **how)


def signed(
    provider: str, event: str, content: bytes, *, secret: str = "", delivery: str = "", at: float | None = None
) -> Sent:
    """A body with the headers that this provider gives it."""
    secret, delivery = secret or secret_for(provider), delivery or str(uuid4())
    digest = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json", "user-agent": f"{provider}/1"}
    match provider:
        case "github":
            sha1 = hmac.new(secret.encode(), content, hashlib.sha1).hexdigest()
            headers |= {"x-github-event": event, "x-github-delivery": delivery, "x-github-hook-id": "292430182"}
            headers |= {"x-hub-signature": f"sha1={sha1}", "x-hub-signature-256": f"sha256={digest}"}
        case "gitea" | "forgejo":
            for name in ("gitea", "gogs", *(("forgejo",) if provider == "forgejo" else ())):
                headers |= {f"x-{name}-event": event, f"x-{name}-delivery": delivery, f"x-{name}-signature": digest}
            headers |= {"x-github-event": event, "x-github-delivery": delivery}
            headers |= {"x-hub-signature-256": f"sha256={digest}"}
        case "gitlab":
            moment = str(int(time.time() if at is None else at))
            key = base64.b64decode(secret.removeprefix("whsec_"))
            proof = hmac.digest(key, f"{delivery}.{moment}.".encode() + content, "sha256")
            headers |= {"x-gitlab-event": event, "idempotency-key": delivery, "webhook-id": delivery}
            headers |= {"webhook-timestamp": moment, "webhook-signature": f"v1,{base64.b64encode(proof).decode()}"}
        case "gitlab-token":
            headers |= {"x-gitlab-event": event, "idempotency-key": delivery, "x-gitlab-token": secret}
            headers |= {"x-gitlab-event-uuid": str(uuid4()), "x-gitlab-webhook-uuid": str(uuid4())}
        case "bitbucket":
            headers |= {"x-event-key": event, "x-request-uuid": delivery, "x-hook-uuid": str(uuid4())}
            headers |= {"x-attempt-number": "1", "x-hub-signature": f"sha256={digest}"}
        case "bitbucket-server":
            headers |= {"x-event-key": event, "x-request-id": delivery, "x-hub-signature": f"sha256={digest}"}
    return Sent(content, headers)


def _github(repository: str) -> tuple[str, dict[str, Any]]:
    return "push", {
        "ref": "refs/heads/main",
        "before": BEFORE,
        "after": AFTER,
        "created": False,
        "deleted": False,
        "forced": False,
        "compare": f"https://github.com/acme/{repository}/compare/111111111111...222222222222",
        "commits": [{"id": AFTER, "message": "more", "author": ADA, "modified": ["catalog-info.yaml"]}],
        "repository": {
            "id": 35129377,
            "name": repository,
            "full_name": f"acme/{repository}",
            "html_url": f"https://github.com/acme/{repository}",
            "url": f"https://github.com/acme/{repository}",
            "git_url": f"git://github.com/acme/{repository}.git",
            "ssh_url": f"git@github.com:acme/{repository}.git",
            "clone_url": f"https://github.com/acme/{repository}.git",
            "default_branch": "main",
        },
        "pusher": ADA,
        "sender": {"login": "ada", "id": 1},
    }


def _gitea(repository: str) -> tuple[str, dict[str, Any]]:
    return "push", {
        "ref": "refs/heads/main",
        "before": BEFORE,
        "after": AFTER,
        "compare_url": f"https://tea.example.test:3000/acme/{repository}/compare/{BEFORE}...{AFTER}",
        "commits": [{"id": AFTER, "message": "more", "author": ADA}],
        "total_commits": 1,
        "repository": {
            "id": 140,
            "owner": {"id": 1, "login": "acme"},
            "name": repository,
            "full_name": f"acme/{repository}",
            "html_url": f"http://tea.example.test:3000/acme/{repository}",
            "ssh_url": f"ssh://git@tea.example.test:2222/acme/{repository}.git",
            "clone_url": f"http://tea.example.test:3000/acme/{repository}.git",
            "default_branch": "main",
        },
        "pusher": {"id": 1, "login": "ada"},
        "sender": {"id": 1, "login": "ada"},
    }


def _gitlab(repository: str) -> tuple[str, dict[str, Any]]:
    return "Push Hook", {
        "object_kind": "push",
        "event_name": "push",
        "before": BEFORE,
        "after": AFTER,
        "ref": "refs/heads/main",
        "checkout_sha": AFTER,
        "user_username": "ada",
        "project_id": 15,
        "project": {
            "id": 15,
            "name": repository,
            "web_url": f"https://gitlab.com/acme/{repository}",
            "git_ssh_url": f"git@gitlab.com:acme/{repository}.git",
            "git_http_url": f"https://gitlab.com/acme/{repository}.git",
            "namespace": "acme",
            "path_with_namespace": f"acme/{repository}",
            "default_branch": "main",
        },
        "repository": {"name": repository, "git_http_url": f"https://gitlab.com/acme/{repository}.git"},
        "commits": [{"id": AFTER, "message": "more", "author": ADA}],
        "total_commits_count": 1,
    }


def _bitbucket(repository: str) -> tuple[str, dict[str, Any]]:
    branch = {"type": "branch", "name": "main", "target": {"type": "commit", "hash": AFTER}}
    return "repo:push", {
        "actor": {"type": "user", "nickname": "ada"},
        "repository": {
            "type": "repository",
            "full_name": f"acme/{repository}",
            "name": repository,
            "uuid": "{b7f8f3a2-0000-4000-8000-000000000000}",
            "scm": "git",
            "links": {
                "self": {"href": f"https://api.bitbucket.org/2.0/repositories/acme/{repository}"},
                "html": {"href": f"https://bitbucket.org/acme/{repository}"},
            },
        },
        "push": {"changes": [{"new": branch, "old": None, "created": True, "closed": False, "forced": False}]},
    }


def _bitbucket_server(repository: str) -> tuple[str, dict[str, Any]]:
    ref = {"id": "refs/heads/main", "displayId": "main", "type": "BRANCH"}
    return "repo:refs_changed", {
        "eventKey": "repo:refs_changed",
        "date": "2026-09-19T09:58:11+1000",
        "actor": {"name": "ada", "id": 1, "slug": "ada", "type": "NORMAL"},
        "repository": {
            "slug": repository,
            "id": 84,
            "name": repository,
            "scmId": "git",
            "state": "AVAILABLE",
            "project": {"key": "ACME", "id": 84, "name": "acme", "type": "NORMAL"},
            "public": False,
            "links": {
                "clone": [
                    {"href": f"ssh://git@bit.example.test:7999/acme/{repository}.git", "name": "ssh"},
                    {"href": f"https://bit.example.test/scm/acme/{repository}.git", "name": "http"},
                ],
                "self": [{"href": f"https://bit.example.test/projects/ACME/repos/{repository}/browse"}],
            },
        },
        "changes": [{"ref": ref, "refId": ref["id"], "fromHash": BEFORE, "toHash": AFTER, "type": "UPDATE"}],
    }


PUSHES = {
    "github": _github,
    "gitlab": _gitlab,
    "gitlab-token": _gitlab,
    "gitea": _gitea,
    "forgejo": _gitea,
    "bitbucket": _bitbucket,
    "bitbucket-server": _bitbucket_server,
}
"""The event and the body of a push, by provider."""
