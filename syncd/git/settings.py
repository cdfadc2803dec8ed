"""What an operator may set about git; defaults are those of the limits table (reliability, appendix 2)."""

from dataclasses import dataclass
from pathlib import Path

from syncd.git.address import Network
from syncd.git.credentials import Credential

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class GitSettings:
    """Transports, clocks (seconds), sizes (bytes) and counts. `depth` 0 is the whole history."""

    protocols: tuple[str, ...] = ("https", "ssh")
    depth: int = 0
    default_branch_interval: float = 3600.0
    """How long a remembered default branch is used before the remote is asked again."""

    fetch_clock: float = 120.0
    first_fetch_clock: float = 600.0
    read_clock: float = 60.0
    """For one answer of a process that reads a mirror."""
    connect_timeout: int = 10
    stall_seconds: int = 20
    stall_bytes: int = 1000
    kill_grace: float = 2.0
    """Between SIGTERM and SIGKILL."""

    concurrency: int = 8
    concurrency_per_host: int = 4
    open_readers: int = 4
    """Reading processes that are kept for the next question, over all mirrors."""

    mirror_bytes: int = 512 * MEBIBYTE
    free_bytes: int = 1024 * MEBIBYTE
    free_share: float = 0.05
    """A fetch starts only while max(free_bytes, free_share of the disk) is free."""

    pack_files: int = 40
    """Packs of one mirror, each from one fetch, before they are put together in a quiet moment."""

    tree_entries: int = 1_000_000
    tree_depth: int = 64
    path_bytes: int = 4096
    matched_files: int = 100_000
    heal_interval: float = 3600.0
    """A mirror is fetched anew by itself at most once in this time."""

    proxy: str = ""
    safe_directories: tuple[str, ...] = ()
    """Repositories of other users that `file://` may read."""
    ca_file: Path | None = None
    """Certificates (PEM) that https servers are trusted by, instead of the system's."""
    ssh_known_hosts: Path | None = None
    credentials: tuple[Credential, ...] = ()
    addresses_allowed: tuple[Network, ...] = ()
    """Networks that names of hosts may lead to beside the internet at large."""
