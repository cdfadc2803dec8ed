"""`python -m benchmarks`: every user action, one table. `--only` picks some, `--entities` another size."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import (
    edits,
    hostile_sql,
    idle,
    listing,
    memory,
    page,
    properties,
    push,
    queries,
    rebuild,
    restart,
    terminal,
    told,
    why,
)
from benchmarks.daemon import Daemon, ended_by_sigterm
from benchmarks.figures import Figure, table
from benchmarks.generate import Size, kind_of, name_of
from benchmarks.site import Site

ALONE = {
    "rebuild": rebuild.measure,
    "restart": restart.measure,
    "idle": idle.measure,
    "told": told.measure,
    "edits": edits.measure,
}
"""Actions that start the daemon themselves."""
RUNNING = ("page", "list", "tui", "push", "memory", "queries", "reading", "sql", "memory-after", "properties", "why")
"""Actions on a daemon that is up and idle."""


def main(arguments: list[str]) -> int:
    """Measure, print the table; 0 also when a target is missed, since the machine may be busy."""
    options = _options().parse_args(arguments)
    ended_by_sigterm()
    root = options.root or Path(tempfile.mkdtemp(prefix="git-catalog-bench-"))
    try:
        site = Site.make(root, Size(options.entities, options.repositories))
        figures = []
        for figure in _figures(site, options.only or [*ALONE, *RUNNING]):
            print(f"{figure.name}: {figure.value:.4g} {figure.unit}", file=sys.stderr, flush=True)
            figures.append(figure)
    finally:
        if options.root is None:
            shutil.rmtree(root, ignore_errors=True)
    size = f"{site.size.entities:,} entities in {site.size.repositories:,} repositories"
    load = f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f} at the end"
    print(f"{size}; {load}\n\n{table(figures)}")
    return 0


def _figures(site: Site, chosen: list[str]) -> Iterator[Figure]:
    for name, measure in ALONE.items():
        if name in chosen:
            yield from measure(site)
    if not set(chosen) & set(RUNNING):
        return
    with site.daemon() as daemon:
        daemon.wait_idle()
        for name in RUNNING:
            if name in chosen:
                yield from _running(name, site, daemon)


def _running(name: str, site: Site, daemon: Daemon) -> Iterator[Figure]:
    match name:
        case "page":
            yield from page.measure(daemon.api, _some_component())
        case "queries":
            yield from queries.measure(site, daemon)
        case "reading":
            yield from queries.while_reading(site, daemon)
        case "list":
            yield from listing.measure(site.state)
        case "tui":
            yield from terminal.measure(site.state)
        case "push":
            yield from push.measure(site, daemon.api)
        case "sql":
            yield from hostile_sql.measure(daemon)
        case "memory":
            yield from memory.measure(daemon, {10_000: 250, 100_000: 600}.get(site.size.entities))
        case "memory-after":
            yield from memory.after(daemon)
        case "properties":
            yield from properties.measure(site, daemon)
        case "why":
            yield from why.measure(site, daemon)


def _some_component() -> str:
    return next(name_of(number) for number in range(100) if kind_of(number) == "Component")


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--entities", type=int, default=10_000)
    parser.add_argument("--repositories", type=int, default=1_000)
    parser.add_argument("--only", action="append", choices=[*ALONE, *RUNNING])
    parser.add_argument("--root", type=Path, help="keep repositories and state here, and use what is there already")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
