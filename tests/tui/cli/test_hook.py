"""`catalog hook` and `catalog webhook`, against a real daemon, real repositories and a real git."""

import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest

from syncd.model.webhook import Provider
from tests.support.daemon import Daemon, wait_until
from tests.support.repository import RepoBuilder
from tests.support.webhooks import SECRET, STANDARD_SECRET, deliver, push
from tests.tui.cli.conftest import entity
from tests.tui.cli.program import Done, catalog
from tui.cli.commands.webhook import PROVIDERS
from tui.ring import file_url

CONFIG = (
    '[daemon]\nbase_url = "https://catalog.example.test"\n'
    '[git]\nprotocols = ["file"]\nwatch = false\npoll_interval = "1h"\n'
)


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """It looks at a repository only when that rings."""
    with Daemon(tmp_path_factory.mktemp("hooked") / "daemon", CONFIG) as daemon:
        yield daemon


def is_visible(daemon: Daemon, name: str) -> bool:
    return daemon.owner.get(f"/api/catalog/entities/by-name/component/default/{name}").status_code == 200


def git(folder: Path, *arguments: str, **environ: str) -> str:
    """Git as a person runs it."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | environ
    ours |= {"GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder.parent), "LC_ALL": "C"}
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, env=ours, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def hook(daemon: Daemon, *arguments: str, **further: Any) -> Done:
    return catalog(daemon.state, "hook", *arguments, **further)


def work_tree(folder: Path, name: str) -> Path:
    """A repository with a work tree and one commit."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    save(folder, name)
    return folder


def save(folder: Path, name: str, *options: str) -> None:
    (folder / "catalog-info.yaml").write_text(entity("Component", name))
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", name, *options)


def test_a_push_is_seen_by_the_hook(daemon: Daemon, tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / 'it\'s a "shop" é.git')
    repository.commit({"catalog-info.yaml": entity("Component", "before-the-hook")})
    unregistered = hook(daemon, "install", str(repository.path))
    assert unregistered.code == 0, unregistered.err
    assert "location add file://" in unregistered.err
    daemon.register(repository.url, type="git")
    assert "location add" not in hook(daemon, "install", str(repository.path)).err
    assert sorted(path.name for path in (repository.path / "hooks").iterdir()) == ["post-receive"]
    repository.push({"catalog-info.yaml": entity("Component", "by-the-hook")})
    wait_until(lambda: is_visible(daemon, "by-the-hook"), "the push is visible")


def test_commits_amendments_and_merges_are_seen_where_people_work(daemon: Daemon, tmp_path: Path) -> None:
    tree = work_tree(tmp_path / "tree", "worked-0")
    daemon.register(tree.as_uri(), type="git", ref="main")
    (tree / "deeper").mkdir()
    assert hook(daemon, "install", str(tree / "deeper")).code == 0
    save(tree, "worked-1")
    wait_until(lambda: is_visible(daemon, "worked-1"), "the commit is visible")
    save(tree, "worked-2", "--amend")
    wait_until(lambda: is_visible(daemon, "worked-2"), "the amended commit is visible")
    git(tree, "checkout", "-q", "-b", "side")
    save(tree, "worked-3")
    git(tree, "checkout", "-q", "main")
    git(tree, "merge", "-q", "side")
    wait_until(lambda: is_visible(daemon, "worked-3"), "the merge is visible")
    git(tree, "worktree", "add", "-q", "-b", "linked", str(tmp_path / "linked"))
    git(tree, "checkout", "-q", "--detach")
    git(tmp_path / "linked", "checkout", "-q", "main")
    save(tmp_path / "linked", "worked-4")
    wait_until(lambda: is_visible(daemon, "worked-4"), "the commit in a linked work tree is visible")


