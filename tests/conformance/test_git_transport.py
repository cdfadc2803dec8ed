"""Promises about talking to remotes (reliability, A)."""

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.errors import CatalogError, ConfigError, InputError, StalledError, TransientError
from syncd.git import GitSettings, Mirror, Mirrors
from syncd.git.profile import install_environment
from syncd.git.refs import all_refs
from syncd.git.remote import ask
from syncd.git.revision import candidates
from syncd.git.runner import Runner
from syncd.git.url import parse_clone_url, redact
from syncd.git.version import find_git
from tests.support.loopback import Handler, advertise, http_server, say_nothing, tcp_server, trickle
from tests.support.mirrors import opened_mirrors, processes_of
from tests.support.repository import RepoBuilder

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def origin(tmp_path: Path) -> RepoBuilder:
    return RepoBuilder(tmp_path / "origin.git")


@pytest.fixture
def mirrors(tmp_path: Path) -> Iterator[Mirrors]:
    with opened_mirrors(tmp_path / "mirrors") as mirrors:
        yield mirrors


@pytest.fixture
def mirror(mirrors: Mirrors, origin: RepoBuilder) -> Mirror:
    return mirrors.open(origin.url)


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    runner = Runner(tmp_path / "runner", GitSettings(kill_grace=0.2), find_git().path)
    yield runner
    runner.close()


REJECTED = [
    "ext::sh -c touch% /x",
    "ext::sh",
    "fd::17",
    "https::https://h/x",
    "http://h/a/b",
    "git://h/a/b",
    "file:///srv/git/a.git",
    "ftp://h/a/b",
    "rsync://h/a/b",
    "/srv/git/a.git",
    "./a.git",
    "../a",
    "a.git",
    "C:\\git\\a",
    "c:/git/a",
    "-uhttps://h/a",
    "--upload-pack=x",
    "",
    "https://",
    "https://host",
    "https://host/",
    "https:///a/b",
    "https://-host/a",
    "ssh://-oProxyCommand=x/a",
    "git@-oProxyCommand=x:a",
    "https://ho st/a",
    "https://host/a\nb",
    "https://host/a%0ab",
    "https://host/a/../b",
    "https://host/a/%2e%2e/b",
    "https://host\\@other/a",
    "https://h%6fst/a",
    "https://host:0/a",
    "https://host:65536/a",
    "https://host:x/a",
    "https://hóst/a",
    "https://host/a?token=x",
    "https://host/a#b",
]


@pytest.mark.parametrize("url", REJECTED)
def test_r001_only_listed_transports_are_used(tmp_path: Path, url: str) -> None:
    with opened_mirrors(tmp_path / "m", protocols=("https", "ssh")) as mirrors:
        with pytest.raises(InputError) as raised:
            mirrors.open(url)
        assert raised.value.code == "location.url_rejected"
        assert raised.value.hint


def test_r001_git_itself_refuses_the_rest(runner: Runner, tmp_path: Path, origin: RepoBuilder) -> None:
    origin.commit({"a": "1"})
    sentinel = tmp_path / "sentinel"
    for url in (f"ext::touch {sentinel}", origin.url, str(origin.path)):
        finished = runner.run(["ls-remote", "--", url], tmp_path / "none")
        assert not finished.ok
        assert "not allowed" in finished.messages
    assert not sentinel.exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("git@github.com:team/shop.git", "ssh://git@github.com/team/shop.git"),
        ("github.com:team/shop.git", "ssh://github.com/team/shop.git"),
        ("HTTPS://GitHub.com/Team/Shop.git/", "https://github.com/Team/Shop.git"),
        ("ssh://git@host:22/x", "ssh://git@host/x"),
        ("ssh://git@host:2222/x", "ssh://git@host:2222/x"),
        ("https://[::1]:8443/x", "https://[::1]:8443/x"),
        ("file:///srv//git/./a.git/", "file:///srv/git/a.git"),
        ("file://localhost/srv/a%20b", "file:///srv/a%20b"),
    ],
)
def test_r001_an_allowed_url_has_one_form(text: str, expected: str) -> None:
    assert parse_clone_url(text, ("https", "ssh", "file")).text == expected


