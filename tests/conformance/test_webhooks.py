"""Webhooks of git hosts: R62-R65, each provider with deliveries of its documented shape."""

import json
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from syncd.config import LimitSettings
from syncd.errors import AuthenticationError
from syncd.model.host import Hosts
from syncd.stitch.publication import Publication
from syncd.stitch.write import Write
from syncd.store.state import State
from syncd.store.webhooks import StoredWebhooks
from syncd.vault import Vault
from syncd.watch.deliveries import Deliveries
from syncd.watch.doorbell import Doorbell
from syncd.watch.mailbox import Mailbox
from syncd.watch.webhooks import Webhooks
from tests.support.daemon import Daemon, wait_until
from tests.support.repository import RepoBuilder
from tests.support.webhooks import (
    OWN,
    PUSHES,
    SECRET,
    STANDARD_SECRET,
    Sent,
    deliver,
    made,
    push,
    secret_for,
    signed,
)

PROVIDERS = tuple(PUSHES)
HOSTS = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "tea.example.test:3000": "gitea",
    "bitbucket.org": "bitbucket",
    "bit.example.test": "bitbucket-server",
}
"""Host and type of host, by the URLs of the deliveries."""
WEB = {
    "github": "https://github.com/acme/shop/blob/main/catalog-info.yaml",
    "gitlab": "https://gitlab.com/acme/shop/-/blob/main/catalog-info.yaml",
    "gitlab-token": "https://gitlab.com/acme/shop/-/blob/main/catalog-info.yaml",
    "gitea": "https://tea.example.test:3000/acme/shop/src/branch/main/catalog-info.yaml",
    "forgejo": "https://tea.example.test:3000/acme/shop/src/branch/main/catalog-info.yaml",
    "bitbucket": "https://bitbucket.org/acme/shop/src/main/catalog-info.yaml",
    "bitbucket-server": "https://bit.example.test/projects/acme/repos/shop/browse/catalog-info.yaml?at=main",
}
"""Where a location finds the repository of the deliveries."""


def entity(name: str) -> dict[str, str]:
    return {
        "catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\n"
        f"metadata: {{name: {name}}}\nspec: {{type: service, lifecycle: production, owner: team}}\n"
    }


class Forges:
    """A daemon that looks at a repository only when it rings, and repositories behind every host."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "git"
        hosts = "".join(
            f'[[hosts]]\nhost = "{host}"\ntype = "{type_}"\n'
            f'clone = "{self.remote(host).as_uri()}/{{owner}}/{{repo}}.git"\n'
            for host, type_ in HOSTS.items()
        )
        config = f'[git]\nprotocols = ["file"]\nwatch = false\npoll_interval = "1h"\n{hosts}'
        self.repositories = {host: RepoBuilder(self.remote(host) / "acme" / "shop.git") for host in HOSTS}
        for host, repository in self.repositories.items():
            repository.commit(entity(f"first-{host.replace(':', '-')}"))
        self.daemon = Daemon(folder / "daemon", config)
        for target in dict.fromkeys(WEB.values()):
            self.daemon.register(target)
        self.token = self.daemon.token("admin", "properties:write")
        for provider in PROVIDERS:
            made(self.daemon.owner, provider, provider)

    def remote(self, host: str) -> Path:
        return self.folder / host.replace(":", "-")

    def of(self, provider: str) -> RepoBuilder:
        """The repository that this provider's deliveries speak of."""
        return self.repositories[next(host for host in HOSTS if f"//{host}/" in WEB[provider])]

    def is_visible(self, name: str) -> bool:
        path = f"/api/catalog/entities/by-name/component/default/{name}"
        return self.daemon.owner.get(path).status_code == 200


@pytest.fixture(scope="module")
def forges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forges]:
    found = Forges(tmp_path_factory.mktemp("forges"))
    with found.daemon:
        yield found


@pytest.fixture(scope="module")
def stranger(forges: Forges) -> Iterator[httpx.Client]:
    with forges.daemon.stranger() as client:
        yield client