def test_a_hook_that_was_there_runs_after_ours_with_its_input_and_decides_how_it_ends(
    daemon: Daemon, tmp_path: Path
) -> None:
    repository = RepoBuilder(tmp_path / "chained.git")
    theirs = repository.path / "hooks" / "post-receive"
    theirs.parent.mkdir(exist_ok=True)
    script = f'#!/bin/sh\ncat > "{tmp_path}/input"\necho theirs "$@"\nexit 3\n'
    theirs.write_text(script)
    theirs.chmod(0o755)
    daemon.register(repository.url, type="git")
    for _ in range(2):  # twice is as once
        assert hook(daemon, "install", str(repository.path)).code == 0
    assert (theirs.parent / "post-receive.before-catalog").read_text() == script
    repository.push({"catalog-info.yaml": entity("Component", "chained")})
    wait_until(lambda: is_visible(daemon, "chained"), "the push is visible")
    assert "refs/heads/main" in (tmp_path / "input").read_text()
    ran = subprocess.run([theirs], input=b"", capture_output=True, cwd=repository.path)
    assert (ran.returncode, ran.stdout) == (3, b"theirs\n")
    status = json.loads(hook(daemon, "status", str(repository.path), "-o", "json").out)
    assert [(one["hook"], one["state"], one["before"]) for one in status] == [
        ("post-receive", "installed", "post-receive.before-catalog")
    ]
    assert hook(daemon, "remove", str(repository.path)).code == 0
    assert theirs.read_text() == script
    assert os.access(theirs, os.X_OK)
    gone = hook(daemon, "remove", str(repository.path))
    assert (gone.code, gone.err) == (0, "there was no hook of ours\n")


def test_two_hooks_that_are_not_ours_are_a_conflict(daemon: Daemon, tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "two.git")
    assert hook(daemon, "install", str(repository.path)).code == 0
    theirs = repository.path / "hooks" / "post-receive"
    (theirs.parent / "post-receive.before-catalog").write_text("older")
    theirs.write_text("newer")
    done = hook(daemon, "install", str(repository.path))
    assert done.code == 5, done.err
    assert theirs.read_text() == "newer"
    assert hook(daemon, "status", str(repository.path)).code == 1
    assert hook(daemon, "remove", str(repository.path)).code == 0
    assert theirs.read_text() == "newer"


