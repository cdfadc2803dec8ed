"""One strict reading of a URL, so that no two parts of the daemon disagree about which host it names."""

import re
from dataclasses import dataclass

from syncd.model.text import shown

MAX_URL = 4096
"""Longest URL, in characters."""

_SHAPE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?")
_AUTHORITY = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_DEFAULT_PORT = {"https": ":443", "http": ":80"}


class UrlError(ValueError):
    """The URL is malformed or names nothing that may be reached; `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Url:
    """A URL in parts: `host` in lower case with a port that is not the scheme's own; `path` and `query` as written."""

    scheme: str
    host: str
    path: str
    query: str


def parse_url(text: str) -> Url:
    """Read an http, https or file URL; a fragment is ignored.

    Raises `UrlError` for everything on which URL parsers are known to differ: user names, backslashes, blanks and
    control characters, percent-encoded or non-ASCII hosts.
    """
    if len(text) > MAX_URL:
        raise UrlError(f"a URL of {len(text)} characters is over the limit of {MAX_URL}")
    if not text.isprintable() or " " in text:
        raise UrlError(f"the URL {shown(text)} has a blank or a control character", "write a blank as %20")
    if "\\" in text:
        raise UrlError(f"the URL {shown(text)} has a backslash", "separate folders with /")
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise UrlError(
            f"{shown(text)} is not a URL", "write it in full: https://host/owner/repository/blob/branch/file"
        )
    scheme, authority, path, query = shape.group(1).lower(), shape.group(2).lower(), shape.group(3), shape.group(4)
    if scheme not in ("https", "http", "file"):
        raise UrlError(f"the URL {shown(text)} has the scheme {scheme}", "use https, http or file")
    return Url(scheme, _host(text, scheme, authority), path, query or "")


def _host(text: str, scheme: str, authority: str) -> str:
    if scheme == "file":
        if authority not in ("", "localhost"):
            raise UrlError(f"the URL {shown(text)} names the host {authority}", "a file URL is file:///absolute/path")
        return ""
    if "@" in authority:
        raise UrlError(
            "the URL carries a user name or password",
            "leave out what stands before the @, and name a credential in [[credentials]]",
        )
    if not _AUTHORITY.fullmatch(authority):
        raise UrlError(f"the URL {shown(text)} has no usable host name", "write the host in plain ASCII letters")
    return authority.removesuffix(_DEFAULT_PORT[scheme])