def told(answer: httpx.Response) -> tuple[int, int]:
    """Status, and how many repositories rang."""
    return answer.status_code, answer.json().get("rung", -1)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda name: f"r062-{name}")
def test_a_push_is_seen_when_its_provider_tells(forges: Forges, stranger: httpx.Client, provider: str) -> None:
    forges.of(provider).commit(entity(f"pushed-to-{provider}"))
    answer = deliver(stranger, provider, push(provider))
    assert told(answer) == (202, 1), answer.text
    wait_until(lambda: forges.is_visible(f"pushed-to-{provider}"), "the push is visible")


SIGNATURES = {
    "github": "x-hub-signature-256",
    "gitlab": "webhook-signature",
    "gitlab-token": "x-gitlab-token",
    "gitea": "x-gitea-signature",
    "forgejo": "x-forgejo-signature",
    "bitbucket": "x-hub-signature",
    "bitbucket-server": "x-hub-signature",
}
BAD: dict[str, Callable[[str], str | None]] = {
    "missing": lambda _: None,
    "empty": lambda _: "",
    "cut-short": lambda right: right[:-1],
    "not-ascii": lambda right: right[:-1] + "\xe9",
    "twice-in-one": lambda right: f"{right},{right}",
    "sha1": lambda right: f"sha1={right[-40:]}",
}


@pytest.mark.parametrize("fault", BAD, ids=lambda name: f"r062-{name}")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_wrong_signature_is_refused_whatever_else_is_there(
    forges: Forges, stranger: httpx.Client, provider: str, fault: str
) -> None:
    sent, header = push(provider), SIGNATURES[provider]
    answer = deliver(stranger, provider, sent, **{header: BAD[fault](sent.headers[header])})
    assert answer.status_code == 401, answer.text
    assert header in answer.json()["detail"]
    assert secret_for(provider) not in answer.text
    with_a_token = deliver(
        stranger, provider, sent, **{header: BAD[fault](sent.headers[header])},
        authorization=f"Bearer {forges.token}",
    )  # fmt: skip
    assert with_a_token.status_code == 401
    assert deliver(forges.daemon.owner, provider, sent, **{header: None}).status_code == 401


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda name: f"r062-{name}")
def test_the_raw_bytes_are_judged_before_they_are_read(stranger: httpx.Client, provider: str) -> None:
    sent = push(provider)
    changed = Sent(sent.content + b" ", sent.headers)
    proves_the_body = provider != "gitlab-token"
    assert deliver(stranger, provider, changed).status_code == (401 if proves_the_body else 202)
    assert deliver(stranger, provider, Sent(b"\xff{", sent.headers)).status_code == (401 if proves_the_body else 400)


def test_r062_the_configured_scheme_decides_and_no_other_header_rescues(stranger: httpx.Client) -> None:
    forgejo = push("forgejo")
    assert deliver(stranger, "forgejo", forgejo, x_forgejo_signature="00").status_code == 401
    assert deliver(stranger, "gitea", forgejo).status_code == 202  # Forgejo sends Gitea's headers too
    gitlab = push("gitlab")
    rescued = deliver(stranger, "gitlab", gitlab, webhook_signature="v1,AAAA", x_gitlab_token=STANDARD_SECRET)
    assert rescued.status_code == 401
    assert deliver(stranger, "github", push("bitbucket")).status_code == 401
    github = push("github")
    assert deliver(stranger, "bitbucket", github).status_code == 401  # x-hub-signature is SHA-1 there
    several = f"v1,AAAA {gitlab.headers['webhook-signature']} v2,x"
    assert deliver(stranger, "gitlab", gitlab, webhook_signature=several).status_code == 202


def test_r062_a_webhook_without_a_secret_is_not_served(forges: Forges, stranger: httpx.Client) -> None:
    webhook = made(forges.daemon.owner, "bare", "github")
    [secret] = webhook["secrets"]
    assert deliver(stranger, "bare", push("github")).status_code == 202
    assert forges.daemon.owner.delete(f"{OWN}/bare/secrets/{secret['id']}").status_code == 200
    unserved, unknown = deliver(stranger, "bare", push("github")), deliver(stranger, "nobody", push("github"))
    assert unserved.status_code == unknown.status_code == 404
    assert unserved.json()["detail"].replace("bare", "nobody") == unknown.json()["detail"]
    assert forges.daemon.owner.delete(f"{OWN}/bare").status_code == 204


