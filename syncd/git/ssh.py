"""The ssh that git starts: it asks nobody, knows only the hosts that we know, and shows one key (R11)."""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import O_CREAT, O_EXCL, O_WRONLY, fdopen
from os import open as open_file
from pathlib import Path
from tempfile import TemporaryDirectory

from syncd.git.address import Address
from syncd.git.settings import GitSettings


def ssh_command(
    settings: GitSettings, known_hosts: Path, host: str, port: int, address: Address | None, key: Path | None
) -> str:
    """What `GIT_SSH_COMMAND` says for one host.

    It connects to `address` where there is one, and knows the host by its name all the same, as `ssh-keyscan` writes
    it.
    """
    options = {
        "BatchMode": "yes",
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": _path(known_hosts),
        "GlobalKnownHostsFile": "/dev/null",
        "UpdateHostKeys": "no",
        "VerifyHostKeyDNS": "no",
        "CheckHostIP": "no",
        "PreferredAuthentications": "publickey",
        "IdentityFile": _path(key) if key else "none",
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "AddKeysToAgent": "no",
        "ForwardAgent": "no",
        "ForwardX11": "no",
        "ClearAllForwardings": "yes",
        "PermitLocalCommand": "no",
        "ProxyCommand": "none",
        "ControlPath": "none",
        "CanonicalizeHostname": "no",
        "ConnectTimeout": str(settings.connect_timeout),
        "ServerAliveInterval": "5",
        "ServerAliveCountMax": str(max(1, settings.stall_seconds // 5)),
    }
    if address is not None:
        options |= {"HostName": str(address), "HostKeyAlias": host if port == 22 else f"[{host}]:{port}"}
    return shlex.join(["ssh", "-F", "none", *_words(options)])


@contextmanager
def key_file(text: str, folder: Path) -> Iterator[Path]:
    """A private key in a file that ssh can read, as long as the context lasts (R78)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as place:
        path = Path(place) / "key"
        with fdopen(open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text.rstrip("\n") + "\n")
        yield path


def _path(path: Path) -> str:
    """As ssh reads a path in an option: blanks in quotes, `%` twice."""
    return '"' + str(path.absolute()).replace("%", "%%") + '"'


def _words(options: Mapping[str, str]) -> Iterator[str]:
    for name, value in options.items():
        yield from ("-o", f"{name}={value}")
