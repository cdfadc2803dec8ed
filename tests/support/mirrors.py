"""Mirrors as the daemon opens them, with what a test wants otherwise."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from syncd.git import GitSettings, Mirrors
from syncd.git.address import Resolver, system_resolver


@contextmanager
def opened_mirrors(root: Path, **settings: Any) -> Iterator[Mirrors]:
    """Mirrors below `root` that may fetch by every transport; closed at the end, and then no child is left.

    `resolve` is who looks up names of hosts, if not the system.
    """
    resolve: Resolver = settings.pop("resolve", system_resolver)
    usual = GitSettings(protocols=("file", "git", "http", "https", "ssh"), kill_grace=0.2, free_share=0.0)
    mirrors = Mirrors(root, replace(usual, **settings), resolve=resolve)
    try:
        yield mirrors
    finally:
        mirrors.close()
    assert not processes_of(root)


def processes_of(root: Path) -> list[str]:
    """Command lines of the processes whose environment names `root`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if os.fsencode(root) in (entry / "environ").read_bytes():
                    found.append((entry / "cmdline").read_bytes().decode())
            except OSError:
                continue
    return found
