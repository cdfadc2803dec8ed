"""Which registered repository a URL means, however it is spelled."""

import pytest

from syncd.model.host import Host, Hosts
from syncd.watch.addresses import AddressBook, address_of
from syncd.watch.doorbell import Doorbell
from syncd.watch.mailbox import Mailbox

SHOP = "git.example.test/acme/shop"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://git.example.test/acme/shop.git", SHOP),
        ("https://git.example.test/acme/shop", SHOP),
        ("HTTPS://Git.Example.Test:443/Acme/Shop.git/", SHOP),
        ("http://git.example.test:3000/acme//shop.git", SHOP),
        ("https://ada:secret@git.example.test/acme/shop.git", SHOP),
        ("ssh://git@git.example.test/acme/shop.git", SHOP),
        ("ssh://git@git.example.test:2222/acme/shop", SHOP),
        ("git@git.example.test:acme/shop.git", SHOP),
        ("git.example.test:acme/shop", SHOP),
        ("git://git.example.test/acme/shop.git", SHOP),
        (" https://git.example.test/acme%2Fshop\n", SHOP),
        ("https://[::1]:3000/acme/shop", "[::1]/acme/shop"),
        ("file:///srv/git/shop.git", "/srv/git/shop"),
        ("file://localhost/srv/git/shop.git", "/srv/git/shop"),
        ("/srv/git/shop.git/", "/srv/git/shop"),
        ("https://git.example.test", "git.example.test/"),
        ("", "/"),
        ("{owner}", "/{owner}"),
        (":::", "/:::"),
    ],
)
def test_one_name_for_all_spellings(url: str, address: str) -> None:
    assert address_of(url) == address


HOSTS = Hosts(
    [
        Host("git.example.test", "github", "file:///srv/git/{owner}/{repo}.git"),
        Host("lab.example.test", "gitlab", "ssh://git@lab.example.test/{owner}/{repo}.git"),
        Host("tea.example.test:3000", "gitea", "file:///srv/tea/{repo}.git"),
        Host("bit.example.test", "bitbucket-server"),
    ]
)
REGISTERED = [
    "file:///srv/git/acme/shop.git",
    "ssh://git@lab.example.test/group/sub/shop",
    "file:///srv/tea/shop.git",
    "https://bit.example.test/scm/acme/shop",
    "https://github.com/acme/shop",
    "https://dev.azure.com/acme/store/_git/shop",
    "file:///home/ada/shop",
]


@pytest.mark.parametrize(
    ("url", "rung"),
    [
        pytest.param("https://git.example.test/acme/shop.git", 0, id="mapped-by-a-host"),
        pytest.param("git@git.example.test:Acme/Shop.git", 0, id="mapped-by-ssh"),
        pytest.param("https://lab.example.test/group/sub/shop.git", 1, id="registered-by-ssh"),
        pytest.param("http://tea.example.test:3000/acme/shop.git", 2, id="a-template-without-owner"),
        pytest.param("ssh://git@bit.example.test:7999/acme/shop.git", 3, id="another-path-by-ssh"),
        pytest.param("/scm/ACME/shop", 3, id="a-path-alone"),
        pytest.param("git@github.com:acme/shop.git", 4, id="a-public-host"),
        pytest.param("git@ssh.dev.azure.com:v3/acme/store/shop", 5, id="azure-by-ssh"),
        pytest.param("file:///home/ada/shop", 6, id="a-folder"),
        pytest.param("https://github.com/acme/shopping.git", None, id="another-name"),
        pytest.param("https://github.example.test/acme/shop.git", None, id="another-host"),
        pytest.param("{owner}", None, id="no-url"),
    ],
)
def test_a_url_rings_what_is_registered_and_nothing_else(url: str, rung: int | None) -> None:
    mailbox = Mailbox()
    doorbell = Doorbell(mailbox, HOSTS)
    for repository in REGISTERED:
        doorbell.add(repository)
        doorbell.add(repository)
    expected = [] if rung is None else [REGISTERED[rung]]
    assert doorbell.ring([url, url]) == expected
    assert list(mailbox.pending()) == expected


def test_what_is_forgotten_rings_no_more() -> None:
    book = AddressBook(HOSTS)
    for repository in ("https://github.com/acme/shop", "ssh://git@github.com/acme/shop"):
        book.add(repository)
    book.remove("https://github.com/acme/shop")
    book.remove("https://github.com/acme/nothing")
    assert book.find(["https://github.com/acme/shop.git"]) == {"ssh://git@github.com/acme/shop"}
    book.remove("ssh://git@github.com/acme/shop")
    assert book.find(["https://github.com/acme/shop.git"]) == set()
