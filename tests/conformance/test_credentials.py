"""Credentials by name: shown to their host only, told to nobody, replaced without a restart (R8, R77-R79)."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from syncd.config import parse_settings
from syncd.errors import ConfigError, StalledError
from syncd.git import Mirror, Mirrors
from syncd.git.credentials import Credential, Use, credential_for
from syncd.git.secret import SecretCommand, SecretError, SecretFile, SecretVariable
from syncd.git.url import parse_clone_url
from syncd.secrecy import hide, without_secrets
from tests.support.bench import component
from tests.support.daemon import Daemon
from tests.support.git_server import NOBODY, Answer, GitServer, git_server, remote_error
from tests.support.mirrors import opened_mirrors

CANARY = "s3cr3t-canary-0001"
SHOWN = f"x-access-token:{CANARY}"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with git_server(tmp_path / "served") as server:
        server.repository("acme/shop").commit({"a": "1"})
        yield server


def secret_file(folder: Path, text: str = CANARY) -> Path:
    file = folder / "token"
    file.touch(mode=0o600)
    file.write_text(f"{text}\n")
    return file


def credential(
    server: GitServer, secret: SecretFile | SecretVariable | SecretCommand, user: str = "x-access-token"
) -> Credential:
    return Credential("forge", f"http://127.0.0.1:{server.port}", "", "read", secret, user)


def fetched(mirrors: Mirrors, server: GitServer, name: str = "acme/shop") -> str:
    """What a first fetch finds, or the code, sentence and next step of why not."""
    try:
        return mirrors.open(server.url(name)).fetch([""]).heads[""].commit
    except StalledError as error:
        return f"{error.code}: {error} → {error.hint}"


# What is shown to whom


def test_r008_a_named_credential_opens_a_private_repository(tmp_path: Path, server: GitServer) -> None:
    server.grants = {SHOWN: {"read"}}
    secret = SecretFile(secret_file(tmp_path))
    with opened_mirrors(tmp_path / "m", credentials=(credential(server, secret),)) as mirrors:
        assert fetched(mirrors, server) == server.repository("acme/shop").head()
    assert server.shown == {SHOWN}


def test_r008_a_token_may_go_without_a_user(tmp_path: Path, server: GitServer) -> None:
    server.grants = {CANARY: {"read"}}
    secret = SecretFile(secret_file(tmp_path))
    with opened_mirrors(tmp_path / "m", credentials=(credential(server, secret, user=""),)) as mirrors:
        assert fetched(mirrors, server) == server.repository("acme/shop").head()
    assert {one.authorization for one in server.asked} == {f"Bearer {CANARY}"}


def test_r008_no_other_host_port_scheme_or_folder_sees_it(tmp_path: Path, server: GitServer) -> None:
    secret = SecretFile(secret_file(tmp_path))
    server.repository("acme-two/shop").commit({"a": "1"})
    others = [
        Credential(str(number), origin, path, "read", secret)
        for number, (origin, path) in enumerate(
            [
                (f"https://127.0.0.1:{server.port}", ""),
                ("http://127.0.0.1", ""),
                (f"http://127.0.0.1:{server.port + 1}", ""),
                (f"http://localhost:{server.port}", ""),
                (f"ssh://127.0.0.1:{server.port}", ""),
                (f"http://127.0.0.1:{server.port}", "/acme"),
            ]
        )
    ]
    with opened_mirrors(tmp_path / "m", credentials=tuple(others)) as mirrors:
        assert fetched(mirrors, server, "acme-two/shop") == server.repository("acme-two/shop").head()
    assert server.shown == {NOBODY}


def test_r008_the_most_particular_credential_is_used_and_reading_is_not_writing() -> None:
    secret = SecretVariable("X", "x")
    places: tuple[tuple[str, str, str, Use], ...] = (
        ("host", "https://h", "", "read"),
        ("group", "https://h", "/acme/team", "read"),
        ("one", "https://h", "/acme/team/shop", "read"),
        ("writer", "https://h", "/acme", "write"),
    )
    named = [Credential(name, origin, path, use, secret) for name, origin, path, use in places]

    def chosen(url: str, use: Use) -> str | None:
        found = credential_for(named, parse_clone_url(url, ("https",)), use)
        return found.name if found else None

    assert chosen("https://h/acme/team/shop.git", "read") == "one"
    assert chosen("https://h/acme/team/shop-two", "read") == "group"
    assert chosen("https://h/acme/x", "read") == "host"
    assert chosen("https://h/acme/x", "write") == "writer"
    assert chosen("https://h/other/x", "write") is None


def test_r008_no_argument_no_file_and_no_message_holds_it(
    tmp_path: Path, server: GitServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program stands in front of git and writes down with what it was started."""
    server.grants = {SHOWN: {"read"}}
    monkeypatch.setenv("PATH", f"{recording_git(tmp_path)}:{os.environ['PATH']}")
    with opened_mirrors(
        tmp_path / "m", credentials=(credential(server, SecretFile(secret_file(tmp_path))),)
    ) as mirrors:
        fetched(mirrors, server)
        server.grants = {}
        with pytest.raises(StalledError) as raised:
            mirrors.open(server.url("acme/shop")).fetch([""])
    assert CANARY not in f"{raised.value}{raised.value.hint}"
    started = (tmp_path / "started").read_text()
    assert "fetch" in started
    assert CANARY not in started
    places = [path for path in (tmp_path / "m").rglob("*") if path.is_file()]
    assert places
    assert [path for path in places if CANARY.encode() in path.read_bytes()] == []