# R63: replay ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda name: f"r063-{name}")
def test_the_same_delivery_rings_once(stranger: httpx.Client, provider: str) -> None:
    sent = push(provider, delivery=f"once-{provider}")
    assert [told(deliver(stranger, provider, sent)) for _ in range(3)] == [(202, 1), (202, 0), (202, 0)]
    assert told(deliver(stranger, provider, push(provider, delivery=f"another-{provider}"))) == (202, 1)


@pytest.mark.parametrize(("seconds", "status"), [(-270, 202), (299, 202), (-310, 401), (330, 401), (-(10**9), 401)])
def test_r063_signed_times_are_within_five_minutes(stranger: httpx.Client, seconds: int, status: int) -> None:
    answer = deliver(stranger, "gitlab", push("gitlab", at=time.time() + seconds))
    assert answer.status_code == status
    assert status == 202 or "webhook_tolerance" in answer.json()["detail"]


@pytest.mark.parametrize(("seconds", "is_taken"), [(-300, True), (300, True), (-301, False), (301, False)])
def test_r063_the_bound_of_signed_times_is_exact(tmp_path: Path, seconds: int, is_taken: bool) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    store, doorbell = StoredWebhooks(State(None)), Doorbell(Mailbox(), Hosts())
    webhooks = Webhooks(store, Vault(tmp_path / "key"), LimitSettings(), doorbell, _carried_out, lambda: now)
    webhooks.create("timed", "gitlab", secret_for("gitlab"), actor="test")
    sent = push("gitlab", at=now.timestamp() + seconds)
    with nullcontext() if is_taken else pytest.raises(AuthenticationError, match="webhook_tolerance"):
        webhooks.prove("timed", lambda name: [sent.headers[name]], sent.content)


@pytest.mark.parametrize(
    "changed",
    [{"webhook_timestamp": "1"}, {"webhook_timestamp": None}, {"webhook_id": "other"}, {"webhook_id": None}],
    ids=lambda changed: f"r063-{next(iter(changed.items()))}",
)
def test_name_and_time_of_a_delivery_are_signed(stranger: httpx.Client, changed: dict[str, str | None]) -> None:
    assert deliver(stranger, "gitlab", push("gitlab"), **changed).status_code == 401


def test_r063_deliveries_are_remembered_after_a_restart(tmp_path: Path) -> None:
    sent = push("github", delivery="before the end")
    reasons = []
    for begins in (True, False):
        with Daemon(tmp_path / "daemon") as daemon:
            if begins:
                made(daemon.owner, "github", "github")
            reasons.append(deliver(daemon.owner, "github", sent).json()["reason"])
    assert reasons == ["no registered location reads this repository", "this delivery was received before"]


def test_r063_a_webhook_is_a_hint_and_supplies_no_url(forges: Forges, stranger: httpx.Client) -> None:
    event, body = PUSHES["github"]("unregistered")
    secret = RepoBuilder(forges.folder / "unregistered.git")
    secret.commit(entity("never-asked-for"))
    body["repository"]["clone_url"] = secret.url
    answer = deliver(stranger, "github", signed("github", event, json.dumps(body).encode()))
    assert (*told(answer), answer.json()["reason"]) == (202, 0, "no registered location reads this repository")
    forges.daemon.sync()
    assert not forges.is_visible("never-asked-for")
    assert str(forges.folder) not in answer.text


# R64: rotation -------------------------------------------------------------------------------------------------------


