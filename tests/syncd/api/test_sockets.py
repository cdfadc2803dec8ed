"""Listening narrowly, and never in somebody else's place (R57)."""

import socket
import stat
from pathlib import Path

import pytest

from syncd.api.sockets import ListenError, open_sockets
from syncd.config import Listener

FREE = Listener("127.0.0.1", 0)


def test_r057_the_socket_is_for_its_owner_only(tmp_path: Path) -> None:
    sockets = open_sockets([FREE], tmp_path / "s")
    try:
        assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o600
        assert [address.host for address in sockets.addresses] == ["127.0.0.1"]
        assert sockets.addresses[0].port > 0
    finally:
        sockets.close()
    assert not (tmp_path / "s").exists()


def test_r057_a_socket_on_which_nobody_answers_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(tmp_path / "s"))
    sockets = open_sockets([], tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "s"))
    sockets.close()


def test_r057_a_socket_on_which_somebody_answers_stays(tmp_path: Path) -> None:
    first = open_sockets([], tmp_path / "s")
    with pytest.raises(ListenError, match="a daemon answers"):
        open_sockets([], tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "s"))
    first.close()


def test_r057_what_is_no_socket_stays(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("precious")
    with pytest.raises(ListenError, match="not a socket"):
        open_sockets([], tmp_path / "s")
    assert (tmp_path / "s").read_text() == "precious"


def test_r057_a_port_in_use_is_one_sentence_and_leaves_nothing_behind(tmp_path: Path) -> None:
    first = open_sockets([FREE], tmp_path / "a")
    with pytest.raises(ListenError, match=r"127\.0\.0\.1:\d+ is in use by another program"):
        open_sockets([FREE, first.addresses[0]], tmp_path / "b")
    assert not (tmp_path / "b").exists()
    first.close()


@pytest.mark.parametrize("listener", [Listener("203.0.113.1", 0), Listener("nowhere.invalid", 0)])
def test_an_address_that_is_not_ours_is_refused(tmp_path: Path, listener: Listener) -> None:
    with pytest.raises(ListenError, match="cannot listen on"):
        open_sockets([listener], tmp_path / "s")


def test_a_path_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListenError, match="cannot listen on"):
        open_sockets([], tmp_path / ("x" * 150))


def test_ipv6_is_listened_on(tmp_path: Path) -> None:
    if not socket.has_ipv6 or not Path("/proc/net/if_inet6").exists():
        return
    sockets = open_sockets([Listener("::1", 0)], tmp_path / "s")
    assert sockets.addresses[0].host == "::1"
    sockets.close()
