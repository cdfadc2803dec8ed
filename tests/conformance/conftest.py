"""Real daemons for the conformance tables: one that all may ask and nobody changes, and others to be changed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.daemon import Daemon
from tests.support.shop import SHOP_URL, SHOP_YAML, Backstage, Forge


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backstage]:
    """The fixture of the specification, registered by API. Nobody may change it."""
    folder = tmp_path_factory.mktemp("shop")
    forge = Forge(folder / "git")
    forge.file("shop", SHOP_YAML)
    with Daemon(folder / "daemon", forge.config) as daemon:
        daemon.register(SHOP_URL)
        yield Backstage(daemon)


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Forge:
    """Repositories of one module's tests."""
    return Forge(tmp_path_factory.mktemp("forge"))


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, forge: Forge) -> Iterator[Backstage]:
    """An empty daemon of the module's own, to be filled and changed."""
    with Daemon(tmp_path_factory.mktemp("workshop"), forge.config) as daemon:
        yield Backstage(daemon)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Daemon]]:
    """Start a daemon with a configuration, for one test; it is stopped afterwards."""
    running: list[Daemon] = []

    def begin(config: str = "") -> Daemon:
        running.append(Daemon(tmp_path / f"daemon{len(running)}", config))
        return running[-1]

    yield begin
    for daemon in running:
        daemon.stop()