def recording_git(folder: Path) -> Path:
    """A folder with a `git` that notes its arguments, then is git."""
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    place = folder / "bin"
    place.mkdir(mode=0o755)
    program = place / "git"
    program.write_text(f'#!/bin/sh\necho "$@" >> {folder}/started\nexec {real} "$@"\n')
    program.chmod(0o755)
    return place


# What is told when it does not fit


def test_r008_without_a_credential_the_next_step_is_to_name_one(tmp_path: Path, server: GitServer) -> None:
    server.grants = {}
    with opened_mirrors(tmp_path / "m") as mirrors:
        told = fetched(mirrors, server)
    origin = f"http://127.0.0.1:{server.port}"
    assert told == (
        f'git.denied: 127.0.0.1:{server.port} wants to know who asks, and no credential with use = "read" is for '
        f'{origin}/acme/shop → add a [[credentials]] with url = "{origin}" and use = "read"'
    )


def test_r008_a_wrong_one_is_named_with_its_place(tmp_path: Path, server: GitServer) -> None:
    server.grants = {"somebody:else": {"read"}}
    file = secret_file(tmp_path)
    with opened_mirrors(tmp_path / "m", credentials=(credential(server, SecretFile(file)),)) as mirrors:
        told = fetched(mirrors, server)
    assert told == (
        f"git.denied: 127.0.0.1:{server.port} does not accept credential forge: it is wrong, expired or withdrawn"
        f" → see that secret_file token gives a valid one; it is read at the next look"
    )


def test_r008_one_that_may_not_read_is_told_apart(tmp_path: Path, server: GitServer) -> None:
    server.grants = {SHOWN: {"write"}}
    with opened_mirrors(
        tmp_path / "m", credentials=(credential(server, SecretFile(secret_file(tmp_path))),)
    ) as mirrors:
        assert fetched(mirrors, server).startswith(
            "git.denied: credential forge may not read this repository → give it"
        )


def test_r008_a_repository_that_hides_is_told_with_its_credential(tmp_path: Path, server: GitServer) -> None:
    server.answers["acme"] = Answer(404)
    with opened_mirrors(tmp_path / "m") as mirrors:
        assert fetched(mirrors, server).endswith("is private: no credential is for it")


def test_r077_a_secret_that_cannot_be_had_asks_nobody(tmp_path: Path, server: GitServer) -> None:
    secret = SecretFile(tmp_path / "gone")
    with opened_mirrors(tmp_path / "m", credentials=(credential(server, secret),)) as mirrors:
        told = fetched(mirrors, server)
    assert told.startswith("git.credential: credential forge: secret_file gone: no such file or directory → ")
    assert server.asked == []


