"""The mailbox: every ring is answered by a look that began after it, and nobody looks twice at once."""

import threading
from collections import Counter

from syncd.watch.mailbox import Mailbox


def _lane(repository: str) -> str:
    return repository.partition(":")[0]


def test_ten_rings_are_one_look_and_a_ring_during_a_look_is_another() -> None:
    mailbox = Mailbox()
    for _ in range(10):
        mailbox.ring(["a"])
    assert mailbox.take() == "a"
    during = mailbox.ring(["a"])
    assert not mailbox.wait(during, 0)
    mailbox.done("a")
    assert not mailbox.wait(during, 0)
    assert mailbox.take() == "a"
    mailbox.done("a")
    assert mailbox.wait(during, 0)
    assert mailbox.idle


def test_who_rang_first_is_looked_at_first() -> None:
    mailbox = Mailbox()
    mailbox.ring(["a", "b"])
    mailbox.ring(["a", "c"])
    assert [mailbox.take() for _ in range(3)] == ["a", "b", "c"]


def test_a_lane_waits_for_no_other() -> None:
    mailbox = Mailbox(_lane)
    mailbox.ring(["far:a", "near:b"])
    assert mailbox.take("near") == "near:b"
    assert mailbox.take("far") == "far:a"


def test_an_appointment_rings_by_itself_and_only_the_last_one_counts() -> None:
    now = [100.0]
    mailbox = Mailbox(clock=lambda: now[0])
    first = mailbox.ring(["a", "b"])
    for repository in first:
        assert mailbox.take() == repository
        mailbox.done(repository)
    assert mailbox.ring_at("a", 5) == 105
    mailbox.ring_at("b", 7)
    mailbox.ring_at("a", 10)
    now[0] = 107
    assert mailbox.take() == "b"
    assert not mailbox.pending().keys() - {"b"}
    now[0] = 110
    assert mailbox.take() == "a"


def test_a_worker_that_waits_wakes_up_for_an_appointment_made_meanwhile() -> None:
    mailbox = Mailbox()
    mailbox.ring(["a"])
    assert mailbox.take() == "a"
    mailbox.done("a")
    taken: list[str | None] = []
    workers = [threading.Thread(target=lambda: taken.append(mailbox.take())) for _ in range(3)]
    for worker in workers:
        worker.start()
    mailbox.ring_at("a", 3600)
    mailbox.ring_at("a", 0.01)
    while not taken:
        workers[0].join(0.001)
    assert taken == ["a"]
    mailbox.close()
    for worker in workers:
        worker.join()
    assert taken.count(None) == 2


def test_what_a_look_led_to_is_waited_for() -> None:
    mailbox = Mailbox()
    ticket = mailbox.ring(["a"])
    assert mailbox.take() == "a"
    mailbox.ring(["b"], led_by="a")
    mailbox.done("a")
    assert not mailbox.wait(ticket, 0)
    assert mailbox.take() == "b"
    mailbox.done("b")
    assert mailbox.wait(ticket, 0)


def test_what_is_forgotten_is_nobodys_business() -> None:
    mailbox = Mailbox()
    ticket = mailbox.ring(["a", "b"])
    assert mailbox.take() == "a"
    mailbox.forget("a")
    mailbox.forget("b")
    mailbox.ring_at("a", 0)
    mailbox.done("a")
    assert mailbox.wait(ticket, 0)
    assert mailbox.idle
    mailbox.ring(["c"])
    assert mailbox.take() == "c"


def test_many_workers_answer_every_ring_once_at_a_time() -> None:
    mailbox = Mailbox(_lane)
    repositories = [f"{lane}:{number}" for lane in ("near", "far") for number in range(100)]
    looks: Counter[str] = Counter()
    busy: set[str] = set()
    twice: list[str] = []

    def work(lane: str) -> None:
        while (repository := mailbox.take(lane)) is not None:
            if repository in busy:
                twice.append(repository)
            busy.add(repository)
            looks[repository] += 1
            busy.discard(repository)
            if looks[repository] < 3:
                mailbox.ring_at(repository, 0.001)
            mailbox.done(repository)

    workers = [threading.Thread(target=work, args=(lane,)) for lane in ("near", "far") * 4]
    for worker in workers:
        worker.start()
    assert mailbox.wait(mailbox.ring(repositories), 60)
    while min(looks[repository] for repository in repositories) < 3 or not mailbox.idle:
        workers[0].join(0.001)
    mailbox.close()
    for worker in workers:
        worker.join()
    assert not twice
    assert set(looks) == set(repositories)