TRAPS = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_SSH_COMMAND",
    "GIT_EXEC_PATH",
    "GIT_CONFIG_PARAMETERS",
    "GIT_TRACE",
    "GIT_TRACE2_EVENT",
    "GIT_PROXY_COMMAND",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PYTHON_GIT_EXECUTABLE",
    "SSH_AUTH_SOCK",
    "http_proxy",
    "HTTPS_PROXY",
)


def test_r002_the_daemons_environment_reaches_no_child(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, origin: RepoBuilder
) -> None:
    commit = origin.commit({"a": "1"})
    trap = tmp_path / "trap"
    for name in TRAPS:
        monkeypatch.setenv(name, str(trap))
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[broken\n")
    monkeypatch.setenv("HOME", str(home))
    with opened_mirrors(tmp_path / "m") as mirrors:
        mirror = mirrors.open(origin.url)
        assert mirror.fetch([""]).heads[""].commit == commit
        assert mirror.file_blob(commit, "a")
    assert not trap.exists()


def test_r002_the_daemons_own_environment_is_cleaned_for_gitpython(tmp_path: Path, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    program = f"""
import os, pathlib
from syncd.git import GitSettings, Mirrors
from syncd.git.profile import install_environment
settings = GitSettings(protocols=("file",), free_share=0.0)
install_environment(pathlib.Path({str(tmp_path / "m")!r}), settings)
assert not set({TRAPS!r}) & set(os.environ) - {{"GIT_SSH_COMMAND"}}, os.environ
mirrors = Mirrors(pathlib.Path({str(tmp_path / "m")!r}), settings)
mirror = mirrors.open({origin.url!r})
mirror.fetch([""])
print(mirror.history({commit!r})[0].id)
mirrors.close()
"""
    trap = str(tmp_path / "trap")
    environment = {**os.environ, **dict.fromkeys(TRAPS, trap)}
    finished = subprocess.run([sys.executable, "-c", program], env=environment, cwd=PROJECT, capture_output=True)
    assert finished.stdout.decode().strip() == commit, finished.stderr.decode()
    assert not Path(trap).exists()


def test_r002_the_profile_is_installed_in_the_daemon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "environ", {"PATH": os.environ["PATH"], "GIT_DIR": "/trap", "Http_Proxy": "x", "A": "b"})
    install_environment(tmp_path, GitSettings())
    assert os.environ["A"] == "b"
    assert os.environ["GIT_CONFIG_GLOBAL"] == str(tmp_path / "gitconfig")
    assert not {"GIT_DIR", "Http_Proxy"} & set(os.environ)


ODD_REVISIONS = [
    "-x",
    "--upload-pack=touch sentinel",
    "--output=x",
    "main@{1}",
    "@{u}",
    "a..b",
    "main:a",
    "main^",
    "main~1",
    "main\nother",
    "ma in",
    "*",
    "refs/heads/*",
    "refs/../x",
    "x.lock",
    ".hidden",
    "x/",
    "/x",
    "\x7f",
    "refs/heads/main:refs/heads/other",
    "+main",
    "HEAD:",
]


def test_r003_no_name_becomes_an_option_or_an_expression(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    origin.commit({"a": "2"})
    fetched = mirror.fetch([*ODD_REVISIONS, "main"])
    assert set(fetched.heads) == {"main"}
    assert set(fetched.missing) == set(ODD_REVISIONS)
    assert [revision for revision in ODD_REVISIONS if candidates(revision)] == ["-x", "--output=x", "+main"]
    assert commit != fetched.heads["main"].commit


@pytest.mark.parametrize("branch", ["-x", "--upload-pack=touch", "--output=x", "a@b", "é", "a'b", 'a"b', "a;b", "$(a)"])
def test_r003_an_odd_but_valid_branch_is_fetched(mirror: Mirror, origin: RepoBuilder, branch: str) -> None:
    commit = origin.commit({"a": "1"})
    origin.set_branch(branch, commit)
    assert mirror.fetch([branch]).heads[branch].commit == commit


def test_r003_odd_paths_are_only_paths(mirror: Mirror, origin: RepoBuilder) -> None:
    paths = ["--output=x", "-r", ":(glob)x", ":!x", "a b/c", "x^{tree}", "HEAD:a", "@{1}", 'q"t', "'; touch x"]
    commit = origin.commit({path: path for path in paths})
    mirror.fetch([""])
    for path in paths:
        blob = mirror.file_blob(commit, path)
        assert blob
        assert mirror.read_blobs([blob], 100) == {blob: path.encode()}


def test_r004_a_mirror_holds_only_the_refs_that_were_asked_for(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    other = origin.commit({"a": "2"})
    lines = [
        f"create refs/{kind}/x{i} {commit}\n" for kind in ("tags", "heads/more", "notes", "pull") for i in range(500)
    ]
    origin.git("update-ref", "--stdin", stdin="".join(lines).encode())
    origin.git("update-ref", f"refs/replace/{other}", commit)
    mirror.fetch(["", "more/x1"])
    assert all_refs(mirror.path) == {"refs/remotes/origin/main": other, "refs/remotes/origin/more/x1": commit}
    assert (mirror.path / "HEAD").read_text() == "ref: refs/heads/main\n"
    replaced = mirror.path / "refs/replace" / other
    replaced.parent.mkdir()
    replaced.write_text(commit + "\n")
    blob = mirror.file_blob(other, "a") or ""
    assert mirror.read_blobs([blob], 9) == {blob: b"2"}
    assert origin.url not in (mirror.path / "config").read_text()


@pytest.mark.parametrize("target", ["refs/heads/../../../X", "refs/tags/v1", "X", "refs/heads/"])
def test_r004_a_head_that_points_elsewhere_is_not_followed(runner: Runner, tmp_path: Path, target: str) -> None:
    commit = "1" * 40
    lines = [f"{commit} HEAD\0symref=HEAD:{target} agent=odd", f"{commit} refs/heads/main"]
    with tcp_server(advertise(lines)) as port:
        url = parse_clone_url(f"git://127.0.0.1:{port}/x", ("git",))
        git = Runner(tmp_path / "git", GitSettings(protocols=("git",)), runner.program)
        advertised = ask(git, tmp_path / "none", url, ["refs/heads/main"])
    assert advertised.head == "HEAD"
    assert advertised.refs == {"HEAD": commit, "refs/heads/main": commit}


def test_r005_malformed_objects_are_refused(mirror: Mirror, origin: RepoBuilder) -> None:
    good = origin.commit({"a": "1"})
    mirror.fetch([""])
    blob = bytes.fromhex(origin.git("hash-object", "-w", "--stdin", stdin=b"x").strip())
    for name in (b".git", b"a/b", b".."):
        raw = b"100644 " + name + b"\0" + blob
        tree = origin.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=raw).strip()
        origin.set_branch("main", origin.git("commit-tree", tree, "-m", "odd").strip())
        with pytest.raises(StalledError) as raised:
            mirror.fetch([""])
        assert raised.value.code == "git.fsck_rejected"
        assert mirror.heads([""])[""].commit == good


def test_r006_nothing_in_a_repository_or_mirror_runs(mirror: Mirror, origin: RepoBuilder, tmp_path: Path) -> None:
    sentinel = tmp_path / "sentinel"
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {sentinel}\n")
    trap.chmod(0o755)
    old = origin.commit({"a": "1"})
    mirror.fetch([""])
    hooks = mirror.path / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("reference-transaction", "post-checkout", "post-merge", "pre-auto-gc", "fsmonitor-watchman"):
        (hooks / name).symlink_to(trap)
    config = (
        f'[core]\nfsmonitor = {trap}\n[filter "x"]\nsmudge = {trap}\nclean = {trap}\n[diff "x"]\ntextconv = {trap}\n'
    )
    for repository in (mirror.path, origin.path):
        with (repository / "config").open("a") as file:
            file.write(config + f"[uploadpack]\npackObjectsHook = {trap}\n")
    new = origin.commit(
        {
            ".gitattributes": "* filter=x diff=x\n",
            ".gitmodules": f'[submodule "x"]\npath = x\nurl = {origin.url}\nupdate = checkout\n',
            ".lfsconfig": f"[lfs]\nurl = ext::{trap}\n",
            "a": "2",
        }
    )
    mirror.fetch([""])
    assert [change.path for change in mirror.changed_files(old, new)] == [
        ".gitattributes",
        ".gitmodules",
        ".lfsconfig",
        "a",
    ]
    mirror.history(new, "a")
    assert not sentinel.exists()


def test_r007_a_mirror_is_never_found_by_walking_up(tmp_path: Path, origin: RepoBuilder) -> None:
    commit = origin.commit({"a": "1"})
    root = tmp_path / "$HOME" / "~" / "mirrors"
    bait = RepoBuilder(root)
    bait.commit({"bait": "1"})
    with opened_mirrors(root) as mirrors:
        mirror = mirrors.open(origin.url)
        assert mirror.heads([""]) == {}
        with pytest.raises(CatalogError):
            mirror.file_blob(bait.head(), "bait")
        mirror.fetch([""])
        assert mirror.history(commit)[0].id == commit
        assert mirror.path.is_relative_to(root)


def test_r007_a_bare_repository_is_not_used_because_git_stands_in_it(runner: Runner, origin: RepoBuilder) -> None:
    environment = runner.environment(origin.path)
    del environment["GIT_DIR"]
    command = [runner.program, "rev-parse", "--git-dir"]
    finished = subprocess.run(command, cwd=origin.path, env=environment, capture_output=True)
    assert b"safe.bareRepository" in finished.stderr


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("safe.bareRepository", "explicit"),
        ("transfer.credentialsInUrl", "die"),
        ("transfer.fsckObjects", "true"),
        ("transfer.bundleURI", "false"),
        ("credential.helper", ""),
        ("http.followRedirects", "false"),
        ("http.sslVerify", "true"),
        ("core.fsmonitor", "false"),
        ("core.hooksPath", "/dev/null"),
        ("protocol.allow", "never"),
        ("fetch.fsck.badTimezone", "ignore"),
        ("gc.auto", "0"),
    ],
)
def test_r020_git_takes_the_profile(runner: Runner, tmp_path: Path, key: str, value: str) -> None:
    finished = runner.run(["config", "--show-scope", "--get", key], tmp_path / "none")
    assert finished.output.decode() == f"command\t{value}\n"


