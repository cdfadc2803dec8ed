"""Clone URLs: read and judged by us before git ever sees them (R1, R3, R8)."""

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from posixpath import normpath
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

from syncd.errors import InputError
from syncd.secrecy import without_secrets

_PORTS: Final = {"https": 443, "http": 80, "ssh": 22, "git": 9418}
_SAFE: Final = "/-._~!$&'()*+,;=:@"
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_USER: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_SCP: Final = re.compile(r"(?:([^@:/]+)@)?([^@:/]+):(?!/?/)(.+)")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_IN_TEXT: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,20}://)([^\s'\"<>]*)")


@dataclass(frozen=True, slots=True)
class CloneUrl:
    """A URL that git may be given. `text` is what is fetched, `identity` the one name of the repository.

    `host` has its port where that is not the usual one.

    The two differ in a trailing `.git`, which servers treat as the same repository (but some answer only one
    spelling). On our own disk `x` and `x.git` are two directories, so `file://` keeps it.
    """

    scheme: str
    host: str
    text: str
    identity: str
    local_path: Path | None = None

    @property
    def origin(self) -> str:
        """`scheme://host:port`, without a user and without the usual port."""
        return f"{self.scheme}://{self.host}"

    @property
    def path(self) -> str:
        """The path as it is sent, with its slash."""
        return "/" + self.text.split("/", 3)[3]

    @property
    def hostname(self) -> str:
        """The host without its port; an IPv6 address without its brackets."""
        return self._address[0].strip("[]")

    @property
    def port(self) -> int:
        """The port, written or not."""
        return int(self._address[1] or _PORTS[self.scheme])

    @property
    def _address(self) -> tuple[str, str]:
        return _host_and_port(self.host)


@lru_cache(maxsize=4_096)  # asked for every file that is read; a rejection is not kept
def parse_clone_url(text: str, protocols: tuple[str, ...]) -> CloneUrl:
    """Read and judge a URL; `git@host:path` becomes `ssh://`.

    Raises `InputError` with code `location.url_rejected` and a hint.
    """
    if any(ord(character) <= 32 or ord(character) >= 127 for character in text):
        raise _rejected("the URL holds blanks, control or non-ASCII characters", "percent-encode them in the path")
    if not text or text.startswith("-") or "\\" in text:
        raise _rejected("this is no clone URL", "write https://host/owner/repository.git")
    scheme, separator, rest = text.partition("://")
    if not separator:
        return _parse_without_scheme(text, protocols)
    scheme = scheme.lower()
    if scheme not in {*_PORTS, "file"} or scheme not in protocols:
        more = (
            '; for repositories of this disk add "file" there, and start the daemon again' if scheme == "file" else ""
        )
        raise _rejected(
            f"the transport {redact(scheme)[:40]!r} is not allowed",
            f"allowed by [git] protocols: {', '.join(protocols)}{more}",
        )
    if "?" in rest or "#" in rest:
        raise _rejected("a clone URL has no query and no fragment", "leave out what follows ? or #")
    return _file_url(rest) if scheme == "file" else _network_url(scheme, rest)


def redact(text: str) -> str:
    """The text with userinfo, query and fragment of every URL in it removed, and without known secrets (R79)."""
    return without_secrets(_IN_TEXT.sub(lambda match: match[1] + _redact_rest(match[2]), text))


def _redact_rest(rest: str) -> str:
    authority, slash, path = rest.partition("/")
    path = re.split(r"[?#]", path, maxsplit=1)[0]
    return re.split(r"[?#]", authority.rpartition("@")[2], maxsplit=1)[0] + slash + path


def _parse_without_scheme(text: str, protocols: tuple[str, ...]) -> CloneUrl:
    if "::" in text:
        raise _rejected("remote helpers are never used", f"allowed by [git] protocols: {', '.join(protocols)}")
    scp = _SCP.fullmatch(text)
    if scp and (len(scp[2]) > 1 or scp[1]):
        user = f"{scp[1]}@" if scp[1] else ""
        return parse_clone_url(f"ssh://{user}{scp[2]}/{scp[3]}", protocols)
    raise _rejected("a path on this machine is no clone URL", "write file:///absolute/path")


def _network_url(scheme: str, rest: str) -> CloneUrl:
    authority, slash, raw_path = rest.partition("/")
    user, at, address = authority.rpartition("@")
    if at and (scheme != "ssh" or not _USER.fullmatch(user)):
        raise _rejected("the URL holds a user name or secret", "leave it out and name a credential in [[credentials]]")
    host, port = _host_and_port(address.lower())
    path = _normalised(raw_path)
    if not slash or path == b"/":
        raise _rejected("the URL names no repository", f"write {scheme}://{host}/owner/repository.git")
    where = host if port in {"", str(_PORTS[scheme])} else f"{host}:{port}"
    url = f"{scheme}://{user}{at}{where}{quote_from_bytes(path, _SAFE)}"
    return CloneUrl(scheme, where, url, url.removesuffix(".git"))


def _file_url(rest: str) -> CloneUrl:
    host, slash, raw_path = rest.partition("/")
    if not slash or host.lower() not in {"", "localhost"}:
        raise _rejected("a file URL names no host", "write file:///absolute/path")
    path = _normalised(raw_path)
    url = f"file://{quote_from_bytes(path, _SAFE)}"
    return CloneUrl("file", "", url, url, Path(os.fsdecode(path)))


def _host_and_port(address: str) -> tuple[str, str]:
    match = re.fullmatch(rf"({_NAME.pattern})(?::([0-9]{{1,5}}))?", address)
    if not match or ".." in address or (match[2] and not 0 < int(match[2]) < 65536):
        raise _rejected("the host of the URL is not valid", "write a DNS name in ASCII, with a port from 1 to 65535")
    return _canonical(match[1]), match[2] or ""


def _canonical(host: str) -> str:
    """One spelling of an address: programs differ in what they make of `127.1` or `0x7f000001` (R10)."""
    try:
        if host.startswith("["):
            return f"[{ip_address(host[1:-1])}]"
        if _NUMBER.fullmatch(host.rpartition(".")[2]):
            return str(IPv4Address(host))
    except ValueError:
        raise _rejected(
            "the host of the URL is no valid address",
            "write an IPv4 address as 192.0.2.1, or an IPv6 one as [2001:db8::1]",
        ) from None
    return host


def _normalised(raw_path: str) -> bytes:
    path = unquote_to_bytes("/" + raw_path)
    if any(byte < 32 or byte == 127 for byte in path) or b".." in path.split(b"/"):
        raise _rejected("the path of the URL holds control characters or ..", "write the path as it is on the server")
    return os.fsencode(normpath("/" + os.fsdecode(path.lstrip(b"/"))))


def _rejected(message: str, hint: str) -> InputError:
    return InputError(message, code="location.url_rejected", hint=hint)
