"""`catalog activity` and `catalog integration`, against a real daemon."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.activity import ACCOUNT, integration, record, sent, signature
from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.cli.conftest import CONFIG, entity
from tests.tui.cli.hostile import TEXTS, raw
from tests.tui.cli.program import catalog


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """One component, five records."""
    folder = tmp_path_factory.mktemp("activity")
    repository = RepoBuilder(folder / "shop.git")
    repository.commit({"catalog-info.yaml": entity("Component", "payments")})
    with Daemon(folder / "daemon", CONFIG) as daemon:
        daemon.register(repository.url, type="git")
        of_payments: dict[str, Any] = {"entity_ref": "component:default/payments", "type": "ROLLBACK"}
        deployed = [
            record("deployment", identifier=f"d-{number}", timestamp=number, **of_payments) for number in (1, 2)
        ]
        sent(daemon.owner, "ci", "deployment", *deployed)
        sent(daemon.owner, "ci", "deployment", record("deployment", identifier="d-3", timestamp=3, url="https://ci/3"))
        sent(
            daemon.owner, "hostile", "custom", {"identifier": "h", "name": TEXTS["esc"] + TEXTS["bidi"], "timestamp": 4}
        )
        integration(daemon.owner, "empty", schema="build")
        yield daemon


def names(daemon: Daemon, *arguments: str) -> list[str]:
    """Identifiers in the order in which they are printed."""
    done = catalog(daemon.state, "activity", *arguments, "-o", "name")
    assert done.code == 0, done.err
    return done.out.splitlines()


def test_activity_is_rows_newest_first(daemon: Daemon) -> None:
    done = catalog(daemon.state, "activity", "--integration", "ci", "-o", "tsv")
    header, first, *rest = done.out.splitlines()
    assert header.split("\t") == ["when", "ref", "integration", "schema", "type", "name", "status"]
    assert first.split("\t") == ["1970-01-01T00:00:00.003Z", "", "ci", "deployment", "", "release 1", "SUCCESS"]
    assert [row.split("\t")[1] for row in rest] == ["component:default/payments"] * 2


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        pytest.param([], ["h", "d-3", "d-2", "d-1"], id="all"),
        pytest.param(["payments"], ["d-2", "d-1"], id="of-an-entity"),
        pytest.param(["component:default/payments", "--type", "ROLLBACK"], ["d-2", "d-1"], id="of-a-type"),
        pytest.param(["payments", "--schema", "build"], [], id="of-no-schema"),
        pytest.param(["--unlinked"], ["h", "d-3"], id="unlinked"),
        pytest.param(["--since", "1d"], [], id="since"),
        pytest.param(["--sort", "when"], ["d-1", "d-2", "d-3", "h"], id="sorted"),
        pytest.param(["--sort", "when", "--limit", "1"], ["d-1"], id="sorted-first"),
        pytest.param(["--limit", "-1"], ["h", "d-3", "d-2", "d-1"], id="no-limit"),
    ],
)
def test_activity_is_chosen(daemon: Daemon, arguments: list[str], found: list[str]) -> None:
    assert names(daemon, *arguments) == found


def test_what_a_limit_keeps_back_is_told(daemon: Daemon) -> None:
    done = catalog(daemon.state, "activity", "--limit", "2", "-o", "name", "--quiet")
    assert (done.out, done.err) == ("h\nd-3\n", "showing the newest 2; --limit -1 shows all\n")


def test_activity_in_other_formats(daemon: Daemon) -> None:
    [item] = json.loads(catalog(daemon.state, "activity", "--unlinked", "--integration", "ci", "-o", "json").out)
    assert (item["identifier"], item["entity_ref"], item["fields"]["url"]) == ("d-3", None, "https://ci/3")
    chosen = catalog(daemon.state, "activity", "payments", "--columns", "identifier,refs", "--no-header", "-o", "tsv")
    assert chosen.out == "d-2\tcomponent:default/payments\nd-1\tcomponent:default/payments\n"
    wide = catalog(daemon.state, "activity", "-o", "wide").out
    assert "https://ci/3" in wide.splitlines()[2]


def test_r071_a_hostile_record_does_not_act_on_the_terminal(daemon: Daemon) -> None:
    for output in ("table", "wide", "tsv", "csv", "json", "jsonl", "yaml", "md"):
        assert not raw(catalog(daemon.state, "activity", "-o", output).out, allowed="\n\t")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["nobody"], 1, "there is no entity"),
        (["component:default/nobody"], 1, "there is no entity"),
        (["payments", "--unlinked"], 2, "belongs to no entity"),
        (["--since", "yesterday"], 2, "such as 7d"),
    ],
)
def test_what_cannot_be_shown(daemon: Daemon, arguments: list[str], code: int, told: str) -> None:
    done = catalog(daemon.state, "activity", *arguments)
    assert (done.code, told in done.err) == (code, True), done.err


def test_a_signed_webhook_prints_its_secret_once(daemon: Daemon) -> None:
    options = ["--webhook", "--schema", "incidents", "--map", "identifier=id", "--map", "name=title"]
    options += ["--link", "service=metadata.name", "--retention", "7", "--signature-header", "X-Sig"]
    made = catalog(daemon.state, "integration", "create", "alerts", *options)
    secret = made.out.strip()
    assert (made.code, len(secret)) == (0, 64)
    assert "/integration/api/v1/accounts/default/webhooks/alerts" in made.err
    assert secret not in made.err
    body = b'{"id": 5, "title": "down"}'
    headers = {"x-sig": signature(body, secret), "content-type": "application/json"}
    with daemon.stranger() as client:
        assert client.post(f"{ACCOUNT}/webhooks/alerts", content=body, headers=headers).status_code == 200
    assert names(daemon, "--integration", "alerts") == ["5"]
    listed = catalog(daemon.state, "integration", "list", "-o", "yaml").out
    assert "X-Sig" in listed
    assert secret not in listed
    row = catalog(daemon.state, "integration", "list", "-o", "csv").out
    assert "alerts,WEBHOOK,incidents,enabled,7,service=metadata.name,sha256 in X-Sig," in row


def test_a_secret_is_read_from_a_file(daemon: Daemon, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("what the sender has\n")
    start = ["integration", "create"]
    options = ["--webhook", "--schema", "custom", "--field", "stars", "-o", "json"]
    one = json.loads(catalog(daemon.state, *start, "one", *options, "--secret-file", str(file)).out)
    two = catalog(daemon.state, *start, "two", *options, "--secret-file", "-", input_text=file.read_text()).out
    assert one["secret"] == json.loads(two)["secret"] == "what the sender has"
    assert one["fields"] == ["stars"]
    gone = catalog(daemon.state, *start, "three", *options, "--secret-file", str(tmp_path / "none"))
    assert (gone.code, "none" in gone.err) == (4, True)


@pytest.mark.parametrize("options", [["--schema", "build"], ["--webhook", "--unsigned", "--schema", "custom"]])
def test_without_a_secret_the_path_is_printed(daemon: Daemon, options: list[str]) -> None:
    name = f"plain{len(options)}"
    done = catalog(daemon.state, "integration", "create", name, *options)
    assert (done.code, done.out.startswith("/integration/api/v1/"), name in done.out) == (0, True, True)
    again = catalog(daemon.state, "integration", "create", name, *options)
    assert (again.code, "already" in again.err) == (5, True)


def test_suspend_enable_and_delete(daemon: Daemon) -> None:
    def state() -> str:
        return catalog(daemon.state, "integration", "list", "--columns", "id,state", "--no-header").out

    for verb, word in (("suspend", "suspended"), ("enable", "enabled")):
        done = catalog(daemon.state, "integration", verb, "empty")
        assert (done.code, done.err) == (0, f"empty is {word}\n")
        assert f"empty\t{word}\n" in state()
    assert catalog(daemon.state, "integration", "delete", "empty").code == 2
    assert catalog(daemon.state, "integration", "delete", "empty", "--yes").code == 0
    assert "empty\t" not in state()
    assert catalog(daemon.state, "integration", "delete", "empty", "--yes").code == 1


@pytest.mark.parametrize(
    "options",
    [["--map", "name"], ["--map", "=x"], ["--link", "name="], ["--map", "name=a"], ["--link", "x=y"]],
    ids=str,
)
def test_terms_that_cannot_be_are_code_2(daemon: Daemon, options: list[str]) -> None:
    assert catalog(daemon.state, "integration", "create", "bad", "--schema", "build", *options).code == 2


def test_the_key_of_the_secrets_is_private(daemon: Daemon) -> None:
    catalog(daemon.state, "integration", "create", "keyed", "--webhook", "--schema", "custom")
    assert stat.S_IMODE((daemon.state / "secret.key").stat().st_mode) == 0o600
