"""The daemon in figures."""

from pathlib import Path

from syncd.blueprints.computing import Computing
from syncd.disk import Disk
from syncd.readiness import Readiness
from syncd.standing import Standing
from syncd.store.catalog import Catalog
from syncd.watch.mailbox import Mailbox


def test_what_was_rung_waits_until_somebody_looks_at_it(tmp_path: Path) -> None:
    mailbox = Mailbox()
    computing = Computing(lambda _program, _value: None)
    standing = Standing(Readiness(), Catalog(), mailbox, computing, Disk(tmp_path, 0, 0), "git version 2")
    assert standing.status().waiting == 0
    mailbox.ring(["a", "b", "c"])
    mailbox.ring(["b"])
    assert standing.status().waiting == 3
    assert mailbox.take() == "a"
    status = standing.status()
    assert (status.busy, status.waiting) == (("a",), 2)
    mailbox.ring(["a"])
    assert standing.status().waiting == 2, "while it is looked at it waits for nothing"
    mailbox.done("a")
    assert standing.status().waiting == 3