# A new secret


def test_r077_a_new_secret_in_the_file_is_used_at_the_next_look(tmp_path: Path, server: GitServer) -> None:
    server.grants = {SHOWN: {"read"}}
    file = secret_file(tmp_path)
    with opened_mirrors(tmp_path / "m", credentials=(credential(server, SecretFile(file)),)) as mirrors:
        mirror: Mirror = mirrors.open(server.url("acme/shop"))
        first = mirror.fetch([""]).heads[""].commit
        server.grants = {"x-access-token:new-secret-0002": {"read"}}
        second = server.repository("acme/shop").commit({"a": "2"})
        with pytest.raises(StalledError):
            mirror.fetch([""])
        assert mirror.heads([""])[""].commit == first
        file.write_text("new-secret-0002")
        assert mirror.fetch([""]).heads[""].commit == second


def test_r077_a_command_is_asked_once_and_again_when_its_answer_is_refused(tmp_path: Path, server: GitServer) -> None:
    store = tmp_path / "store"
    store.write_text(CANARY)
    script = tmp_path / "ask"
    script.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/asked\ncat {store}\n')
    script.chmod(0o755)
    server.grants = {SHOWN: {"read"}}
    secret = SecretCommand((str(script), "a b; $(touch x)"))
    with opened_mirrors(tmp_path / "m", credentials=(credential(server, secret),)) as mirrors:
        mirror = mirrors.open(server.url("acme/shop"))
        mirror.fetch([""])
        mirror.fetch([""])
        assert (tmp_path / "asked").read_text() == "a b; $(touch x)\n"
        store.write_text("another-0003")
        server.grants = {"x-access-token:another-0003": {"read"}}
        assert mirror.fetch([""]).heads  # refused once, asked again, and in
        assert (tmp_path / "asked").read_text().count("\n") == 2


def test_r077_a_command_that_gives_the_same_again_is_not_tried_forever(tmp_path: Path, server: GitServer) -> None:
    server.grants = {}
    secret = SecretCommand(("echo", CANARY))
    with opened_mirrors(tmp_path / "m", credentials=(credential(server, secret),)) as mirrors:
        assert "git.denied" in fetched(mirrors, server)
    assert len(server.asked) <= 2


def test_r077_a_command_is_not_asked_again_by_each_of_many_refusals(tmp_path: Path, server: GitServer) -> None:
    script = tmp_path / "ask"
    script.write_text(f"#!/bin/sh\necho asked >> {tmp_path}/asked\necho {CANARY}\n")
    script.chmod(0o755)
    server.grants = {}
    with opened_mirrors(tmp_path / "m", credentials=(credential(server, SecretCommand((str(script),))),)) as mirrors:
        for number in range(5):
            assert "git.denied" in fetched(mirrors, server, f"acme/shop{number}")
    assert (tmp_path / "asked").read_text().count("\n") == 2


# Where secrets may be


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_r077_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = secret_file(tmp_path)
    file.chmod(mode)
    with pytest.raises(SecretError) as raised:
        SecretFile(file).read()
    assert f"({mode:04o})" in str(raised.value)
    assert raised.value.hint.startswith("chmod 600")
    assert str(tmp_path) not in f"{raised.value}{raised.value.hint}"


