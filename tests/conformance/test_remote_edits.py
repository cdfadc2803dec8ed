"""Edits that are pushed to a server that asks who pushes (R8, R46-R53): its own credential, and rights that go."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon import Daemon, wait_until
from tests.support.edits import FILE, Editor, shop
from tests.support.git_server import Answer, GitServer, git_server
from tests.tui.cli.program import catalog

READER = "x-access-token:reader-canary-4410"
SPARE = 8
WITHOUT = "bare"
"""A repository that no credential for writing is for."""
SETTLED = 60.0


class Remote:
    """A repository behind the server with the person who edits it, and the credential that pushes."""

    def __init__(self, server: GitServer, daemon: Daemon, name: str, secret: Path) -> None:
        self.server = server
        self.name = name
        self.secret = secret
        self.editor = Editor(daemon, server.repository(name))

    @property
    def pusher(self) -> str:
        """Who pushes, as the server sees it."""
        return f"x-access-token:{self.secret.read_text().strip()}"

    def attempt(self, value: str) -> tuple[int, dict[str, Any]]:
        """Change a field by a commit at once: the answer, whatever it is."""
        change = self.editor.change("metadata.title", value)
        body = {"changes": [change], "target": "commit", "confirm": True}
        answer = self.editor.daemon.owner.post("/api/own/edits", json=body)
        return answer.status_code, answer.json()

    def newest(self) -> dict[str, Any]:
        """The last edit of the journal."""
        edits: list[dict[str, Any]] = self.editor.daemon.owner.get("/api/own/edits?limit=1").json()["items"]
        return edits[0]

    def seen(self, service: str) -> set[str]:
        """Who asked for what: `git-upload-pack` to read, `git-receive-pack` to write."""
        asked = [one for one in self.server.asked if f"/{self.name}.git/" in one.path and service in one.path]
        return {GitServer.who(one) for one in asked}


@pytest.fixture(scope="module")
def remotes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Remote]]:
    folder = tmp_path_factory.mktemp("remotes")
    names = [*(f"far{number}" for number in range(SPARE)), WITHOUT]
    with git_server(folder / "served") as server:
        origin = f"http://127.0.0.1:{server.port}"
        secrets = {name: private(folder / f"{name}.token", f"writer-{name}-canary") for name in names}
        private(folder / "reader", READER.partition(":")[2])
        tables = f'[[credentials]]\nname = "reader"\nurl = "{origin}"\nsecret_file = "{folder}/reader"\n'
        for name in names:
            server.repository(name).commit({FILE: shop(name)})
            tables += f'[[locations]]\ntype = "git"\ntarget = "{server.url(name)}"\nwrite = "commit"\n'
            if name != WITHOUT:
                tables += f'[[credentials]]\nname = "writer-{name}"\nuse = "write"\n'
                tables += f'url = "{origin}/{name}"\nsecret_file = "{secrets[name]}"\n'
        server.grants = {READER: {"read"}}
        server.grants |= {f"x-access-token:writer-{name}-canary": {"read", "write"} for name in names}
        with Daemon(folder / "daemon", '[git]\nprotocols = ["http"]\npoll_interval = "1h"\n' + tables) as daemon:
            daemon.sync()
            yield [Remote(server, daemon, name, secrets[name]) for name in names]


@pytest.fixture
def remote(remotes: list[Remote]) -> Remote:
    return remotes.pop(0)


def private(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def test_r052_an_edit_is_pushed_by_the_credential_for_writing_alone(remote: Remote) -> None:
    done = catalog(
        remote.editor.daemon.state, "set", remote.editor.ref, "metadata.title=The Shop", "--to", "commit", "-y",
        cwd=None, input_text="",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert remote.editor.text() == remote.editor.shop.replace('"Shop"', '"The Shop"')
    assert remote.editor.entity()["entity"]["metadata"]["title"] == "The Shop"
    assert remote.seen("git-receive-pack") == {remote.pusher}
    assert remote.seen("git-upload-pack") == {READER}
    assert remote.newest()["state"] == "confirmed"


def test_r052_a_proposal_is_a_branch_on_the_server(remote: Remote) -> None:
    before = remote.editor.repository.head()
    changes = [remote.editor.change("metadata.title", "Proposed")]
    edit = remote.editor.post({"changes": changes, "target": "branch", "confirm": True})
    assert edit["state"] == "confirmed"
    assert remote.editor.repository.head() == before
    assert '"Proposed"' in remote.editor.text(branch=f"catalog/edit-{edit['id']}")


def test_r052_what_reads_does_not_write(remotes: list[Remote]) -> None:
    remote = remotes[-1]
    before = remote.editor.repository.head()
    _, answer = remote.attempt("Not mine")
    assert 'no credential with use = "write"' in answer["detail"]
    assert (
        f'add a [[credentials]] with url = "http://127.0.0.1:{remote.server.port}" and use = "write"'
        in answer["detail"]
    )
    assert remote.seen("git-receive-pack") == {""}
    assert (remote.newest()["state"], remote.editor.repository.head()) == ("failed", before)


def test_r053_a_right_that_was_withdrawn_is_told_and_the_edit_stays_in_the_journal(remote: Remote) -> None:
    before = remote.editor.repository.head()
    remote.server.grants[remote.pusher] = {"read"}
    status, answer = remote.attempt("Too late")
    said = f"the remote refused it: credential writer-{remote.name} may not write this repository"
    assert said in answer["detail"], (status, answer)
    failed = remote.newest()
    assert (failed["state"], said in failed["reason"]) == ("failed", True)
    assert failed["changes"][0]["value"] == "Too late"
    assert remote.editor.repository.head() == before
    assert remote.editor.entity()["entity"]["metadata"]["title"] == "Shop"
    remote.server.grants[remote.pusher] = {"read", "write"}
    assert remote.attempt("In time")[1]["state"] == "confirmed"
    assert remote.editor.commits(failed["id"]) == []
    assert remote.editor.get(failed["id"])["state"] == "failed"


def test_r053_an_expired_token_is_told_and_a_new_one_taken_over(remote: Remote) -> None:
    _, answer = (remote.server.grants.pop(remote.pusher), remote.attempt("Expired"))[1]
    assert f"does not accept credential writer-{remote.name}: it is wrong, expired or withdrawn" in answer["detail"]
    assert f"secret_file {remote.secret.name}" in answer["detail"]
    remote.secret.write_text("renewed-canary-0099")
    remote.server.grants[remote.pusher] = {"write"}
    assert remote.attempt("Renewed")[1]["state"] == "confirmed"


def test_r053_a_secret_that_is_gone_pushes_nothing(remote: Remote) -> None:
    remote.secret.rename(remote.secret.with_suffix(".away"))
    _, answer = remote.attempt("Nobody")
    assert f"credential writer-{remote.name}: secret_file {remote.secret.name}: no such file" in answer["detail"]
    assert remote.seen("git-receive-pack") == set()
    remote.secret.with_suffix(".away").rename(remote.secret)
    assert remote.attempt("Somebody")[1]["state"] == "confirmed"


def test_r053_a_push_is_not_redirected(remote: Remote, tmp_path: Path) -> None:
    with git_server(tmp_path / "elsewhere") as elsewhere:
        place = f"http://127.0.0.1:{elsewhere.port}/{remote.name}.git/info/refs?service=git-receive-pack"
        remote.server.answers["git-receive-pack"] = Answer(307, {"Location": place})
        try:
            _, answer = remote.attempt("Elsewhere")
        finally:
            del remote.server.answers["git-receive-pack"]
        assert elsewhere.asked == []
    assert "returned error: 307" in answer["detail"] or "moved" in answer["detail"]
    assert remote.newest()["state"] == "failed"


def test_r050_a_push_whose_answer_is_lost_is_one_commit(remote: Remote) -> None:
    remote.server.cut = "git-receive-pack"
    status, answer = remote.attempt("Once")
    remote.server.cut = ""
    assert (status, answer.get("state")) == (201, "confirmed"), answer
    assert len(remote.editor.commits(answer["id"])) == 1
    assert remote.editor.text() == remote.editor.shop.replace('"Shop"', '"Once"')


def test_r050_while_it_may_not_be_read_an_edit_waits_and_is_pushed_once(remote: Remote) -> None:
    edit = remote.editor.propose("metadata.title", "Patient")
    remote.server.grants[READER] = set()
    try:
        answer = remote.editor.daemon.owner.post(f"/api/own/edits/{edit}/confirm")
        assert answer.json()["code"] == "git.denied", answer.text
        assert "credential reader may not read this repository" in answer.json()["detail"]
        assert remote.editor.get(edit)["state"] == "pending"
    finally:
        remote.server.grants[READER] = {"read"}
    wait_until(lambda: remote.editor.get(edit)["state"] == "confirmed", "it was pushed after all", SETTLED)
    assert len(remote.editor.commits(edit)) == 1
