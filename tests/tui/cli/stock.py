"""A daemon whose custom properties a module's tests change; each test takes entities of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.cli.conftest import CONFIG, entity
from tests.tui.cli.program import catalog

SHELVES = 30
FILES = {
    "catalog-info.yaml": "---\n".join(
        [
            entity("Component", "warehouse", tags=["go", "picking"]),
            entity("API", "warehouse"),
            entity("Component", "old-name"),
            *(entity("Component", f"shelf-{number:02}", tags=[f"row-{number // 5}"]) for number in range(SHELVES)),
        ]
    )
}


def stock(folder: Path) -> Iterator[Daemon]:
    """A daemon that has read `FILES`; for a fixture of a module."""
    repository = RepoBuilder(folder / "stock.git")
    repository.commit(FILES)
    with Daemon(folder / "daemon", CONFIG) as daemon:
        daemon.register(repository.url, type="git")
        yield daemon


def records(state: Path, *arguments: str) -> dict[tuple[str, str], Any]:
    """Value by ref and path of what `catalog properties` lists."""
    listed = json.loads(catalog(state, "properties", *arguments, "-o", "json").out)
    return {(one["ref"], one["path"]): one["value"] for one in listed}


def set_on(state: Path, name: str) -> dict[str, Any]:
    """Value by path of one component's custom properties."""
    ref = f"component:default/{name}"
    return {path: value for (mine, path), value in records(state, "show", ref).items() if mine == ref}
