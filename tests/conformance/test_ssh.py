"""ssh asks nobody, knows only the hosts that we know, and shows one key (R11)."""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from syncd.errors import CatalogError
from syncd.git import Mirrors
from syncd.git.credentials import Credential, Use
from syncd.git.secret import Secret, SecretFile, SecretVariable
from tests.support.bench import component
from tests.support.daemon import Daemon
from tests.support.mirrors import opened_mirrors
from tests.support.repository import RepoBuilder
from tests.support.sshd import SshServer, new_key, ssh_server

NAME = "forge.example.test"
LOOPBACK = (ip_network("127.0.0.0/8"),)
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\na2V5LWNhbmFyeS04ODE3\n-----END OPENSSH PRIVATE KEY-----"


def resolve(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def failure(mirrors: Mirrors, url: str) -> CatalogError:
    with pytest.raises(CatalogError) as raised:
        mirrors.open(url).fetch([""])
    return raised.value


def forge(secret: Secret, port: int = 22, use: Use = "read") -> Credential:
    return Credential("forge", f"ssh://{NAME}" + ("" if port == 22 else f":{port}"), "", use, secret)


# The command


class Fake:
    """A program `ssh` before all others: it notes how it is started, then runs the script."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.folder.mkdir()
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        self.behave('for last; do :; done; exec sh -c "$last"')  # be the server: git's own command, here

    def behave(self, script: str) -> None:
        program = self.folder / "ssh"
        program.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" > {self.folder}/arguments\nenv > {self.folder}/environment\n{script}\n'
        )
        program.chmod(0o755)

    @property
    def arguments(self) -> list[str]:
        return (self.folder / "arguments").read_text().splitlines()

    @property
    def options(self) -> dict[str, str]:
        words = self.arguments
        pairs = (words[place + 1] for place, word in enumerate(words) if word == "-o")
        return dict(pair.split("=", 1) for pair in pairs)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    return Fake(tmp_path / "bin", monkeypatch)


@pytest.fixture
def origin(tmp_path: Path) -> RepoBuilder:
    origin = RepoBuilder(tmp_path / "origin.git")
    origin.commit({"a": "1"})
    return origin


def test_r011_git_starts_ssh_so_that_it_asks_nobody(tmp_path: Path, fake: Fake, origin: RepoBuilder) -> None:
    with opened_mirrors(tmp_path / "m", resolve=resolve, addresses_allowed=LOOPBACK) as mirrors:
        assert mirrors.open(f"ssh://git@{NAME}{origin.path}").fetch([""]).heads
    assert fake.arguments[:2] == ["-F", "none"]
    wanted = {
        "BatchMode": "yes",
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": f'"{tmp_path}/m/known_hosts"',
        "GlobalKnownHostsFile": "/dev/null",
        "UpdateHostKeys": "no",
        "IdentityFile": "none",
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "PreferredAuthentications": "publickey",
        "ForwardAgent": "no",
        "ForwardX11": "no",
        "ClearAllForwardings": "yes",
        "ProxyCommand": "none",
        "PermitLocalCommand": "no",
        "ConnectTimeout": "10",
        "ServerAliveInterval": "5",
        "HostName": "127.0.0.1",
        "HostKeyAlias": NAME,
    }
    assert {name: fake.options.get(name) for name in wanted} == wanted
    environment = (fake.folder / "environment").read_text()
    assert "SSH_AUTH_SOCK" not in environment
    assert "SSH_ASKPASS_REQUIRE=never" in environment
    assert "DISPLAY" not in environment


def test_r011_ssh_takes_what_it_is_told(tmp_path: Path, fake: Fake, origin: RepoBuilder) -> None:
    """The real program says what it would do (`-G`), also where paths hold blanks and percent signs."""
    real = shutil.which("ssh", path=os.environ["PATH"].partition(":")[2])
    fake.behave(f'{real} -G "$@" > {fake.folder}/understood 2>&1\nexit 255')
    odd = tmp_path / "a b %h"
    odd.mkdir()
    key = odd / "key"
    key.touch(mode=0o600)
    key.write_text(KEY)
    with opened_mirrors(
        odd / "m", resolve=resolve, addresses_allowed=LOOPBACK, credentials=(forge(SecretFile(key), 2222),)
    ) as mirrors:
        failure(mirrors, f"ssh://git@{NAME}:2222{origin.path}")
    told = dict(line.split(" ", 1) for line in (fake.folder / "understood").read_text().splitlines() if " " in line)
    assert (told["hostname"], told["port"], told["user"]) == ("127.0.0.1", "2222", "git")
    assert told["hostkeyalias"] == f"[{NAME}]:2222"
    assert (told["batchmode"], told["stricthostkeychecking"], told["passwordauthentication"]) == ("yes", "true", "yes")
    assert told["preferredauthentications"] == "publickey"
    assert (told["identityagent"], told["identitiesonly"], told["forwardagent"]) == ("none", "yes", "no")
    assert told["identityfile"].replace("%%", "%") == str(key)
    assert told["userknownhostsfile"].replace("%%", "%") == str(odd / "m/known_hosts")


def test_r011_an_ssh_url_takes_no_option(tmp_path: Path, fake: Fake) -> None:
    with opened_mirrors(tmp_path / "m", resolve=resolve, addresses_allowed=LOOPBACK) as mirrors:
        for url in ("ssh://-oProxyCommand=x/a", "ssh://-F@h/a", "-oProxyCommand=x:a", f"ssh://{NAME}/a\n-oX=y"):
            assert failure(mirrors, url).code == "location.url_rejected"
    assert not (fake.folder / "arguments").exists()


def test_r011_a_key_that_is_no_file_is_one_while_ssh_runs(tmp_path: Path, fake: Fake, origin: RepoBuilder) -> None:
    fake.behave(
        'for word; do case "$word" in IdentityFile=*) key=$(echo "${word#IdentityFile=}" | tr -d \'"\');; esac; done\n'
        f'cat "$key" > {fake.folder}/key; stat -c "%a" "$key" "$(dirname "$key")" > {fake.folder}/modes\n'
        'for last; do :; done; exec sh -c "$last"'
    )
    secret = SecretVariable("FORGE_KEY", KEY)
    with opened_mirrors(
        tmp_path / "m", resolve=resolve, addresses_allowed=LOOPBACK, credentials=(forge(secret),)
    ) as mirrors:
        assert mirrors.open(f"ssh://git@{NAME}{origin.path}").fetch([""]).heads
        assert list((tmp_path / "m/keys").iterdir()) == []
    assert (fake.folder / "key").read_text() == KEY + "\n"
    assert (fake.folder / "modes").read_text().split() == ["600", "700"]
    assert "a2V5LWNhbmFyeS04ODE3" not in (fake.folder / "environment").read_text()
    assert stat.S_IMODE((tmp_path / "m/keys").stat().st_mode) == 0o700


def test_r011_a_key_that_a_killed_daemon_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "m/keys/x/key"
    left.parent.mkdir(parents=True)
    left.write_text(KEY)
    with opened_mirrors(tmp_path / "m"):
        assert not left.exists()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Host key verification failed.", "git.host_key"),
        ("@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @", "git.host_key"),
        ("git@h: Permission denied (publickey).", "git.denied"),
        ("ssh: connect to host h port 22: Connection timed out", "git.timeout"),
        ("ssh: connect to host h port 22: Connection refused", "git.unreachable"),
    ],
)
def test_r011_what_ssh_says_is_told_apart(tmp_path: Path, fake: Fake, said: str, code: str) -> None:
    fake.behave(f'echo "{said}" >&2; exit 255')
    with opened_mirrors(tmp_path / "m", resolve=resolve, addresses_allowed=LOOPBACK) as mirrors:
        error = failure(mirrors, f"ssh://git@{NAME}/a")
    assert error.code == code
    if code == "git.host_key":
        assert "[git] known_hosts" in error.hint
    if code == "git.denied":
        assert f'url = "ssh://{NAME}"' in error.hint


def test_r011_an_ssh_that_waits_for_somebody_is_ended(tmp_path: Path, fake: Fake) -> None:
    fake.behave("sleep 60")
    with opened_mirrors(
        tmp_path / "m", resolve=resolve, addresses_allowed=LOOPBACK, fetch_clock=0.5, first_fetch_clock=0.5
    ) as mirrors:
        assert failure(mirrors, f"ssh://git@{NAME}/a").code == "git.timeout"


def test_r011_the_daemon_keeps_its_known_hosts_beside_its_state(
    tmp_path: Path, fake: Fake, origin: RepoBuilder
) -> None:
    origin.commit({"catalog-info.yaml": component("far")})
    config = '[git]\nprotocols = ["ssh"]\npoll_interval = "1h"\n'
    with Daemon(tmp_path / "daemon", config, environ={"SSH_AUTH_SOCK": "/trap"}) as daemon:
        daemon.register(f"ssh://git@127.0.0.1{origin.path}", type="git")
        assert daemon.owner.get("/api/own/entities/component:default%2Ffar").status_code == 200
        assert fake.options["UserKnownHostsFile"] == f'"{daemon.state}/known_hosts"'
    assert "SSH_AUTH_SOCK" not in (fake.folder / "environment").read_text()


# A real server


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with ssh_server(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture
def key(tmp_path: Path, sshd: SshServer) -> Path:
    """A key that the server lets in."""
    key = new_key(tmp_path / "client")
    sshd.authorized.write_text(key.with_suffix(".pub").read_text())
    return key


def url_of(sshd: SshServer, origin: RepoBuilder) -> str:
    return f"ssh://{pwd.getpwuid(os.geteuid()).pw_name}@{NAME}:{sshd.port}{origin.path}"


@pytest.mark.slow
def test_r011_a_host_and_a_key_that_are_known(tmp_path: Path, sshd: SshServer, key: Path, origin: RepoBuilder) -> None:
    known = tmp_path / "known"
    known.write_text(sshd.known_as(NAME))
    credentials = (forge(SecretFile(key), sshd.port), forge(SecretVariable("K", key.read_text()), sshd.port, "write"))
    with opened_mirrors(
        tmp_path / "m",
        resolve=resolve,
        addresses_allowed=LOOPBACK,
        ssh_known_hosts=known,
        credentials=credentials,
        safe_directories=(str(origin.path),),
    ) as mirrors:
        mirror = mirrors.open(url_of(sshd, origin))
        commit = mirror.fetch([""]).heads[""].commit
        assert commit == origin.head()
        assert mirror.push(commit, "refs/heads/other").outcome == "pushed"
    assert origin.head("other") == commit


@pytest.mark.slow
def test_r011_a_host_that_is_not_known_or_has_another_key(
    tmp_path: Path, sshd: SshServer, key: Path, origin: RepoBuilder
) -> None:
    known = tmp_path / "known"
    other = new_key(tmp_path / "other")
    kind, changed, *_ = other.with_suffix(".pub").read_text().split()
    for text in ("", f"[{NAME}]:{sshd.port} {kind} {changed}\n", sshd.known_as("127.0.0.1")):
        known.write_text(text)
        with opened_mirrors(
            tmp_path / "m",
            resolve=resolve,
            addresses_allowed=LOOPBACK,
            ssh_known_hosts=known,
            credentials=(forge(SecretFile(key), sshd.port),),
        ) as mirrors:
            assert failure(mirrors, url_of(sshd, origin)).code == "git.host_key"
        assert known.read_text() == text  # nothing is learnt


@pytest.mark.slow
def test_r011_no_agent_no_key_of_the_user_and_no_password(
    tmp_path: Path, sshd: SshServer, key: Path, origin: RepoBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = tmp_path / "known"
    known.write_text(sshd.known_as(NAME))
    wrong = new_key(tmp_path / "wrong")
    socket = tmp_path / "agent"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    try:
        while not socket.exists():
            assert agent.poll() is None
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        subprocess.run(["ssh-add", "-q", str(key)], check=True)
        for credentials in ((), (forge(SecretFile(wrong), sshd.port),)):
            with opened_mirrors(
                tmp_path / "m",
                resolve=resolve,
                addresses_allowed=LOOPBACK,
                ssh_known_hosts=known,
                credentials=credentials,
            ) as mirrors:
                error = failure(mirrors, url_of(sshd, origin))
            assert error.code == "git.denied"
            assert ("credential forge" in str(error)) == bool(credentials)
    finally:
        agent.terminate()
        agent.wait()
