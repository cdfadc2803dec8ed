"""Whether a link's URL is an absolute URL as browsers judge it (spec 1.2): any scheme, `mailto:` included."""

import re
import unicodedata
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import unquote

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_SPECIAL = frozenset(("http", "https", "ws", "wss", "ftp"))
_FORBIDDEN_HOST = re.compile(r"[\x00\t\n\r #/:<>?@\[\\\]^|]")
_FORBIDDEN_DOMAIN = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
_IGNORED = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_ENDS = "".join(map(chr, range(0x21)))
_DROPPED = str.maketrans("", "", "\t\n\r")
_PORT = re.compile(r"[0-9]*")
_PLAIN = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]*[A-Za-z-])*(?:/[^\\]*)?")


def is_absolute_url(text: str) -> bool:
    """Judge by the WHATWG rules, short of domain-name tables: a scheme, and a usable host where the scheme has one."""
    if _PLAIN.fullmatch(text) and not text.partition("://")[2][:1].isdigit():
        return True
    found = _SCHEME.fullmatch(text.strip(_ENDS).translate(_DROPPED))
    if found is None:
        return False
    scheme, rest = found.group(1).lower(), found.group(2)
    if scheme in _SPECIAL:
        return _special(rest.lstrip("/\\"))
    if scheme != "file" and rest.startswith("//"):
        return _host(re.split(r"[/?#]", rest[2:], maxsplit=1)[0], domain=False)
    return True


def _special(rest: str) -> bool:
    authority = re.split(r"[/\\?#]", rest, maxsplit=1)[0]
    return _host(authority, domain=True)


def _host(authority: str, *, domain: bool) -> bool:
    name = authority.rpartition("@")[2]
    if name.startswith("["):
        inside, bracket, after = name[1:].partition("]")
        return bool(bracket) and _is_ipv6(inside) and (not after or (after[0] == ":" and _port(after[1:])))
    name, colon, port = name.partition(":")
    if colon and not _port(port):
        return False
    if not name:
        return not domain and not authority
    if not domain:
        return _FORBIDDEN_HOST.search(name) is None
    plain = unicodedata.normalize("NFKC", _IGNORED.sub("", unquote(name)))
    return bool(plain) and _FORBIDDEN_DOMAIN.search(plain) is None and _is_name_or_ipv4(plain)


def _port(text: str) -> bool:
    return _PORT.fullmatch(text) is not None and len(text) <= 5 and int(text or 0) <= 65535


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text.partition("%")[0] if "%" not in text else "")
    except AddressValueError:
        return False
    return True


def _is_name_or_ipv4(name: str) -> bool:
    """A host whose last label is a number must be an IPv4 address."""
    labels = name.removesuffix(".").split(".")
    if not re.fullmatch(r"[0-9]+|0[xX][0-9A-Fa-f]*", labels[-1]):
        return True
    try:
        numbers = [_ipv4_number(label) for label in labels]
    except ValueError:
        return False
    return len(numbers) <= 4 and all(n <= 255 for n in numbers[:-1]) and numbers[-1] < 256 ** (5 - len(numbers))


def _ipv4_number(label: str) -> int:
    if label[:2].lower() == "0x":
        return int(label[2:] or "0", 16)
    if len(label) > 12:
        raise ValueError(label)
    return int(label, 8 if label.startswith("0") and label != "0" else 10)
