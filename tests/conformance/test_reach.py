"""Where a fetch may lead: not to a redirect (R9), and to no address that was not looked up and judged (R10)."""

import threading
from collections.abc import Iterator, Sequence
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from syncd.config import parse_settings
from syncd.errors import CatalogError, ConfigError, InputError, StalledError, TransientError
from syncd.git import Mirrors
from syncd.git.address import Addresses, is_public
from syncd.git.credentials import Credential
from syncd.git.secret import SecretVariable
from syncd.git.url import parse_clone_url
from tests.support.certificate import certificate_for
from tests.support.daemon import Daemon
from tests.support.git_server import Answer, GitServer, git_server
from tests.support.loopback import repositories_server, tcp_server
from tests.support.mirrors import opened_mirrors
from tests.support.repository import RepoBuilder

NAME = "forge.example.test"
CANARY = "reach-canary-5512"


class Names:
    """What a name server says, from one question to the next; the last answer stays."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    def __call__(self, _host: str, _port: int) -> Sequence[str]:
        self.asked += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if not answer:
            raise OSError("Name or service not known")
        return answer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with git_server(tmp_path / "served") as server:
        server.repository("shop").commit({"a": "1"})
        yield server


def failure(mirrors: Mirrors, url: str) -> CatalogError:
    with pytest.raises(CatalogError) as raised:
        mirrors.open(url).fetch([""])
    return raised.value


def secret_for(server: GitServer, host: str = "127.0.0.1") -> tuple[Credential, ...]:
    return (Credential("forge", f"{server.scheme}://{host}:{server.port}", "", "read", SecretVariable("X", CANARY)),)


# Redirects


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_r009_a_redirect_sees_neither_a_connection_nor_the_credential(
    tmp_path: Path, server: GitServer, status: int
) -> None:
    with git_server(tmp_path / "elsewhere") as elsewhere:
        elsewhere.repository("shop").commit({"a": "1"})
        place = f"http://user:x@127.0.0.1:{elsewhere.port}/shop.git/info/refs?token=x"
        server.answers["shop.git"] = Answer(status, {"Location": place})
        with opened_mirrors(tmp_path / "m", credentials=secret_for(server)) as mirrors:
            error = failure(mirrors, server.url("shop"))
        assert error.code == "git.moved"
        assert str(error) == f"it moved to 127.0.0.1:{elsewhere.port}"
        assert error.hint == "register the repository under its new address"
        assert elsewhere.asked == []
        assert server.asked


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("/other/info/refs", "error: 301"),
        ("HTTPS://Evil.example.test", "it moved to evil.example.test"),
        ("https://\x1b[31mevil/x", "error: 301"),
        ("ftp://h/x", "error: 301"),
        ("", "error: 301"),
    ],
    ids=["relative", "host-only", "controls", "another-scheme", "empty"],
)
def test_r009_of_the_new_address_only_a_host_is_told(tmp_path: Path, server: GitServer, place: str, said: str) -> None:
    server.answers["shop.git"] = Answer(301, {"Location": place})
    with opened_mirrors(tmp_path / "m") as mirrors:
        error = failure(mirrors, server.url("shop"))
    assert error.code == "git.moved"
    assert said in str(error)


def test_r009_a_fetch_of_what_is_known_is_not_led_away_either(tmp_path: Path, server: GitServer) -> None:
    with git_server(tmp_path / "elsewhere") as elsewhere, opened_mirrors(tmp_path / "m") as mirrors:
        mirror = mirrors.open(server.url("shop"))
        commit = mirror.fetch([""]).heads[""].commit
        server.answers["shop.git"] = Answer(302, {"Location": f"http://127.0.0.1:{elsewhere.port}/shop.git/info/refs"})
        with pytest.raises(StalledError) as raised:
            mirror.fetch([""])
        assert (raised.value.code, elsewhere.asked) == ("git.moved", [])
        assert mirror.heads([""])[""].commit == commit


def test_r009_files_of_a_plain_web_server_name_no_other_server(tmp_path: Path) -> None:
    """Without a program of git on the server, a file of the repository may say where more objects are."""
    whole = RepoBuilder(tmp_path / "elsewhere/whole.git")
    commit = whole.commit({"a": "1"})
    whole.publish()
    poor = RepoBuilder(tmp_path / "web/poor.git")
    (poor.path / "refs/heads/main").write_text(f"{commit}\n")
    (poor.path / "info").mkdir(exist_ok=True)
    (poor.path / "info/refs").write_text(f"{commit}\trefs/heads/main\n")
    with git_server(tmp_path / "elsewhere") as elsewhere, repositories_server(tmp_path / "web") as port:
        alternates = poor.path / "objects/info/http-alternates"
        alternates.parent.mkdir(exist_ok=True)
        alternates.write_text(f"http://127.0.0.1:{elsewhere.port}/whole.git/objects\n")
        with opened_mirrors(tmp_path / "m") as mirrors:
            failure(mirrors, f"http://127.0.0.1:{port}/poor.git")
        assert elsewhere.asked == []


# Addresses

INNER = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("text", INNER)
def test_r010_an_inner_address_is_refused_and_nothing_is_started(tmp_path: Path, text: str) -> None:
    assert not is_public(ip_address(text))
    with opened_mirrors(tmp_path / "m", resolve=Names(["8.8.8.8", text])) as mirrors:
        error = failure(mirrors, f"https://{NAME}/shop.git")
        assert mirrors.children == 0
    assert error.code == "git.address_refused"
    assert f'"{ip_address(text)}"' in error.hint


@pytest.mark.parametrize("text", ["8.8.8.8", "140.82.121.4", "172.32.0.1", "2606:50c0:8000::154", "2a04:4e42::223"])
def test_r010_a_public_address_is_not(text: str) -> None:
    assert is_public(ip_address(text))


def test_r010_git_connects_to_the_address_that_was_judged(tmp_path: Path, server: GitServer) -> None:
    """No name server knows the name: that git reaches it shows that it did not ask one."""
    allowed = (ip_network("127.0.0.1/32"),)
    with opened_mirrors(tmp_path / "m", resolve=Names(["127.0.0.1"]), addresses_allowed=allowed) as mirrors:
        assert mirrors.open(server.url("shop", NAME)).fetch([""]).heads
    assert {one.host for one in server.asked} == {f"{NAME}:{server.port}"}


def test_r010_over_https_the_certificate_is_that_of_the_name(tmp_path: Path) -> None:
    certificate = certificate_for(NAME, tmp_path)
    settings = {"resolve": Names(["127.0.0.1"]), "addresses_allowed": (ip_network("127.0.0.1/32"),)}
    with git_server(tmp_path / "served", certificate) as server:
        server.repository("shop").commit({"a": "1"})
        server.grants = {f"x-access-token:{CANARY}": {"read"}}
        secret = secret_for(server, NAME)
        with opened_mirrors(tmp_path / "m", ca_file=certificate, credentials=secret, **settings) as mirrors:
            assert mirrors.open(server.url("shop", NAME)).fetch([""]).heads
            assert failure(mirrors, server.url("shop", "other.example.test")).code == "git.tls"
        with opened_mirrors(tmp_path / "m2", credentials=secret, **settings) as mirrors:
            assert failure(mirrors, server.url("shop", NAME)).code == "git.tls"


@pytest.mark.parametrize("scheme", ["http", "git"])
def test_r010_a_name_that_moves_to_loopback_is_never_connected_to(
    tmp_path: Path, server: GitServer, scheme: str
) -> None:
    """127.0.0.1 stands for the internet here, 127.0.0.2 for the inner side: the second answer is one too many."""
    connections: list[object] = []
    with tcp_server(lambda connection, _: connections.append(connection), host="127.0.0.2") as inner:
        names = Names(["127.0.0.1"], ["127.0.0.2"])
        allowed = (ip_network("127.0.0.1/32"),)
        with opened_mirrors(tmp_path / "m", resolve=names, addresses_allowed=allowed) as mirrors:
            failure(mirrors, f"{scheme}://{NAME}:{inner}/shop.git")  # nobody listens there at 127.0.0.1
            refused = failure(mirrors, f"{scheme}://{NAME}:{inner}/shop.git")
        assert refused.code == "git.address_refused"
        assert names.asked >= 2
    assert connections == []


def test_r010_it_is_looked_up_again_for_every_fetch_and_push(tmp_path: Path, server: GitServer) -> None:
    names = Names(["127.0.0.1"])
    with opened_mirrors(tmp_path / "m", resolve=names, addresses_allowed=(ip_network("127.0.0.0/8"),)) as mirrors:
        mirror = mirrors.open(server.url("shop", NAME))
        commit = mirror.fetch([""]).heads[""].commit
        before = names.asked
        mirror.fetch([""])
        assert names.asked == before + 1
        assert mirror.push(commit, "refs/heads/other").outcome == "pushed"
        assert names.asked == before + 2
        names._answers = [["127.0.0.1", "10.0.0.1"]]
        told = mirror.push(commit, "refs/heads/third")
        assert (told.outcome, "10.0.0.1" in told.words) == ("refused", True)
        assert server.repository("shop").head("third") == ""


def test_r010_a_name_without_an_address_is_out_of_reach(tmp_path: Path) -> None:
    with opened_mirrors(tmp_path / "m", resolve=Names([])) as mirrors:
        error = failure(mirrors, f"https://{NAME}/shop.git")
    assert (error.code, str(error)) == ("git.unreachable", f"could not resolve host {NAME}")


def test_r010_a_look_up_ends(tmp_path: Path) -> None:
    released = threading.Event()

    def slow(host: str, port: int) -> Sequence[str]:
        released.wait(30)
        return ["8.8.8.8"]

    with pytest.raises(TransientError, match=r"could not resolve host h within 0\.05 s"):
        Addresses((), slow, 0.05).of("h", 443)
    released.set()


@pytest.mark.parametrize(
    "host",
    [
        "0x7f000001",
        "2130706433",
        "127.1",
        "0177.0.0.1",
        "127.0.0.01",
        "1.2.3.4.5",
        "127.0.0.0x1",
        "256.1.1.1",
        "[::1::]",
    ],
)
def test_r010_an_address_has_one_spelling(host: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_clone_url(f"https://{host}/a/b", ("https",))
    assert raised.value.code == "location.url_rejected"


def test_r010_an_ipv6_address_is_brought_into_its_form() -> None:
    assert parse_clone_url("https://[0:0:0:0:0:0:0:1]/a", ("https",)).identity == "https://[::1]/a"


def test_r010_the_systems_own_names_are_judged_too(tmp_path: Path, server: GitServer) -> None:
    url = server.url("shop", "localhost")
    with opened_mirrors(tmp_path / "m") as mirrors:
        assert failure(mirrors, url).code == "git.address_refused"
        assert server.asked == []
    with opened_mirrors(tmp_path / "m2", addresses_allowed=(ip_network("127.0.0.0/8"), ip_network("::1"))) as mirrors:
        assert mirrors.open(url).fetch([""]).heads


# What clients may register


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    config = """
[git]
protocols = ["https", "http", "ssh"]
poll_interval = "1h"
hosts_allowed = ["git.example.test:8443", "*.forge.example.test", "10.0.0.5", "10.0.1.5"]
addresses_allowed = "10.0.1.0/24"
"""
    with Daemon(tmp_path_factory.mktemp("reach"), config) as daemon:
        yield daemon


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("https://git.example.test:8443/a/b", 201),
        ("https://git.example.test/a/b", 400),
        ("https://team.forge.example.test/a/b", 201),
        ("https://a.team.forge.example.test/a/b", 201),
        ("https://forge.example.test/a/b", 400),
        ("https://team.forge.example.test:8443/a/b", 400),
        ("https://evilforge.example.test/a/b", 400),
        ("https://10.0.0.5/a/b", 403),
        ("http://10.0.1.5/a/b", 201),
        ("http://127.0.0.1/a/b", 400),
        ("https://localhost/a/b", 400),
    ],
)
def test_r010_a_client_may_name_listed_hosts_only(daemon: Daemon, target: str, status: int) -> None:
    with daemon.stranger(daemon.token("read", "locations:write")) as client:
        answer = client.post("/api/own/locations", json={"type": "git", "target": target})
        assert answer.status_code == status, answer.text
        if status == 201:
            daemon.owner.delete(f"/api/own/locations/{answer.json()['id']}")


def test_r010_a_name_that_leads_inside_is_told_by_its_location(daemon: Daemon, server: GitServer) -> None:
    location = daemon.register(server.url("shop", "localhost"), type="git")
    state = daemon.owner.get(f"/api/own/locations/{location['id']}").json()["state"]
    assert "localhost leads to" in state["error"]
    assert "addresses_allowed" in state["hint"]
    assert server.asked == []
    daemon.owner.delete(f"/api/own/locations/{location['id']}")


@pytest.mark.parametrize(
    "line",
    ['hosts_allowed = "*"', 'hosts_allowed = "a*.b"', 'addresses_allowed = "10.0.0.1/8"', "addresses_allowed = 10"],
)
def test_r010_what_may_be_reached_is_written_in_one_way(line: str) -> None:
    with pytest.raises(ConfigError):
        parse_settings(f"[git]\n{line}\n", "c.toml")