@pytest.mark.parametrize(
    "url", ["https://token@host/a", "https://user:secret@host/a", "ssh://git:secret@host/a", "https://:x@host/a"]
)
def test_r008_a_url_with_a_secret_is_rejected(url: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_clone_url(url, ("https", "ssh"))
    assert "credential" in raised.value.hint
    assert "secret" not in str(raised.value).replace("name or secret", "")


def test_r008_messages_hold_no_secrets() -> None:
    text = "fatal: unable to access 'https://user:pw@host/a?token=pw#pw': see http://pw@other?x=pw"
    assert redact(text) == "fatal: unable to access 'https://host/a': see http://other"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_r009_redirects_are_not_followed(mirrors: Mirrors, status: int) -> None:
    with http_server({"x": (200, {})}) as (elsewhere, asked_elsewhere):
        target = f"http://127.0.0.1:{elsewhere}/x/info/refs"
        with http_server({"a": (status, {"Location": target})}) as (port, asked):
            with pytest.raises(StalledError) as raised:
                mirrors.open(f"http://127.0.0.1:{port}/a").fetch([""])
            assert raised.value.code == "git.moved"
            assert asked
        assert asked_elsewhere == []


@pytest.mark.parametrize(
    ("scheme", "handler"),
    [
        pytest.param("git", say_nothing, id="git-silent"),
        pytest.param("http", say_nothing, id="http-silent"),
        pytest.param("git", trickle(b"1"), id="git-trickling"),
        pytest.param("http", trickle(b"HTTP/1.1 200 OK\r\nX: "), id="http-trickling"),
    ],
)
def test_r012_every_operation_ends(tmp_path: Path, handler: Handler, scheme: str) -> None:
    with (
        tcp_server(handler) as port,
        opened_mirrors(tmp_path / "m", fetch_clock=0.3, first_fetch_clock=0.3) as mirrors,
    ):
        started = time.monotonic()
        with pytest.raises(TransientError) as raised:
            mirrors.open(f"{scheme}://127.0.0.1:{port}/x").fetch([""])
        assert raised.value.code == "git.timeout"
        assert time.monotonic() - started < 3.3
        assert not processes_of(tmp_path / "m")


def test_r012_a_child_that_ignores_the_signal_is_killed_with_its_children(tmp_path: Path) -> None:
    program = tmp_path / "stubborn"
    program.write_text("#!/bin/sh\ntrap '' TERM\n(trap '' TERM; sleep 60) &\nwait\n")
    program.chmod(0o755)
    runner = Runner(tmp_path / "m", GitSettings(kill_grace=0.1), str(program))
    with pytest.raises(TransientError):
        runner.run(["fetch"], tmp_path / "none", clock=0.2, writes=True)
    assert not processes_of(tmp_path / "m")
    assert not list((tmp_path / "m/children").iterdir())


def test_r013_a_fetch_cannot_fill_the_disk(tmp_path: Path, origin: RepoBuilder) -> None:
    small = RepoBuilder(tmp_path / "small.git")
    small.commit({"a": "1"})
    origin.commit({"a": os.urandom(400_000)})
    with opened_mirrors(tmp_path / "m", mirror_bytes=100_000) as mirrors:
        mirror = mirrors.open(origin.url)
        with pytest.raises(StalledError) as raised:
            mirror.fetch([""])
        assert raised.value.code == "git.too_large"
        assert not [path for path in (mirror.path / "objects").rglob("*") if path.is_file()]
        assert mirrors.open(small.url).fetch([""]).heads


def test_r013_a_mirror_that_grew_over_its_cap_says_so(tmp_path: Path, origin: RepoBuilder) -> None:
    with opened_mirrors(tmp_path / "m", mirror_bytes=100_000) as mirrors:
        mirror = mirrors.open(origin.url)
        origin.commit({"a": os.urandom(60_000)})
        mirror.fetch([""])
        origin.commit({"a": os.urandom(60_000)})
        with pytest.raises(StalledError) as raised:
            mirror.fetch([""])
        assert raised.value.code == "git.too_large"


def test_r018_rewritten_history_is_followed(mirror: Mirror, origin: RepoBuilder) -> None:
    old = origin.commit({"a": "1"})
    mirror.fetch([""])
    middle = origin.commit({"a": "2"})
    assert mirror.fetch([""]).rewritten == {}
    new = origin.force({"a": "3"})
    assert mirror.fetch([""]).rewritten == {"": (middle, new)}
    for number in range(9):
        origin.commit({"a": f"more {number}"})
    assert mirror.fetch([""]).rewritten == {}
    assert mirror.file_blob(old, "a")


def test_r018_a_renamed_default_branch_is_followed(mirror: Mirror, origin: RepoBuilder) -> None:
    origin.commit({"a": "1"})
    mirror.fetch([""])
    origin.rename_default("main", "trunk")
    commit = origin.commit({"a": "2"}, branch="trunk")
    fetched = mirror.fetch([""])
    assert (fetched.heads[""].ref, fetched.heads[""].commit) == ("refs/heads/trunk", commit)
    assert fetched.rewritten == {}


def test_r018_a_branch_may_become_a_folder_and_a_file_again(mirror: Mirror, origin: RepoBuilder) -> None:
    first = origin.commit({"a": "1"})
    for branch in ("x", "x/y", "x/y/z", "x"):
        for gone in ("x/y/z", "x/y", "x"):
            if origin.head(gone):
                origin.delete_branch(gone)
        origin.set_branch(branch, first)
        fetched = mirror.fetch(["x", "x/y", "x/y/z"])
        assert {name: head.commit for name, head in fetched.heads.items()} == {branch: first}


def test_r018_a_branch_may_come_back(mirror: Mirror, origin: RepoBuilder) -> None:
    origin.commit({"a": "1"})
    old = origin.commit({"a": "1"}, branch="x")
    mirror.fetch(["x"])
    origin.delete_branch("x")
    assert mirror.fetch(["x"]).missing == ("x",)
    new = origin.commit({"b": "1"}, branch="x")
    fetched = mirror.fetch(["x"])
    assert (fetched.heads["x"].commit, fetched.rewritten) == (new, {"x": (old, new)})


ANSWERS: list[tuple[int, type[CatalogError], str]] = [
    (404, StalledError, "git.not_found"),
    (410, StalledError, "git.not_found"),
    (401, StalledError, "git.denied"),
    (403, StalledError, "git.denied"),
    (429, TransientError, "git.unreachable"),
    (500, TransientError, "git.unreachable"),
    (503, TransientError, "git.unreachable"),
]


@pytest.mark.parametrize(("status", "error", "code"), ANSWERS)
def test_r019_a_servers_answers_are_told_apart(
    mirrors: Mirrors, status: int, error: type[CatalogError], code: str
) -> None:
    with http_server({"a": (status, {"WWW-Authenticate": "Basic"})}) as (port, _), pytest.raises(error) as raised:
        mirrors.open(f"http://127.0.0.1:{port}/a/shop").fetch([""])
    assert raised.value.code == code


def test_r019_gone_is_not_empty(mirror: Mirror, origin: RepoBuilder) -> None:
    old = origin.commit({"a": "1", "b": "1"})
    origin.set_branch("side", old)
    mirror.fetch(["", "side"])
    new = origin.commit({"a": None})
    origin.delete_branch("side")

    fetched = mirror.fetch(["", "side"])
    assert fetched.missing == ("side",)
    assert [(change.path, change.blob) for change in mirror.changed_files(old, new)] == [("a", None)]
    assert mirror.heads(["side"])["side"].commit == old

    (origin.path / "HEAD").write_text("nonsense")
    with pytest.raises(TransientError) as broken:
        mirror.fetch([""])
    assert broken.value.code == "git.unreachable"

    origin.path.rename(origin.path.with_name("away"))
    with pytest.raises(StalledError) as gone:
        mirror.fetch([""])
    assert gone.value.code == "git.not_found"
    assert mirror.heads([""])[""].commit == new
    assert mirror.file_blob(old, "a")


def test_r019_a_host_that_is_down_is_unreachable(mirrors: Mirrors) -> None:
    with tcp_server(say_nothing) as port:
        pass
    with pytest.raises(TransientError) as raised:
        mirrors.open(f"http://127.0.0.1:{port}/a").fetch([""])
    assert raised.value.code == "git.unreachable"


@pytest.mark.parametrize(
    ("version", "usable"),
    [("git version 2.39.0", True), ("git version 3.0.0.rc1", True), ("git version 2.38.9", False), ("hello", False)],
)
def test_r020_the_version_of_git_is_checked(tmp_path: Path, version: str, usable: bool) -> None:
    program = tmp_path / "git"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    tmp_path.chmod(0o755)
    if usable:
        assert find_git(str(tmp_path)).version == version.removeprefix("git version ")
    else:
        with pytest.raises(ConfigError):
            find_git(str(tmp_path))


def test_r020_a_git_that_others_may_replace_is_refused(tmp_path: Path) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\necho git version 2.45.0\n")
    program.chmod(0o755)
    tmp_path.chmod(tmp_path.stat().st_mode | stat.S_IWOTH)
    with pytest.raises(ConfigError):
        find_git(str(tmp_path))
    with pytest.raises(ConfigError):
        find_git(str(tmp_path / "none"))
