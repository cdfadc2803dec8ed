"""How durations, sizes and listening addresses are written in the configuration file."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_BYTES = {"b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3, "kib": 1024, "mib": 1024**2, "gib": 1024**3}
_NUMBER_AND_UNIT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)\s*")
_HOST_PATTERN = re.compile(
    r"(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?(?::[0-9]{1,5})?|\[[0-9a-f:.]+\](?::[0-9]{1,5})?"
)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LONGEST_SECONDS = 10 * 365 * 86400
"""No duration is longer."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A TCP address to listen on; port 0 lets the system choose one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """True when only programs on this machine can reach the address."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def parse_duration(value: object) -> timedelta:
    """`"90s"`, `"1m"`, `"2h"`, `"500ms"`, or a number of seconds; ValueError for anything else."""
    if isinstance(value, timedelta):
        return value
    seconds = _quantity(value, _SECONDS, 'a duration such as "30s", "5m" or a number of seconds')
    if seconds > LONGEST_SECONDS:
        raise ValueError("must be at most ten years")
    return timedelta(seconds=seconds)


def parse_size(value: object) -> int:
    """`"4 MiB"`, `"100kB"`, or a number of bytes; ValueError for anything else."""
    size = _quantity(value, _BYTES, 'a size such as "4 MiB" or a number of bytes')
    if size != int(size):
        raise ValueError("must be a whole number of bytes")
    return int(size)


def parse_listener(value: object) -> Listener:
    """`HOST:PORT`, an IPv6 host in brackets; ValueError for anything else."""
    if isinstance(value, Listener):
        return value
    if not isinstance(value, str):
        raise ValueError("must be text of the form HOST:PORT")  # noqa: TRY004 - pydantic collects ValueErrors only
    host, separator, port = value.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise ValueError("must be HOST:PORT, with an IPv6 address in brackets")
    if not separator or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError("must be HOST:PORT with a port from 0 to 65535")
    return Listener(host, int(port))


def parse_network(value: object) -> Network:
    """`"10.0.0.0/8"`, `"192.0.2.1"`, `"fd00::/8"`; ValueError for anything else."""
    if isinstance(value, ipaddress.IPv4Network | ipaddress.IPv6Network):
        return value
    if not isinstance(value, str):
        raise ValueError('must be a network such as "10.0.0.0/8"')  # noqa: TRY004 - pydantic collects ValueErrors only
    return ipaddress.ip_network(value)


def parse_host_pattern(value: str) -> str:
    """A host in lower case, or `*.` and what it ends with; ValueError for anything else."""
    pattern = value.lower()
    if not _HOST_PATTERN.fullmatch(pattern):
        raise ValueError('must be a host such as "git.example.test:8443", or "*.example.test" for all below it')
    return pattern


def _quantity(value: object, units: dict[str, float] | dict[str, int], wanted: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        number, factor = float(value), 1.0
    elif isinstance(value, str) and (match := _NUMBER_AND_UNIT.fullmatch(value)) and match[2].lower() in units:
        number, factor = float(match[1]), float(units[match[2].lower()])
    else:
        raise ValueError(f"must be {wanted}")
    if not 0 <= number < 2**53:
        raise ValueError(f"must be {wanted}, and not negative")
    return number * factor


_NumberOrText = int | float | str
"""How the schema of the file tells of values that have units."""

Duration = Annotated[timedelta, BeforeValidator(parse_duration, json_schema_input_type=_NumberOrText)]
Size = Annotated[int, BeforeValidator(parse_size, json_schema_input_type=_NumberOrText)]
Count = Annotated[int, Field(strict=True, ge=1)]
Flag = Annotated[bool, Field(strict=True)]
NetworkText = Annotated[Network, BeforeValidator(parse_network, json_schema_input_type=str)]
HostPattern = Annotated[str, Field(strict=True), AfterValidator(parse_host_pattern)]
ListenerText = Annotated[Listener, BeforeValidator(parse_listener, json_schema_input_type=str)]
