"""Who may look at which host now, and which hosts are left alone."""

import pytest

from syncd.errors import TransientError
from syncd.watch.mailbox import Mailbox
from syncd.watch.places import BREAKS_AFTER, HOST_SILENT, Places, host_of

END = "https://end.test/x"


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def names(host: str, count: int) -> list[str]:
    return [f"https://{host}/acme/{number}" for number in range(count)]


def entered(places: Places, repositories: list[str]) -> list[str]:
    return [name for name in repositories if places.enter(name)]


def proven(places: Places, *hosts: str) -> None:
    for host in hosts:
        places.succeeded(f"https://{host}/acme/0")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.test/x/y", "a.test"),
        ("ssh://git@a.test:2222/x", "a.test:2222"),
        ("file:///srv/git/x.git", ""),
    ],
)
def test_r080_a_host_is_named_by_its_port_too(url: str, host: str) -> None:
    assert host_of(url) == host


def test_r080_a_host_that_answers_has_its_places_and_no_more() -> None:
    places = Places(8, 4)
    proven(places, "a.test", "b.test")
    first = entered(places, names("a.test", 10))
    assert len(first) == 4
    assert len(entered(places, names("b.test", 10))) == 4
    places.leave(first[0])
    assert len(entered(places, names("a.test", 10)[4:])) == 1


def test_r080_this_machine_is_no_host() -> None:
    places = Places(2, 1)
    local = [f"file:///srv/{number}.git" for number in range(20)]
    assert entered(places, local) == local


def test_r080_hosts_that_never_answered_leave_half_of_all_places() -> None:
    places = Places(8, 4)
    proven(places, "good.test")
    hanging = [name for number in range(20) for name in names(f"h{number}.test", 4)]
    assert len(entered(places, hanging)) == 4
    assert len(entered(places, names("good.test", 4))) == 4


def test_r084_repositories_that_fail_leave_half_of_their_host() -> None:
    places = Places(8, 4)
    proven(places, "a.test")
    *failing, good = names("a.test", 11)
    for name in failing:
        places.failed(name, silent=False)
    assert len(entered(places, failing)) == 2
    assert places.enter(good)


def silent(places: Places, host: str, count: int) -> None:
    for name in names(host, count):
        places.failed(name, silent=True)


def test_r081_a_silent_host_is_left_alone_then_probed_by_one() -> None:
    clock = Clock()
    places = Places(8, 4, first=1.0, longest=900.0, clock=clock)
    proven(places, "a.test", "b.test")
    silent(places, "a.test", BREAKS_AFTER - 1)
    places.check("https://a.test/acme/9")
    silent(places, "a.test", BREAKS_AFTER)
    with pytest.raises(TransientError, match="does not answer") as raised:
        places.check("https://a.test/acme/9")
    assert raised.value.code == HOST_SILENT
    places.check("https://b.test/acme/0")
    assert places.left_alone() == ["a.test"]
    rests = []
    for _ in range(12):
        rests.append(places.rest("https://a.test/acme/0"))
        clock.now += rests[-1]
        places.check("https://a.test/acme/0")
        probe = entered(places, names("a.test", 5))
        assert len(probe) == 1
        places.failed(probe[0], silent=True)
        places.leave(probe[0])
    assert all(0.5 <= rest <= 900 for rest in rests)
    assert max(rests[6:]) > max(rests[:2])
    clock.now += places.rest("https://a.test/acme/0")
    places.succeeded("https://a.test/acme/0")
    assert places.left_alone() == []
    assert len(entered(places, names("a.test", 1) + names("a.test", 9)[5:])) >= 3


def test_r081_one_repository_or_a_refusal_is_no_silence_of_a_host() -> None:
    places = Places(8, 4)
    for _ in range(10):
        places.failed("https://a.test/acme/0", silent=True)
    for name in names("b.test", 10):
        places.failed(name, silent=False)
    assert places.left_alone() == []


def test_r081_first_looks_are_spread_and_are_waited_for() -> None:
    clock = Clock()
    mailbox = Mailbox(clock=clock)
    repositories = names("a.test", 200)
    ticket = mailbox.ring_within(repositories, 100.0)
    assert mailbox.pending() == ticket
    begun = []
    for _ in range(10):
        clock.now += 10.0
        mailbox.ring([END])
        assert mailbox.take() == END  # what is due has rung now
        mailbox.done(END)
        mailbox.ring([END])  # behind it
        begun.append(0)
        while (taken := mailbox.take()) in ticket:
            assert taken is not None
            mailbox.done(taken)
            begun[-1] += 1
        mailbox.done(END)
    assert sum(begun) == 200
    assert all(5 <= count <= 45 for count in begun)
    assert mailbox.wait(ticket, 0.0)


def test_r080_a_mailbox_hands_out_what_has_a_place() -> None:
    places = Places(8, 4)
    mailbox = Mailbox(places=places)
    mailbox.ring([*names("hanging.test", 9), "https://good.test/acme/0"])
    assert mailbox.take() == "https://hanging.test/acme/0"
    assert mailbox.take() == "https://good.test/acme/0"
    mailbox.done("https://hanging.test/acme/0")
    assert mailbox.take() == "https://hanging.test/acme/1"