def test_r077_a_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = secret_file(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    if file.stat().st_uid == 0:
        os.chown(file, 12345, -1)
    with pytest.raises(SecretError, match="belongs to another user"):
        SecretFile(file).read()


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        (SecretVariable("CATALOG_NONE", None), "secret_env CATALOG_NONE is not set"),
        (SecretVariable("CATALOG_EMPTY", " \n"), "is empty"),
        (SecretVariable("CATALOG_LONG", "x" * 70_000), "holds more than 65536 bytes"),
        (SecretCommand(("/no/such/program",)), "no such file or directory"),
        (SecretCommand(("false",)), "secret_command false failed with 1"),
        (SecretCommand(("printf", r"\377\377")), "holds no text"),
        (SecretFile(Path("/dev/null")), "is no regular file"),
    ],
    ids=["unset", "empty", "long", "no-program", "failing", "bytes", "device"],
)
def test_r077_what_is_no_secret_is_told(secret: SecretFile | SecretVariable | SecretCommand, said: str) -> None:
    with pytest.raises(SecretError) as raised:
        secret.read()
    assert said in str(raised.value)
    assert raised.value.hint


def test_r077_a_line_end_within_a_secret_is_no_second_header(tmp_path: Path, server: GitServer) -> None:
    secret = SecretVariable("X", f"{CANARY}\nX-Evil: 1")
    with opened_mirrors(tmp_path / "m", credentials=(credential(server, secret),)) as mirrors:
        assert "holds more than one line" in fetched(mirrors, server)
    assert server.asked == []


CONFIGURATIONS = [
    pytest.param('url = "https://h"', "exactly one of secret_file", id="no place"),
    pytest.param('url = "https://h"\nsecret_env = "A"\nsecret_file = "/b"', "exactly one of", id="two places"),
    pytest.param(f'url = "https://h"\nsecret = "{CANARY}"', "unknown setting [[credentials]] 1 secret", id="in clear"),
    pytest.param(f'url = "https://u:{CANARY}@h"\nsecret_env = "A"', "must hold no user", id="in the URL"),
    pytest.param('url = "file:///srv"\nsecret_env = "A"', "must be https://HOST", id="a folder"),
    pytest.param('url = "github.com"\nsecret_env = "A"', "must be https://HOST", id="no scheme"),
    pytest.param('url = "https://h:x"\nsecret_env = "A"', "is no URL", id="an odd port"),
    pytest.param(
        'url = "ssh://h"\nsecret_env = "A"\nuser = "git"', "user and bearer are for https", id="a user for ssh"
    ),
    pytest.param('url = "https://h"\nsecret_env = "A"\nuse = "both"', "use = ", id="for both"),
]


