"""The addresses that the daemon listens on, and the refusal to take one that is somebody else's (R57)."""

import errno
import os
import socket
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from syncd.config import Listener
from syncd.errors import CatalogError

BACKLOG = 256


class ListenError(CatalogError):
    """An address cannot be listened on."""

    code = "listen"


@dataclass(frozen=True, slots=True)
class Sockets:
    """What is listened on; `addresses` are the TCP listeners with the ports that the system chose."""

    tcp: tuple[socket.socket, ...]
    unix: socket.socket
    unix_path: Path

    @property
    def addresses(self) -> tuple[Listener, ...]:
        """Host and port of each TCP listener."""
        return tuple(Listener(*listening.getsockname()[:2]) for listening in self.tcp)

    def close(self) -> None:
        """Listen no more; the Unix socket's file goes too."""
        for listening in (*self.tcp, self.unix):
            listening.close()
        self.unix_path.unlink(missing_ok=True)


def open_sockets(listen: Sequence[Listener], unix_path: Path) -> Sockets:
    """Listen on all addresses and on the Unix socket (mode 0600), or on none of them: ListenError."""
    unix = _open_unix(unix_path)
    tcp: list[socket.socket] = []
    try:
        for listener in listen:
            tcp.append(_open_tcp(listener))
    except ListenError:
        Sockets(tuple(tcp), unix, unix_path).close()
        raise
    return Sockets(tuple(tcp), unix, unix_path)


def _open_tcp(listener: Listener) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            listener.host, listener.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _refusal(str(listener), error) from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        raise _refusal(str(listener), error) from error
    return listening


def _open_unix(path: Path) -> socket.socket:
    _remove_stale(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        before = os.umask(0o177)  # so that there is no moment at which others may connect
        try:
            listening.bind(str(path))
        finally:
            os.umask(before)
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        raise _refusal(str(path), error) from error
    return listening


def _remove_stale(path: Path) -> None:
    """Remove a socket on which nobody answers; whatever else is there stays."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise ListenError(f"{path} is not a socket", hint="move it away")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
        except OSError as error:
            raise _refusal(str(path), error) from error
    raise ListenError(f"a daemon answers on {path} already", hint="use that one, or stop it first")


def _refusal(address: str, error: OSError) -> ListenError:
    if error.errno == errno.EADDRINUSE:
        return ListenError(
            f"{address} is in use by another program", hint="choose another address with --listen, or port 0"
        )
    return ListenError(f"cannot listen on {address}: {error.strerror or error}")