def test_r064_two_secrets_are_valid_at_once_and_each_ends_by_itself(forges: Forges, stranger: httpx.Client) -> None:
    owner = forges.daemon.owner
    [first] = made(owner, "rotated", "gitea", SECRET)["secrets"]

    def statuses(*secrets: str) -> list[int]:
        return [deliver(stranger, "rotated", push("gitea", secret=secret)).status_code for secret in secrets]

    answer = owner.post(f"{OWN}/rotated/secrets", json={"keep_hours": 1})
    assert answer.status_code == 201
    second, rotated = answer.json()["secret"], answer.json()
    assert [one["id"] for one in rotated["secrets"]][1:] == [first["id"]]
    assert [one["expires"] is None for one in rotated["secrets"]] == [True, False]
    assert statuses(SECRET, second, "of nobody at all") == [202, 202, 401]
    log = forges.daemon.log.read_text()
    assert all(f"webhook rotated: signed with secret {one['id']}" in log for one in rotated["secrets"])
    [shown] = [one for one in owner.get(OWN).json()["items"] if one["id"] == "rotated"]
    assert all(one["last_delivery"] for one in shown["secrets"])
    assert owner.delete(f"{OWN}/rotated/secrets/{first['id']}").status_code == 200
    assert statuses(SECRET, second) == [401, 202]
    third = owner.post(f"{OWN}/rotated/secrets", json={"keep_hours": 0, "secret": "a third one, given"}).json()
    assert len(third["secrets"]) == 1
    assert statuses(second, "a third one, given") == [401, 202]
    for _ in range(2):
        last = owner.post(f"{OWN}/rotated/secrets").json()
    assert len(last["secrets"]) == 2  # two at most
    assert statuses("a third one, given", last["secret"]) == [401, 202]


def test_r064_a_secret_ends_when_it_expires(tmp_path: Path) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    store, doorbell = StoredWebhooks(State(None)), Doorbell(Mailbox(), Hosts())
    webhooks = Webhooks(store, Vault(tmp_path / "key"), LimitSettings(), doorbell, _carried_out, lambda: now)
    webhooks.create("short", "github", SECRET, actor="test")
    _, new = webhooks.rotate("short", None, timedelta(hours=1), actor="test")

    def is_taken(secret: str) -> bool:
        sent = push("github", secret=secret)
        try:
            webhooks.prove("short", lambda name: [sent.headers[name]], sent.content)
        except AuthenticationError:
            return False
        return True

    assert (is_taken(SECRET), is_taken(new)) == (True, True)
    now += timedelta(hours=1)
    assert (is_taken(SECRET), is_taken(new)) == (False, True)


def test_r064_secrets_are_told_once_and_kept_encrypted(tmp_path: Path) -> None:
    with Daemon(tmp_path / "daemon") as daemon:
        texts = [made(daemon.owner, "one", "github", SECRET)["secret"]]
        made_here = daemon.owner.post(OWN, json={"id": "two", "provider": "gitlab"})
        rotated = daemon.owner.post(f"{OWN}/one/secrets")
        texts += [made_here.json()["secret"], rotated.json()["secret"]]
        assert texts[0] == SECRET
        assert texts[1].startswith("whsec_")
        deliver(daemon.owner, "one", push("github", secret="wrong wrong wrong"))
        daemon.owner.post(OWN, json={"id": "-", "provider": "github", "secret": SECRET})
        daemon.owner.post(OWN, json={"id": "x", "provider": "gitlab", "secret": SECRET})
        daemon.owner.post(OWN, json={"id": "x", "provider": "none", "secret": SECRET})
        said = "".join(daemon.owner.get(path).text for path in (OWN, "/api/own/changes"))
        assert all(what in said for what in ("webhook.created", "webhook.rotated"))
        assert stat.S_IMODE((daemon.state / "secret.key").stat().st_mode) == 0o600
    files = [daemon.log, *(path for path in daemon.state.rglob("*") if path.is_file())]
    everything = said.encode() + b"".join(path.read_bytes() for path in files)
    assert [text for text in texts if text.encode() in everything] == []


REFUSED: list[tuple[dict[str, Any], int]] = [
    ({"id": "-"}, 400),
    ({"id": "a/b"}, 400),
    ({"provider": "sourceforge"}, 400),
    ({"secret": "short"}, 400),
    ({"secret": "with\nline ends and so on"}, 400),
    ({"provider": "gitlab", "secret": SECRET}, 400),
    ({"provider": "gitlab", "secret": "whsec_short"}, 400),
    ({"further": 1}, 400),
    ({"id": "github"}, 409),
]