@pytest.mark.parametrize(("text", "said"), CONFIGURATIONS)
def test_r077_the_configuration_names_a_place_and_holds_no_secret(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_settings(f'[[credentials]]\nname = "a"\n{text}\n', "c.toml")
    assert said in str(raised.value)
    assert CANARY not in str(raised.value)


@pytest.mark.parametrize(
    "table", ["[[hosts]]\nhost = 'h'\ntype = 'github'\nclone", "[[locations]]\ntype = 'git'\ntarget"]
)
def test_r008_no_url_of_the_configuration_holds_a_secret(tmp_path: Path, table: str) -> None:
    config = tmp_path / "c.toml"
    config.write_text(f'{table} = "https://u:{CANARY}@h/{{owner}}/{{repo}}.git"\n')
    command = [sys.executable, "-m", "syncd", "run", "--state", str(tmp_path / "s"), "--config", str(config)]
    finished = subprocess.run([*command, "--listen", "127.0.0.1:0"], capture_output=True, text=True, timeout=60)
    assert finished.returncode == 2
    assert "user name or secret" in finished.stderr
    assert CANARY not in finished.stderr


def test_r077_two_credentials_are_never_for_the_same() -> None:
    one = '[[credentials]]\nname = "{}"\nurl = "{}"\nsecret_env = "A"\n'
    for first, second in (
        (("a", "https://h"), ("a", "https://i")),
        (("a", "https://h/x"), ("b", "HTTPS://H:443/x.git/")),
    ):
        with pytest.raises(ConfigError):
            parse_settings(one.format(*first) + one.format(*second), "c.toml")


# What is told


def test_r078_a_variable_is_taken_out_of_the_daemons_environment(tmp_path: Path) -> None:
    program = f"""
import os, pathlib
from syncd.config import parse_settings
from syncd.git.profile import install_environment
from syncd.told import git_settings
settings = git_settings(parse_settings('[[credentials]]\\nname = "a"\\nurl = "https://h"\\nsecret_env = "FORGE"', "c"))
install_environment(pathlib.Path({str(tmp_path)!r}), settings)
assert settings.credentials[0].read() == {CANARY!r}
assert {CANARY!r} not in repr(settings)
print(sorted(value for value in os.environ.values() if {CANARY!r} in value))
"""
    environment = {**os.environ, "FORGE": CANARY}
    finished = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert finished.stdout.strip() == "[]", finished.stderr


def test_r079_whatever_is_read_is_hidden_from_then_on(tmp_path: Path) -> None:
    value = "only-read-here-77"
    assert value in without_secrets(f"x {value} y")
    SecretFile(secret_file(tmp_path, value)).read()
    assert without_secrets(f"x {value} y") == "x … y"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ada:pw@h/x", "https://…@h/x"),
        ("https://token@h/x", "https://…@h/x"),
        ("ssh://git@h/x", "ssh://git@h/x"),
        ("ssh://git:pw@h/x", "ssh://…@h/x"),
        ("see https://h/x?private_token=abc&path=/a.yaml#x.", "see https://h/x?private_token=…&path=/a.yaml#x."),
        ("Authorization: Basic YTpiOmM6ZDpl; x", "Authorization: …; x"),
        ("Authorization: Bearer TOKEN; the socket's owner", "Authorization: Bearer TOKEN; the socket's owner"),
        ("X-Hub-Signature-256: sha256=00aabbcc", "X-Hub-Signature-256: …"),
        ("x-gitlab-token: abcdefgh", "x-gitlab-token: …"),
        ("gcat_AbC.def-1", "…"),
    ],
)
def test_r079_what_looks_like_a_secret_is_hidden(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


def test_r079_a_key_is_hidden_line_by_line_and_a_short_secret_not_at_all() -> None:
    hide("-----BEGIN X-----\nQUJDREVGR0hJSktMTU5P\nUFFSU1RVVldYWVo=\n-----END X-----\n")
    assert without_secrets("a QUJDREVGR0hJSktMTU5P b UFFSU1RVVldYWVo= c") == "a … b … c"
    hide("abc")
    assert without_secrets("abcdef") == "abcdef"


def test_r078_the_daemon_closes_its_memory(everything: "Planted") -> None:
    limits = Path(f"/proc/{everything.daemon.process.pid}/limits").read_text()
    assert re.search(r"Max core file size +0 +0 ", limits)
    program = "import ctypes; from syncd.tuning import close_memory; close_memory(); print(ctypes.CDLL(None).prctl(3))"
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert finished.stdout == "0\n"


class Planted:
    """A daemon with secrets in every place where one can get in, each with a value of its own."""

    def __init__(self, folder: Path, server: GitServer) -> None:
        self.folder = folder
        self.server = server
        self.seen: set[str] = set()
        names = ("file", "env", "command", "key", "userinfo", "query", "webhook", "bearer", "body", "password")
        self.values = {name: f"canary-{name}-9f3b71" for name in names}
        secret = secret_file(folder, self.values["file"])
        (folder / "printed").write_text(self.values["command"])
        origin = f"http://127.0.0.1:{server.port}"
        tables = (
            ("file", f"{origin}/acme", f'secret_file = "{secret}"'),
            ("env", f"{origin}/env", 'secret_env = "FORGE_TOKEN"'),
            ("command", f"{origin}/command", f'secret_command = ["cat", "{folder}/printed"]'),
            ("key", "ssh://127.0.0.1:1", 'secret_env = "FORGE_KEY"'),
        )
        credentials = "".join(
            f'[[credentials]]\nname = "{name}"\nurl = "{url}"\n{place}\n' for name, url, place in tables
        )
        config = '[git]\nprotocols = ["http", "https", "ssh"]\npoll_interval = "1h"\n' + credentials
        environ = {"FORGE_TOKEN": self.values["env"], "FORGE_KEY": self.values["key"]}
        self.daemon = Daemon(folder / "daemon", config, environ=environ)

    def live(self) -> None:
        """Everything that leads to an answer, a log line or a file."""
        server, owner, values = self.server, self.daemon.owner, self.values
        server.grants = {f"x-access-token:{values[name]}": {"read"} for name in ("file", "command")}
        for name in ("acme/shop", "env/shop", "command/shop"):
            server.repository(name).commit({"catalog-info.yaml": component(name.partition("/")[0])})
            self.daemon.register(server.url(name), type="git")
        self.daemon.register("ssh://git@127.0.0.1:1/x.git", type="git")
        server.answers["echo"] = remote_error(f"who sends {values['file']} is not known")
        self.daemon.register(server.url("echo/x"), type="git")
        for target in (
            f"https://ada:{values['userinfo']}@127.0.0.1/x.git",
            f"https://{values['userinfo']}@127.0.0.1/x.git",
            f"https://127.0.0.1/x.git?token={values['query']}",
        ):
            for kind in ("git", "url"):
                self.note(owner.post("/api/own/locations", json={"target": target, "type": kind}))
        hook = {"name": "forge", "provider": "github", "secret": values["webhook"]}
        self.note(owner.post("/api/own/webhooks", json=hook))
        self.note(owner.post("/api/own/hooks/forge", json={}, headers={"x-hub-signature-256": values["webhook"]}))
        with self.daemon.stranger(values["bearer"]) as stranger:
            self.note(stranger.get("/api/own/status"))
            self.note(stranger.get("/api/own/status", headers={"authorization": f"Basic {values['password']}"}))
        self.note(owner.post("/api/own/webhooks", json={**hook, "secret": values["body"], "provider": "none"}))
        for route in ("status", "locations", "problems", "changes?since=0", "limits", "webhooks", "entities", "edits"):
            self.note(owner.get(f"/api/own/{route}"))
        for path in ("/metrics", "/readyz", "/openapi.json", "/api/catalog/entities"):
            self.note(owner.get(path))
        owner.post("/api/own/refresh", params={"wait": 30})

    def note(self, answer: httpx.Response) -> None:
        self.seen.add(f"{answer.request.url.path} {answer.status_code} {answer.text} {answer.headers}")


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    folder = tmp_path_factory.mktemp("planted")
    with git_server(folder / "served") as server:
        planted = Planted(folder, server)
        with planted.daemon:
            yield planted


def test_r079_no_output_no_file_and_no_command_line_holds_a_planted_secret(everything: Planted) -> None:
    stop = threading.Event()
    lines: set[bytes] = set()

    def watch() -> None:
        while not stop.is_set():
            for entry in Path("/proc").iterdir():
                if entry.name.isdigit():
                    with suppress(OSError):
                        lines.add((entry / "cmdline").read_bytes())
            time.sleep(0.01)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        everything.live()
    finally:
        stop.set()
        watcher.join()
    values = everything.values
    shown = everything.server.shown
    assert {f"x-access-token:{values[name]}" for name in ("file", "env", "command")} <= shown  # they were in use
    assert any(b"git-remote-http" in line or b"fetch" in line for line in lines)
    written = {everything.daemon.log: everything.daemon.log.read_bytes()}
    written |= {path: path.read_bytes() for path in everything.daemon.state.rglob("*") if path.is_file()}
    assert len(written) > 10
    for name, value in values.items():
        raw = value.encode()
        assert [told for told in everything.seen if value in told] == [], name
        assert [path for path, content in written.items() if raw in content] == [], name
        assert [line for line in lines if raw in line] == [], name


def test_r078_no_child_that_stays_holds_a_secret_of_the_environment(everything: Planted) -> None:
    everything.daemon.sync()
    pid = everything.daemon.process.pid
    children = {int(one) for file in Path(f"/proc/{pid}/task").glob("*/children") for one in file.read_text().split()}
    environments = [Path(f"/proc/{child}/environ").read_bytes() for child in children]
    assert environments
    assert [one for one in environments if b"canary-" in one] == []
