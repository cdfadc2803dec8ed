"""`catalog list` and completion with the daemon up: wall time of the whole command, as a shell sees it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, median

RUNS = 20
CATALOG = Path(sys.executable).with_name("catalog")


def measure(state: Path) -> Iterator[Figure]:
    """Over the Unix socket of `state`, output to a pipe."""
    yield Figure("catalog list", median(_walls(state, "list")), "ms", 100, f"{RUNS} runs, whole process")
    yield Figure("catalog --version", median(_walls(state, "--version")), "ms", 100)
    asked = {"_CATALOG_COMPLETE": "bash_complete", "COMP_LINE": "catalog list owner:", "COMP_WORDBREAKS": ":="}
    yield Figure("completion of a value", median(_walls(state, **asked)), "ms", 80, "catalog list owner:<Tab>")


def client_environment(state: Path) -> dict[str, str]:
    """Environment in which `catalog` finds the daemon of `state` and nothing of the person's own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    return kept | {"CATALOG_STATE": str(state), "CATALOG_CONFIG": os.devnull, "TERM": "xterm-256color"}


def _walls(state: Path, *arguments: str, **further: str) -> list[float]:
    samples = []
    environment = client_environment(state) | further
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run([CATALOG, *arguments], env=environment, check=True, capture_output=True)
        samples.append((time.perf_counter() - start) * 1000)
    return samples[1:]  # the first one warms the disk's cache