@pytest.mark.parametrize(("terms", "status"), REFUSED, ids=str)
def test_webhooks_that_cannot_be(forges: Forges, terms: dict[str, Any], status: int) -> None:
    answer = forges.daemon.owner.post(OWN, json={"id": "refused", "provider": "github", **terms})
    assert answer.status_code == status, answer.text


def test_what_is_not_there_is_404(forges: Forges) -> None:
    owner = forges.daemon.owner
    assert owner.delete(f"{OWN}/nobody").status_code == 404
    assert owner.post(f"{OWN}/nobody/secrets").status_code == 404
    assert owner.delete(f"{OWN}/github/secrets/none").status_code == 404


# R65: floods, and bodies of every kind -------------------------------------------------------------------------------


NONSENSE = {
    "nothing": b"",
    "no-json": b"payload=%7B%7D",
    "no-utf8": b"\xff\xfe",
    "a-list": b"[]",
    "a-text": b'"push"',
    "null": b"null",
    "doubled-key": b'{"a": 1, "a": 2}',
    "deep": b'{"a":' * 100 + b"1" + b"}" * 100,
    "no-repository": b'{"object_kind": "push"}',
    "repository-null": b'{"object_kind": "push", "repository": null, "project": null}',
    "repository-a-text": b'{"object_kind": "push", "repository": "shop", "project": "shop"}',
    "urls-are-numbers": b'{"object_kind": "push", "repository": {"clone_url": 1, "links": 2}, "project": []}',
    "links-odd": b'{"object_kind": "push", "project": 3, "repository": {"html_url": {}, "links": {"html": 1}}}',
    "slug-odd": b'{"object_kind": 7, "project": {}, "repository": {"clone_url": [], "slug": {}, "links": [1]}}',
}
EVENTS = {
    "github": "push",
    "gitlab": "Push Hook",
    "gitlab-token": "Push Hook",
    "gitea": "push",
    "forgejo": "push",
    "bitbucket": "repo:push",
    "bitbucket-server": "repo:refs_changed",
}


@pytest.mark.parametrize("content", NONSENSE.values(), ids=[f"r065-{name}" for name in NONSENSE])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_signed_nonsense_is_400(stranger: httpx.Client, provider: str, content: bytes) -> None:
    answer = deliver(stranger, provider, signed(provider, EVENTS[provider], content))
    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"]


OTHERS = {
    "github-ping": ("github", "ping", {"zen": "Design for failure.", "hook_id": 1, "hook": {"type": "Repository"}}),
    "github-issues": ("github", "issues", {"action": "opened", "issue": {"number": 1}}),
    "gitlab-note": ("gitlab", "Note Hook", {"object_kind": "note", "event_type": "note"}),
    "gitlab-system": ("gitlab-token", "System Hook", {"event_name": "user_create", "username": "ada"}),
    "gitea-star": ("gitea", "star", {"action": "created"}),
    "bitbucket-fork": ("bitbucket", "repo:fork", {"fork": {}}),
    "bitbucket-server-test": ("bitbucket-server", "diagnostics:ping", {"test": True}),
}


@pytest.mark.parametrize(("provider", "event", "body"), OTHERS.values(), ids=[f"r065-{name}" for name in OTHERS])
def test_other_events_are_taken_and_ring_nothing(
    stranger: httpx.Client, provider: str, event: str, body: dict[str, Any]
) -> None:
    answer = deliver(stranger, provider, signed(provider, event, json.dumps(body).encode()))
    assert told(answer) == (202, 0)
    assert "nothing to look at" in answer.json()["reason"]


