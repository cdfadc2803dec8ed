"""Where a connection may lead: a host is looked up once, every answer is judged, and git connects to those (R10)."""

import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from syncd.errors import StalledError, TransientError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
"""The addresses of a host, for a port; raises OSError where there are none."""

_INNER_V4: Final = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network, unspecified
            "10.0.0.0/8",
            "100.64.0.0/10",  # behind a carrier's translation
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local, where clouds tell machines their secrets
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # the relays of 6to4
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",
        ),
    )
)
_PUBLIC_V6: Final = ip_network("2000::/3")
"""All that is given out. `::`, `::1`, IPv4 in IPv6, NAT64, unique and link-local, multicast are elsewhere."""
_INNER_V6: Final = tuple(map(ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
"""Special uses, with Teredo and 6to4: both hold an IPv4 address."""


def is_public(address: Address) -> bool:
    """Whether an address is of the internet at large."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _INNER_V4)
    return address in _PUBLIC_V6 and not any(address in network for network in _INNER_V6)


def system_resolver(host: str, port: int) -> Sequence[str]:
    """What the system says."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Addresses:
    """Which addresses may be connected to: public ones, and those of the networks that the operator lists."""

    def __init__(self, allowed: Iterable[Network], resolve: Resolver, seconds: float) -> None:
        """A look-up that takes longer than `seconds` is given up."""
        self._allowed = tuple(allowed)
        self._resolve = resolve
        self._seconds = seconds

    def permits(self, address: Address) -> bool:
        """Whether it is public, or listed."""
        return is_public(address) or any(address in network for network in self._allowed)

    def of(self, host: str, port: int) -> tuple[Address, ...]:
        """The addresses of a name, all of them permitted. An address itself is what it says, and not judged here: only
        the operator can have named it.

        Raises `StalledError` git.address_refused where one of them is not, `TransientError` where there are none.
        """
        literal = literal_address(host)
        if literal is not None:
            return (literal,)
        found = [ip_address(text) for text in self._looked_up(host, port)]
        refused = next((address for address in found if not self.permits(address)), None)
        if refused is not None:
            raise StalledError(
                f"{host} leads to {refused}, which is no public address",
                code="git.address_refused",
                hint=f'where that is right, list its network in [git] addresses_allowed: "{refused}"',
            )
        return tuple(found)

    def _looked_up(self, host: str, port: int) -> Sequence[str]:
        """In a thread of its own: the system's look-up has no clock (R12)."""
        answers: list[Sequence[str]] = []

        def ask() -> None:
            try:
                answers.append(self._resolve(host, port))
            except (OSError, UnicodeError):
                answers.append(())

        asking = threading.Thread(target=ask, name="resolver", daemon=True)
        asking.start()
        asking.join(self._seconds)
        if answers and answers[0]:
            return answers[0]
        within = "" if answers else f" within {self._seconds:g} s"
        raise TransientError(
            f"could not resolve host {host}{within}", code="git.unreachable", hint="check the name, and the resolver"
        )


def literal_address(host: str) -> Address | None:
    """The address that a host is, where it is no name."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
