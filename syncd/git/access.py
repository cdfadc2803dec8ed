"""How one conversation with a remote is begun: the address it leads to, the credential it shows, and nothing else.

Asked before every fetch and every push, so that a changed address or secret counts at once (R8, R10, R11).
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from syncd.git.address import Address, Addresses, Resolver, literal_address, system_resolver
from syncd.git.credentials import Credential, Use, credential_for
from syncd.git.profile import settings_for_child
from syncd.git.secret import SecretFile
from syncd.git.settings import GitSettings
from syncd.git.ssh import key_file, ssh_command
from syncd.git.url import CloneUrl

KEYS: Final = "keys"
"""The folder of keys that ssh reads now; there are none but while it runs."""
_NOTHING: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Way:
    """What git is given beside the profile: the URL, and variables of its environment. `credential` is shown."""

    url: str
    environment: Mapping[str, str] = field(repr=False)
    use: Use
    credential: Credential | None = None


class Access:
    """Knows the credentials, and which addresses may be connected to. Thread-safe."""

    def __init__(self, root: Path, settings: GitSettings, resolve: Resolver = system_resolver) -> None:
        self._root = root
        self._settings = settings
        self._addresses = Addresses(settings.addresses_allowed, resolve, settings.connect_timeout)
        shutil.rmtree(root / KEYS, ignore_errors=True)  # of a daemon that was killed
        self._known_hosts = settings.ssh_known_hosts or root / "known_hosts"

    @property
    def known_hosts(self) -> Path:
        """The file of the hosts that ssh talks to."""
        return self._known_hosts

    def permits(self, url: CloneUrl) -> bool:
        """Whether a client may name this host as far as its address says so; a name is judged when it is looked up."""
        address = literal_address(url.hostname) if url.host else None
        return address is None or self._addresses.permits(address)

    @contextmanager
    def way(self, url: CloneUrl, use: Use) -> Iterator[Way]:
        """The way to a repository, as long as the context lasts.

        Raises `StalledError` (git.address_refused, git.credential) or `TransientError` git.unreachable; nothing was
        asked of the remote then.
        """
        if url.local_path is not None:
            yield Way(url.text, _NOTHING, use)
            return
        addresses = self._addresses.of(url.hostname, url.port)
        credential = credential_for(self._settings.credentials, url, use)
        match url.scheme:
            case "ssh":
                with self._key(credential) as key:
                    address = None if literal_address(url.hostname) else addresses[0]
                    command = ssh_command(self._settings, self._known_hosts, url.hostname, url.port, address, key)
                    yield Way(url.text, {"GIT_SSH_COMMAND": command}, use, credential)
            case "git":
                yield Way(_led_to(url, addresses[0]), {"GIT_OVERRIDE_VIRTUAL_HOST": url.host}, use)
            case _:
                yield Way(url.text, self._over_http(url, addresses, credential), use, credential)

    def _over_http(
        self, url: CloneUrl, addresses: tuple[Address, ...], credential: Credential | None
    ) -> Mapping[str, str]:
        more: dict[str, str] = {}
        if not literal_address(url.hostname):
            pinned = ",".join(f"[{one}]" if one.version == 6 else str(one) for one in addresses)
            more["http.curloptResolve"] = f"{url.hostname}:{url.port}:{pinned}"
        if credential is not None:
            more[f"http.{url.origin}/.extraHeader"] = credential.header()
        return settings_for_child(self._settings, more)

    @contextmanager
    def _key(self, credential: Credential | None) -> Iterator[Path | None]:
        """The private key as a file: the operator's own, or one that is gone afterwards."""
        if credential is None:
            yield None
            return
        text = credential.read()
        own = credential.secret.path if isinstance(credential.secret, SecretFile) else None
        with nullcontext(own) if own else key_file(text, self._root / KEYS) as path:
            yield path


def _led_to(url: CloneUrl, address: Address) -> str:
    """The URL with an address in the place of the name, for the transport that cannot be told otherwise."""
    where = f"[{address}]" if address.version == 6 else str(address)
    return f"{url.scheme}://{where}:{url.port}{url.path}"
