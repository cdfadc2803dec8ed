"""One daemon with one catalog for all tests that only read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.cli.hostile import TEXTS

CONFIG = '[git]\nprotocols = ["file"]\npoll_interval = "1h"\nwatch = false\n'


def entity(kind: str, name: str, namespace: str = "default", **metadata: Any) -> str:
    """A document, with escapes for all that is not ASCII."""
    spec: dict[str, Any] = {"type": "service", "lifecycle": "production", "owner": "team-a"}
    if kind == "API":
        spec["definition"] = "openapi: 3.1.0"
    document = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace, **metadata},
        "spec": spec,
    }
    return yaml.safe_dump(document)


HOSTILE = {name: text for name, text in TEXTS.items() if name not in ("surrogate", "del-nul")}
"""Those that YAML lets pass."""

FILES = {
    "catalog-info.yaml": "---\n".join(
        [
            entity("Component", "payments", description="Takes card payments", tags=["java", "legacy"]),
            entity("API", "payments", title="Payments API"),
            entity("Component", "ledger", annotations={"acme.test/pager": "P-17"}),
            entity("Component", "ledger", namespace="edge"),
            entity("Component", "wide", description="long " * 60 + "end", tags=["java"]),
        ]
    ),
    "hostile/catalog-info.yaml": "---\n".join(
        entity("Component", f"hostile-{name}", title=text, description=text) for name, text in HOSTILE.items()
    ),
    "broken/catalog-info.yaml": entity("Component", "Ledger Worker"),
}


@pytest.fixture(scope="session")
def catalog_daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon that has read `FILES`."""
    folder = tmp_path_factory.mktemp("cli")
    repository = RepoBuilder(folder / "shop.git")
    repository.commit(FILES)
    with Daemon(folder / "daemon", CONFIG) as daemon:
        daemon.register(repository.url, type="git")
        yield daemon


@pytest.fixture
def state(catalog_daemon: Daemon) -> Path:
    """The state directory of that daemon."""
    return catalog_daemon.state


@pytest.fixture
def own_daemon(tmp_path: Path) -> Iterator[Daemon]:
    """A daemon without locations, for a test that changes something."""
    with Daemon(tmp_path / "daemon", CONFIG) as daemon:
        yield daemon