@pytest.mark.parametrize("broken", ["no-daemon", "no-python"])
def test_a_push_succeeds_where_nobody_can_be_told(tmp_path: Path, broken: str) -> None:
    repository = RepoBuilder(tmp_path / "lonely.git")
    assert catalog(tmp_path / "state", "hook", "install", str(repository.path)).code == 0
    script = repository.path / "hooks" / "post-receive"
    if broken == "no-python":
        script.write_text(script.read_text().replace(sys.executable, "/nowhere/python"))
    repository.push({"a": "b"})
    ran = subprocess.run([script], input=b"", capture_output=True, cwd=repository.path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def test_a_push_waits_for_nothing(tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "quick.git")
    state = tmp_path / "state"
    state.mkdir()
    assert catalog(state, "hook", "install", str(repository.path)).code == 0
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/s")  # a path for sockets is short
        listener.listen()
        (state / "socket").write_text(f"{folder}/s\n")
        repository.push({"a": "b"})  # done, with its pipes closed, while nobody has answered
        connection, _ = listener.accept()
        with connection:
            request = connection.recv(4096).decode()
            assert request.startswith("POST /api/own/ring HTTP/1.1\r\n")
            assert json.loads(request.partition("\r\n\r\n")[2]) == {"repository": [repository.url]}
            assert select.select([connection], [], [], 0)[0] == []  # it still waits for an answer


def test_a_daemon_elsewhere_is_rung_with_a_token_from_a_file(daemon: Daemon, tmp_path: Path) -> None:
    origin = RepoBuilder(tmp_path / "origin.git")
    origin.commit({"catalog-info.yaml": entity("Component", "far-0")})
    daemon.register(origin.url, type="git")
    pushed = RepoBuilder(tmp_path / "pushed.git")
    token = tmp_path / "token"
    token.write_text(daemon.token("locations:write") + "\n")
    options = [str(pushed.path), "--as", origin.url, "--token-file", str(token)]
    done = hook(daemon, "install", *options, CATALOG_URL=daemon.url, CATALOG_STATE="", CATALOG_TOKEN="none")
    assert done.code == 0, done.err
    assert "credentials" in done.err or "token" in done.err  # the hook reads the file; this program had none
    assert token.read_text().strip() not in (pushed.path / "hooks" / "post-receive").read_text()
    origin.commit({"catalog-info.yaml": entity("Component", "far-1")})
    pushed.push({"a": "b"})
    wait_until(lambda: is_visible(daemon, "far-1"), "the push is visible")


def test_ring_tells_what_it_rang(daemon: Daemon, tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "rung.git")
    repository.commit({"catalog-info.yaml": entity("Component", "rung")})
    assert hook(daemon, "ring", str(repository.path)).code == 1
    daemon.register(repository.url, type="git")
    assert hook(daemon, "ring", str(repository.path)).out == f"{repository.url}\n"
    assert hook(daemon, "ring", "--as", repository.url).out == f"{repository.url}\n"
    (tmp_path / "link").symlink_to(tmp_path)
    assert hook(daemon, "ring", "--as", f"{(tmp_path / 'link').as_uri()}/rung.git").code == 1
    daemon.register(f"{(tmp_path / 'link').as_uri()}/rung.git", type="git")
    assert len(hook(daemon, "ring", str(repository.path)).out.splitlines()) == 2  # by its own path, and by the link


def test_a_folder_that_is_no_repository_is_told_so(daemon: Daemon, tmp_path: Path) -> None:
    done = hook(daemon, "install", str(tmp_path))
    assert done.code == 2
    assert "is not in a git repository that git will read: fatal: not a git repository" in done.err


def test_a_folder_of_hooks_that_is_shared_is_told(daemon: Daemon, tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "sharing.git")
    repository.git("config", "core.hooksPath", str(tmp_path / "hooks"))
    done = hook(daemon, "install", str(repository.path))
    assert "shares this folder" in done.err
    assert (tmp_path / "hooks" / "post-receive").exists()


def test_urls_of_any_folder_stand_in_json() -> None:
    path = b'/srv/a "b"\\c\xff\n%/\xc3\xa9'
    assert json.loads(f'"{file_url(path)}"') == "file:///srv/a%20%22b%22%5Cc%FF%0A%25/%C3%A9"


# catalog webhook -----------------------------------------------------------------------------------------------------


def webhook(daemon: Daemon, *arguments: str, **further: Any) -> Done:
    return catalog(daemon.state, "webhook", *arguments, **further)


def test_the_providers_are_those_of_the_daemon() -> None:
    assert get_args(Provider) == PROVIDERS


def test_a_webhook_is_made_listed_rotated_and_deleted(daemon: Daemon) -> None:
    done = webhook(daemon, "create", "acme", "--provider", "github")
    assert done.code == 0, done.err
    url, secret = (line.split()[1] for line in done.out.splitlines())
    assert url == "https://catalog.example.test/api/own/hooks/acme"
    assert deliver(daemon.owner, "acme", push("github", secret=secret)).status_code == 202
    assert webhook(daemon, "create", "acme", "--provider", "github").code == 5
    rotated = json.loads(webhook(daemon, "rotate", "acme", "--keep", "1", "-o", "json").out)
    for text in (secret, rotated["secret"]):
        assert deliver(daemon.owner, "acme", push("github", secret=text)).status_code == 202
    listed = webhook(daemon, "list", "--columns", "id,provider,secrets,url,last_delivery")
    assert listed.out.splitlines()[1].split("\t")[:4] == [
        *("acme", "github", ",".join(one["id"] for one in rotated["secrets"]), url)
    ]
    assert secret not in listed.out
    old = rotated["secrets"][1]["id"]
    assert webhook(daemon, "revoke", "acme", old).code == 2  # it would have to ask
    assert webhook(daemon, "revoke", "acme", old, "--yes").err == f"ended {old}\n"
    assert deliver(daemon.owner, "acme", push("github", secret=secret)).status_code == 401
    last = webhook(daemon, "revoke", "acme", rotated["secrets"][0]["id"], "--yes")
    assert "is not served" in last.err
    assert webhook(daemon, "delete", "acme", "--yes").code == 0
    assert webhook(daemon, "delete", "acme", "--yes").code == 1


def test_a_secret_that_the_host_made_comes_from_a_file(daemon: Daemon, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(STANDARD_SECRET + "\n")
    assert webhook(daemon, "create", "lab", "--provider", "gitlab", "--secret-file", str(file)).code == 0
    assert deliver(daemon.owner, "lab", push("gitlab")).status_code == 202
    assert webhook(daemon, "rotate", "lab", "--secret-file", "-", input_text=SECRET).code == 2
