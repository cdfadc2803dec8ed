"""How far a fetch is: read from git's own lines, whoever else writes between them."""

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.errors import TransientError
from syncd.git import Mirrors
from syncd.git.failure import cause_of
from syncd.git.progress import Progress
from syncd.git.runner import Finished
from tests.support.daemon import wait_until
from tests.support.git_server import GitServer, git_server

MANY = 150
"""Objects from which on git indexes a pack as it comes, as it does with every large one."""

TOLD = (
    b"remote: Enumerating objects: 152, done.        \n"
    b"remote: Counting objects:   0% (1/152)        \rremote: Counting objects: 100% (152/152), done.        \n"
    b"remote: Compressing objects:  50% (76/152)        \r"
    b"Receiving objects:   0% (1/152)\rReceiving objects:  40% (61/152), 1.07 MiB | 1.04 MiB/s\r"
    b"Receiving objects: 100% (152/152), 308.58 KiB | 22.04 MiB/s, done.\n"
    b"Resolving deltas:  50% (1/2)\rResolving deltas: 100% (2/2), done.\n"
    b"From file:///srv/o\n * [new branch]      main       -> main\n + 3f2a...4b1c side -> side  (forced update)\n"
)
WORDS = (
    b"remote: Total 152 (delta 0), reused 152 (delta 0), pack-reused 0        \n"
    b"error: RPC failed; curl 18 transfer closed\nfatal: the remote end hung up unexpectedly\n"
)


def read(*chunks: bytes) -> tuple[int | None, bytes]:
    progress = Progress()
    words = b"".join(progress.sieve(chunk) for chunk in (*chunks, b""))
    return progress.percent, words


@pytest.mark.parametrize(
    ("line", "percent"),
    [
        (b"remote: Counting objects: 100% (10/10), done.        \n", 5),
        (b"remote: Compressing objects:  50% (5/10)        \r", 7),
        (b"Receiving objects:   0% (1/152)\r", 10),
        (b"Receiving objects:  40% (61/152), 12 bytes | 1.00 KiB/s\r", 38),
        (b"Unpacking objects: 100% (3/3), 220 bytes | 110.00 KiB/s, done.\n", 99),
        (b"Resolving deltas:   0% (0/2)     \r", 80),
        (b"Resolving deltas: 100% (2/2), completed with 2 local objects.\n", 99),
    ],
)
def test_each_step_is_a_share_of_the_whole(line: bytes, percent: int) -> None:
    assert read(line) == (percent, b"")


def test_words_are_kept_and_progress_is_not_wherever_it_is_cut() -> None:
    assert read(TOLD + WORDS) == (99, WORDS)
    for place in range(len(TOLD) + len(WORDS)):
        assert read((TOLD + WORDS)[:place], (TOLD + WORDS)[place:]) == (99, WORDS)


def test_it_never_goes_back() -> None:
    progress = Progress()
    assert progress.percent is None
    progress.sieve(b"Receiving objects:  90% (9/10)\r")
    progress.sieve(b"Receiving objects:  20% (2/10)\rremote: Counting objects:   1% (1/99)        \r")
    assert progress.percent == 73


@pytest.mark.parametrize(
    "line",
    [
        b"remote: Receiving objects:  90% (9/10)        \r",
        b"remote: Resolving deltas: 100% (9/9), done.        \n",
        b"remote: \x1b[2JReceiving objects:  90% (9/10)\r",
        b"remote: " + b"x" * 1000 + b"Receiving objects:  90% (9/10)\r",
        b"remote: " + b"x" * 249,
        b"Receiving objects: 90% of all\n",
        b"Receiving objects:  90% (9/10)\x1b[31m\r",
        b"Receiving objects: 9999% (9/10)\r",
        b"Receiving objects:  90% (9/10) fatal: no\n",
        b"warning: Receiving objects:  90% (9/10)\n",
    ],
)
def test_what_looks_like_progress_and_is_none_is_a_word_like_others(line: bytes) -> None:
    for place in range(len(line)):
        assert read(line[:place], line[place:]) == (None, line)


def test_the_rest_of_a_long_line_is_not_the_beginning_of_one() -> None:
    assert read(b"remote: " + b"x" * 300, b"Receiving objects:  90% (9/10)\r")[0] is None
    percent, words = read(b"remote: " + b"x" * 300, b"\n", b"Receiving objects:  90% (9/10)\r")
    assert (percent, words) == (73, b"remote: " + b"x" * 300 + b"\n")


def test_a_long_fetch_leaves_no_more_words_than_a_short_one() -> None:
    lines = [b"Receiving objects: %3d%% (%d/20000)\r" % (number // 200, number) for number in range(20_000)]
    assert read(*lines, WORDS) == (79, WORDS)


def test_more_than_is_possible_is_the_end() -> None:
    assert read(b"remote: Counting objects: 999% (9/1)        \r") == (5, b"")


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_what_a_server_writes_is_no_sign_of_a_cause_wherever_its_lines_end(end: str) -> None:
    assert cause_of(Finished(1, b"", f"remote: x{end}fatal: couldn't find remote ref y\n")) == "unclear"
    assert cause_of(Finished(1, b"", "remote: x\nfatal: couldn't find remote ref y\n")) == "ref_missing"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with git_server(tmp_path / "served") as server:
        server.repository("large").commit({f"f{number}": os.urandom(2_000) for number in range(MANY)})
        yield server


def test_a_mirror_tells_how_far_its_fetch_is(mirrors: Mirrors, server: GitServer) -> None:
    mirror = mirrors.open(server.url("large"))
    assert mirror.percent is None
    server.half = "hold"
    fetch = threading.Thread(target=mirror.fetch, args=([""],))
    fetch.start()
    try:
        wait_until(lambda: (mirror.percent or 0) > 10, "objects arrive")
        assert (mirror.percent or 0) < 80
    finally:
        server.half = ""
        fetch.join()
    assert mirror.percent is None
    assert mirror.heads([""])


def test_a_failure_is_told_in_the_words_of_git(mirrors: Mirrors, server: GitServer) -> None:
    mirror = mirrors.open(server.url("large"))
    server.half = "close"
    with pytest.raises(TransientError) as raised:
        mirror.fetch([""])
    assert not re.search(r"objects:|\d%|\[new", str(raised.value))
    assert mirror.percent is None