@pytest.mark.parametrize(
    ("provider", "event", "changed"),
    [
        pytest.param("github", "delete", {"ref": "old", "ref_type": "branch"}, id="r065-github-branch-deleted"),
        pytest.param(
            "github", "push", {"ref": "refs/tags/v1", "after": "0" * 40, "deleted": True}, id="r065-github-tag"
        ),
        pytest.param("gitlab", "Tag Push Hook", {"object_kind": "tag_push"}, id="r065-gitlab-tag"),
        pytest.param(
            "gitlab", "System Hook", {"object_kind": None, "event_name": "repository_update"}, id="r065-system"
        ),
        pytest.param("gitea", "create", {"ref_type": "tag"}, id="r065-gitea-created"),
        pytest.param("bitbucket", "repo:push", {"push": {"changes": []}}, id="r065-bitbucket-too-many-changes"),
        pytest.param("bitbucket-server", "mirror:repo_synchronized", {}, id="r065-bitbucket-mirror"),
    ],
)
def test_whatever_moves_a_ref_rings(stranger: httpx.Client, provider: str, event: str, changed: dict[str, Any]) -> None:
    _, body = PUSHES[provider]("shop")
    answer = deliver(stranger, provider, signed(provider, event, json.dumps({**body, **changed}).encode()))
    assert told(answer) == (202, 1), answer.text


def test_r065_bodies_may_be_five_mebibytes(stranger: httpx.Client) -> None:
    event, body = PUSHES["github"]("shop")
    body["commits"] = ["x" * (5 * 1024 * 1024 - 5000)]
    assert told(deliver(stranger, "github", signed("github", event, json.dumps(body).encode()))) == (202, 1)
    body["commits"] = ["x" * (5 * 1024 * 1024)]
    answer = deliver(stranger, "github", signed("github", event, json.dumps(body).encode()))
    assert answer.status_code == 413
    assert "webhook_body_size" in answer.json()["detail"]


def test_r065_a_form_is_refused_with_the_type_that_is_wanted(stranger: httpx.Client) -> None:
    sent = push("github")
    answer = deliver(stranger, "github", sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 415
    assert "application/json" in answer.json()["hint"]


def test_r065_a_flood_is_at_most_one_look_that_runs_and_one_that_waits(tmp_path: Path) -> None:
    mailbox = Mailbox()
    doorbell = Doorbell(mailbox, Hosts())
    doorbell.add("https://github.com/acme/shop")
    store, vault = StoredWebhooks(State(None)), Vault(tmp_path / "secret.key")
    webhooks = Webhooks(store, vault, LimitSettings(), doorbell, _carried_out)
    webhooks.create("github", "github", SECRET, actor="test")
    mailbox.ring(["https://github.com/acme/shop"])
    assert mailbox.take() == "https://github.com/acme/shop"  # a look that never ends by itself

    def received(_: int) -> int:
        sent = push("github")
        proven = webhooks.prove("github", lambda name: [sent.headers[name]], sent.content)
        return webhooks.receive(proven, json.loads(sent.content)).rung

    with ThreadPoolExecutor(8) as senders:
        assert sum(senders.map(received, range(400))) == 400  # all of them answered while nobody looks
    assert len(mailbox.pending()) == 1
    mailbox.done("https://github.com/acme/shop")
    assert mailbox.take() == "https://github.com/acme/shop"  # the newest state is looked at
    mailbox.done("https://github.com/acme/shop")
    assert mailbox.idle


def test_r063_what_is_remembered_is_bounded() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    limits = LimitSettings(webhook_deliveries=3, webhook_memory=timedelta(hours=24))
    store = StoredWebhooks(State(None))

    def clock() -> datetime:
        nonlocal now
        now += timedelta(microseconds=1)
        return now

    deliveries = Deliveries(store, limits, clock)

    def new(*names: str) -> list[bool]:
        return [deliveries.is_new("hook", name, "secret") for name in names]

    assert new("a", "b", "c", "a", "", "") == [True, True, True, False, True, True]
    now += timedelta(hours=23, minutes=59)
    assert new("a", "b", "c") == [False] * 3
    assert new("d", "a") == [True, True]  # the oldest went for the newest
    deliveries.write_down()
    assert [one.id for one in store.deliveries()] == ["c", "d", "a"]
    deliveries = Deliveries(store, limits, clock)
    assert new("d", "a", "c") == [False] * 3
    now += timedelta(hours=25)
    assert new("d", "a") == [True, True]


def _carried_out(write: Write) -> None:
    write(cast("Publication", None))
