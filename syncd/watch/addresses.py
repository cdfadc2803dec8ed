"""One name for a repository, whatever URL it is called by; only ever a hint which of the registered ones is meant."""

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from os.path import realpath
from urllib.parse import unquote, urlsplit

from syncd.model.host import Host, Hosts

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/@]*@)?(\[[^/\]]*\]|[^/:]*)(?::[0-9]*)?(/.*)?")
_SCP = re.compile(r"(?:[^/@:]+@)?([^/@:]+):(.*)")


def address_of(url: str) -> str:
    """`host/path` in lower case, without user, port and `.git`: the same for https, ssh and `git@host:path`.

    A path, and a `file://` URL, has no host: `/srv/git/shop`. Never fetched: that takes the registered URL.
    """
    text = unquote(url.strip()).lower()
    found = _SCHEME.fullmatch(text) or _SCP.fullmatch(text)
    host, path = (found[1], found[2] or "") if found else ("", text)
    host = "" if host == "localhost" and text.startswith("file:") else host
    path = "/".join(part for part in path.split("/") if part)
    return f"{host}/{path.removesuffix('.git')}"


class AddressBook:
    """The registered repositories by their addresses; thread-safe.

    A repository that `[[hosts]]` maps from a web host has the host's own addresses too.
    """

    def __init__(self, hosts: Hosts) -> None:
        self._forms = [form for host in hosts for form in _forms(host)]
        self._lock = threading.Lock()
        self._addresses: dict[str, set[str]] = {}
        """Of each repository."""
        self._repositories: dict[str, set[str]] = defaultdict(set)
        """By address."""

    def add(self, repository: str) -> None:
        """A repository matters, by its canonical URL; safe and cheap to repeat."""
        if repository in self._addresses:
            return
        addresses = _addresses_of(repository)
        with self._lock:
            self._addresses[repository] = addresses
            for address in addresses:
                self._repositories[address].add(repository)

    def remove(self, repository: str) -> None:
        """It matters no more."""
        with self._lock:
            for address in self._addresses.pop(repository, ()):
                self._repositories[address].discard(repository)
                if not self._repositories[address]:
                    del self._repositories[address]

    def find(self, urls: Iterable[str]) -> set[str]:
        """The repositories that one of these URLs may mean."""
        addresses = {address for url in urls for address in self._spellings(address_of(url))}
        with self._lock:
            return {found for address in addresses for found in self._repositories.get(address, ())}

    def _spellings(self, address: str) -> Iterator[str]:
        yield address
        for pattern, others in self._forms:
            found = pattern.fullmatch(address)
            if found is not None:
                for other in others:
                    yield address_of(other.format_map({"owner": "{owner}", **found.groupdict()}))


def _addresses_of(repository: str) -> set[str]:
    """The address, its path alone (some hosts do not say who they are), and a folder without symbolic links."""
    address = address_of(repository)
    found = {address, address[address.index("/") :]}
    if repository.startswith("file:"):
        found.add(address_of(realpath(unquote(urlsplit(repository).path))))
    return found


def _forms(host: Host) -> Iterator[tuple[re.Pattern[str], tuple[str, ...]]]:
    for template in host.spellings:
        text = re.escape(address_of(template))
        text = text.replace(r"\{owner\}", "(?P<owner>.+)", 1).replace(r"\{repo\}", "(?P<repo>[^/]+)", 1)
        yield re.compile(text), host.spellings
