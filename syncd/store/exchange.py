"""Another `state.sqlite` in the place of the one that is there, which is kept."""

import os
import time
from pathlib import Path

from syncd.disk import sync

SIDE_FILES = ("-wal", "-shm")
"""What the engine keeps beside a database."""


def exchange(path: Path, new: Path, why: str) -> Path | None:
    """Put `new`, one closed file, in the place of `path`; where the old one is kept now, None where there was none.

    Call while nobody has either open. At any moment there is the old file or the new one.
    """
    kept = path.with_name(f"{path.name}.{why}-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}")
    for suffix in SIDE_FILES:  # the log of the old one must not be taken for one of the new
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.replace(kept.with_name(kept.name + suffix))
    if path.exists():
        os.link(path, kept)
    new.replace(path)
    sync(path.parent)
    return kept if kept.exists() else None
